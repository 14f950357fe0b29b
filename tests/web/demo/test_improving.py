"""The demo's own school has a process under way, meetings, actions and goals, each once."""

from puls.units import UnitTree
from puls.web.actions.queries import actions
from puls.web.demo.doings import add_doings
from puls.web.demo.improving import add_improvement
from puls.web.demo.making import making
from puls.web.demo.meeting import add_meetings
from puls.web.demo.people import add_people
from puls.web.improve import queries
from puls.web.improve.chips import grounds
from puls.web.packs import pack
from puls.web.tenants.access import as_reach
from tests.web.cast import Cast, reach_for
from tests.web.see import world


def test_a_process_is_under_way_and_shows_what_it_rests_on(places: UnitTree, cast: Cast) -> None:
    world.release(places)
    made = making(pack())
    add_people(made)
    for _ in range(2):
        add_improvement(made)
    reach = reach_for(cast.bob)
    with as_reach(reach):
        (found,) = queries.running(made.home)
        line = queries.steps(found.pk)
        at = queries.current(line)
        (first, second, *_rest) = grounds([s.tied for s in line], reach, pack(), "nb")
    assert at is not None
    assert at.position == 4
    assert [chip.cell.text for chip in first.chips][:1] == ["3,4"]
    assert [rubric.level for rubric in second.rubrics] == ["nivå 2"]
    # Caught: a meeting's decision that keeps the actions away, as if they were there.
    for _ in range(2):
        add_meetings(made)
        add_doings(made)
    with as_reach(reach):
        acts = actions(made.home)
    assert len({act.state for act in acts}) > 2
    assert len({act.what for act in acts}) == len(acts)
