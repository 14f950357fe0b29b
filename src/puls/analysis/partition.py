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
from typing import NamedTuple, TypeAlias

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

    n, above, below: as in `Answers`.
    score, squares: the scores above the scale's bottom, summed, and a sum of squares that is
        score**2 / n when all scores are the same and more when they are not.
    """

    n: int
    above: int
    below: int
    score: int
    squares: int

    def without(self, part: "Sum") -> "Sum":
        """What is left when a part is taken away."""
        return Sum(*(whole - of_part for whole, of_part in zip(self, part, strict=True)))

    def safe(self, k: int, narrow60: int) -> bool:
        """Whether these answers may stand alone (`puls.analysis.exposure`).

        By Cauchy's inequality n * squares is at least score**2, and equal only if all are alike.
        """
        differ = self.n * self.squares > self.score**2
        return self.n >= k and self.above > narrow60 and self.below > narrow60 and differ


NOBODY = Sum(0, 0, 0, 0, 0)


def _sums(groups: Collection[Answers]) -> Ints:
    """A row for each group, (groups, 5), with the columns of `Sum`."""
    n, above, below, same = np.array(list(groups), dtype=np.int64).reshape(-1, 4).T
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
        self._sums = np.zeros((0, len(NOBODY)), dtype=np.int64)
        self._class = np.zeros(0, dtype=np.int64)
        self._held = [NOBODY]
        """What each class holds. What HIDDEN holds never matters, and is not kept."""

    def add(self, groups: Mapping[Group, Answers], at: int = HIDDEN) -> None:
        """Take in groups that no released cell counts. One without answers is nobody.

        at: the class they are in, when they take the place of others.
        """
        known = self._row.keys() & groups.keys()
        assert not known, f"{sorted(known)[:3]} are there already"
        first = len(self._class)
        self._row.update(zip(groups, range(first, first + len(groups)), strict=True))
        self._sums = np.concatenate([self._sums, _sums(groups.values())])
        self._class = np.append(self._class, np.full(len(groups), at))

    def divide(self, group: Group, parts: Mapping[Group, Answers]) -> None:
        """Put finer groups in the place of one, in its class: nobody is told apart by that."""
        row = self._row.pop(group)
        self._sums[row] = 0
        self.add(parts, int(self._class[row]))

    def admit(self, cells: Sequence[Collection[Group]]) -> list[Status]:
        """Release those of the cells that may be, one after the other; what became of each.

        Raises KeyError for a group never added.
        """
        rows = [
            np.fromiter(map(self._row.__getitem__, cell), np.int64, len(cell)) for cell in cells
        ]
        found: list[Status] = []
        for first, end in self._layers(rows):
            found += self._admit_layer(rows[first:end])
        return found

    def classes(self) -> list[frozenset[Group]]:
        """The released classes: groups with answers that no released cell tells apart."""
        found: dict[int, set[Group]] = defaultdict(set)
        for group, row in self._row.items():
            if self._class[row] != HIDDEN and self._sums[row, 0]:
                found[self._class[row]].add(group)
        return [frozenset(groups) for groups in found.values()]

    def may_stand(self, inside: Sum) -> bool:
        """Whether the part of a class that lies inside a new cell may stand alone."""
        return inside.safe(self.k, self.narrow60)

    def may_stay(self, outside: Sum) -> bool:
        """Whether the part of a released class that lies outside may: a subtraction gives it."""
        return outside.n == 0 or outside.safe(self.k, self.narrow60)

    def _layers(self, rows: Sequence[Ints]) -> Iterator[tuple[int, int]]:
        """First and end of each run of cells that have no group in common."""
        taken = np.zeros(len(self._class), dtype=bool)
        first = 0
        for at, row in enumerate(rows):
            if taken[row].any():
                yield first, at
                first = at
                taken[:] = False
            taken[row] = True
        if first < len(rows):
            yield first, len(rows)

    def _admit_layer(self, rows: Sequence[Ints]) -> list[Status]:
        """The same for cells that have no group in common.

        A piece is what a cell has in common with a class. Those of one cell do not change when
        another one is admitted: only what is left of their class does.
        """
        every = np.concatenate(rows)
        cell = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
        answered = self._sums[every, 0] > 0
        every, cell = every[answered], cell[answered]
        if not len(every):
            return [Status.NO_DATA] * len(rows)
        both = self._class[every] * len(rows) + cell
        order = np.argsort(both, kind="stable")
        every, both = every[order], both[order]
        begins = np.append(True, both[1:] != both[:-1])
        starts = np.flatnonzero(begins)
        sums = np.add.reduceat(self._sums[every], starts)
        label, owner = np.divmod(both[starts], len(rows))
        of_cell: list[list[int]] = [[] for _ in rows]
        for piece, at in enumerate(owner.tolist()):
            of_cell[at].append(piece)
        pieces = [(at, Sum(*each)) for at, each in zip(label.tolist(), sums.tolist(), strict=True)]
        found = []
        for several in of_cell:
            status = self._status([pieces[piece] for piece in several])
            if status is Status.SHOWN:
                for piece in several:
                    label[piece] = self._split(*pieces[piece])
            found.append(status)
        self._class[every] = label[np.cumsum(begins) - 1]
        return found

    def _status(self, pieces: Sequence[tuple[int, Sum]]) -> Status:
        """What a cell of these pieces may show now."""
        n = sum(piece.n for _, piece in pieces)
        if n < self.k:
            return Status.FEW if n else Status.NO_DATA
        safe = all(
            self.may_stand(piece) and (at == HIDDEN or self.may_stay(self._held[at].without(piece)))
            for at, piece in pieces
        )
        return Status.SHOWN if safe else Status.LINKED

    def _split(self, at: int, piece: Sum) -> int:
        """Take a piece out of its class; the class it is in from now on."""
        if at != HIDDEN and piece.n == self._held[at].n:
            return at
        if at != HIDDEN:
            self._held[at] = self._held[at].without(piece)
        self._held.append(piece)
        return len(self._held) - 1
