"""The same table turned round and cut: no cell is lost, doubled or moved to another unit."""

from hypothesis import given
from hypothesis import strategies as st

from puls.cells import Status
from puls.views.table_shapes import blocks, stretches, turned
from puls.views.tables import ColourTable, TableCell
from tests.views.cast import (
    COST,
    DANCE,
    FEEDBACK,
    KARMOY,
    MUSIC,
    NORWAY,
    WAITING,
    shown,
    silent,
    table,
)

WELLBEING = "student_wellbeing"
UNITS = (KARMOY, MUSIC, DANCE, NORWAY)
COLUMNS = (WAITING, COST, FEEDBACK, WELLBEING)
CELLS = [
    shown(4.0, (2, 2), unit=KARMOY, interval=(3.9, 4.0), n=90),
    silent(Status.LINKED, unit=DANCE),
    shown(4.5, (3, 3), unit=MUSIC, indicator=WELLBEING, interval=(4.4, 4.6), n=30),
    shown(4.9, (3, 3), unit=NORWAY, interval=(4.8, 5.0), n=900),
]
columns = st.lists(st.sampled_from(COLUMNS), unique=True)
widths = st.integers(1, 6)


def by_place(drawn: ColourTable) -> dict[tuple[str, str], TableCell]:
    return {(c.unit, c.indicator): c for row in drawn.all_rows for c in row.cells}


def test_rows_and_columns_change_places() -> None:
    drawn = table(CELLS, COLUMNS, UNITS)
    parts = turned(drawn)
    assert [part.group.name for part in parts] == ["Forutsetning", "Prosess", "Resultat"]
    assert [[line.column.key for line in part.lines] for part in parts] == [
        [WAITING, COST],
        [FEEDBACK],
        [WELLBEING],
    ]
    (feedback,) = parts[1].lines
    assert [cell.unit for cell in feedback.cells] == [unit.key for unit in UNITS]
    assert [cell.text for cell in feedback.cells] == ["4,0", "", "", "4,9"]


@given(columns)
def test_turning_loses_and_moves_nothing(chosen: list[str]) -> None:
    drawn = table(CELLS, tuple(chosen), UNITS)
    found = {(c.unit, c.indicator): c for p in turned(drawn) for x in p.lines for c in x.cells}
    assert found == by_place(drawn)
    for part in turned(drawn):
        assert len(part.lines) == part.group.span
        assert all(cell.indicator == x.column.key for x in part.lines for cell in x.cells)


@given(columns, widths)
def test_blocks_are_the_table_once(chosen: list[str], across: int) -> None:
    drawn = table(CELLS, tuple(chosen), UNITS)
    cut = blocks(drawn, across)
    assert [c.key for block in cut for c in block.columns] == [c.key for c in drawn.columns]
    merged: dict[tuple[str, str], TableCell] = {}
    for block in cut:
        assert len(block.columns) <= across or not drawn.columns
        assert [row.key for row in block.all_rows] == [row.key for row in drawn.all_rows]
        assert sum(group.span for group in block.groups) == len(block.columns)
        assert all(len(row.cells) == len(block.columns) for row in block.all_rows)
        assert not block.columns or block.columns[0].first
        merged |= by_place(block)
    assert merged == by_place(drawn)


def test_blocks_are_about_equally_wide() -> None:
    drawn = table(CELLS, COLUMNS, UNITS)
    assert [len(block.columns) for block in blocks(drawn, 3)] == [2, 2]
    assert blocks(drawn, 4) == [drawn]


@given(st.integers(0, 30), st.integers(1, 12))
def test_stretches_are_the_rows_in_their_order(count: int, long: int) -> None:
    row = table(CELLS).rows[0]
    rows = [row] * count
    found = stretches(rows, long)
    assert [each for stretch in found for each in stretch] == rows
    assert all(0 < len(stretch) <= long for stretch in found)
