"""When a change is marked

Two years of one unit are compared where both are shown, asked in the same way, within borders that
only grew together. A change is marked when it is, with at least 80 % certainty, larger than the
smallest relevant one (0.2 points, until the pack says otherwise). It takes 30 units to know how
much units change at all; few answers say little.

Here sixty other units have changed by between -0.15 and 0.15 points, most by next to nothing.
"""

from dataclasses import replace
from datetime import date
from math import sin

import pytest

from puls.analysis.trends import Change, Kind, Note, changes, comparable, notes
from puls.cells import ReleasedCell, Status
from puls.units import Change as Border
from puls.units import Unit, UnitTree
from tests.spec.tables import table

SIGMA2 = (0.64, 0.64)


def cell(
    unit: str, period: int, value: float | None, n: int | None = 100, **more: object
) -> ReleasedCell:
    status = Status.SHOWN if value is not None else Status.FEW
    facts = {"version": 1, "status": status, "value": value, "n": n if value else None, **more}
    return ReleasedCell(unit=unit, indicator="wellbeing", period=period, **facts)  # type: ignore[arg-type]


def country(others: int = 60) -> list[list[ReleasedCell]]:
    return [
        [cell(f"u{at}", 2024, 4.0, 60), cell(f"u{at}", 2025, 4.0 + 0.25 * sin(5 * at) ** 3, 60)]
        for at in range(others)
    ]


def tree(*borders: Border, units: tuple[Unit, ...] = ()) -> UnitTree:
    no = Unit("no", "country", "Norway", None)
    plain = [Unit(key, "school", key, "no") for key in ("this", *(f"u{at}" for at in range(60)))]
    return UnitTree([no, *plain, *units], borders)


def of_this(*line: ReleasedCell, others: int = 60, smallest: float = 0.2) -> Change | None:
    found = changes([*country(others), line], (2024, 2025), SIGMA2, tree(), smallest)
    return next((change for change in found if change.unit == "this"), None)


A_CHANGE = table("""
    before | answers | after | then    | told | mark | so
    -------|---------|-------|---------|------|------|-----------------------------------
    4.0    | 100     | 4.0   | 100     | 0.0  |      | nothing has changed
    3.5    | 100     | 3.8   | 100     | 0.1  |      | up, but perhaps by less than 0.2
    3.5    | 100     | 4.2   | 100     | 0.4  | up   | clearly up
    4.2    | 100     | 3.5   | 100     | -0.4 | down | clearly down
    3.5    | 12      | 4.2   | 12      | 0.0  |      | twelve answers may be luck
    3.5    | 100     | 4.2   | 12      | 0.0  |      | in one of the years too
    3.85   | 2000    | 4.0   | 2000    | 0.1  |      | certain, but not relevant
""")


@pytest.mark.parametrize("row", A_CHANGE, ids=lambda row: row["so"])
def test_a_change(row: dict[str, str]) -> None:
    before, first, after, then = list(row.values())[:4]
    found = of_this(
        cell("this", 2024, float(before), int(first)), cell("this", 2025, float(after), int(then))
    )
    assert found is not None
    assert found.estimate is not None
    assert (round(found.estimate, 1), found.mark) == (float(row["told"]), row["mark"])
    assert found.raw == pytest.approx(float(after) - float(before))


def test_the_pack_says_what_is_relevant() -> None:
    line = cell("this", 2024, 3.85, 2000), cell("this", 2025, 4.0, 2000)
    marks = {limit: getattr(of_this(*line, smallest=limit), "mark", None) for limit in (0.1, 0.2)}
    assert marks == {0.1: "up", 0.2: ""}


@pytest.mark.parametrize(("others", "marked"), [(28, ""), (29, "up")])
def test_it_takes_thirty_units(others: int, marked: str) -> None:
    found = of_this(cell("this", 2024, 3.0), cell("this", 2025, 4.4), others=others)
    assert found is not None
    assert (found.mark, found.estimate is None) == (marked, not marked)


COMPARED = table("""
    before            | after             | compared | notes
    ------------------|-------------------|----------|---------------------------
    shown             | shown             | yes      |
    shown             | few               | no       |
    shown             | shown, version 2  | no       | new_version 2025 after 2024
    register          | register          | no       |
    register          | provisional       | no       | provisional 2025
    not comparable    | register          | no       | not_comparable 2024
""")

KINDS = {
    "shown": cell("this", 2024, 3.5),
    "few": cell("this", 2024, None),
    "shown, version 2": cell("this", 2024, 3.5, version=2),
    "register": cell("this", 2024, 3.5, None),
    "provisional": cell("this", 2024, 3.5, None, provisional=True),
    "not comparable": cell("this", 2024, None, status=Status.NOT_COMPARABLE),
}


def told(note: Note) -> str:
    return f"{note.kind} {note.since}" + (f" after {note.after}" if note.after else "")


@pytest.mark.parametrize("row", COMPARED)
def test_what_is_compared_and_noted(row: dict[str, str]) -> None:
    earlier, later = KINDS[row["before"]], replace(KINDS[row["after"]], period=2025)
    assert comparable(earlier, later, tree()) == (row["compared"] == "yes")
    assert " ".join(told(note) for note in notes([later, earlier], tree())) == row["notes"]


NEW_YEAR = date(2025, 1, 1)
BORDERS = table("""
    what happened on 1 January 2025    | from             | to             | note   | compared
    -----------------------------------|------------------|----------------|--------|---------
    nothing                            |                  |                |        | yes
    a new code for the same place      | old              | this           |        | yes
    two became one                     | old older        | this           | merger | yes
    one became two                     | old              | this other     | split  | no
""")


@pytest.mark.parametrize("row", BORDERS, ids=lambda row: row["what happened on 1 January 2025"])
def test_borders(row: dict[str, str]) -> None:
    olds, news = row["from"].split(), row["to"].split()
    units = {
        **{key: Unit(key, "school", key, "no", valid_to=NEW_YEAR) for key in olds},
        **{key: Unit(key, "school", key, "no", valid_from=NEW_YEAR) for key in news},
    }
    units.setdefault("this", Unit("this", "school", "this", "no"))
    borders = [Border(NEW_YEAR, old, new) for old in olds for new in news]
    here = UnitTree([Unit("no", "country", "Norway", None), *units.values()], borders)
    line = [cell("this", 2024, 3.5), cell("this", 2025, 3.6)]
    found = notes(line, here)
    assert [note.kind.value for note in found] == row["note"].split()
    assert all((note.after, note.since) == (2024, 2025) for note in found)
    assert all(list(note.units) == sorted(olds) for note in found)
    assert comparable(*line, here) == (row["compared"] == "yes")


TAKEN_IN = table("""
    the earlier cell's borders | the later's | note            | compared | so
    ---------------------------|-------------|-----------------|----------|-------------------
    2025-02-01                 | 2026-02-01  | merger old this | yes      | both count all
    2024-11-01                 | 2026-02-01  | grown old       | no       | it was alone then
                               |             | grown old       | no       | nobody knows
""")


@pytest.mark.parametrize("row", TAKEN_IN, ids=lambda row: row["so"])
def test_a_unit_that_takes_in_another_on_1_january_2025(row: dict[str, str]) -> None:
    """What was released before it counts the unit alone, under the same name."""
    old = Unit("old", "school", "Old", "no", valid_to=NEW_YEAR)
    here = tree(Border(NEW_YEAR, "old", "this"), units=(old,))
    days = {
        period: date.fromisoformat(day)
        for period, day in zip((2024, 2025), list(row.values())[:2], strict=True)
        if day
    }
    line = [cell("this", 2024, 3.5), cell("this", 2025, 3.6)]
    found = [f"{note.kind} {' '.join(note.units)}" for note in notes(line, here, days)]
    assert found == [row["note"]]
    assert comparable(*line, here, days) == (row["compared"] == "yes")


def test_a_line_without_a_break_has_no_notes() -> None:
    assert notes([cell("this", 2023, 3.5), cell("this", 2025, 3.6)], tree()) == []
    assert {kind.value for kind in Kind} == {
        "new_version",
        "split",
        "merger",
        "grown",
        "not_comparable",
        "provisional",
    }
