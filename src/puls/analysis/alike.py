"""How much alike the prerequisites of two units are.

    distance = mean over the shared indicators of |ln(theirs / ours)|

Ratios, so that inhabitants count like kroner, and twice as many is as far away as half as many. A
distance of ln 1.5 is half as much again in everything, or twice as much in one and nearly the same
in the other of two. Source: our own; a help for finding, never a judgement.
"""

from collections.abc import Mapping
from math import log

ALIKE = log(1.5)
"""Up to this distance two units are called alike."""


def distance(ours: Mapping[str, float], theirs: Mapping[str, float]) -> float | None:
    """How far apart two units are, 0 or more; None where they share nothing above 0.

    ours, theirs: by indicator, each unit's figures, in any unit that is the same for both.
    """
    shared = [key for key in ours if ours[key] > 0 and theirs.get(key, 0) > 0]
    if not shared:
        return None
    return sum(abs(log(theirs[key] / ours[key])) for key in shared) / len(shared)


def are_alike(ours: Mapping[str, float], theirs: Mapping[str, float]) -> bool:
    """Whether two units may be called alike. Nothing known is not alike."""
    apart = distance(ours, theirs)
    return apart is not None and apart <= ALIKE
