"""Where things go on a scale, and how labels keep out of each other's way."""

from collections.abc import Sequence
from math import ceil, floor, log10

from puls.views.charts.scene import Extent


def spread(wanted: Sequence[tuple[float, float]], low: float, high: float) -> list[float]:
    """Middles of labels in one column so that none overlaps and each is near where it belongs.

    wanted: middle and height of each. low, high: the ends of the column. The sum of squared moves
    is the smallest there is; the order of the wanted middles stays. Labels that together are higher
    than the column keep their heights and reach beyond `high`.
    """
    order = sorted(range(len(wanted)), key=lambda spot: (wanted[spot][0], spot))
    # With the heights before it taken off, "not overlapping" is "not falling": the nearest
    # sequence that never falls is found by joining neighbours that do (isotonic regression).
    offsets, total = [], 0.0
    for spot in order:
        offsets.append(total + wanted[spot][1] / 2)
        total += wanted[spot][1]
    runs: list[list[float]] = []
    for spot, offset in zip(order, offsets, strict=True):
        runs.append([wanted[spot][0] - offset, 1.0])
        while len(runs) > 1 and runs[-2][0] > runs[-1][0]:
            place, count = runs.pop()
            before = runs[-1]
            before[0] = (before[0] * before[1] + place * count) / (before[1] + count)
            before[1] += count
    starts = [place for place, count in runs for _ in range(int(count))]
    last = max(low, high - total)
    found = [0.0] * len(wanted)
    for spot, offset, start in zip(order, offsets, starts, strict=True):
        found[spot] = min(max(start, low), last) + offset
    return found


def overlap(one: Extent, other: Extent, air: float = 0.0) -> bool:
    """Whether two rectangles have more than `air` less than nothing between them."""
    return (
        one[0] < other[2] + air
        and other[0] < one[2] + air
        and one[1] < other[3] + air
        and other[1] < one[3] + air
    )


def crosses(box: Extent, start: tuple[float, float], end: tuple[float, float]) -> bool:
    """Whether a straight line passes through a rectangle (Liang and Barsky's clipping)."""
    first, last = 0.0, 1.0
    for axis in (0, 1):
        step = end[axis] - start[axis]
        near, far = box[axis] - start[axis], box[axis + 2] - start[axis]
        if step == 0:
            if near > 0 or far < 0:
                return False
            continue
        ends = sorted((near / step, far / step))
        first, last = max(first, ends[0]), min(last, ends[1])
    return first <= last


def round_steps(low: float, high: float, most: int) -> list[float]:
    """Round numbers from low to high, so many at most, 1, 2 or 5 times a power of ten apart."""
    assert high > low, "what is the same everywhere has no steps"
    rough = (high - low) / max(most, 1)
    tens = 10.0 ** floor(log10(rough))
    step = next(times * tens for times in (1, 2, 5, 10, 20) if times * tens >= rough)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)][:most]


def extent(
    values: Sequence[float],
    cuts: Sequence[float],
    scale: tuple[float, float] | None,
    smallest: float,
) -> tuple[float, float]:
    """From where to where an axis goes: around the cut points and everything drawn on it.

    With cut points every level gets room for its word, so that small differences look small.
    Without them the axis spans ten smallest relevant differences at least, for the same reason.
    scale: the ends of the answer scale, never left. What is nowhere below zero starts there at
    the lowest.
    """
    everything = [*values, *cuts]
    assert everything, "an axis of nothing"
    low, high = min(everything), max(everything)
    if cuts:
        air = 1.1 * (cuts[-1] - cuts[0] or abs(cuts[0]) or 1.0)
        margin = air / 7
        low = min(cuts[0] - air, min(values, default=cuts[0]) - margin)
        high = max(cuts[-1] + air, max(values, default=cuts[-1]) + margin)
    else:
        size = max((high - low) * 1.25, 10 * smallest, 0.1 * max(abs(low), abs(high)), 1e-6)
        middle = (low + high) / 2
        low, high = middle - size / 2, middle + size / 2
        if min(values) >= 0 and low < 0.35 * high:
            low = 0.0
    if scale is not None:
        return max(low, scale[0]), min(high, scale[1])
    return (max(low, 0.0) if min(everything) >= 0 else low), high
