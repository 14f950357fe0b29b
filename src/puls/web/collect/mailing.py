"""Codes to parents by e-mail: made, sent and forgotten in one go.

The addresses come with the request and are kept nowhere. A code is in the mail that carries it, and
its digest in the database; which code went to which address nobody knows afterwards. So a reminder
cannot know who has answered: it goes to everybody whose address is given again, without a code.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.validators import EmailValidator
from django.forms import ValidationError
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from puls.content.definitions import Pack
from puls.errors import PulsError
from puls.web.collect import codes, given_codes, running, vault
from puls.web.collect.folders import Folders
from puls.web.collect.models import Code, Group, Plan
from puls.web.tenants.access import Reach, as_whole_tree

MOST = 500
"""Addresses at once: more would keep the browser waiting for too long."""
ASSESS = "assess"


@dataclass(frozen=True)
class Sent:
    """How many mails left, and the addresses that were refused."""

    count: int
    refused: list[str]


def addresses(text: str) -> list[str]:
    """Addresses between spaces, commas, semicolons or lines, each once. PulsError names a slip."""
    found = dict.fromkeys(
        each.strip("<>") for each in text.replace(",", " ").replace(";", " ").split()
    )
    valid = EmailValidator()
    for each in found:
        try:
            valid(each)
        except ValidationError:
            raise PulsError(
                _("“%(address)s” is not an e-mail address. Correct it; nothing was sent.")
                % {"address": each[:100]}
            ) from None
    if not found:
        raise PulsError(_("Write the e-mail addresses, one a line."))
    if len(found) > MOST:
        raise PulsError(_("At most %(most)s addresses at once.") % {"most": MOST})
    return list(found)


def send_codes(
    by: Reach, plan: Plan, group: Group, to: Sequence[str], pack: Pack, folders: Folders
) -> Sent:
    """A new code to each address. Codes whose mail was refused are forgotten again."""
    made = given_codes.codes_make(by, plan, group, len(to), folders)
    key = vault.read_key(folders.keys, str(plan.round_id))
    refused: list[str] = []
    lost: list[bytes] = []
    with get_connection() as connection:
        for address, code in zip(to, made, strict=True):
            link = f"{settings.PULS_ADDRESS}/svar/{plan.address}#{code}"
            message = _mail(plan, pack, address, "collect/mail/code.txt", link, codes.shown(code))
            message.connection = connection
            try:
                message.send()
            except (SMTPException, OSError):
                refused.append(address)
                lost.append(codes.digest(key, code))
    if lost:
        with as_whole_tree(ASSESS):
            Code.objects.using(ASSESS).filter(digest__in=lost, used=False).delete()
    return Sent(len(to) - len(refused), refused)


def send_reminder(by: Reach, plan: Plan, to: Sequence[str], pack: Pack) -> Sent:
    """A reminder without a code to each address: the code is in the first mail."""
    running.check_runs(by, plan)
    running.open_round_of(plan)
    refused = []
    with get_connection() as connection:
        for address in to:
            message = _mail(plan, pack, address, "collect/mail/reminder.txt", "", "")
            message.connection = connection
            try:
                message.send()
            except (SMTPException, OSError):
                refused.append(address)
    return Sent(len(to) - len(refused), refused)


def _mail(
    plan: Plan, pack: Pack, address: str, template: str, link: str, code: str
) -> EmailMessage:
    """In every language of the round, one after the other: nobody knows which one is theirs."""
    parts, subject = [], ""
    for language in plan.languages:
        with translation.override(language):
            words = {
                "school": plan.unit.name,
                "survey": pack.text(language, f"survey.{plan.survey}.name"),
                "closes_on": plan.closes_on,
                "link": link,
                "code": code,
                "place": f"{settings.PULS_ADDRESS}/svar/",
            }
            parts.append(render_to_string(template, words).strip())
            subject = subject or f"{words['survey']}: {words['school']}"
    return EmailMessage(subject, "\n\n---\n\n".join(parts) + "\n", to=[address])
