"""Rubrics of an administration's own: who writes them, who sees them, and that words stay."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client
from django.utils import translation

from puls.errors import NotAllowed, NotNow
from puls.web.assess.goals import Wish, goal_set
from puls.web.meet import entrances, room, wording
from puls.web.meet.models import Item
from puls.web.meet.models import Kind as MeetingItem
from puls.web.meet.services import Thing
from puls.web.own import beside, queries, services
from puls.web.own.models import Definition
from puls.web.own.states import Move, State
from puls.web.packs import built_in, pack
from puls.web.quality import counting
from puls.web.quality.models import Spread
from puls.web.tenants.access import as_entrance, as_everybody, as_reach, as_whole_tree
from puls.web.tenants.models import Membership, Unit
from tests.web.cast import Cast, LogIn, reach_for
from tests.web.meet.conftest import planned
from tests.web.own.typed import (
    AREA,
    FIELDS,
    begun,
    move,
    next_published,
    published,
    row,
    rubric,
)
from tests.web.quality import staff


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def known(who: Membership) -> set[str]:
    """The own rubrics that the reader's pages know."""
    with as_reach(reach_for(who)):
        return pack().rubrics.keys() - built_in().rubrics.keys()


# who,      may begin, may take into use
MAY = [
    ("alice",   True,  True),
    ("bob",     True,  False),
    ("tom",     False, False),
    ("frida",   True,  True),
    ("nora",    True,  True),
]  # fmt: skip


@pytest.mark.parametrize(("who", "begins", "decides"), MAY)
def test_who_may_write_and_who_may_decide(
    who: str, begins: bool, decides: bool, cast: Cast
) -> None:
    member: Membership = getattr(cast, who)
    if not begins:
        with pytest.raises(NotAllowed):
            begun(member)
        return
    key = begun(member)
    if decides:
        move(member, key, Move.PUBLISH)
        assert known(member) == {key}
    else:
        with pytest.raises(NotAllowed):
            move(member, key, Move.PUBLISH)


def test_a_leader_writes_and_the_administration_takes_it_into_use(cast: Cast) -> None:
    key = begun(cast.bob)
    move(cast.bob, key, Move.PROPOSE)
    with pytest.raises(NotNow, match="few words"):
        move(cast.alice, key, Move.SEND_BACK)
    move(cast.alice, key, Move.SEND_BACK, "Shorter, please.")
    assert row(cast.bob, key).note == "Shorter, please."
    assert known(cast.bob) == set()
    move(cast.bob, key, Move.PROPOSE)
    move(cast.alice, key, Move.PUBLISH)
    assert known(cast.bob) == known(cast.tom) == known(cast.alice) == {key}


@pytest.mark.parametrize("who", ["charlie", "frida", "nora"])
def test_nobody_elsewhere_has_it_beside_the_pack(who: str, cast: Cast) -> None:
    key = published(cast.alice)
    other: Membership = getattr(cast, who)
    assert known(other) == set()
    move(cast.alice, key, Move.SHARE)
    assert known(other) == set()
    with as_everybody():
        assert pack() is built_in()
    assert pack() is built_in()


# who reads, as a draft of Bob's, in use, shared: past all code, the database alone
READS = [
    ("bob",     True,  True,  True),
    ("alice",   True,  True,  True),
    ("tom",     False, True,  True),
    ("frida",   False, False, True),
    ("nora",    False, False, True),
    ("charlie", False, False, True),
]  # fmt: skip


@pytest.mark.parametrize(("who", "draft", "used", "shared"), READS)
def test_who_reads_it_when(who: str, draft: bool, used: bool, shared: bool, cast: Cast) -> None:
    reader = reach_for(getattr(cast, who))

    def sees() -> bool:
        with as_reach(reader), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM own_definition WHERE key = %s", [key])
            return bool(cursor.fetchone()[0])

    key = begun(cast.bob)
    assert sees() is draft
    move(cast.bob, key, Move.PROPOSE)
    move(cast.alice, key, Move.PUBLISH)
    assert sees() is used
    move(cast.alice, key, Move.SHARE)
    assert sees() is shared


PAST_ALL_CODE = [
    # who, statement, rows that the database lets it touch
    ("charlie", "UPDATE own_definition SET title = 'Ours'", 0),
    ("charlie", "DELETE FROM own_definition", 0),
    ("frida", "UPDATE own_definition SET state = 'retired'", 0),
    ("bob", "UPDATE own_definition SET state = 'retired'", 0),
    ("alice", "DELETE FROM own_definition", 0),
    ("alice", "UPDATE own_definition SET state = 'retired'", 1),
]


@pytest.mark.parametrize(("who", "statement", "touched"), PAST_ALL_CODE)
def test_the_database_keeps_others_off(who: str, statement: str, touched: int, cast: Cast) -> None:
    move(cast.alice, published(cast.alice), Move.SHARE)
    with as_reach(reach_for(getattr(cast, who))), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == touched


def test_a_leader_publishes_nothing_past_all_code_either(cast: Cast) -> None:
    """Mutant: a policy that asks only whose row it is."""
    begun(cast.bob)
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        as_reach(reach_for(cast.bob)),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE own_definition SET state = 'published', published_at = now()")


@pytest.mark.parametrize(
    "change",
    [
        "words = '{}'",
        'body = body || \'{"area": "results"}\'',
        "version = 7",
        "state = 'draft', published_at = NULL",
        "published_at = now() + interval '1 day'",
    ],
)
@pytest.mark.parametrize("alias", ["default", "owner"])
def test_what_is_published_never_changes(change: str, alias: str, cast: Cast) -> None:
    """Not by its own administration, and not by who owns the tables. Mutant: no trigger."""
    published(cast.alice)
    with (
        pytest.raises(DatabaseError),
        as_reach(reach_for(cast.alice), alias),
        connections[alias].cursor() as cursor,
    ):
        cursor.execute(f"UPDATE own_definition SET {change}")


def test_the_next_version_replaces_it_and_what_was_said_keeps_its_words(cast: Cast) -> None:
    old = published(cast.alice)
    alice = reach_for(cast.alice)
    with as_reach(alice):
        unit = Unit.objects.get(key=alice.unit)
        goal_set(alice, unit, Wish(rubric=old, rubric_level=3), set_by="Alice")
    new = next_published(cast.alice, old, title_nb="Samspill i grupper")
    with as_reach(alice):
        content = pack()
        assert [each.key for each in content.rubrics_in_force if each.key.startswith("own_")] == [
            new
        ]
        assert content.text("nb", f"rubric.{old}.title") == "Samspill"
        assert content.text("nb", f"rubric.{new}.title") == "Samspill i grupper"
        with pytest.raises(NotNow, match="no longer used"):
            goal_set(alice, unit, Wish(rubric=old, rubric_level=4), set_by="Alice")
    assert row(cast.alice, old).state == State.REPLACED
    with pytest.raises(NotNow):
        move(cast.alice, old, Move.RESUME)


def test_a_placing_counts_the_rubric_that_was_replaced_while_it_was_open(cast: Cast) -> None:
    """And one of another administration is not counted at all."""
    old, theirs = published(cast.alice), published(cast.frida)
    found = staff.opened(cast.bob)
    people = staff.staff(6)
    for who, level in zip(people, (2, 2, 2, 3, 3, 3), strict=True):
        staff.give(who, found, level, rubric=old)
    new = next_published(cast.alice, old, title_nb="Samspill i grupper")
    with pytest.raises(NotNow):
        staff.give(people[0], found, 2, rubric=old)
    with pytest.raises(NotNow):
        staff.give(people[0], found, 2, rubric=theirs)
    staff.close(cast.bob, found)
    assert staff.told(cast.bob, old) == [(0, 3, 3, 0)]
    with as_whole_tree("assess"):
        counted = set(Spread.objects.using("assess").values_list("rubric", flat=True))
    assert new in counted
    assert theirs not in counted


@pytest.mark.parametrize(
    ("voted", "is_told"), [([0, 3, 3, 1], False), ([0, 3, 3, 0], True), ([0, 3, 3, 5], True)]
)
def test_a_count_of_the_next_version_tells_of_nobody_beside_the_one_before(
    voted: list[int], is_told: bool, cast: Cast
) -> None:
    old = published(cast.alice)
    found, people = staff.opened(cast.bob), staff.staff(6)
    for who, level in zip(people, (2, 2, 2, 3, 3, 3), strict=True):
        staff.give(who, found, level, rubric=old)
    staff.close(cast.bob, found)
    new = next_published(cast.alice, old, title_nb="Samspill, i grupper")
    with staff.signed_in(cast.bob) as bob:
        school = Unit.objects.get(key=staff.SCHOOL)
        told = counting.spread_add(bob, school, staff.YEAR, new, voted, uuid4())
    assert told is is_told


def test_counting_for_a_moment_on_the_whole_tree_reads_what_the_reader_reads(cast: Cast) -> None:
    key = published(cast.alice)
    with as_reach(reach_for(cast.bob)), as_whole_tree(counting.ASSESS):
        assert key in pack().rubrics


def test_what_two_write_at_once_is_not_lost(cast: Cast) -> None:
    key = begun(cast.bob)
    reach = reach_for(cast.bob)
    with as_reach(reach):
        services.write(reach, key, rubric(title_nb="Først"), 1)
        with pytest.raises(NotNow, match="in the meantime"):
            services.write(reach, key, rubric(title_nb="Sist"), 1)
    assert row(cast.bob, key).title == "Først"


INCOMPLETE = [
    ({"title_nb": ""}, "Title"),
    ({"level_3_nb": "  "}, "Level 3"),
    ({"question_1_nb": ""}, "Question 1"),
    ({"area": ""}, "quality area"),
]


@pytest.mark.parametrize(("changes", "says"), INCOMPLETE)
def test_an_unfinished_one_is_kept_and_not_used(
    changes: dict[str, str], says: str, cast: Cast
) -> None:
    key = begun(cast.alice, rubric(**changes))
    with pytest.raises(NotNow, match=says):
        move(cast.alice, key, Move.PUBLISH)


def test_a_language_that_lacks_words_reads_the_first_one(cast: Cast) -> None:
    key = published(cast.alice, title_en="Playing together")
    with as_reach(reach_for(cast.alice)):
        assert pack().text("en", f"rubric.{key}.title") == "Playing together"
        assert pack().text("en", f"rubric.{key}.level_1") == "Slik er det på nivå 1"


def test_shared_found_taken_up_and_withdrawn(cast: Cast) -> None:
    key = published(cast.alice, question_1_nb="Hvordan hører vi på hverandre?")
    charlie = reach_for(cast.charlie)

    def found(text: str = "", area: str = "") -> list[str]:
        with as_reach(charlie):
            return [each.key for each in queries.shared(charlie, queries.Wanted(text, area))]

    assert found() == []
    with pytest.raises(NotNow, match="names"):
        move(cast.alice, key, Move.SHARE, is_checked=False)
    move(cast.alice, key, Move.SHARE)
    assert found() == [key]
    assert found("samspillet") == found("Hør") == found("", AREA) == [key]
    assert found("venteliste") == found("", "results") == []
    with as_reach(charlie):
        unit = Unit.objects.get(key=charlie.unit)
        copy = services.adopt(charlie, unit, key).key
        assert queries.taken_up(charlie, [key]) == {key}
    move(cast.alice, key, Move.UNSHARE)
    assert found() == []
    mine = row(cast.charlie, copy)
    assert (mine.source, mine.source_owner, mine.source_title) == (
        key,
        "Karmøy kommune",
        "Samspill",
    )
    assert mine.words["nb"]["question_1"] == "Hvordan hører vi på hverandre?"
    assert mine.tenant_id == "no-4601"
    with as_reach(charlie), pytest.raises(NotNow):
        services.adopt(charlie, unit, key)


def test_one_that_no_longer_fits_the_pack_is_left_out(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    """A pack may lose a quality area; the pages of an administration stand all the same."""
    good, bad = published(cast.alice), published(cast.alice)
    with as_whole_tree("owner"):
        rows = Definition.objects.using("owner").order_by("key")
        own = [beside.definition(each) for each in rows]
    broken = [each if each.key == good else _gone(each) for each in own]
    made = beside.without_what_does_not_fit(built_in(), broken)
    assert good in made.rubrics
    assert bad not in made.rubrics
    assert bad in caplog.text


def _gone(each: Any) -> Any:
    from dataclasses import replace

    return replace(each, body={**each.body, "area": "gone"})


def test_the_pages_lead_from_nothing_to_a_rubric_in_use(cast: Cast, log_in: LogIn) -> None:
    alice: Client = log_in(cast.alice)
    assert "/egne/" in alice.get("/hvor-skal-vi/").content.decode()
    refused = alice.post("/egne/nytt-kjennetegn/", {**FIELDS, "level_1_nb": "Slik {er} det"})
    shown = refused.content.decode()
    assert "uten { og }" in shown
    assert "Slik er det på nivå 2" in shown, "what was typed is gone"
    made = alice.post("/egne/nytt-kjennetegn/", FIELDS)
    page = alice.get(made["Location"]).content.decode()
    assert "Slik er det på nivå 4" in page
    alice.post(made["Location"], {"move": "publish"})
    assert "Samspill" in alice.get("/hvor-skal-vi/").content.decode()
    assert "Samspill" in log_in(cast.tom).get("/hvor-skal-vi/").content.decode()
    assert "Samspill" not in log_in(cast.charlie).get("/hvor-skal-vi/").content.decode()
    assert log_in(cast.charlie).get(made["Location"]).status_code == 404


@pytest.mark.parametrize("who", ["tom", "charlie"])
def test_a_draft_has_no_page_for_others(who: str, cast: Cast, log_in: LogIn) -> None:
    key = begun(cast.bob)
    browser = log_in(getattr(cast, who))
    assert browser.get(f"/egne/{key}/").status_code == 404
    assert browser.get(f"/egne/{key}/skriv/").status_code in (403, 404)
    assert browser.post(f"/egne/{key}/", {"delete": "1"}).status_code == 404


def test_a_page_of_another_number_of_the_same_rubric_is_a_rollback_away(cast: Cast) -> None:
    """A change that is rolled back leaves nothing behind in memory."""
    key = begun(cast.alice)
    reach = reach_for(cast.alice)
    with as_reach(reach), transaction.atomic():
        services.move(reach, key, Move.PUBLISH)
        assert key in pack().rubrics
        transaction.set_rollback(True)
    assert known(cast.alice) == set()


def test_a_phone_in_the_room_reads_what_is_voted_on_and_no_other_administration_s(
    cast: Cast,
) -> None:
    """Nobody is logged in there. Mutant: no rule for entrances; then a vote has no levels."""
    key, theirs = published(cast.alice), published(cast.frida)
    thing = Thing(MeetingItem.RUBRIC, "Hvilket nivå er vi oftest på?", rubric=key)
    meeting, bob = planned(cast.bob, things=(thing,)), reach_for(cast.bob)
    with as_reach(bob):
        live = room.room_open(bob, meeting.pk)
    with as_entrance(entrances.hash_of(entrances.room_token(live))):
        item = Item.objects.get(meeting=live)
        assert wording.options(item, "nb", pack())[0].text == "Slik er det på nivå 4"
        assert theirs not in pack().rubrics
    with as_entrance(entrances.hash_of("made up")):
        assert pack() is built_in()
