"""Register figures become cells with the source's own status; nothing is counted or hidden."""

from datetime import date

import pytest

from puls.analysis.register_cells import register_cells
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Indicator, RegisterSource, Role
from puls.figures import Figure
from puls.units import Unit, UnitTree
from tests.analysis.worlds import CRITERIA, TODAY

TREE = UnitTree(
    [
        Unit("no", "country", "Norway", None),
        Unit("west", "county", "West", "no"),
        Unit("old", "municipality", "Old", "west", valid_to=date(2020, 1, 1)),
        Unit("karmoy", "municipality", "Karmøy", "west"),
    ]
)
SHARE = Indicator(
    "share", 3, "frame", Role.RESULT, RegisterSource("kostra", False), "percent", 1, CRITERIA
)


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (
            Figure("share", "karmoy", 2024, 3.4),
            ReleasedCell(
                "karmoy",
                "share",
                3,
                2024,
                Status.SHOWN,
                3.4,
                level_low=2,
                level_high=2,
                judged_by="mean.v1",
            ),
        ),
        (
            Figure("share", "karmoy", 2024, 0.0, provisional=True, note="*"),
            ReleasedCell(
                "karmoy",
                "share",
                3,
                2024,
                Status.SHOWN,
                0.0,
                level_low=1,
                level_high=1,
                note="*",
                provisional=True,
                judged_by="mean.v1",
            ),
        ),
        (
            Figure("share", "karmoy", 2024, None, note=".."),
            ReleasedCell("karmoy", "share", 3, 2024, Status.NO_DATA, note=".."),
        ),
        (
            Figure("share", "karmoy", 2019, None, comparable=False),
            ReleasedCell("karmoy", "share", 3, 2019, Status.NOT_COMPARABLE),
        ),
    ],
    ids=["a value", "provisional zero", "a symbol", "not comparable"],
)
def test_register_figures_become_cells(figure: Figure, expected: ReleasedCell) -> None:
    assert register_cells([figure], {"share": SHARE}, TREE, TODAY) == [expected]


def test_register_figures_of_closed_units_or_twice_are_refused() -> None:
    with pytest.raises(AssertionError, match="old does not exist on 2026-06-01"):
        register_cells([Figure("share", "old", 2024, 1.0)], {"share": SHARE}, TREE, TODAY)
    twice = [Figure("share", "karmoy", 2024, 1.0)] * 2
    with pytest.raises(AssertionError, match="two figures"):
        register_cells(twice, {"share": SHARE}, TREE, TODAY)
