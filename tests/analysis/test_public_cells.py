"""What everybody may see is chosen among what is shown, and rests on nothing else."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puls.analysis.practice import interval
from puls.cells import ReleasedCell, Status
from tests.analysis.surveys import FIVE
from tests.analysis.test_release import USUAL, countries
from tests.analysis.worlds import World, world


@settings(max_examples=60, deadline=None)
@given(country=countries(), k=st.integers(2, 5), more=st.integers(0, 6), data=st.data())
def test_public_cells_are_chosen_among_the_shown_in_any_order_of_releases(
    country: World, k: int, more: int, data: st.DataObject
) -> None:
    roots = data.draw(st.permutations(sorted(country.tree.units)).map(lambda keys: keys[:3]))
    released: dict[str, ReleasedCell] = {}
    for root in [*roots, "no"]:
        released |= country.release(k=k, root=root, fixed=released.values(), public_k=k + more)
        public = [cell for cell in released.values() if cell.public]
        assert {cell.status for cell in public} <= {Status.SHOWN}
        assert country.isolable(public, k + more) == []
    if not more:
        shown = [cell for cell in released.values() if cell.status is Status.SHOWN]
        assert public == shown


def test_without_a_threshold_for_everybody_nothing_is_public() -> None:
    country = world("no\n  west\n    karmoy\n      school  x40")
    assert not any(cell.public for cell in country.release().values())
    assert all(cell.public for cell in country.release(public_k=20).values())


def test_what_everybody_sees_rests_on_what_everybody_sees() -> None:
    """The school is weighed against its municipality, which only those signed in see: not there."""
    country = world("""
        no
          west
            karmoy
              school  x40
              third   x12
    """)
    cells = country.release(public_k=20, variances=USUAL)
    assert {unit for unit, cell in cells.items() if cell.public} == {"no", "west", "karmoy"}
    late = country.release(
        public_k=20, variances=USUAL, fixed=[replace(cells["west"], public=False)]
    )
    assert late["karmoy"].public
    own = (52, float(late["karmoy"].value or 0))
    assert (late["karmoy"].low, late["karmoy"].high) == pytest.approx(
        interval(*own, USUAL["wellbeing"], None, FIVE)
    )
