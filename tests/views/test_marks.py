"""Marks beside a value: what they say in words, and that they order and colour nothing."""

from dataclasses import replace

import pytest

from puls.cells import Against, Mark, ReleasedMark, Status
from puls.views import marks, numbers
from puls.views.tables import Sort, TableCell
from tests.views.cast import (
    COST,
    DANCE,
    FEEDBACK,
    KARMOY,
    MUSIC,
    NORWAY,
    PERIOD,
    WAITING,
    pack,
    shown,
    silent,
    table,
)

WELLBEING = "student_wellbeing"


def changed(mark: Mark, **more: object) -> ReleasedMark:
    made = ReleasedMark(
        KARMOY.key, FEEDBACK, PERIOD, Against.CHANGE, 3.7, 0.3, 0.2, 0.4, mark, since=2023
    )
    return replace(made, **more)  # type: ignore[arg-type]


def given(mark: Mark, **more: object) -> ReleasedMark:
    made = ReleasedMark(KARMOY.key, WELLBEING, PERIOD, Against.GIVEN, 3.7, 0.35, 0.2, 0.5, mark)
    return replace(made, **more)  # type: ignore[arg-type]


UP, DOWN, NONE = Mark.UP, Mark.DOWN, Mark.NONE
FELL = {"expected": 4.3, "estimate": -0.3, "low": -0.4, "high": -0.2}
BELOW = {"expected": 4.4, "estimate": -0.35, "low": -0.5, "high": -0.2}
WIDE = {"low": -0.1, "high": 0.9}
PREREQUISITES = "Forutsetninger: Netto driftsutgifter per innbygger 6–15 år og "
SENTENCES = [
    (
        changed(UP),
        "Økt siden 2023–24, til det bedre: fra 3,7 til 4,0; praksisen har trolig økt med 0,2 "
        "til 0,4.",
    ),
    (
        changed(DOWN, **FELL),
        "Gått ned siden 2023–24, til det svakere: fra 4,3 til 4,0; praksisen har trolig gått ned "
        "med 0,2 til 0,4.",
    ),
    # An end in the other direction keeps its sign.
    (
        changed(UP, **WIDE),
        "Økt siden 2023–24, til det bedre: fra 3,7 til 4,0; praksisen har trolig økt med "
        "\N{MINUS SIGN}0,1 til 0,9.",
    ),
    # Two values that round to the same are written with the decimal that shows the difference.
    (
        changed(UP, expected=3.96),
        "Økt siden 2023–24, til det bedre: fra 3,96 til 4,00; praksisen har trolig økt med 0,20 "
        "til 0,40.",
    ),
    (changed(NONE), "Ingen klar endring siden 2023–24, da snittet var 3,7."),
    (
        given(UP),
        "Bedre enn kommuner med like forutsetninger har (ventet 3,7): forskjellen er trolig 0,2 "
        f"til 0,5. {PREREQUISITES}",
    ),
    (
        given(DOWN, **BELOW),
        "Svakere enn kommuner med like forutsetninger har (ventet 4,4): forskjellen er trolig 0,2 "
        f"til 0,5. {PREREQUISITES}",
    ),
    (
        given(NONE),
        "Ingen klar forskjell fra det ventede av kommuner med like forutsetninger (3,7). "
        f"{PREREQUISITES}",
    ),
]


@pytest.mark.parametrize(("mark", "told"), SENTENCES)
def test_a_mark_is_told_in_one_sentence(mark: ReleasedMark, told: str) -> None:
    cell = shown(4.0, (2, 2), indicator=mark.indicator, interval=(3.9, 4.1), n=40)
    found = marks.sentence(mark, cell, pack().indicators[mark.indicator], pack(), "nb")
    assert found.replace("\N{NO-BREAK SPACE}", " ").startswith(told)


@pytest.mark.parametrize(
    ("higher_is_better", "mark", "word"),
    [
        (True, UP, "bedre"),
        (True, DOWN, "svakere"),
        (False, UP, "svakere"),
        (False, DOWN, "bedre"),
        (None, UP, "høyere"),
        (None, DOWN, "lavere"),
        (True, NONE, ""),
        (None, NONE, ""),
    ],
)
def test_up_is_good_only_where_the_criteria_say_so(
    higher_is_better: bool | None, mark: Mark, word: str
) -> None:
    criteria = pack().indicators[FEEDBACK].criteria
    assert criteria is not None
    turned = None
    if higher_is_better is not None:
        turned = replace(criteria, higher_is_better=higher_is_better)
    assert marks.how(mark, turned, pack(), "nb") == word


def test_without_criteria_a_change_is_neither_better_nor_weaker() -> None:
    bare = replace(pack().indicators[FEEDBACK], criteria=None)
    cell = shown(4.0, None, interval=(3.9, 4.1), n=40)
    told = marks.sentence(changed(UP), cell, bare, pack(), "nb")
    assert told.startswith("Økt siden 2023–24: fra 3,7 til 4,0;")


def drawn(*found: ReleasedMark, **more: object) -> TableCell:
    cells = [shown(4.0, (2, 2), indicator=key, interval=(3.9, 4.05), n=40) for key in BOTH]
    made = table(cells, BOTH, marks=found, **more)
    return made.rows[0].cells[0]


BOTH = (FEEDBACK, WELLBEING)


def test_a_mark_stands_beside_the_value_and_in_the_name() -> None:
    cell = drawn(given(UP, indicator=FEEDBACK), changed(UP))
    assert [sign.symbol for sign in cell.marked] == ["change-up", "given-up"]
    assert cell.label == (
        "Tilbakemeldinger, Karmøy kulturskole: 4,0 på vei, økning siden 2023–24, bedre enn ventet "
        "ut fra forutsetningene"
    )


def test_no_mark_is_known_but_not_drawn() -> None:
    cell = drawn(changed(NONE))
    assert cell.marked == ()
    assert cell.label == "Tilbakemeldinger, Karmøy kulturskole: 4,0 på vei"
    known = cell.sign(Against.CHANGE)
    assert known is not None
    assert known.word == "ingen klar endring siden 2023–24"


def test_a_mark_of_another_year_or_unit_is_left_out() -> None:
    assert drawn(changed(UP, period=PERIOD - 1), changed(UP, unit=MUSIC.key)).signs == ()


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.SHOWN])
def test_what_is_hidden_has_no_mark(status: Status) -> None:
    (cell,) = table([silent(status)], marks=[changed(UP)]).rows[0].cells
    assert cell.signs == ()
    assert "økning" not in cell.label


def test_marks_change_neither_colour_nor_order() -> None:
    units = (KARMOY, MUSIC, DANCE, NORWAY)
    cells = [
        shown(4.0 + at / 10, (2, 2), unit=unit, interval=(3.9, 4.4), n=40)
        for at, unit in enumerate(units)
    ]
    found = [changed(DOWN, unit=DANCE.key, **FELL), given(UP, unit=MUSIC.key, indicator=FEEDBACK)]
    for sort in (None, Sort(FEEDBACK), Sort(FEEDBACK, descending=True), Sort("name")):
        plain = table(cells, units=units, sort=sort)
        marked = table(cells, units=units, sort=sort, marks=found)
        for one, other in zip(plain.all_rows, marked.all_rows, strict=True):
            assert one.key == other.key
            assert [c.look for c in one.cells] == [c.look for c in other.cells]


def test_the_legend_explains_the_signs_that_are_there() -> None:
    cells = [shown(4.0, (2, 2), interval=(3.9, 4.05), n=40)]
    levels = ["god", "på vei", "svak"]
    assert [entry.word for entry in table(cells).legend] == levels
    only_known = table(cells, marks=[changed(NONE)]).legend
    assert [entry.word for entry in only_known] == levels
    with_arrow = table(cells, marks=[changed(UP)]).legend[-1]
    assert (with_arrow.symbols, with_arrow.word) == (("change-up",), "klar endring")
    assert "Ingen pil betyr" in with_arrow.why


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("mark", list(Mark))
def test_every_language_has_every_sentence(language: str, mark: Mark) -> None:
    for made in (changed(mark), given(mark)):
        cell = shown(4.0, (2, 2), indicator=made.indicator, interval=(3.9, 4.1), n=40)
        told = marks.sentence(made, cell, pack().indicators[made.indicator], pack(), language)
        assert told.endswith(".")
        assert not {"{", "}"} & set(told)
        assert marks.sign(made, pack().indicators[FEEDBACK].criteria, pack(), language).word


def test_what_is_read_in_a_larger_size_is_told_in_it() -> None:
    key = "gsi_positions_teaching"
    cell = shown(400.0, None, indicator=key)
    mark = changed(UP, indicator=key, expected=250.0, low=100.0, high=200.0)
    told = marks.sentence(mark, cell, pack().indicators[key], pack(), "en")
    size = numbers.reading_size(pack().indicators[key], pack())
    assert size == 100
    assert "from 2.5 to 4.0; the practice has probably risen by 1.0 to 2.0." in told
    assert numbers.reading_size(pack().indicators[COST], pack()) == 1
    assert numbers.reading_size(pack().indicators[WAITING], pack()) == 1
