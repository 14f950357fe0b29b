"""The same question again: whether an indicator has changed since an action set out to move it.

An answer rests on released cells and marks only. "No evidence of change yet" is an answer: most
actions are measured before they can show, and most changes of single schools are noise.

Where a mark is out about these two school years, it is the answer. Else the two released estimates
are held against each other by the same rule, as two independent normals:

    mean = middle[now] - middle[then]      middle = (low + high) / 2
    spread^2 = spread[then]^2 + spread[now]^2      spread = (high - low) / (2 * 1.2816)
    clear when P(|difference| > smallest relevant, this sign) >= 0.8     (`puls.analysis.evidence`)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from puls.analysis.evidence import WITHIN_80, mark
from puls.analysis.trends import Borders, Days
from puls.cells import Against, Mark, ReleasedCell, ReleasedMark, Status
from puls.units import UnitTree


class Outcome(StrEnum):
    """What can be said of a change since the baseline."""

    NO_BASELINE = "no_baseline"
    """Nothing was shown when the action set out."""
    NOT_MEASURED = "not_measured"
    """The indicator has not been asked again since."""
    HIDDEN = "hidden"
    """It has, but too few answered for anything to be shown."""
    NOT_COMPARABLE = "not_comparable"
    """Asked in another way since, or within other borders."""
    NO_EVIDENCE = "no_evidence"
    """Measured, and no clear change. It does not say that nothing has changed."""
    UP = "up"
    DOWN = "down"
    FIGURE = "figure"
    """A register's figure: how it differs is known, how sure that is nobody knows."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """An answer. cell: the measurement that it rests on; None where there is none to show."""

    outcome: Outcome
    baseline: ReleasedCell | None
    cell: ReleasedCell | None = None

    @property
    def is_clear(self) -> bool:
        """Whether there is a clear change."""
        return self.outcome in (Outcome.UP, Outcome.DOWN)


def follow_up(
    baseline: ReleasedCell | None,
    line: Iterable[ReleasedCell],
    marks: Iterable[ReleasedMark],
    tree: UnitTree,
    *,
    since: int,
    smallest: float,
    days: Days | None = None,
) -> FollowUp:
    """What the newest measurement says beside the baseline.

    baseline: the cell as it was released when the action set out, or None. line: the unit's cells
    of the indicator as released now, one a period, in any order. marks: of the same unit and
    indicator. tree: its units, for their borders; a unit that it lacks is taken to have kept them.
    since: the first school year that counts, at least the one after the baseline's. smallest: the
    smallest relevant difference, in the indicator's unit. days: as for `trends.Borders`.
    """
    if baseline is None or baseline.status is not Status.SHOWN:
        return FollowUp(Outcome.NO_BASELINE, None)
    first = max(since, baseline.period + 1)
    later = sorted(
        (cell for cell in line if cell.period >= first and cell.status is not Status.NO_DATA),
        key=lambda cell: cell.period,
    )
    if not later:
        return FollowUp(Outcome.NOT_MEASURED, baseline)
    now = next((cell for cell in reversed(later) if cell.status is Status.SHOWN), None)
    if now is None:
        borders = any(cell.status is Status.NOT_COMPARABLE for cell in later)
        return FollowUp(Outcome.NOT_COMPARABLE if borders else Outcome.HIDDEN, baseline)
    if now.version != baseline.version:
        return FollowUp(Outcome.NOT_COMPARABLE, baseline, now)
    if baseline.n is None or now.n is None:
        return FollowUp(Outcome.FIGURE, baseline, now)
    if now.unit in tree and not Borders(tree, days).comparable(baseline, now):
        return FollowUp(Outcome.NOT_COMPARABLE, baseline, now)
    told = _marked(baseline, now, marks)
    if told is None:
        told = _between(baseline, now, smallest)
    outcomes = {Mark.UP: Outcome.UP, Mark.DOWN: Outcome.DOWN, Mark.NONE: Outcome.NO_EVIDENCE}
    return FollowUp(outcomes[told], baseline, now)


def _marked(
    baseline: ReleasedCell, now: ReleasedCell, marks: Iterable[ReleasedMark]
) -> Mark | None:
    """The released mark about these two school years, or None where none is out."""
    return next(
        (
            each.mark
            for each in marks
            if each.against is Against.CHANGE
            and (each.period, each.since) == (now.period, baseline.period)
        ),
        None,
    )


def _between(baseline: ReleasedCell, now: ReleasedCell, smallest: float) -> Mark:
    """What the two estimates say; nothing where one of them has none."""
    ends = (baseline.low, baseline.high, now.low, now.high)
    if any(end is None for end in ends):
        return Mark.NONE
    low, high, low_now, high_now = (float(end) for end in ends if end is not None)
    spreads = [(high - low) / 2 / WITHIN_80, (high_now - low_now) / 2 / WITHIN_80]
    mean = (low_now + high_now) / 2 - (low + high) / 2
    return mark(mean, sum(spread**2 for spread in spreads) ** 0.5, smallest)
