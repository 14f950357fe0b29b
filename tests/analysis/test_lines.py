"""Which of a unit's released cells count on its line."""

from dataclasses import replace

from puls.analysis.lines import Lines
from puls.cells import Against, Status
from tests.analysis import findings_world


def test_a_refused_correction_leaves_what_was_shown_before() -> None:
    world = findings_world.made(1, municipalities=33)
    of = (findings_world.PERIOD, "wellbeing")
    shown = [c for c in world.cells if (c.period, c.indicator) == of and c.status is Status.SHOWN]
    assert len(shown) > 30
    nothing = dict.fromkeys(("value", "n", "low", "high", "level_low", "level_high"))
    refused = [replace(c, status=Status.LINKED, correction=1, **nothing) for c in shown]
    better = replace(shown[0], correction=2, n=(shown[0].n or 0) + 9)
    for cells in ([*refused, better, *world.cells], [*world.cells, better, *refused]):
        line = Lines(cells, findings_world.USUAL, of[0]).of(of[1], of[0])
        assert line == {c.unit: c for c in [*shown, better]}
    found = world.findings(cells=[*world.cells, *refused])
    assert found.marks == world.findings().marks
    assert {mark.against for mark in found.marks} == set(Against)
