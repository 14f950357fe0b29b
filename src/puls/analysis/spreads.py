"""When the spread of a staff's placements over a rubric's levels may be told to the staff.

A spread counts people by level: (1, 2, 6, 2) is one on level 1 and two on level 4. Told once, it
stays told, so a later one is held against every earlier one of the same school year.
"""

from collections.abc import Iterable, Sequence


def may_be_told(counts: Sequence[int], k: int, told: Iterable[Sequence[int]] = ()) -> bool:
    """Whether a spread may be shown. told: what was shown of the same rubric and year before.

    counts, and each of told: people by level, from the lowest; ValueError for other levels.
    At least k people; not all on one level, which would tell what each of them said; and what
    came, went or moved since an earlier spread is nobody, or at least k people.
    """
    if sum(counts) < max(k, 1) or max(counts) == sum(counts):
        return False
    return all(moved(before, counts) == 0 or moved(before, counts) >= k for before in told)


def moved(before: Sequence[int], after: Sequence[int]) -> int:
    """The fewest people whose coming, going or moving turns one spread into the other."""
    changes = [new - old for old, new in zip(before, after, strict=True)]
    return max(sum(c for c in changes if c > 0), -sum(c for c in changes if c < 0))
