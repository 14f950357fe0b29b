"""The own goal in a trend graph: fine dots from when it was set, and a target at its day."""

from puls.views.charts import signs
from puls.views.charts.scene import Extent, Pen, Shape, line
from puls.views.charts.tones import Tone
from puls.views.charts.trend_plot import Plot

SHORTEST = 16.0
"""Of the goal's line, where it was set after the last year there is."""
RADIUS = 6.5


def goal(plot: Plot) -> list[Shape]:
    """The line at what is aimed at, to the end of the plot, or to its day and the target there."""
    aim, due = plot.trend.goal, plot.trend.due
    if aim is None:
        return []
    y = plot.y(aim.value)
    end = plot.right if due is None else plot.x(due)
    pen = Pen(Tone.PRESS, 1.8, (2, 3))
    found: list[Shape] = [line((_start(plot, end), y), (end, y), pen=pen)]
    if due is not None:
        found += signs.target(end, y, RADIUS, Tone.PRESS)
    return found


def _start(plot: Plot, end: float) -> float:
    """Before the school year it was set in nobody aimed at it: no year is held against it there."""
    since = plot.trend.goal.since if plot.trend.goal else None
    if since is None:
        return plot.left
    return max(plot.left, min(plot.x(since - 0.5), end - SHORTEST))


def room(plot: Plot) -> list[Extent]:
    """What the target takes, so that no value is written over it."""
    aim, due = plot.trend.goal, plot.trend.due
    if aim is None or due is None:
        return []
    x, y = plot.x(due), plot.y(aim.value)
    return [(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS)]
