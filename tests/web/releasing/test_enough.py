"""How many administrations a number above them rests on, and when that is too few."""

from datetime import date

import pytest

from puls.cells import ReleasedCell, Status
from puls.content.definitions import Pack
from puls.errors import NotNow
from puls.units import Unit, UnitTree
from puls.web.collect.models import Round
from puls.web.releasing import enough

DAY = date(2026, 8, 1)
SHOWN, FEW = Status.SHOWN, Status.FEW


def country() -> UnitTree:
    """Seven municipalities in a large county, two in a small one; one is history."""
    units = [Unit("no", "country", "Norge", None)]
    for county, count in (("large", 7), ("small", 2)):
        units.append(Unit(county, "county", county, "no"))
        for number in range(count):
            units.append(Unit(f"{county}-{number}", "municipality", "", county))
            units.append(Unit(f"{county}-{number}-school", "school", "", f"{county}-{number}"))
    old = Unit("large-old", "municipality", "", "large", valid_to=date(2020, 1, 1))
    return UnitTree([*units, old])


def schools(county: str, count: int) -> list[str]:
    return [f"{county}-{number}-school" for number in range(count)]


CASES = [
    # units of sealed rounds, {unit: (have sealed, there are)}, units that are refused
    (schools("large", 1), {"no": (1, 9), "large": (1, 7), "small": (0, 2)}, ["no", "large"]),
    (schools("large", 4), {"no": (4, 9), "large": (4, 7)}, ["no", "large"]),
    (schools("large", 5), {"no": (5, 9), "large": (5, 7)}, []),
    # Where there are fewer than five, all of them are enough.
    (schools("small", 2), {"no": (2, 9), "small": (2, 2)}, ["no"]),
    (schools("large", 5) + schools("small", 1), {"no": (6, 9), "small": (1, 2)}, ["small"]),
    (schools("large", 5) + schools("small", 2), {"no": (7, 9), "small": (2, 2)}, []),
    # Two rounds of one municipality are one; its own round and its school's, too.
    (["large-0", "large-0-school"], {"no": (1, 9), "large": (1, 7)}, ["no", "large"]),
    # A round of the country or a county speaks for all in it.
    (["no"], {"no": (9, 9), "large": (7, 7), "small": (2, 2)}, []),
    (["large"], {"no": (7, 9), "large": (7, 7), "small": (0, 2)}, []),
    ([], {"no": (0, 9)}, []),
]  # fmt: skip


@pytest.mark.parametrize(("sealed", "counted", "refused"), CASES)
def test_so_many_have_answered_for_a_unit(
    sealed: list[str], counted: dict[str, tuple[int, int]], refused: list[str], pack: Pack
) -> None:
    tree = country()
    for unit, numbers in counted.items():
        assert enough.answered(unit, sealed, tree, DAY, "municipality") == numbers
    asked = [
        Round(key=key, survey="student", unit_id=key, state=Round.State.SEALED) for key in sealed
    ]
    waiting = Round(key="open", survey="student", unit_id="large-6", state=Round.State.OPEN)
    with_answers = [
        unit for unit in ("no", "large", "small") if any(unit in tree.lineage(s) for s in sealed)
    ]
    cells = [ReleasedCell(unit, "joy", 1, 2026, SHOWN, 4.0, 9) for unit in with_answers]
    if not refused:
        enough.check(cells, [*asked, waiting], tree, DAY, pack.country)
        return
    with pytest.raises(NotNow, match="add --close") as reason:
        enough.check(cells, [*asked, waiting], tree, DAY, pack.country)
    told = {unit: f"{unit} on {n} of {of}" for unit, (n, of) in counted.items()}
    for unit, words in told.items():
        assert (words in str(reason.value)) is (unit in refused)


def test_only_what_is_shown_above_the_administrations_counts(pack: Pack) -> None:
    tree = country()
    one = Round(key="one", survey="student", unit_id="large-0", state=Round.State.SEALED)
    cells = [
        ReleasedCell("no", "joy", 1, 2026, FEW),
        ReleasedCell("large-0", "joy", 1, 2026, SHOWN, 4.0, 9),
        ReleasedCell("large-0-school", "joy", 1, 2026, SHOWN, 4.0, 9),
    ]
    enough.check(cells, [one], tree, DAY, pack.country)
