"""What happens to a survey between its form and its row. Tables in, tables out; no database."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puls.content.own import OwnDefinition, with_own
from puls.web.own import hints, survey_checks, surveys
from puls.web.own.surveys import ConstructSheet, ItemSheet, Sheet
from puls.web.packs import built_in
from tests.web.own.typed import PRACTISING, sheet

PACK = built_in()
STEM = "own_x_survey_1"


def own(wanted: Sheet, version: int = 1, *before: OwnDefinition, known: Any = None) -> Any:
    made = surveys.written(wanted, STEM, version, before, known)
    return OwnDefinition(f"{STEM}_v{version}", made.body, made.words, is_survey=True)


def keys(of: OwnDefinition) -> list[tuple[str, list[str]]]:
    return [
        (each["key"].removeprefix(f"{STEM}_"), [item["key"] for item in each["items"]])
        for each in of.body["constructs"]
    ]


def test_it_loads_beside_the_pack_with_an_indicator_for_each_construct() -> None:
    content = with_own(PACK, [own(sheet(PRACTISING))])
    indicator = content.indicators[f"{STEM}_c1"]
    assert content.surveys[STEM, 1].items[2].reversed
    assert (indicator.unit, indicator.version) == ("mean_1_5", 1)
    assert indicator.criteria is not None
    assert indicator.criteria.key == "many_agree"
    assert indicator.smallest == PACK.indicators["student_feedback"].smallest
    assert content.text("en", f"indicator.{STEM}_c1.name") == "Øving"
    assert content.text("nb", f"item.{STEM}.i1") == PRACTISING[1]


# What is done to the first version, the keys of the second, the version of its indicator
CHANGED = [
    (lambda s: s, [("c1", ["i1", "i2", "i3"])], 1),
    (lambda s: surveys.act(s, "up:0:1"), [("c1", ["i2", "i1", "i3"])], 1),
    (lambda s: surveys.act(s, "out:0:1"), [("c1", ["i1", "i3"])], 2),
    (lambda s: reworded(s, "Jeg vet hva jeg skal øve på hjemme."), [("c1", ["i4", "i2", "i3"])], 2),
    (lambda s: turned(s), [("c1", ["i4", "i2", "i3"])], 2),
    (lambda s: renamed(s), [("c1", ["i1", "i2", "i3"])], 1),
    (lambda s: with_another(s), [("c2", ["i4"]), ("c1", ["i1", "i2", "i3"])], 1),
]  # fmt: skip


def part() -> ConstructSheet:
    return ConstructSheet({"nb": "Nytt"}, "results", "result", "", (ItemSheet({"nb": "Ny."}),))


def with_another(of: Sheet) -> Sheet:
    return replace(of, constructs=(part(), *of.constructs))


def first_item(of: Sheet, **changes: Any) -> Sheet:
    one = of.constructs[0]
    items = (replace(one.items[0], **changes), *one.items[1:])
    return replace(of, constructs=(replace(one, items=items), *of.constructs[1:]))


def reworded(of: Sheet, text: str) -> Sheet:
    return first_item(of, words={"nb": text})


def turned(of: Sheet) -> Sheet:
    return first_item(of, reversed=True)


def renamed(of: Sheet) -> Sheet:
    return replace(of, constructs=(replace(of.constructs[0], name={"nb": "Øve"}),))


@pytest.mark.parametrize(("change", "found", "version"), CHANGED)
def test_other_words_are_another_question(change: Any, found: Any, version: int) -> None:
    """Mutant: keys that stay whatever the words become; then two questions share a column."""
    one = own(sheet(PRACTISING))
    two = own(change(surveys.of_row(one.body, one.words)), 2, one, known=one.body)
    assert keys(two) == found
    content = with_own(PACK, [two, one])
    assert content.indicators[f"{STEM}_c1"].version == version
    assert content.text("nb", f"item.{STEM}.i1") == PRACTISING[1]


def test_a_draft_that_is_saved_again_keeps_its_keys() -> None:
    one = own(sheet(PRACTISING))
    again = reworded(surveys.of_row(one.body, one.words), "Andre ord.")
    assert keys(own(again, known=one.body)) == keys(one)


def test_keys_that_somebody_made_up_are_not_taken() -> None:
    wanted = sheet(PRACTISING)
    tampered = first_item(wanted, key="student_1")
    tampered = replace(
        tampered, constructs=(replace(tampered.constructs[0], key="student_wellbeing"),)
    )
    assert keys(own(tampered)) == [("c1", ["i1", "i2", "i3"])]


ACTS = [
    ("add", 2, 3),
    ("add:0", 1, 4),
    ("out:0", 0, 0),
    ("out:0:0", 1, 2),
    ("up:0", 1, 3),
    ("down:7", 1, 3),
    ("out:0:9", 1, 3),
    ("nonsense", 1, 3),
    ("add:x", 1, 3),
    ("", 1, 3),
]


@pytest.mark.parametrize(("wanted", "parts", "items"), ACTS)
def test_a_button_changes_the_sheet_and_loses_nothing_else(
    wanted: str, parts: int, items: int
) -> None:
    made = surveys.act(sheet(PRACTISING), wanted)
    assert len(made.constructs) == parts
    assert sum(len(each.items) for each in made.constructs[:1]) == items


def fields(of: Sheet) -> dict[str, str]:
    """The sheet as a browser sends it."""
    given = {"audience": of.audience, "scale": of.scale}

    def say(start: str, words: dict[str, str]) -> None:
        given.update({f"{start}_{each}": words.get(each, "") for each in PACK.languages})

    say("name", of.name)
    say("intro", of.intro)
    for at, each in enumerate(of.constructs):
        say(f"c{at}_name", each.name)
        for name in ("area", "role", "criteria", "key"):
            given[f"c{at}_{name}"] = getattr(each, name)
        for number, item in enumerate(each.items):
            say(f"c{at}_i{number}", item.words)
            given[f"c{at}_i{number}_key"] = item.key
            if item.reversed:
                given[f"c{at}_i{number}_reversed"] = "1"
    return given


TEXTS = st.one_of(
    st.sampled_from(["", " ", "{x}", "Jeg liker dette.", "results", "process", "many_agree", "\0"]),
    st.text(max_size=30),
)
PLACES = st.sampled_from(sorted(fields(sheet(PRACTISING, PRACTISING))))


@settings(max_examples=120, deadline=None)
@given(
    changes=st.dictionaries(PLACES, TEXTS, max_size=6),
    acts=st.lists(st.sampled_from(["add", "add:0", "up:1", "down:0:0", "out:0:1"]), max_size=3),
)
def test_whatever_is_typed_is_refused_kept_or_loads(
    changes: dict[str, str], acts: list[str]
) -> None:
    wanted = surveys.read({**fields(sheet(PRACTISING, PRACTISING)), **changes}, PACK.languages)
    for each in acts:
        wanted = surveys.act(wanted, each)
    refused = survey_checks.refused(wanted, PACK)
    if refused:
        assert all(refused.values())
        return
    made = own(wanted)
    again = surveys.of_row(made.body, made.words)
    assert own(again, known=made.body) == made, "opened and saved again it is another one"
    lacking = survey_checks.lacks(PACK, made)
    assert all(each.sentence for each in lacking)
    if not lacking:
        assert STEM in {key for key, _ in with_own(PACK, [made]).surveys}


def test_a_retired_survey_is_known_and_not_offered() -> None:
    one = own(sheet(PRACTISING))
    assert with_own(PACK, [replace(one, in_force=False)]).retired == {STEM}
    two = own(sheet(PRACTISING), 2, one)
    assert with_own(PACK, [two, replace(one, in_force=False)]).retired == frozenset()


HINTS = [
    ("Jeg trives på øvingene.", 0),
    ("Jeg trives ikke på øvingene.", 1),
    ("Jeg øver hver dag og liker det.", 1),
    ("Liker du å øve?", 1),
    ("Jeg " + "spiller " * 12, 1),
]


@pytest.mark.parametrize(("text", "count"), HINTS)
def test_advice_on_a_statement(text: str, count: int) -> None:
    assert len(hints.of_item(text, "nb")) == count
