"""An auditor that knows nothing of trees, classes or ledgers: an integer programme, with HiGHS.

It takes what was released, as it is: which groups of respondents each cell counts. It asks for
numbers c, one a cell, and a choice x of groups, in or out, such that

    for every group:   the sum of c over the cells that count it   =   1 if in, 0 if out
    at least one group is in, and those in have 1 to k-1 answers (or are as good as known)

If there are such numbers, adding up the cells, each c times, gives the chosen groups and nobody
else. The c it finds are made fractions and the sum is done once more, exactly.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

import highspy
import numpy as np

from puls.analysis.exposure import DIFFER, Answers
from puls.analysis.partition import Group


@dataclass(frozen=True)
class Found:
    """A group that can be worked out, why it must not be, and how it is done."""

    why: str
    groups: frozenset[Group]
    times: Mapping[frozenset[Group], Fraction]


def isolable(
    cells: Collection[frozenset[Group]],
    answers: Mapping[Group, Answers],
    k: int,
    narrow60: int = 0,
) -> Found | None:
    """A group that the released cells give away, if there is any.

    answers: the true answers of every group, whatever the one who released believed.
    """
    here = {group: given for group, given in answers.items() if given.n}
    counted = {cell.intersection(here) for cell in cells} - {frozenset()}
    rows = sorted(counted, key=sorted)
    if not rows:
        return None
    limits: list[tuple[str, Callable[[Answers], int], int]] = [
        ("few", lambda given: given.n, k - 1),
        ("close to the bottom", lambda given: given.above, narrow60),
        ("close to the top", lambda given: given.below, narrow60),
    ]
    for why, size, most in limits:
        sizes = {group: size(given) for group, given in here.items() if size(given) <= most}
        if found := _programme(rows, sorted(here), sizes, most):
            return Found(why, *found)
    for same in sorted({given.same for given in here.values()} - {DIFFER}):
        alike = {group: 0 for group, given in here.items() if given.same == same}
        if found := _programme(rows, sorted(here), alike, 0):
            return Found("alike", *found)
    return None


def _programme(
    rows: list[frozenset[Group]], groups: list[Group], sizes: Mapping[Group, int], most: int
) -> tuple[frozenset[Group], dict[frozenset[Group], Fraction]] | None:
    """Groups among those with a size, together at most `most`, that a combination of rows gives."""
    candidates = [group for group in groups if group in sizes]
    if not candidates:
        return None
    place = {group: len(rows) + at for at, group in enumerate(candidates)}
    # One line a group: the rows that count it, and itself if it may be chosen.
    lines: list[dict[int, float]] = [{place[g]: -1.0} if g in place else {} for g in groups]
    at_line = {group: at for at, group in enumerate(groups)}
    for at, row in enumerate(rows):
        for group in row:
            lines[at_line[group]][at] = 1.0
    ends = [(0.0, 0.0)] * len(groups)
    lines += [dict.fromkeys(place.values(), 1.0)]
    ends += [(1.0, len(candidates))]
    lines += [{place[group]: float(sizes[group]) for group in candidates}]
    ends += [(0.0, most)]
    solved = _solve(len(rows), len(candidates), lines, ends)
    if solved is None:
        return None
    chosen = frozenset(group for group in candidates if round(solved[place[group]]))
    times = {
        row: many
        for at, row in enumerate(rows)
        if (many := Fraction(solved[at]).limit_denominator(10_000))
    }
    counted = dict.fromkeys(groups, Fraction())
    for row, many in times.items():
        for group in row:
            counted[group] += many
    for group in groups:
        assert counted[group] == (group in chosen), f"{group}: {counted[group]} times, not exact"
    assert len(chosen) > 0, "nobody was chosen"
    assert sum(sizes[group] for group in chosen) <= most
    return chosen, times


def _solve(
    free: int, binary: int, lines: list[dict[int, float]], ends: list[tuple[float, float]]
) -> list[float] | None:
    """Any solution with `free` real columns and, after them, `binary` ones of 0 or 1."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = free + binary, len(lines)
    lp.col_cost_ = np.zeros(free + binary)
    lp.col_lower_ = np.array([-highspy.kHighsInf] * free + [0.0] * binary)
    lp.col_upper_ = np.array([highspy.kHighsInf] * free + [1.0] * binary)
    lp.row_lower_ = np.array([low for low, _ in ends])
    lp.row_upper_ = np.array([high for _, high in ends], dtype=float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0] + [len(line) for line in lines])
    lp.a_matrix_.index_ = np.array([column for line in lines for column in line])
    lp.a_matrix_.value_ = np.array([value for line in lines for value in line.values()])
    kinds = [highspy.HighsVarType.kContinuous] * free + [highspy.HighsVarType.kInteger] * binary
    lp.integrality_ = kinds
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    assert solver.passModel(lp) == highspy.HighsStatus.kOk
    assert solver.run() == highspy.HighsStatus.kOk
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    assert status == highspy.HighsModelStatus.kOptimal, solver.modelStatusToString(status)
    return list(solver.getSolution().col_value)
