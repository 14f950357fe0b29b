"""Votes that are counted and belong to nobody.

What is kept: how many chose each option, and apart from that, that a phone has voted (`Ballot`).
Which option a phone chose is only in the phone's own receipt, which it gives back to change its
vote. A ballot's seal is a digest of the phone's secret under the item's key; the key and all
ballots are destroyed when the vote is revealed.

Counts are shown from k voters on, unless all chose the same: then everybody would know what each
single one answered. Those in the room, who saw how many voted, can still tell that all did, and
the phone says so before voting. Where fewer are in the room when a vote is opened, every phone
says before voting that it is not anonymous, and whatever comes of it is shown.

There are never more votes than people in the room. A phone that forgets who it is can vote again,
but only in the place of somebody who has not yet; who leads and the screen see how many voted.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from puls.errors import NotNow
from puls.web.meet import events
from puls.web.meet.models import Ballot, Item, Kind, Meeting
from puls.web.meet.services import locked
from puls.web.meet.states import Vote
from puls.web.packs import pack
from puls.web.tenants.access import Reach

SALT = "puls.meet.receipt"
MOST_TURNS = 20
"""So often a vote can be changed: more is no change of mind."""


@dataclass(frozen=True)
class Receipt:
    """What a phone keeps of its vote: the option, and which of its turns this was."""

    option: str
    turn: int


def k() -> int:
    """The smallest group whose votes are shown."""
    return pack().thresholds.signed_in


@transaction.atomic
def vote_open(by: Reach, key: UUID, item: UUID) -> Item:
    """Let everybody vote. Whether it is anonymous is settled now, and told first."""
    held = locked(by, key)
    row = _votable(held, item)
    if not held.is_live:
        raise NotNow(_("Open the room first."))
    if row.vote:
        raise NotNow(_("There has been a vote on this already."))
    row.vote, row.key = Vote.OPEN, secrets.token_bytes(32)
    row.named = min(held.joined, held.present) < k()
    row.counts, row.voted = {}, 0
    row.came_up = True
    row.save(update_fields=["vote", "key", "named", "counts", "voted", "came_up"])
    held.now = row.pk
    held.save(update_fields=["now"])
    events.tell(held, events.STAGE)
    return row


@transaction.atomic
def vote_cast(
    meeting: UUID, item: UUID, device: str, option: str, receipt: Receipt | None
) -> Receipt:
    """One phone's vote, or another one instead. Called within `as_entrance`.

    device: the phone's secret. receipt: of its earlier vote, None for the first. NotNow where the
    vote is over, as many have voted as there are people in the room, or the phone voted and does
    not have its newest receipt or has changed it too often.
    """
    held = Meeting.objects.select_for_update().filter(pk=meeting).first()
    row = Item.objects.filter(pk=item, meeting=meeting).first()
    if held is None or row is None or row.vote != Vote.OPEN or not held.is_live:
        raise NotNow(_("This vote is over."))
    if option not in options_of(row):
        raise NotNow(_("There is no such option."))
    seal = seal_of(bytes(row.key or b""), device)
    ballot = Ballot.objects.filter(item=row, seal=seal).first()
    if ballot is None:
        if row.voted >= held.present:
            raise NotNow(
                _(
                    "As many have voted as there are people in the room. If you have not, tell"
                    " the one who leads the meeting."
                )
            )
        Ballot.objects.create(
            tenant_id=held.tenant_id, path=held.path, meeting=held, item=row, seal=seal
        )
        turn = 1
        row.voted += 1
    else:
        if receipt is None or receipt.turn != ballot.turn:
            raise NotNow(_("You have voted already, in another window. Change it there."))
        if ballot.turn >= MOST_TURNS:
            raise NotNow(_("You have changed your vote many times. The last one counts."))
        turn = ballot.turn = ballot.turn + 1
        ballot.save(update_fields=["turn"])
        _count(row, receipt.option, -1)
    _count(row, option, 1)
    row.save(update_fields=["counts", "voted"])
    events.tell(held, events.VOTES, item=row.pk.hex, voted=row.voted, joined=held.present)
    return Receipt(option, turn)


@transaction.atomic
def vote_reveal(by: Reach, key: UUID, item: UUID) -> Item:
    """Show what may be shown of what came of it; what could tell whose it was is destroyed."""
    held = locked(by, key)
    row = _votable(held, item)
    if row.vote != Vote.OPEN:
        raise NotNow(_("This vote is not open."))
    close(row)
    events.tell(held, events.STAGE)
    return row


def close(row: Item) -> None:
    """Ends a vote: no key, no ballots, and no counts that may not be seen."""
    row.vote, row.key, row.revealed_at = Vote.REVEALED, None, timezone.now()
    if not may_be_seen(row):
        row.counts = {}
    row.save(update_fields=["vote", "key", "revealed_at", "counts"])
    Ballot.objects.filter(item=row).delete()


def may_be_seen(row: Item) -> bool:
    """Whether the counts may be shown: k have voted, and not all alike; or all were told that it is
    not anonymous."""
    chosen = sum(count > 0 for count in row.counts.values())
    return row.named or (row.voted >= k() and chosen > 1)


def result(row: Item) -> Mapping[str, int] | None:
    """By option how many chose it; None before it is revealed and where it may not be shown."""
    if row.vote != Vote.REVEALED or not may_be_seen(row):
        return None
    return {option: int(row.counts.get(option, 0)) for option in options_of(row)}


def options_of(row: Item) -> list[str]:
    """The keys of what one can vote for, the best level first."""
    if row.kind == Kind.RUBRIC:
        return ["4", "3", "2", "1"]
    return [each["key"] for each in row.options]


def seal_of(key: bytes, device: str) -> str:
    """A phone's seal under an item's key: without both nobody can make it, or know whose it is."""
    assert key, "a vote without a key"
    return hmac.new(key, device.encode(), hashlib.sha256).hexdigest()


def receipt_name(item: UUID) -> str:
    """The name of the receipt's cookie."""
    return f"stemme_{item.hex[:16]}"


def receipt_written(item: UUID, device: str, receipt: Receipt) -> str:
    """A receipt as a phone keeps it, good for this phone and this item alone."""
    return signing.dumps([receipt.option, receipt.turn], salt=_salt(item, device))


def receipt_read(item: UUID, device: str, kept: str) -> Receipt | None:
    """A receipt that a phone brings, or None where it is none of ours."""
    try:
        option, turn = signing.loads(kept, salt=_salt(item, device))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Receipt(str(option), int(turn))


def _salt(item: UUID, device: str) -> str:
    return f"{SALT} {item.hex} {device}"


def _count(row: Item, option: str, step: int) -> None:
    row.counts[option] = max(0, int(row.counts.get(option, 0)) + step)


def _votable(held: Meeting, item: UUID) -> Item:
    row = held.items.filter(pk=item).first()
    if row is None or not row.is_vote:
        raise NotNow(_("There is nothing to vote on here."))
    return row
