"""What is written about people who log in."""

from smtplib import SMTPException

from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _

from puls.errors import NotNow
from puls.web.accounts.forms import ResetPasswordForm
from puls.web.accounts.models import User


def user_add(
    email: str, password: str, *, name: str = "", language: str = "nb", using: str = "default"
) -> User:
    """A new person whose address is known to be theirs (an invitation, the demo)."""
    user = User.objects.db_manager(using).create_user(email, password, name=name, language=language)
    EmailAddress.objects.using(using).create(
        user=user, email=user.email, verified=True, primary=True
    )
    return user


def user_language(user: User, language: str) -> None:
    User.objects.filter(pk=user.pk).update(language=language)


def sessions_end(user: User, using: str = "default") -> None:
    """Logs this person out everywhere, from the next request on."""
    User.objects.using(using).filter(pk=user.pk).update(
        session_generation=F("session_generation") + 1
    )


def password_link_send(request: HttpRequest, user: User) -> None:
    """The same e-mail that somebody gets who has forgotten the password, within the same limits.

    Only the person can use the link, and the password of now works until then.
    """
    form = ResetPasswordForm({"email": user.email})
    if not ratelimit.consume(request, action="reset_password", key=user.email):
        raise NotNow(_("Too many links have been sent. Try again in a minute."))
    try:
        form.full_clean()
        form.save(request)
    except (SMTPException, OSError):
        raise NotNow(_("The e-mail could not be sent. Try again later.")) from None
