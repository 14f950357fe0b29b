"""Good practice: shared by those who did it, published by their owner, taken up elsewhere."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.http import Http404
from django.utils import translation

from puls.content.process_steps import StepKind
from puls.errors import NotAllowed, NotNow
from puls.units import UnitTree
from puls.web.actions import services as actions
from puls.web.actions.planned import Planned, Wanted
from puls.web.assess import gates
from puls.web.assess import queries as assess
from puls.web.assess.models import Release
from puls.web.improve import queries as improve
from puls.web.improve.proposals import Proposed
from puls.web.improve.services import improvement_begin
from puls.web.improve.ties import Tie, TieKind
from puls.web.media import services as media
from puls.web.media.queries import pictures_by_key
from puls.web.packs import pack
from puls.web.share import queries, reading, services
from puls.web.share.examples import examples_load
from puls.web.share.models import Kind, Practice
from puls.web.share.services import Told
from puls.web.share.states import Move
from puls.web.tenants.access import as_reach
from puls.web.tenants.models import Membership, Unit
from tests.web import gated
from tests.web.cast import Cast, LogIn, add_person, reach_for
from tests.web.media.uploads import upload
from tests.web.see import world

TOLD = Told(
    title="Tilbakemeldinger som blir brukt",
    summary="Ett råd om gangen.",
    did="Vi ga **ett råd** om gangen.",
    saw="Elevene øvde på noe bestemt.",
    area="teaching_and_learning",
    rubric="assessment_for_learning",
    rubric_level=2,
    is_checked=True,
)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def process(who: Membership) -> UUID:
    reach = reach_for(who)
    with as_reach(reach):
        release = assess.releases(world.PERIOD)[0].id
    tie = Tie(TieKind.INDICATOR, reach.unit, world.FEEDBACK, world.PERIOD, release)
    step = Proposed(
        StepKind.REFLECT,
        "What do we think?",
        problem="How is feedback used?",
        questions="When?\nWho?",
        participants="Kari and Ola",
        ties=[tie],
    )
    with as_reach(reach):
        unit = Unit.objects.get(key=reach.unit)
        return improvement_begin(reach, unit, "Feedback", "Bob", proposed=[step]).pk


def action(who: Membership, indicator: str = world.FEEDBACK) -> UUID:
    reach = reach_for(who)
    plan = Planned("One piece of advice at a time", why="They ask.", aims=[Wanted(indicator, "up")])
    with as_reach(reach):
        unit = Unit.objects.get(key=reach.unit)
        return actions.action_add(reach, unit, plan, written_by="Bob").pk


def share(who: Membership, kind: Kind, source: UUID, told: Told = TOLD) -> UUID:
    reach = reach_for(who)
    with as_reach(reach):
        unit = Unit.objects.get(key=reach.unit)
        key = services.practice_begin(reach, unit, kind, source, "nb", "Bob").pk
        services.practice_write(reach, key, told)
    return key


def move(who: Membership, key: UUID, way: Move, note: str = "") -> None:
    reach = reach_for(who)
    with as_reach(reach):
        services.practice_move(reach, key, way, note)


def published(cast: Cast, told: Told = TOLD) -> UUID:
    key = share(cast.bob, Kind.PROCESS, process(cast.bob), told)
    move(cast.bob, key, Move.PROPOSE)
    move(cast.alice, key, Move.PUBLISH)
    return key


def test_whoever_looks_it_through_is_told_on_the_front_page(cast: Cast, log_in: LogIn) -> None:
    alice, bob = log_in(cast.alice), log_in(cast.bob)
    key = share(cast.bob, Kind.ACTION, action(cast.bob))
    assert "på god praksis venter" not in alice.get("/").text
    move(cast.bob, key, Move.PROPOSE)
    told = alice.get("/").text
    assert f"venter på at du ser gjennom det: {TOLD.title}" in told
    assert f'href="/god-praksis/{key}/"' in told
    assert "på god praksis venter" not in bob.get("/").text
    move(cast.alice, key, Move.PUBLISH)
    assert "på god praksis venter" not in alice.get("/").text


def found(who: Membership, **wanted: Any) -> list[str]:
    with as_reach(reach_for(who)):
        return [each.practice.title for each in queries.library(queries.Wanted(**wanted), "nb", {})]


def read(who: Membership, key: UUID) -> Practice:
    with as_reach(reach_for(who)):
        return queries.practice_or_404(key)


def test_it_goes_from_one_school_to_another_and_back(released: Release, cast: Cast) -> None:
    key = published(cast)
    assert found(cast.charlie) == [TOLD.title]
    reach = reach_for(cast.charlie)
    with as_reach(reach):
        unit = Unit.objects.get(key=reach.unit)
        copy = reading.adopt(reach, unit, key, "Charlie")
        steps = improve.steps(copy.made)
        assert [step.problem for step in steps] == ["How is feedback used?"]
        assert [each.of_unit for each in queries.adopted(reach.unit)] == ["Karmøy kulturskole"]
        reading.thank(reach, unit, key)
        reading.thank(reach, unit, key)
        asked = reading.ask(reach, unit, key, "How long did it take?").pk
    bob = reach_for(cast.bob)
    with as_reach(bob):
        assert queries.unanswered(bob.unit) == 1
        reading.answer(bob, Unit.objects.get(key=bob.unit), asked, "Six weeks.")
        assert queries.unanswered(bob.unit) == 0
    with as_reach(reach):
        assert queries.thanks(key) == ["Bergen kulturskole"]
        (_, answers), *_rest = queries.questions(key)
        assert [each.text for each in answers] == ["Six weeks."]
        # The answer goes with the question, although another school wrote it.
        reading.remark_take_back(reach, asked)
        assert queries.questions(key) == []


def test_the_page_of_the_own_unit_leads_to_what_it_took_up(
    released: Release, cast: Cast, client: Any
) -> None:
    key, reach = published(cast), reach_for(cast.charlie)
    with as_reach(reach):
        made = reading.adopt(reach, Unit.objects.get(key=reach.unit), key, "Charlie").made
    client.force_login(cast.charlie.user)
    shown = client.get("/god-praksis/vare/").content.decode()
    assert f'href="/prosess/{made}/"' in shown
    assert "Karmøy kulturskole</span>" in shown


def test_the_copy_has_the_questions_and_nobody_of_those_who_took_part(
    released: Release, cast: Cast
) -> None:
    row = read(cast.charlie, published(cast))
    assert row.copy["steps"][0]["questions"] == "When?\nWho?"
    assert "Kari" not in str(row.copy)
    assert "ties" not in str(row.copy)


def test_released_values_go_along_in_words(released: Release, cast: Cast) -> None:
    (figure,) = read(cast.charlie, published(cast)).figures
    assert figure["unit"] == "Karmøy kulturskole"
    assert (figure["period"], figure["value"], figure["word"]) == ("2025–26", "3,4", "svak")


def test_what_stands_behind_a_gate_is_told_to_nobody_elsewhere(
    places: UnitTree, cast: Cast
) -> None:
    """Mutant: values frozen within the writer's own reach, who sees behind the gate."""
    olga = add_person("olga", "no-1106", "owner")
    greta = add_person("greta", gated.OTHER, "leader")
    gated.announce(olga)
    gated.release(places, gated.OTHER)
    key = share(greta, Kind.ACTION, action(greta, gated.STUDENT))
    move(greta, key, Move.PROPOSE)
    move(olga, key, Move.PUBLISH)
    assert read(cast.charlie, key).figures == []
    move(greta, key, Move.WITHDRAW)
    reach = reach_for(greta)
    with as_reach(reach):
        gates.gate_open(reach, gates.gates(gated.PERIOD)[0].id, "Greta")
    for who, way in ((greta, Move.REOPEN), (greta, Move.PROPOSE), (olga, Move.PUBLISH)):
        move(who, key, way)
    assert len(read(cast.charlie, key).figures) == 1


def test_a_withdrawn_one_is_gone_for_others_and_their_copy_stays(
    released: Release, cast: Cast
) -> None:
    key = published(cast)
    reach = reach_for(cast.charlie)
    with as_reach(reach):
        unit = Unit.objects.get(key=reach.unit)
        copy = reading.adopt(reach, unit, key, "Charlie").made
    move(cast.alice, key, Move.WITHDRAW)
    assert found(cast.charlie) == []
    with pytest.raises(Http404):
        read(cast.charlie, key)
    with as_reach(reach):
        assert improve.improvement(copy) is not None
        assert [each.title for each in queries.adopted(reach.unit)] == [TOLD.title]
        with pytest.raises(NotNow):
            reading.adopt(reach, unit, key, "Charlie")


READERS = [
    # who reads it as a draft, as proposed, as published
    ("bob", True, True, True),
    ("alice", True, True, True),
    ("tom", True, True, True),
    ("frida", False, False, True),
    ("nora", False, False, True),
    ("charlie", False, False, True),
]


@pytest.mark.parametrize(("who", "draft", "proposed", "out"), READERS)
def test_who_reads_it_when(
    who: str, draft: bool, proposed: bool, out: bool, released: Release, cast: Cast
) -> None:
    key = share(cast.bob, Kind.PROCESS, process(cast.bob))
    reader = reach_for(getattr(cast, who))

    def sees() -> bool:
        # Past all code: the database alone decides.
        with as_reach(reader), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM share_practice WHERE id = %s", [key])
            return bool(cursor.fetchone()[0])

    assert sees() is draft
    move(cast.bob, key, Move.PROPOSE)
    assert sees() is proposed
    move(cast.alice, key, Move.PUBLISH)
    assert sees() is out


@pytest.mark.parametrize("who", ["tom", "frida", "nora", "charlie"])
def test_others_neither_write_nor_move_it(who: str, released: Release, cast: Cast) -> None:
    key = published(cast)
    reach = reach_for(getattr(cast, who))
    for act in (
        lambda: services.practice_write(reach, key, TOLD),
        lambda: services.practice_move(reach, key, Move.WITHDRAW),
        lambda: services.practice_delete(reach, key),
    ):
        with as_reach(reach), pytest.raises((NotAllowed, NotNow)):
            act()
    with as_reach(reach), connection.cursor() as cursor:
        for past_all_code in (
            "UPDATE share_practice SET title = 'Ours'",
            "DELETE FROM share_practice",
        ):
            cursor.execute(past_all_code)
            assert cursor.rowcount == 0


# What only its writer may do, for which the owner has no button either.
WRITER_ALONE = [
    ([], Move.PROPOSE),
    ([("bob", Move.PROPOSE)], Move.TAKE_BACK),
    ([("bob", Move.PROPOSE), ("alice", Move.PUBLISH), ("alice", Move.WITHDRAW)], Move.REOPEN),
]


@pytest.mark.parametrize(("before", "way"), WRITER_ALONE)
def test_the_owner_sends_nothing_out_that_its_school_did_not_propose(
    before: list[tuple[str, Move]], way: Move, released: Release, cast: Cast
) -> None:
    key = share(cast.bob, Kind.PROCESS, process(cast.bob))
    for who, earlier in before:
        move(getattr(cast, who), key, earlier)
    with pytest.raises(NotAllowed):
        move(cast.alice, key, way)
    move(cast.bob, key, way)


def test_a_practice_takes_its_own_pictures_along_and_nobody_else_s(
    released: Release, cast: Cast
) -> None:
    def picture(who: Membership) -> UUID:
        reach = reach_for(who)
        with as_reach(reach):
            unit = Unit.objects.get(key=reach.unit)
            return media.picture_add(reach, unit, upload(), "A choir", "Somebody").pk

    def shared() -> set[UUID]:
        with as_reach(reach_for(cast.charlie)):
            return {*pictures_by_key([own, *others])}

    own, others = picture(cast.bob), [picture(cast.alice), picture(cast.tom)]
    words = " ".join(f"![x](/bilde/{key})" for key in (own, *others))
    key = published(cast, replace(TOLD, did=words))
    assert shared() == {own}
    # What hangs on nobody else, who withdraws does at once.
    move(cast.bob, key, Move.WITHDRAW)
    assert shared() == set()


def test_its_writer_does_not_publish_it(released: Release, cast: Cast) -> None:
    key = share(cast.bob, Kind.PROCESS, process(cast.bob))
    move(cast.bob, key, Move.PROPOSE)
    with pytest.raises(NotAllowed):
        move(cast.bob, key, Move.PUBLISH)


@pytest.mark.parametrize(
    ("without", "says"),
    [
        ({"summary": ""}, "summary"),
        ({"saw": ""}, "what you saw"),
        ({"area": ""}, "quality area"),
        ({"is_checked": False}, "names"),
    ],
)
def test_nothing_goes_out_that_is_not_whole_and_checked(
    without: dict[str, Any], says: str, released: Release, cast: Cast
) -> None:
    key = share(cast.bob, Kind.PROCESS, process(cast.bob), replace(TOLD, **without))
    with pytest.raises(NotNow, match=says):
        move(cast.bob, key, Move.PROPOSE)


def test_sent_back_with_words_it_is_a_draft_again(released: Release, cast: Cast) -> None:
    key = share(cast.bob, Kind.PROCESS, process(cast.bob))
    move(cast.bob, key, Move.PROPOSE)
    with pytest.raises(NotNow, match="few words"):
        move(cast.alice, key, Move.SEND_BACK)
    move(cast.alice, key, Move.SEND_BACK, "Tell what it cost.")
    row = read(cast.bob, key)
    assert (row.state, row.note) == ("draft", "Tell what it cost.")


def test_the_same_thing_is_shared_once_at_a_time(released: Release, cast: Cast) -> None:
    source = process(cast.bob)
    share(cast.bob, Kind.PROCESS, source)
    with pytest.raises(NotNow, match="already"):
        share(cast.bob, Kind.PROCESS, source)


SEARCHES = [
    # what somebody types, whether it is found
    ("tilbakemelding", True),  # another form of the same word
    ("RÅDENE", True),
    ("elev", True),
    ("Tilbakem", True),  # the beginning of the title
    ("venteliste", False),
    ("råd -elev", False),  # without a word
]


@pytest.mark.parametrize(("text", "hit"), SEARCHES)
def test_it_is_found_by_norwegian_words(
    text: str, hit: bool, released: Release, cast: Cast
) -> None:
    published(cast)
    assert found(cast.charlie, text=text) == ([TOLD.title] if hit else [])


NARROWED = [
    ({"area": "teaching_and_learning"}, True),
    ({"area": "results"}, False),
    ({"rubric": "assessment_for_learning"}, True),
    ({"rubric": "mission"}, False),
    ({"rubric_level": 2}, True),
    ({"rubric_level": 3}, False),
    ({"kind": "process"}, True),
    ({"kind": "action"}, False),
]


@pytest.mark.parametrize(("wanted", "hit"), NARROWED)
def test_it_is_found_by_what_it_is_about(
    wanted: dict[str, Any], hit: bool, released: Release, cast: Cast
) -> None:
    published(cast)
    assert bool(found(cast.charlie, **wanted)) is hit


def test_those_with_prerequisites_like_ours_come_first(released: Release, cast: Cast) -> None:
    published(cast, replace(TOLD, title="Far"))
    published(cast, replace(TOLD, title="Near"))
    reach = reach_for(cast.alice)
    with as_reach(reach):
        for title, value in (("Far", 9000.0), ("Near", 110.0)):
            Practice.objects.filter(title=title).update(alike={"population_6_15": value})
    ours = {"population_6_15": 100.0}
    with as_reach(reach_for(cast.charlie)):
        wanted = queries.Wanted(alike=True)
        first, last = queries.library(wanted, "nb", ours)
    assert (first.practice.title, first.is_alike) == ("Near", True)
    assert (last.practice.title, last.is_alike) == ("Far", False)


def test_examples_of_the_pack_are_found_in_the_readers_language(cast: Cast) -> None:
    examples_load(pack())
    examples_load(pack())
    with as_reach(reach_for(cast.charlie)):
        norwegian = queries.library(queries.Wanted(text="venteliste"), "nb", {})
        english = queries.library(queries.Wanted(text="waiting list"), "en", {})
    assert [each.practice.title for each in norwegian] == ["Prøvegrupper i stedet for kø"]
    assert [each.practice.title for each in english] == ["Trial groups instead of a queue"]
    assert norwegian[0].practice.of_unit == "Puls"


def test_pages_of_reader_writer_and_owner(released: Release, cast: Cast, log_in: Any) -> None:
    bob, alice, charlie = (log_in(who) for who in (cast.bob, cast.alice, cast.charlie))
    source = process(cast.bob)
    answer = bob.post(f"/god-praksis/del/process/{source}/", follow=True)
    key = answer.resolver_match.kwargs["key"]
    form = {name: getattr(TOLD, name) for name in ("title", "summary", "did", "saw", "area")}
    bob.post(f"/god-praksis/{key}/skriv/", {**form, "is_checked": "on"})
    assert "Bare deres egne" in bob.get(f"/god-praksis/{key}/").text
    assert charlie.get(f"/god-praksis/{key}/").status_code == 404
    bob.post(f"/god-praksis/{key}/", {"move": "propose"})
    assert TOLD.title in alice.get("/god-praksis/").text
    alice.post(f"/god-praksis/{key}/", {"move": "publish"})
    page = charlie.get(f"/god-praksis/{key}/").text
    assert "<strong>ett råd</strong>" in page
    assert "3,4" in page
    taken = charlie.post(f"/god-praksis/{key}/", {"adopt": "1"})
    assert taken.status_code == 302
    assert "1 har tatt det i bruk" in charlie.get(f"/god-praksis/{key}/").text
