"""When cells are released

A school's cells are released when its answers are sealed, the municipality's when all its schools
are in, the county's and the country's on a date. Each time, what was released before stays as it
is and is taken into account: nothing new may give a group away together with what is known.
"""

import pytest

from puls.errors import NotNow
from tests.analysis.worlds import World, world

KARMOY = world("""
    no
      west
        karmoy
          big-school
            music    x12
            dance    x3
            theatre  x9
          small-school
            art      x3
        sola
          sola-school  x20
""")


def test_a_school_first_and_the_units_above_later() -> None:
    first = KARMOY.release(root="big-school")
    assert {unit: str(cell.status) for unit, cell in first.items()} == {
        "big-school": "shown",
        "dance": "few",
        "music": "linked",
        "theatre": "shown",
    }
    later = KARMOY.release(fixed=first.values())
    assert {unit: str(cell.status) for unit, cell in later.items()} == {
        "no": "shown",
        "west": "shown",
        "small-school": "few",
        "art": "few",
        "karmoy": "linked",  # big-school is known: karmoy less big-school would be three people,
        "sola": "linked",  # and so would west less big-school less sola.
        "sola-school": "linked",
    }


def test_all_at_once_the_municipality_would_have_counted_more_than_the_school() -> None:
    cells = KARMOY.release()
    assert cells["karmoy"].status == "shown"
    assert cells["big-school"].status == "linked"


def test_a_cell_is_released_once() -> None:
    first = KARMOY.release(root="sola-school")
    again = KARMOY.release(root="sola-school", fixed=first.values())
    assert again == {}


def test_hidden_stays_hidden() -> None:
    """Alone, one department had to hide for another; released later, it could have been shown."""
    first = KARMOY.release(root="big-school")
    later = KARMOY.release(root="karmoy", fixed=first.values())
    assert not {"music", "dance"} & later.keys()


def test_answers_that_come_after_the_release_are_refused() -> None:
    first = KARMOY.release()
    more = World(KARMOY.tree, {**KARMOY.answers, "sola-school": (3, 4) * 12})
    with pytest.raises(NotNow, match="released with 20 answers, now there are 24"):
        more.release(fixed=[cell for cell in first.values() if cell.unit != "no"])


def test_a_higher_threshold_cannot_be_added_afterwards() -> None:
    first = KARMOY.release(k=5, root="big-school")
    with pytest.raises(NotNow, match="fewer than 20 away"):
        KARMOY.release(k=20, fixed=first.values())
