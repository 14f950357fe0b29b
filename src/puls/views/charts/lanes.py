"""Labels on poles along a line: each to the right of its pole, none over another or over a pole."""

from collections.abc import Sequence

GAP = 10.0


def lanes(poles: Sequence[tuple[float, float]]) -> list[int]:
    """In which lane each label stands, 0 being nearest to the line.

    poles: place of each pole along the line, and the width of its label, which begins at the pole.
    A pole reaches from the line through the nearer lanes to its own.

    From the last pole backwards each takes the nearest lane where its label ends before the labels
    that are there and before the poles that pass through. A lane beyond all others always does:
    what was placed before begins further along, so that the new pole meets no label on its way.
    """
    order = sorted(range(len(poles)), key=lambda spot: (-poles[spot][0], spot))
    placed: list[tuple[float, int]] = []
    found = [0] * len(poles)
    for spot in order:
        start, width = poles[spot]
        lane = 0
        while any(start + width + GAP > other for other, its in placed if its >= lane):
            lane += 1
        found[spot] = lane
        placed.append((start, lane))
    return found
