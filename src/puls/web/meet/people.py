"""All writing of who is invited, and what they answered."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from email.utils import getaddresses
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from puls.documents.calendar_answers import Answer, Said
from puls.errors import NotNow
from puls.web.meet.models import Invitee, Meeting
from puls.web.meet.services import locked
from puls.web.packs import pack
from puls.web.tenants.access import Reach

MOST_PEOPLE = 200


@dataclass(frozen=True)
class Wanted:
    """Somebody to invite."""

    name: str
    email: str


def wanted(text: str) -> Iterator[Wanted]:
    """Names and addresses as people paste them: "Liv <liv@x.no>; tor@x.no", on any lines.

    NotNow with the first that is no address.
    """
    lines = [part for line in text.replace(";", "\n").splitlines() for part in line.split(",")]
    for name, address in getaddresses([line for line in lines if line.strip()]):
        email = address.strip().lower()
        try:
            validate_email(email)
        except ValidationError:
            raise NotNow(
                _("“%(what)s” is no e-mail address.") % {"what": (address or name)[:80]}
            ) from None
        yield Wanted(name.strip()[:120], email)


def written(name: str, email: str) -> str:
    """Somebody as `wanted` reads them."""
    if "@" in name:  # nobody has told a name
        return email
    plain = " ".join(re.sub(r"[,;<>()\[\]\":\\]", " ", name).split())
    return f"{plain} <{email}>"


def invitees_add(by: Reach, key: UUID, people: Sequence[Wanted], language: str) -> int:
    """Invite these, too; who is on the list already stays as they are. How many are new."""
    held = locked(by, key)
    known = set(held.invitees.values_list("email", flat=True))
    new = {each.email: each for each in people if each.email not in known}
    if len(known) + len(new) > MOST_PEOPLE:
        raise NotNow(_("At most %(most)s people can be invited.") % {"most": MOST_PEOPLE})
    for each in new.values():
        Invitee.objects.create(
            tenant_id=held.tenant_id,
            path=held.path,
            meeting=held,
            name=each.name,
            email=each.email,
            language=language if language in pack().languages else held.language,
        )
    return len(new)


def invitee_remove(by: Reach, key: UUID, invitee: UUID) -> Invitee | None:
    """Off the list. Who has had a letter is given back: they are told before they are deleted."""
    held = locked(by, key)
    row = held.invitees.filter(pk=invitee).first()
    if row is None:
        raise NotNow(_("This person is no longer invited."))
    if row.told is not None:
        return row
    row.delete()
    return None


def answer_note(held: Meeting, answer: Answer) -> str:
    """Keep an answer that came by calendar; "" or why it could not be kept.

    Only an answer to the invitation as it is now counts, and of several the one written last.
    """
    row = held.invitees.filter(email=answer.email).first()
    if row is None:
        return _("%(email)s is not invited.") % {"email": answer.email or _("Nobody")}
    if answer.said is Said.UNKNOWN:
        return _("%(name)s has not answered yet, or passed it on.") % {"name": _name(row)}
    if answer.of_one:
        return _("%(name)s answered for one day of several. Write it in yourself.") % {
            "name": _name(row)
        }
    if answer.sequence > held.sequence:
        return _("%(name)s answered an invitation that was never sent.") % {"name": _name(row)}
    if answer.sequence < held.sequence:
        return _("%(name)s answered an older invitation.") % {"name": _name(row)}
    is_old = row.said_about == answer.sequence and (
        row.said_at is not None and answer.stamp is not None and answer.stamp < row.said_at
    )
    if is_old:
        return _("%(name)s has answered anew since then.") % {"name": _name(row)}
    row.said, row.said_about, row.said_at = answer.said, answer.sequence, answer.stamp
    row.comment, row.wants = answer.comment, answer.starts
    row.save(update_fields=["said", "said_about", "said_at", "comment", "wants"])
    return ""


def answer_set(by: Reach, key: UUID, invitee: UUID, said: str) -> None:
    """What somebody told in the corridor."""
    held = locked(by, key)
    row = held.invitees.filter(pk=invitee).first()
    if row is None or said not in tuple(Said):
        raise NotNow(_("This person is no longer invited."))
    row.said, row.said_about, row.said_at = said, held.sequence, None
    row.comment, row.wants = "", None
    row.save(update_fields=["said", "said_about", "said_at", "comment", "wants"])


def people_forget(today: date, using: str = "default") -> int:
    """Delete those who were invited to meetings whose time to forget has come. How many.

    With the default connection only what the reader's own unit has; the back office takes all.
    """
    over = Invitee.objects.using(using).filter(meeting__forget_on__lte=today)
    return over.delete()[1].get("meet.Invitee", 0)


def _name(row: Invitee) -> str:
    return row.name or row.email
