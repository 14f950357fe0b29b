"""E-mail about access, in the receiver's language."""

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from puls.errors import NotNow
from puls.web.tenants.models import Invitation


def send_invitation(invitation: Invitation, token: str) -> None:
    """The one place where the token is seen; NotNow when the mail cannot be sent."""
    link = settings.PULS_ADDRESS + reverse("invitation", args=[token])
    with translation.override(invitation.language):
        words = {"invitation": invitation, "unit": invitation.unit, "link": link}
        # On one line, or a name of several would let nobody be invited.
        subject = " ".join(
            (_("Your access to Puls for %(unit)s") % {"unit": invitation.unit}).split()
        )
        text = render_to_string("tenants/mail/invitation.txt", words)
    try:
        send_mail(subject, text, None, [invitation.email])
    except (SMTPException, OSError):
        raise NotNow(
            _("The e-mail could not be sent, so nobody was invited. Try again later.")
        ) from None
