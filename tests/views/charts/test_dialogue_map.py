"""The dialogue map: what it says of pairs, what stays when one is chosen, that nothing overlaps."""

from dataclasses import replace
from itertools import combinations, product
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puls.content.definitions import Indicator, Pack, Role
from puls.views.charts import drawing, map_listing
from puls.views.charts.dialogue_layout import places, runs
from puls.views.charts.dialogue_map import dialogue_map
from puls.views.charts.dialogue_parts import DialogueMap, OwnLine, questions, ties
from puls.views.charts.scene import Group, Path
from puls.views.charts.spacing import overlap
from tests.views.cast import pack
from tests.views.charts import cast
from tests.views.charts.test_invariants import within

FEEDBACK, MASTERY = "student_feedback", "student_mastery_expectation"
HOME, MOTIVATION = "student_support_home", "student_intrinsic_motivation"


def keys(drawn: DialogueMap) -> set[str]:
    return {node.key for node in drawn.nodes}


def test_roles_are_columns_read_from_left_to_right() -> None:
    drawn = cast.dialogue()
    assert [column.name for column in drawn.columns] == ["Forutsetning", "Prosess", "Resultat"]
    assert all(node.role is column.role for column in drawn.columns for node in column.nodes)


def test_choosing_one_keeps_its_neighbours_and_nothing_else() -> None:
    drawn = cast.dialogue(FEEDBACK)
    assert keys(drawn) == {
        FEEDBACK, MASTERY, MOTIVATION, "student_formative_assessment", "kostra_net_per_child"
    }  # fmt: skip
    (chosen,) = [node for node in drawn.nodes if node.chosen]
    assert set(chosen.neighbours) == keys(drawn) - {FEEDBACK}
    told = " ".join(sentence for node in drawn.nodes for sentence in node.told)
    assert "Støtte hjemmefra" not in told


def test_an_indicator_that_is_not_there_chooses_nothing() -> None:
    assert keys(cast.dialogue("nowhere")) == keys(cast.dialogue())


PAIRS: list[tuple[str, list[dict[str, Any]], list[tuple[float, bool]]]] = [
    ("told wins over stronger", [cast.tie("a", "b", 0.9, together=False), cast.tie("b", "a", 0.2)],
     [(0.2, True)]),
    ("of two told the stronger", [cast.tie("a", "b", 0.3), cast.tie("a", "b", -0.5)],
     [(-0.5, True)]),
    ("what nobody could work out is no line", [cast.tie("a", "b", 0.3) | {"strength": None}], []),
    ("nor what is not on the map", [cast.tie("a", "x", 0.3)], []),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), [p[1:] for p in PAIRS], ids=[p[0] for p in PAIRS])
def test_one_line_for_a_pair(
    rows: list[dict[str, Any]], expected: list[tuple[float, bool]]
) -> None:
    assert [(tie.strength, tie.sure) for tie in ties(rows, ("a", "b"))] == expected


def pens(drawn: DialogueMap) -> list[tuple[float, bool, str]]:
    return [
        (shape.pen.width, bool(shape.pen.dash), str(shape.pen.tone))
        for shape in drawn.chart.wide.shapes
        if isinstance(shape, Path) and shape.pen and any(step[0] == "C" for step in shape.steps)
    ]


def test_thicker_is_stronger_dashed_is_uncertain_and_own_lines_are_another_colour() -> None:
    drawn = pens(cast.dialogue())
    sure = [width for width, dashed, tone in drawn if not dashed]
    assert sorted(sure) == sure
    assert len(sure) == sum(row["together"] for row in cast.TIES)
    assert max(sure) == pytest.approx(1 + 9 * 0.62**1.5, abs=0.05)
    assert sum(dashed and tone != "press" for _, dashed, tone in drawn) == 2
    assert sum(tone == "press" for *_, tone in drawn) == len(cast.THOUGHTS)


def test_own_lines_are_told_apart_in_words_and_never_among_what_data_show() -> None:
    drawn = cast.dialogue()
    (node,) = [node for node in drawn.nodes if node.key == MASTERY]
    note = cast.THOUGHTS[0].note
    assert [note in told for told in node.thought] == [True]
    assert not any(note in told for told in node.told)
    (row,) = [row for row in drawn.chart.tables[0].rows if row[0] == node.name]
    assert note in row[-1]


def test_a_line_of_the_team_to_itself_or_to_nowhere_is_left_out() -> None:
    drawn = cast.dialogue(own=(OwnLine(FEEDBACK, FEEDBACK), OwnLine(FEEDBACK, "nowhere")))
    assert not any(node.thought for node in drawn.nodes)


def test_a_note_on_one_indicator_is_numbered_at_its_card_and_no_line() -> None:
    note = OwnLine(FEEDBACK, "", "Vi spør elevene i mai.")
    drawn = cast.dialogue(own=(*cast.THOUGHTS, note))
    (node,) = [node for node in drawn.nodes if node.key == FEEDBACK]
    assert node.thought == ("Vi tror om Tilbakemeldinger: Vi spør elevene i mai.",)
    assert sum(tone == "press" for *_, tone in pens(drawn)) == len(cast.THOUGHTS)
    texts = [(each.kind, each.text) for each in drawn.chart.wide.texts]
    assert ("note", node.thought[0]) in texts
    assert texts.count(("number", "2")) == 2
    # A list beside the picture may have numbered it already, and not all of it is on the picture.
    numbered = cast.dialogue(own=(replace(note, number=7),)).chart.wide.texts
    assert [each.text for each in numbered if each.kind == "number"] == ["7", "7"]
    # It neither connects nor stays when another is chosen.
    assert keys(cast.dialogue(MOTIVATION, own=(note,))) == keys(cast.dialogue(MOTIVATION, own=()))


def test_every_card_has_its_name_and_level_in_words_and_is_a_link() -> None:
    drawn = cast.dialogue(hrefs={key: f"/kart/?valgt={key}" for key in cast.MAP})
    cards = [shape for shape in drawn.chart.wide.shapes if isinstance(shape, Group)]
    assert len(cards) == len(cast.MAP)
    for node in drawn.nodes:
        (card,) = [each for each in cards if each.href.endswith(f"={node.key}")]
        texts = " ".join(shape.text for shape in card.shapes if hasattr(shape, "text"))
        assert node.name in texts
        assert node.spot.text in texts
        assert node.spot.short in texts
    page = drawing.svg(drawn.chart.wide)
    assert 'role="group"' in page
    assert page.count("<a href=") == len(cards)
    assert "<a" not in drawing.svg(drawn.chart.wide, "light")


def test_the_list_says_what_the_picture_says() -> None:
    drawn = cast.dialogue(hrefs={FEEDBACK: "?valgt=<x>"})
    told = map_listing.listing(drawn.columns, cast.NB)
    ElementTree.fromstring(told)
    for node in drawn.nodes:
        assert node.name in told
        assert node.spot.text in told
        assert all(sentence in told for sentence in node.told)
    assert "<x>" not in told


def with_questions(texts: dict[str, str]) -> Pack:
    """The pack without its own questions, and with these."""
    others = {k: v for k, v in pack().texts["nb"].items() if not k.startswith("pair.")}
    return replace(pack(), texts={"nb": {**others, **texts}})


OWN = {f"pair.{MASTERY}.{FEEDBACK}.question_{n}": f"Eget {n}?" for n in (1, 2)}
ROLES = {"pair.process_result.question_1": "Hva i {a} gir {b}?"}
QUESTIONS = [
    # texts, the pair, questions
    ({}, (FEEDBACK, MASTERY), ()),
    (OWN | ROLES, (FEEDBACK, MASTERY), ("Eget 1?", "Eget 2?")),
    # The roles say which comes first, not the order of asking.
    (ROLES, (MASTERY, FEEDBACK), ("Hva i Tilbakemeldinger gir Forventning om mestring?",)),
    (ROLES, (HOME, MASTERY), ()),
]


@pytest.mark.parametrize(("texts", "pair", "expected"), QUESTIONS)
def test_questions_of_a_pair(
    texts: dict[str, str], pair: tuple[str, str], expected: tuple[str, ...]
) -> None:
    assert questions(with_questions(texts), "nb", *pair) == expected


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_pack_has_questions_for_every_pair_that_the_map_connects(language: str) -> None:
    for a, b in pack().associations:
        asked = questions(pack(), language, a, b)
        assert len(asked) >= 2
        assert not any("{" in question for question in asked)
    assert questions(pack(), language, FEEDBACK, MASTERY) == questions(
        pack(), language, MASTERY, FEEDBACK
    )


def named(number: int, role: Role, name: str) -> tuple[Indicator, str]:
    return replace(pack().indicators[FEEDBACK], key=f"i{number}", role=role), name


@st.composite
def maps(draw: st.DrawFn) -> DialogueMap:
    """Up to 40 indicators with names of any length, and lines between any of them."""
    names = st.text(st.sampled_from("abÅ e-<&"), min_size=1, max_size=60)
    found = draw(st.lists(st.tuples(st.sampled_from(list(Role)), names), min_size=1, max_size=40))
    made = [named(number, role, name) for number, (role, name) in enumerate(found)]
    texts = {f"indicator.{each.key}.name": name for each, name in made}
    content = replace(
        pack(),
        indicators={each.key: each for each, _ in made},
        texts={"nb": {**pack().texts["nb"], **texts}},
    )
    spots = st.integers(0, len(made) - 1)
    pairs = draw(st.lists(st.tuples(spots, spots).filter(lambda p: p[0] != p[1]), max_size=40))
    strengths = draw(st.lists(st.floats(-1, 1), min_size=len(pairs), max_size=len(pairs)))
    rows = [
        cast.tie(f"i{a}", f"i{b}", strength, together=abs(strength) > 0.2)
        for (a, b), strength in zip(pairs, strengths, strict=True)
    ]
    values = draw(st.lists(st.floats(1, 5) | st.just("few"), max_size=len(made)))
    cells = [
        replace(cast.cell(2025, value, 0.2), indicator=each.key)
        for (each, _), value in zip(made, values, strict=False)
    ]
    own = [OwnLine(f"i{a}", f"i{b}", "Kanskje.") for a, b in pairs[:3]]
    chosen = draw(st.sampled_from(["", *(each.key for each, _ in made)]))
    return dialogue_map(
        cells, [each for each, _ in made], rows, content, "nb", cast.NB, unit="karmoy",
        unit_name="Karmøy", period=2025, period_label="2025–26", chosen=chosen, own=own,
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(maps())
def test_no_card_lies_over_another_and_all_is_in_the_picture(drawn: DialogueMap) -> None:
    scene = drawn.chart.wide
    within(scene)
    cards = []
    for shape in scene.shapes:
        if isinstance(shape, Group):
            xs, ys = zip(*shape.points, strict=True)
            cards.append((min(xs), min(ys), max(xs), max(ys)))
    assert len(cards) == len(drawn.nodes)
    assert not any(overlap(one, other) for one, other in combinations(cards, 2))
    ElementTree.fromstring(drawing.svg(scene))


@settings(max_examples=60, deadline=None)
@given(maps())
def test_lines_run_from_card_to_card_and_behind_none_of_the_middle(drawn: DialogueMap) -> None:
    boxes, _ = places(drawn.columns)
    known = list(boxes)
    pairs = [pair for pair in product(known, known) if pair[0] < pair[1]][:60]
    for (a, b), run in zip(pairs, runs(pairs, boxes), strict=True):
        start = (float(run.steps[0][1]), float(run.steps[0][2]))
        end = (float(run.steps[-1][-2]), float(run.steps[-1][-1]))
        touched = set()
        for x, y in (start, end):
            for key in (a, b):
                box = boxes[key]
                if box.y <= y <= box.y + box.height and x in (box.x, box.x + box.width):
                    touched.add(key)
        assert touched == {a, b}
        # The straight part of a line that passes a column lies in a gap between its cards.
        for step in run.steps:
            if step[0] == "L":
                y = float(step[2])
                assert not any(
                    box.y < y < box.y + box.height
                    for box in boxes.values()
                    if start[0] < box.x and box.x + box.width < end[0]
                )
