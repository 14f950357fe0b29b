"""Which respondents can be told apart by what is released: classes that are only ever split.

Two respondents are in the same class when they are counted in exactly the same released cells.
Whoever sees all cells, and adds, subtracts and multiplies as they like, treats everybody in a
class alike; so what they single out is made of whole classes. `puls.analysis.ledger` says why that
is a promise, and this keeps it: a cell may be released only when no class comes out of it that
must not stand alone (`puls.analysis.exposure`).

    before   | girls 9  boys 6 |           one class: the school is released
    + girls  | girls 9 | boys 6 |          two classes, both 5 or more: the girls may be released
    + late   | girls 9 | boys 6 : late 2   2 stand alone: the corrected school may not

Respondents in no released cell are in the class HIDDEN. No sum reaches it, so it may be of any
size, and only what leaves it is looked at.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from puls.analysis.exposure import DIFFER, PLENTY, Answers
from puls.cells import Status

Ints: TypeAlias = NDArray[np.int64]

HIDDEN = 0


class Group(NamedTuple):
    """The smallest set of answers that any cell can tell apart.

    unit: where the answers belong. Borders old and new are sums over units.
    period: the school year.
    part: values of the declared breakdowns, such as ("girl", "violin").
    pattern: which items were answered, where cells of items are released too.
    arrived: the release that counted these answers first; a late answer is never put into a
        group that was there before, or a correction would count it without saying so.
    """

    unit: str
    period: int
    part: tuple[str, ...] = ()
    pattern: str = ""
    arrived: int = 0


class Sum(NamedTuple):
    """Answers put together, as whole numbers from which a part can be taken away again.

    Each is a number, or an array of them for many sums at once.
    n, above, below: as in `Answers`.
    score, squares: the scores above the scale's bottom, summed, and a sum of squares that is
        score**2 / n when all scores are the same and more when they are not.
    """

    n: Any
    above: Any
    below: Any
    score: Any
    squares: Any

    def without(self, part: "Sum") -> "Sum":
        """What is left when a part is taken away."""
        return Sum(*(whole - of_part for whole, of_part in zip(self, part, strict=True)))

    def safe(self, k: int, narrow60: int) -> Any:
        """Whether these answers may stand alone (`puls.analysis.exposure`).

        By Cauchy's inequality n * squares is at least score**2, and equal only if all are alike.
        """
        differ = self.n * self.squares > self.score * self.score
        return (self.n >= k) & (self.above > narrow60) & (self.below > narrow60) & differ


def sums_of(groups: Collection[Answers]) -> Ints:
    """A row for each group, (groups, 5), with the columns of `Sum`."""
    flat = np.fromiter(chain.from_iterable(groups), np.int64, 4 * len(groups))
    n, above, below, same = flat.reshape(-1, 4).T
    score = np.where(above < PLENTY, above, 0)
    # Of a group that differs nothing more is known: one more than if all were alike will do.
    squares = score**2 // np.maximum(n, 1) + (same == DIFFER)
    return np.stack([n, above, below, score, squares], axis=1) * (n > 0)[:, None]


class Partition:
    """The classes after some cells, for one key and one threshold.

    k: the smallest number of answers that may stand alone.
    narrow60: a quarter of the scale in sixtieths; 0 where scores are not known.

    A cell costs as many steps as it has groups, whatever was released before; cells that have no
    group in common, such as all schools, are looked at together.
    """

    def __init__(self, k: int, narrow60: int = 0) -> None:
        assert k >= 1, f"the smallest group that may be seen is at least 1, not {k}"
        self.k, self.narrow60 = k, narrow60
        self._row: dict[Group, int] = {}
        self._sums = np.zeros((0, len(Sum._fields)), dtype=np.int64)
        self._class = np.zeros(0, dtype=np.int64)
        self._held = np.zeros((1, len(Sum._fields)), dtype=np.int64)
        """What each class holds. What HIDDEN holds never matters, and is not kept."""

    def add(self, groups: Collection[Group], sums: Ints, at: int = HIDDEN) -> None:
        """Take in groups that no released cell counts. One without answers is nobody.

        sums: of each, as `sums_of` gives them.
        at: the class they are in, when they take the place of others.

        AssertionError for a group that is there already.
        """
        known = self._row.keys() & groups
        assert not known, f"{sorted(known)[:3]} are there already"
        first = len(self._class)
        self._row.update(zip(groups, range(first, first + len(groups)), strict=True))
        self._sums = np.concatenate([self._sums, sums])
        self._class = np.append(self._class, np.full(len(groups), at))

    def divide(self, group: Group, parts: Mapping[Group, Answers]) -> None:
        """Put finer groups in the place of one, in its class: nobody is told apart by that."""
        row = self._row.pop(group)
        self._sums[row] = 0
        self.add(parts.keys(), sums_of(parts.values()), int(self._class[row]))

    def status(self, cells: Sequence[Collection[Group]]) -> list[Status]:
        """What would become of each of the cells if it were the next one; nothing is released."""
        cut = self._cut(*self._rows(cells), len(cells))
        harm = np.bincount(cut.owner, self._harm(cut, np.arange(len(cut.pieces))), len(cells)) > 0
        return self._told(~harm & (cut.n >= self.k), cut.n)

    def admit(self, cells: Sequence[Collection[Group]]) -> list[Status]:
        """Release those of the cells that may be, one after the other; what became of each.

        Raises KeyError for a group never added.
        """
        rows, cell = self._rows(cells)
        found: list[Status] = []
        for first, end in _layers(rows, cell, len(cells)):
            inside = slice(*np.searchsorted(cell, (first, end)))
            cut = self._cut(rows[inside], cell[inside] - first, end - first)
            found += self._told(self._admitted(cut), cut.n)
            self._class[cut.rows] = cut.label[cut.piece]
        return found

    def classes(self) -> list[frozenset[Group]]:
        """The released classes: groups with answers that no released cell tells apart."""
        found: dict[int, set[Group]] = defaultdict(set)
        for group, row in self._row.items():
            if self._class[row] != HIDDEN and self._sums[row, 0]:
                found[self._class[row]].add(group)
        return [frozenset(groups) for groups in found.values()]

    def may_stand(self, inside: Sum) -> Any:
        """Whether the part of a class that lies inside a new cell may stand alone."""
        return inside.safe(self.k, self.narrow60)

    def may_stay(self, outside: Sum) -> Any:
        """Whether the part of a released class that lies outside may: a subtraction gives it."""
        return (outside.n == 0) | outside.safe(self.k, self.narrow60)

    def _rows(self, cells: Sequence[Collection[Group]]) -> tuple[Ints, Ints]:
        """The rows of all groups with answers, one cell after the other; the cell of each row."""
        sizes = np.fromiter(map(len, cells), np.int64, len(cells))
        groups = map(self._row.__getitem__, chain.from_iterable(cells))
        rows = np.fromiter(groups, np.int64, int(sizes.sum()))
        cell = np.repeat(np.arange(len(cells)), sizes)
        answered = self._sums[rows, 0] > 0
        return rows[answered], cell[answered]

    def _cut(self, rows: Ints, cell: Ints, cells: int) -> "_Cut":
        both = self._class[rows] * cells + cell
        order = np.argsort(both, kind="stable")
        rows, both = rows[order], both[order]
        begins = np.append(True, both[1:] != both[:-1])[: len(both)]
        starts = np.flatnonzero(begins)
        label, owner = np.divmod(both[starts], cells)
        pieces = np.add.reduceat(self._sums[rows], starts) if len(starts) else self._sums[:0]
        n = np.bincount(owner, pieces[:, 0], cells).astype(np.int64)
        return _Cut(rows, np.cumsum(begins) - 1, label, owner, pieces, n)

    def _harm(self, cut: "_Cut", which: Ints) -> NDArray[np.bool_]:
        """Whether one of the two parts that each of these pieces makes must not stand alone."""
        inside = Sum(*cut.pieces[which].T)
        outside = Sum(*self._held[cut.label[which]].T).without(inside)
        harm = np.where(cut.label[which] == HIDDEN, False, np.logical_not(self.may_stay(outside)))
        return np.asarray(harm | np.logical_not(self.may_stand(inside)))

    def _admitted(self, cut: "_Cut") -> NDArray[np.bool_]:
        """Which cells are released, one after the other, of some with no group in common.

        The pieces of one cell do not change when another one is admitted: only what is left of
        their class does. So in each round all cells are judged at once that are the first of those
        waiting to cut their classes.
        """
        cells = len(cut.n)
        waiting, admitted = cut.n >= self.k, np.zeros(cells, dtype=bool)
        left = np.arange(len(cut.pieces))
        while len(left := left[waiting[cut.owner[left]]]):
            owner, at = cut.owner[left], cut.label[left]
            # Classes only get smaller: what does harm now would do harm in its turn.
            waiting &= np.bincount(owner, self._harm(cut, left), cells) == 0
            later = (at != HIDDEN) & np.append(False, at[1:] == at[:-1])
            ready = waiting & (np.bincount(owner, later, cells) == 0)
            self._split(cut.label, cut.pieces, left[ready[owner]])
            admitted |= ready
            waiting &= ~ready
        return admitted

    def _told(self, shown: NDArray[np.bool_], n: Ints) -> list[Status]:
        hidden = [Status.NO_DATA] + [Status.FEW] * (self.k - 1) + [Status.LINKED]
        return [
            Status.SHOWN if each else hidden[many]
            for each, many in zip(shown.tolist(), np.minimum(n, self.k).tolist(), strict=True)
        ]

    def _split(self, label: Ints, pieces: Ints, taken: Ints) -> None:
        """Take some pieces out of their classes, and label them with classes of their own.

        What is left of a class may be nobody. That class is then never met again.
        """
        seen = taken[label[taken] != HIDDEN]
        self._held[label[seen]] -= pieces[seen]
        label[taken] = len(self._held) + np.arange(len(taken))
        self._held = np.concatenate([self._held, pieces[taken]])


class _Cut(NamedTuple):
    """Cells cut classes: a piece is what a cell has in common with a class.

    rows: of all groups, by class and then by cell. piece: of each row.
    label, owner, pieces: the class, the cell and the sums (pieces, 5) of each piece.
    n: the answers of each cell.
    """

    rows: Ints
    piece: Ints
    label: Ints
    owner: Ints
    pieces: Ints
    n: Ints


def _layers(rows: Ints, cell: Ints, cells: int) -> Iterator[tuple[int, int]]:
    """First and end of each run of cells that have no group in common.

    rows, cell: the groups of all cells, one cell after the other.
    """
    order = np.argsort(rows, kind="stable")
    again = np.append(False, rows[order][1:] == rows[order][:-1])[: len(order)]
    last = np.full(cells, -1)
    np.maximum.at(last, cell[order[again]], cell[order[np.append(again[1:], False)[: len(again)]]])
    first = 0
    for at, met in enumerate(last.tolist()):
        if met >= first:
            yield first, at
            first = at
    if first < cells:
        yield first, cells
