"""Votes: hidden until revealed, shown from five on, changeable, and nobody's."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puls.errors import NotNow
from puls.web.meet import entrances, keeping, room, voting
from puls.web.meet.models import Ballot, Event, Item, Kind, Meeting
from puls.web.meet.voting import Receipt
from puls.web.quality import queries as quality
from puls.web.tenants.access import Reach, as_entrance, as_reach
from tests.database import superuser


@pytest.fixture
def live(meeting: Meeting, bob: Reach) -> Meeting:
    with as_reach(bob):
        return room.room_open(bob, meeting.pk)


def item_of(bob: Reach, live: Meeting, kind: str = Kind.RUBRIC) -> Item:
    with as_reach(bob):
        return Item.objects.get(meeting=live, kind=kind)


@contextmanager
def inside(live: Meeting) -> Iterator[None]:
    with as_entrance(entrances.hash_of(entrances.room_token(live))):
        yield


def come(live: Meeting, count: int) -> None:
    for _phone in range(count):
        with inside(live):
            room.came_in(live.pk)


def cast(
    live: Meeting, item: Item, device: str, option: str, receipt: Receipt | None = None
) -> Receipt:
    with inside(live):
        return voting.vote_cast(live.pk, item.pk, device, option, receipt)


def opened(bob: Reach, live: Meeting, phones: int, people: int | None = None) -> Item:
    come(live, phones)
    if people:
        with as_reach(bob):
            room.people_set(bob, live.pk, people)
    item = item_of(bob, live)
    with as_reach(bob):
        return voting.vote_open(bob, live.pk, item.pk)


def revealed(bob: Reach, live: Meeting, item: Item) -> Item:
    with as_reach(bob):
        return voting.vote_reveal(bob, live.pk, item.pk)


# How many were in when it was opened, what they voted, whether it is told not to be anonymous, and
# whether the numbers are shown.
SHOWN = [
    (4, "3333", True, True),  # everybody knew
    (5, "33332", False, True),
    (5, "3332", False, False),  # one kept silent: four could be told apart
    (5, "33333", False, False),  # all alike: it would tell what each of them answered
    (12, "33333333332", False, True),
    (1, "3", True, True),
]


@pytest.mark.parametrize(("phones", "votes", "named", "shown"), SHOWN)
def test_five_and_not_all_alike_or_told_so_before(
    phones: int, votes: str, named: bool, shown: bool, live: Meeting, bob: Reach
) -> None:
    item = opened(bob, live, phones)
    assert item.named is named
    for n, option in enumerate(votes):
        cast(live, item, f"phone-{n}", option)
    done = revealed(bob, live, item)
    result = voting.result(done)
    assert result == ({level: votes.count(level) for level in "4321"} if shown else None)
    # What may not be shown is not kept for somebody who looks into the table either.
    assert bool(done.counts) is shown


def test_nothing_is_shown_before_it_is_revealed(live: Meeting, bob: Reach) -> None:
    item = opened(bob, live, 6)
    for n in range(6):
        cast(live, item, f"phone-{n}", "2")
    assert voting.result(item_of(bob, live)) is None
    with as_reach(bob):
        told = Event.objects.filter(kind="votes").values_list("data", flat=True)
        assert all(set(each) == {"item", "voted", "joined"} for each in told)
        assert [each["voted"] for each in told.order_by("number")] == [1, 2, 3, 4, 5, 6]


def test_a_vote_is_changed_by_its_own_phone_alone(live: Meeting, bob: Reach) -> None:
    item = opened(bob, live, 5)
    first = cast(live, item, "mine", "1")
    second = cast(live, item, "mine", "4", first)
    cast(live, item, "other", "2")
    for receipt in (None, first):
        # Caught: an old receipt takes somebody else's vote away.
        with pytest.raises(NotNow, match="annet vindu"):
            cast(live, item, "mine", "3", receipt)
    cast(live, item, "mine", "4", second)
    now = item_of(bob, live)
    assert (now.counts, now.voted) == ({"1": 0, "4": 1, "2": 1}, 2)


# Phones that came in, people that were counted, votes that came, and how many of them count.
PLACES = [(6, None, 6, 6), (6, None, 8, 6), (9, 6, 9, 6), (5, 7, 7, 7), (9, 4, 9, 4)]


@pytest.mark.parametrize(("phones", "people", "votes", "counted"), PLACES)
def test_there_are_never_more_votes_than_people(
    phones: int, people: int | None, votes: int, counted: int, live: Meeting, bob: Reach
) -> None:
    """Caught: a phone without its cookies that comes in anew and votes once more."""
    item = opened(bob, live, phones, people)
    for n in range(votes):
        if n < counted:
            cast(live, item, f"phone-{n}", "3" if n else "2")
        else:
            with pytest.raises(NotNow, match="Like mange har svart"):
                cast(live, item, f"phone-{n}", "3")
    assert item_of(bob, live).voted == counted
    assert item.named is ((people or phones) < 5)


def test_who_voted_can_change_it_when_all_have_but_not_without_end(
    live: Meeting, bob: Reach
) -> None:
    item = opened(bob, live, 5)
    for n in range(4):
        cast(live, item, f"phone-{n}", "3")
    receipt = cast(live, item, "mine", "3")
    for turn in range(voting.MOST_TURNS - 1):
        receipt = cast(live, item, "mine", "24"[turn % 2], receipt)
    with pytest.raises(NotNow, match="mange ganger"):
        cast(live, item, "mine", "1", receipt)
    assert item_of(bob, live).voted == 5


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcdefg"), st.sampled_from("1234")), min_size=1, max_size=12
    )
)
def test_counts_are_the_last_vote_of_each_phone(
    live: Meeting, bob: Reach, votes: list[tuple[str, str]]
) -> None:
    """A second, plain way to count: a dictionary by phone, which the table must not have."""
    with as_reach(bob):
        Ballot.objects.all().delete()
        Item.objects.filter(meeting=live, kind=Kind.RUBRIC).update(
            vote="", key=None, revealed_at=None
        )
    item = opened(bob, live, 7)
    plain: dict[str, str] = {}
    receipts: dict[str, Receipt] = {}
    for device, option in votes:
        receipts[device] = cast(live, item, device, option, receipts.get(device))
        plain[device] = option
    now = item_of(bob, live)
    wanted = {each: list(plain.values()).count(each) for each in "1234"}
    assert {each: now.counts.get(each, 0) for each in "1234"} == wanted
    assert now.voted == len(plain)


def linkable(admin: Any) -> list[str]:
    """Columns of a ballot that hold an option, or could tell whose it is."""
    rows = admin.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'meet_ballot'"
    ).fetchall()
    known = {"id", "tenant_id", "path", "meeting_id", "item_id", "seal", "turn"}
    return sorted({name for (name,) in rows} - known)


def test_a_ballot_says_neither_what_nor_whose(live: Meeting, bob: Reach) -> None:
    item = opened(bob, live, 5)
    cast(live, item, "a phone's secret", "4")
    with superuser() as admin:
        assert linkable(admin) == []
        (seal,) = admin.execute("SELECT seal FROM meet_ballot").fetchone()
        assert "secret" not in seal
        # Caught: a table that keeps the option beside the phone.
        with admin.transaction(force_rollback=True):
            admin.execute("ALTER TABLE meet_ballot ADD COLUMN option text")
            assert linkable(admin) == ["option"]


def test_the_same_phone_has_another_seal_for_every_vote(live: Meeting, bob: Reach) -> None:
    """Caught: a seal without the item's key ties a phone's votes together."""
    keys = [b"one key of an item", b"another item's key"]
    seals = {voting.seal_of(key, "phone") for key in keys}
    assert len(seals) == 2
    with pytest.raises(AssertionError):
        voting.seal_of(b"", "phone")


def test_after_the_reveal_nothing_is_left_that_ties_a_vote_to_a_phone(
    live: Meeting, bob: Reach
) -> None:
    item = opened(bob, live, 5)
    for n in range(5):
        cast(live, item, f"phone-{n}", "3")
    revealed(bob, live, item)
    with superuser() as admin:
        assert admin.execute("SELECT count(*) FROM meet_ballot").fetchone() == (0,)
        assert admin.execute("SELECT count(*) FROM meet_item WHERE key IS NOT NULL").fetchone() == (
            0,
        )
    with pytest.raises(NotNow, match="er over"):
        cast(live, item, "phone-9", "3")


def test_ending_the_meeting_ends_an_open_vote_by_the_same_rule(live: Meeting, bob: Reach) -> None:
    item = opened(bob, live, 5)
    cast(live, item, "phone-1", "3")
    with as_reach(bob):
        room.room_close(bob, live.pk, "Bob")
    done = item_of(bob, live)
    assert (done.vote, done.counts, voting.result(done)) == ("revealed", {}, None)


NOT_VOTES = [("9", "valget finnes ikke"), ("", "valget finnes ikke")]


@pytest.mark.parametrize(("option", "why"), NOT_VOTES)
def test_what_is_no_vote(option: str, why: str, live: Meeting, bob: Reach) -> None:
    item = opened(bob, live, 5)
    with pytest.raises(NotNow, match=why):
        cast(live, item, "phone", option)


def test_a_vote_opens_once_and_only_in_an_open_room(
    meeting: Meeting, bob: Reach, live: Meeting
) -> None:
    item = opened(bob, live, 5)
    with as_reach(bob):
        with pytest.raises(NotNow, match="allerede vært"):
            voting.vote_open(bob, live.pk, item.pk)
        question = Item.objects.get(meeting=live, kind=Kind.QUESTION)
        with pytest.raises(NotNow, match="ikke noe å stemme over"):
            voting.vote_open(bob, live.pk, question.pk)


def test_a_receipt_is_good_for_its_own_phone_and_item_alone(live: Meeting, bob: Reach) -> None:
    item, other = item_of(bob, live), item_of(bob, live, Kind.CHOICE)
    kept = voting.receipt_written(item.pk, "phone", Receipt("3", 1))
    assert voting.receipt_read(item.pk, "phone", kept) == Receipt("3", 1)
    assert voting.receipt_read(item.pk, "another", kept) is None
    assert voting.receipt_read(other.pk, "phone", kept) is None
    assert voting.receipt_read(item.pk, "phone", kept + "x") is None


# What the room's entrance lets a phone do, in the database itself.
FORBIDDEN = [
    "SELECT count(*) FROM meet_invitee",
    "SELECT count(*) FROM meet_letter",
    "SELECT count(*) FROM tenants_unit",
    "SELECT count(*) FROM assess_cell",
    "SELECT count(*) FROM actions_action",
    "SELECT count(*) FROM tenants_membership",
]


def seen(question: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return int(cursor.fetchone()[0])


def test_an_entrance_leads_into_one_meeting_and_nowhere_else(
    about_cells: Meeting, meeting: Meeting, live: Meeting
) -> None:
    with inside(live):
        assert list(Meeting.objects.values_list("pk", flat=True)) == [live.pk]
        assert set(Item.objects.values_list("meeting", flat=True)) == {live.pk}
        for question in FORBIDDEN:
            assert seen(question) == 0, question
        for change in (
            "UPDATE meet_meeting SET title = 'x' WHERE id <> %s RETURNING 1",
            "DELETE FROM meet_note WHERE meeting_id <> %s RETURNING 1",
        ):
            with connection.cursor() as cursor:
                cursor.execute(change, [live.pk])
                assert cursor.fetchall() == []
    with as_entrance(entrances.hash_of("made up")):
        assert seen("SELECT count(*) FROM meet_meeting") == 0


def test_caught_an_entrance_that_leads_everywhere(about_cells: Meeting, live: Meeting) -> None:
    with superuser() as admin, admin.transaction(force_rollback=True):
        admin.execute(
            "ALTER POLICY entrance_select ON meet_meeting USING"
            " (EXISTS (SELECT 1 FROM meet_entrance))"
        )
        admin.execute("SET LOCAL ROLE puls_web")
        token = entrances.hash_of(entrances.room_token(live))
        admin.execute("SELECT set_config('puls.entrance', %s, true)", [token])
        assert admin.execute("SELECT count(*) FROM meet_meeting").fetchone() == (2,)


def test_an_entrance_ends(live: Meeting, bob: Reach) -> None:
    with superuser() as admin:
        admin.execute("UPDATE meet_entrance SET expires = now() - interval '1 second'")
    with inside(live):
        assert seen("SELECT count(*) FROM meet_meeting") == 0
    with pytest.raises((NotNow, DatabaseError)):
        cast(live, item_of(bob, live), "phone", "3")


def test_the_rooms_entrance_closes_with_the_room(live: Meeting, bob: Reach) -> None:
    token = entrances.hash_of(entrances.room_token(live))
    with as_reach(bob):
        room.room_close(bob, live.pk, "Bob")
    with as_entrance(token):
        assert seen("SELECT count(*) FROM meet_meeting") == 0


# The votes, whether they are kept among the school's spreads, and what the leader is told.
KEPT = [
    ("33344", True, "Resultatet er tatt vare på"),
    ("33333", None, ""),  # all alike would tell what each of them said: nobody sees it at all
    ("3334", None, ""),  # too few to be seen at all
]


@pytest.mark.parametrize(("votes", "kept", "said"), KEPT)
def test_a_revealed_vote_is_offered_to_the_spreads_of_the_school(
    votes: str, kept: bool | None, said: str, live: Meeting, bob: Reach
) -> None:
    item = opened(bob, live, 5)
    for n, option in enumerate(votes):
        cast(live, item, f"phone-{n}", option)
    done = revealed(bob, live, item)
    with as_reach(bob):
        for _again in range(2):
            told = keeping.vote_keep(bob, live, done)
            assert said in told if said else told == ""
        spreads = quality.spreads(live.unit_id, item.rubric)
    assert [spread.counts for spread in spreads if kept] == ([(0, 0, 3, 2)] if kept else [])
    assert len(spreads) == (kept is not None), "once, however often it is offered"


def test_a_vote_that_was_not_anonymous_stays_in_its_meeting(live: Meeting, bob: Reach) -> None:
    item = opened(bob, live, 4)
    for n, option in enumerate("3334"):
        cast(live, item, f"phone-{n}", option)
    done = revealed(bob, live, item)
    with as_reach(bob):
        assert keeping.vote_keep(bob, live, done) == ""
        assert not quality.spreads(live.unit_id, item.rubric)


def test_only_who_leads_the_school_keeps_spreads(live: Meeting, bob: Reach) -> None:
    item = opened(bob, live, 5)
    for n, option in enumerate("33344"):
        cast(live, item, f"phone-{n}", option)
    done = revealed(bob, live, item)
    with as_reach(bob):
        assert keeping.vote_keep(replace(bob, role="teacher"), live, done) == ""
