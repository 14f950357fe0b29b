"""Letters about a meeting, whole, in the language of who gets them: text, HTML, pictures, calendar.

All of a sending is written in one transaction (`letters_write`), and sent after it
(`sending.send_waiting`): either everybody has a letter waiting, or nobody has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from puls.documents import calendar
from puls.documents.pictures import png
from puls.errors import NotNow
from puls.web.meet import pictures, queries, wording
from puls.web.meet.entrances import entrance_for, link_of
from puls.web.meet.models import Invitee, Item, Letter, Meeting, Post
from puls.web.meet.people import invitee_remove
from puls.web.meet.services import locked, meeting_cancel, move
from puls.web.meet.states import State
from puls.web.packs import pack
from puls.web.tenants.access import Reach

REQUEST, CANCEL, REMOVE = "request", "cancel", "remove"
"""Comes, or comes otherwise; does not take place; does not concern this person any more."""


@transaction.atomic
def invite(by: Reach, key: UUID) -> int:
    """Letters for everybody who does not know the meeting as it is now. How many there are."""
    held = locked(by, key)
    if not held.invitees.exists():
        raise NotNow(_("Nobody is invited yet. Add people first."))
    due = [each.invitee for each in queries.addressed(held) if not each.is_told]
    if not due:
        raise NotNow(_("Everybody has got the invitation as it is now."))
    if held.state == State.PLANNED:
        move(held, State.INVITED)
        held.save(update_fields=["state"])
    return _write(held, due, REQUEST)


@transaction.atomic
def call_off(by: Reach, key: UUID) -> int:
    """The meeting is cancelled, and those who were told get a letter. How many there are."""
    held = meeting_cancel(by, key)
    return _write(held, held.invitees.filter(told__isnull=False), CANCEL)


@transaction.atomic
def uninvite(by: Reach, key: UUID, invitee: UUID) -> int:
    """Somebody is no longer invited; told so where they had a letter, and deleted then."""
    row = invitee_remove(by, key, invitee)
    return _write(locked(by, key), [row], REMOVE) if row else 0


def _write(held: Meeting, invitees: Sequence[Invitee] | Any, what: str) -> int:
    """A letter to each, instead of those that still wait."""
    drafts: dict[str, Draft] = {}
    now, count = timezone.now(), 0
    for invitee in invitees:
        if invitee.language not in drafts:
            drafts[invitee.language] = Draft(held, invitee.language, what, now)
        Letter.objects.filter(invitee=invitee).exclude(state=Post.SENT).delete()
        Letter.objects.create(
            tenant_id=held.tenant_id,
            path=held.path,
            meeting=held,
            invitee=invitee,
            sequence=held.sequence,
            what=what,
            message=drafts[invitee.language].written(invitee, entrance_for(invitee, held)),
            made_at=now,
        )
        count += 1
    return count


@dataclass(frozen=True)
class Drawn:
    """A picture as a letter carries it. kind: "png" or "jpeg"."""

    name: str
    alt: str
    kind: str
    data: bytes


@dataclass(frozen=True)
class Draft:
    """What all letters in one language have in common: drawn once, however many are invited."""

    meeting: Meeting
    language: str
    what: str
    now: datetime

    @cached_property
    def items(self) -> list[Item]:
        return queries.agenda(self.meeting)

    @cached_property
    def drawn(self) -> list[Drawn]:
        if self.what != REQUEST:
            return []
        found = pictures.of_letter(self.items, pack(), self.language)
        drawn = [Drawn(each.name, each.alt, "png", png(each.scene)) for each in found]
        for item in self.items:
            photo = pictures.photo(item, small=True)
            if photo is not None:
                drawn.append(Drawn(f"photo-{item.number}", photo.alt, "jpeg", photo.jpeg))
        return drawn

    def written(self, invitee: Invitee, token: str) -> bytes:
        """The whole letter to one person."""
        with translation.override(self.language):
            return self._message(invitee, link_of(token)).as_bytes()

    def _message(self, invitee: Invitee, link: str) -> EmailMessage:
        said = self._said(invitee, link)
        letter = EmailMessage(policy=SMTP)
        letter["Subject"] = said["subject"]
        letter["From"] = _from(self.meeting)
        letter["Reply-To"] = _address(self.meeting.organizer_name, self.meeting.organizer_email)
        letter["To"] = _address(invitee.name, invitee.email)
        letter["Date"] = format_datetime(self.now)
        host = self.meeting.uid.partition("@")[2]
        letter["Message-ID"] = f"<{invitee.pk}.{self.meeting.sequence}.{self.what}@{host}>"
        letter.set_content(render_to_string("meet/mail/letter.txt", said))
        letter.add_alternative(render_to_string("meet/mail/letter.html", said), subtype="html")
        body = list(letter.iter_parts())[1]
        assert isinstance(body, EmailMessage)
        for each in self.drawn:
            cid, name = f"<{each.name}@{host}>", f"{each.name}.{each.kind}"
            body.add_related(each.data, "image", each.kind, cid=cid, filename=name)
        ics, method = self._calendar(invitee, link)
        # Twice, as mail programs differ: as another way to read the letter, and as a file.
        letter.add_alternative(
            ics.decode(), subtype="calendar", params={"method": method, "name": "puls.ics"}
        )
        letter.add_attachment(ics, "application", "ics", filename="puls.ics")
        return letter

    def _said(self, invitee: Invitee, link: str) -> dict[str, Any]:
        meeting, language = self.meeting, self.language
        sent = {each.name: each.alt for each in self.drawn}
        host = meeting.uid.partition("@")[2]
        return {
            "what": self.what,
            "is_update": self.what == REQUEST and invitee.told is not None,
            "subject": _subject(meeting, self.what, invitee.told is not None),
            "meeting": meeting,
            "invitee": invitee,
            "when": wording.when(meeting, language),
            "again": wording.again(meeting, language),
            "link": link,
            "forget_on": meeting.forget_on,
            "points": [wording.point(item, language, pack(), sent, host) for item in self.items],
        }

    def _calendar(self, invitee: Invitee, link: str) -> tuple[bytes, str]:
        meeting = self.meeting
        told = calendar.Invited(
            uid=meeting.uid,
            sequence=meeting.sequence,
            title=meeting.title,
            about="\n".join(
                [*([meeting.about] if meeting.about else []), *wording.listed(self.items), link]
            ),
            where=meeting.where,
            starts=wording.local(meeting),
            minutes=meeting.minutes,
            organizer=calendar.Person(meeting.organizer_email, meeting.organizer_name),
            # Nobody needs the addresses of all the others.
            people=(calendar.Person(invitee.email, invitee.name),),
            link=link,
            every=calendar.Every(meeting.every) if meeting.every else None,
            until=meeting.until,
        )
        if self.what == REQUEST:
            return calendar.request(told, self.now), "REQUEST"
        return calendar.cancel(told, self.now), "CANCEL"


def _from(meeting: Meeting) -> str:
    """Our own address, under the name of who invites: others' servers refuse any other."""
    return _address(meeting.organizer_name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])


def _address(name: str, email: str) -> str:
    return formataddr((_words(name), email))


def _words(text: str) -> str:
    """Text that stays words in a header. Without this, "=?utf-8?q?=0d=0aBcc:...?=" would be read
    as the line ends and the header that it spells."""
    return " ".join(text.split()).replace("=?", "= ?")


def _subject(meeting: Meeting, what: str, known: bool) -> str:
    said = {"title": _words(meeting.title)}
    if what != REQUEST:
        return _("Cancelled: %(title)s") % said
    return (_("Changed: %(title)s") if known else _("Invitation: %(title)s")) % said
