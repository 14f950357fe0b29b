"""The colour table: what each cell says, who comes first, and that hidden stays hidden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puls.cells import ReleasedCell, Status
from puls.content.definitions import Role
from puls.views.tables import ColourTable, Kind, Row, RowUnit, Sort
from tests.views.cast import (
    COST,
    DANCE,
    FEEDBACK,
    KARMOY,
    MUSIC,
    NORWAY,
    THEATRE,
    WAITING,
    pack,
    shown,
    silent,
    table,
)

WELLBEING = "student_wellbeing"
TEACHING = "gsi_positions_teaching"
HIDDEN = [status for status in Status if status is not Status.SHOWN]

CELLS = [
    # cell, look, text, word, symbol, accessible name
    (
        shown(4.5, (3, 3), interval=(4.4, 4.6), n=80),
        ("l3of3", "4,5", "god", "bars-3-3", "Tilbakemeldinger, Karmøy kulturskole: 4,5 god"),
    ),
    (
        shown(3.4, (1, 1), interval=(3.3, 3.5), n=80),
        ("l1of3", "3,4", "svak", "bars-1-3", "Tilbakemeldinger, Karmøy kulturskole: 3,4 svak"),
    ),
    (
        shown(3.7, (1, 2), interval=(3.5, 3.9), n=12),
        (
            "uncertain",
            "3,7",
            "usikkert",
            "dots",
            "Tilbakemeldinger, Karmøy kulturskole: 3,7 usikkert mellom svak og på vei",
        ),
    ),
    (
        silent(Status.FEW),
        ("hidden", "", "skjult", "", "Tilbakemeldinger, Karmøy kulturskole: skjult"),
    ),
    (
        silent(Status.LINKED),
        ("hidden", "", "skjult", "", "Tilbakemeldinger, Karmøy kulturskole: skjult"),
    ),
    (
        silent(Status.NO_DATA),
        ("empty", "", "ikke målt", "", "Tilbakemeldinger, Karmøy kulturskole: ikke målt"),
    ),
    (
        silent(Status.NOT_COMPARABLE),
        (
            "apart",
            "",
            "ikke sammenlignbart",
            "",
            "Tilbakemeldinger, Karmøy kulturskole: ikke sammenlignbart",
        ),
    ),
]


@pytest.mark.parametrize(("cell", "expected"), CELLS, ids=[e[0] for _, e in CELLS])
def test_what_a_cell_says(cell: ReleasedCell, expected: tuple[str, ...]) -> None:
    (drawn,) = table([cell]).rows[0].cells
    assert (drawn.look, drawn.text, drawn.word, drawn.symbol, drawn.label) == expected


def test_a_figure_without_criteria_has_no_colour_and_no_level_word() -> None:
    (drawn,) = table([shown(21450.0, None, indicator=COST)], (COST,)).rows[0].cells
    assert (drawn.look, drawn.word, drawn.symbol, drawn.level) == ("plain", "", "", None)
    assert drawn.text == "21\N{NO-BREAK SPACE}450\N{NO-BREAK SPACE}kr"


def test_a_pair_without_a_cell_is_not_measured() -> None:
    (drawn,) = table([]).rows[0].cells
    assert (drawn.status, drawn.word) == (Status.NO_DATA, "ikke målt")


def test_a_cell_of_another_year_is_a_broken_promise() -> None:
    other = ReleasedCell(KARMOY.key, FEEDBACK, 1, 2024, Status.NO_DATA)
    with pytest.raises(AssertionError, match="2024"):
        table([other])


def test_columns_read_from_prerequisite_over_process_to_result() -> None:
    drawn = table([], (WELLBEING, FEEDBACK, WAITING, COST))
    assert [column.key for column in drawn.columns] == [WAITING, COST, FEEDBACK, WELLBEING]
    assert [(group.role, group.name, group.span) for group in drawn.groups] == [
        (Role.PREREQUISITE, "Forutsetning", 2),
        (Role.PROCESS, "Prosess", 1),
        (Role.RESULT, "Resultat", 1),
    ]
    assert [column.first for column in drawn.columns] == [True, False, True, True]


def test_the_legend_has_every_level_and_whatever_else_is_there() -> None:
    drawn = table(
        [silent(Status.LINKED), shown(3.7, (1, 2), unit=MUSIC, interval=(3.5, 3.9), n=12)],
        units=(KARMOY, MUSIC),
    )
    assert [entry.word for entry in drawn.legend] == ["god", "på vei", "svak", "usikkert", "skjult"]


def test_the_legend_leaves_out_what_is_not_there() -> None:
    drawn = table([shown(4.5, (3, 3), interval=(4.4, 4.6), n=80)])
    assert [entry.word for entry in drawn.legend] == ["god", "på vei", "svak"]


FAMILY = (KARMOY, MUSIC, DANCE, THEATRE, NORWAY)
FIGURES = [
    shown(4.0, (2, 2), unit=KARMOY, interval=(3.9, 4.0), n=90),
    shown(3.2, (1, 1), unit=MUSIC, interval=(3.1, 3.3), n=30),
    silent(Status.LINKED, unit=DANCE),
    shown(4.6, (3, 3), unit=THEATRE, interval=(4.5, 4.7), n=30),
    shown(4.9, (3, 3), unit=NORWAY, interval=(4.8, 5.0), n=900),
]
ORDERS = [
    (None, ["Musikk", "Dans", "Teater"]),
    (Sort("name"), ["Dans", "Musikk", "Teater"]),
    (Sort("name", descending=True), ["Teater", "Musikk", "Dans"]),
    (Sort(FEEDBACK), ["Musikk", "Teater", "Dans"]),
    (Sort(FEEDBACK, descending=True), ["Teater", "Musikk", "Dans"]),
    # A column that is not in the table: nobody has a value, nobody moves.
    (Sort(COST), ["Musikk", "Dans", "Teater"]),
]


@pytest.mark.parametrize(("sort", "expected"), ORDERS)
def test_who_comes_first(sort: Sort | None, expected: list[str]) -> None:
    """Nobody is ranked unless the reader asks; what is hidden comes last both ways."""
    drawn = table(FIGURES, units=FAMILY, sort=sort)
    assert [row.name for row in drawn.rows] == ["Karmøy kulturskole", *expected]
    assert [row.name for row in drawn.comparison] == ["Norge"]


@st.composite
def _cells(draw: st.DrawFn) -> list[ReleasedCell]:
    cells = []
    for unit in FAMILY:
        if draw(st.booleans()):
            cells.append(silent(draw(st.sampled_from(HIDDEN)), unit=unit))
        else:
            value = draw(st.floats(1.0, 5.0))
            levels = draw(st.sampled_from([(1, 1), (2, 2), (3, 3), (1, 2), (1, 3), (2, 3)]))
            cells.append(shown(value, levels, unit=unit, interval=(1.0, 5.0), n=7))
    return cells


def carries_no_number(drawn: ColourTable) -> bool:
    """Cells that are not shown have no number anywhere, and no look or symbol of a level."""
    for row in drawn.all_rows:
        for cell in row.cells:
            if cell.status is Status.SHOWN:
                continue
            numbers = (cell.value, cell.low, cell.high, cell.n, cell.level, cell.level_low)
            told = cell.text + cell.word + cell.label
            if any(part is not None for part in numbers) or any(c.isdigit() for c in told):
                return False
            if cell.symbol or cell.look not in ("hidden", "empty", "apart"):
                return False
    return True


def silent_last(rows: tuple[Row, ...], column: int) -> bool:
    """After the unit itself no row without a value stands before one with a value."""
    values = [row.cells[column].value for row in rows if row.kind is not Kind.SELF]
    measured = [value is not None for value in values]
    return measured == sorted(measured, reverse=True)


@given(_cells(), st.booleans())
def test_nothing_but_shown_cells_carries_a_number(
    cells: list[ReleasedCell], descending: bool
) -> None:
    drawn = table(cells, units=FAMILY, sort=Sort(FEEDBACK, descending))
    assert carries_no_number(drawn)
    assert silent_last(drawn.rows, 0)
    values = [row.cells[0].value for row in drawn.rows if row.kind is not Kind.SELF]
    known = [value for value in values if value is not None]
    assert known == sorted(known, reverse=descending)


def test_the_checks_catch_a_table_that_counts_hidden_as_zero() -> None:
    """The mutant: `value or 0` puts hidden rows first when sorting from the lowest."""
    drawn = table(FIGURES, units=FAMILY)
    wrong = tuple(sorted(drawn.rows[1:], key=lambda row: row.cells[0].value or 0))
    assert not silent_last(wrong, 0)


def test_the_reason_is_there_when_asked_for() -> None:
    assert table([silent(Status.FEW)]).rows[0].cells[0].reason == ""
    asked = table([silent(Status.FEW)], with_reasons=True, k=5)
    assert asked.rows[0].cells[0].reason == "Skjult fordi færre enn 5 svarte."


def test_a_cell_is_found_by_unit_and_indicator() -> None:
    drawn = table(FIGURES, units=FAMILY)
    found = drawn.cell(NORWAY.key, FEEDBACK)
    assert found is not None
    assert found.value == 4.9
    assert drawn.cell("no-such-unit", FEEDBACK) is None
    assert drawn.cell(NORWAY.key, COST) is None


def test_names_of_people_and_places_are_taken_as_they_are() -> None:
    odd = RowUnit("x", "<b>Å & Ø</b>", Kind.CHILD)
    drawn = table([], units=(odd,))
    assert drawn.rows[0].name == "<b>Å & Ø</b>"


def test_every_column_has_its_words_in_every_language() -> None:
    for language in pack().languages:
        drawn = table([], tuple(pack().indicators), language=language)
        for column in drawn.columns:
            assert all((column.name, column.short, column.about, column.source, column.unit))


@pytest.mark.parametrize(
    ("tier", "indicator", "note", "word"),
    [
        ("department", COST, "", "måles for kommunen"),
        ("school", COST, "", "måles for kommunen"),
        ("municipality", COST, "", "ikke målt"),
        ("department", COST, "..", "ikke målt"),
        ("department", FEEDBACK, "", "ikke målt"),
        ("", COST, "", "ikke målt"),
    ],
)
def test_what_a_register_never_measures_is_not_called_missing(
    tier: str, indicator: str, note: str, word: str
) -> None:
    unit = RowUnit("karmoy-kulturskole.dance", "Dans", Kind.CHILD, tier=tier)
    cell = silent(Status.NO_DATA, indicator, unit, note)
    drawn = table([cell], (indicator,), (unit,), with_reasons=True, k=5)
    (found,) = drawn.rows[0].cells
    assert found.word == word
    assert found.label.endswith(f"Dans: {word}")
    assert found.reason.startswith(("Måles for kommunen", "Ikke målt")[word == "ikke målt"])
    assert [entry.word for entry in drawn.legend][-1:] == [word]


def test_positions_are_read_as_full_time_equivalents() -> None:
    """The register says 238,294 per cent; people say 2,382.9."""
    drawn = table([shown(238294.0, None, indicator=TEACHING)], (TEACHING,), with_reasons=True, k=5)
    (cell,) = drawn.rows[0].cells
    assert cell.text.replace("\N{NO-BREAK SPACE}", " ") == "2 382,9"
    assert cell.value == pytest.approx(2382.94)
    assert cell.reason.replace("\N{NO-BREAK SPACE}", " ").startswith("Verdien er 2 382,9.")
    assert drawn.columns[0].unit == "årsverk"
