"""A goal for a rubric says how far it is: how many of the staff see the school there or higher."""

import re

import pytest

from puls.web.assess.goals import Wish, goal_set
from puls.web.packs import pack
from puls.web.quality import placing, queries
from puls.web.quality.queries import Placed
from puls.web.tenants.models import Unit
from tests.web.cast import Cast, LogIn
from tests.web.quality.staff import RUBRIC, SCHOOL, YEAR, placed, signed_in, staff

# People on level 1 to 4, the level that is wanted, and how many place it there or higher.
THERE = [
    ((1, 2, 3, 4), 1, 10),
    ((1, 2, 3, 4), 3, 7),
    ((1, 2, 3, 4), 4, 4),
    ((5, 1, 0, 0), 3, 0),
]


@pytest.mark.parametrize(("counts", "level", "there"), THERE)
def test_at_the_wanted_level_or_above(counts: tuple[int, ...], level: int, there: int) -> None:
    assert Placed(counts, 1, YEAR).at_least(level) == there
    people = [n for n, count in enumerate(counts, start=1) for _each in range(count)]
    assert there == len([own for own in people if own >= level]), "counted one by one"


def test_the_goal_says_how_far_it_is(cast: Cast, log_in: LogIn) -> None:
    with signed_in(cast.bob) as reach:
        unit = Unit.objects.get(key=SCHOOL)
        goal_set(reach, unit, Wish(rubric=RUBRIC, rubric_level=3), set_by="Bob")
    bob, page = log_in(cast.bob), "/hvor-skal-vi/"
    assert "Ingen plassering er talt opp ennå." in bob.get(page).text
    placed(cast.bob, staff(6), [1, 2, 3, 4, 4, 4])
    told = "4 av 6 plasserer oss der eller høyere (2025–26)."
    assert told in bob.get(page).text
    form = bob.get(f"/hvor-skal-vi/kjennetegn/{RUBRIC}/").text
    assert told in form
    (held,) = re.findall(r'value="(\d)"[^>]* checked', form)
    assert held == "3", "what holds is changed, not written anew"
    assert told in log_in(cast.tom).get(page).text, "a goal of the school holds for its parts"


def test_an_owner_counts_the_schools_that_show_it(cast: Cast) -> None:
    """Caught: an owner's goal that counts what a leader has not shown."""
    placed(cast.bob, staff(6), [1, 2, 3, 4, 4, 4])
    for shown in (False, True):
        with signed_in(cast.bob) as reach:
            placing.spreads_show(reach, Unit.objects.get(key=SCHOOL), YEAR, "Bob", shown=shown)
        with signed_in(cast.alice) as reach:
            found = queries.placed(reach, pack().country)
            assert found == ({RUBRIC: Placed((1, 1, 1, 3), 1, YEAR)} if shown else {})
