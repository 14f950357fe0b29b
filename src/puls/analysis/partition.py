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

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from puls.analysis.exposure import DIFFER, Answers
from puls.cells import Status

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


class Sum:
    """Answers put together, from which some can be taken away again."""

    def __init__(self, several: Iterable[Answers] = ()) -> None:
        self.groups = self.n = self.above = self.below = 0
        self._same: Counter[int] = Counter()
        for answers in several:
            self.put(answers, 1)

    def put(self, answers: Answers, times: int) -> None:
        """Add a group's answers once (times = 1) or take them away (times = -1)."""
        self.groups += times
        self.n += times * answers.n
        self.above += times * answers.above
        self.below += times * answers.below
        self._same[answers.same] += times
        if not self._same[answers.same]:
            del self._same[answers.same]

    def without(self, other: "Sum") -> "Sum":
        """What is left when a part is taken away."""
        rest = Sum()
        rest.groups, rest.n = self.groups - other.groups, self.n - other.n
        rest.above, rest.below = self.above - other.above, self.below - other.below
        rest._same = self._same - other._same
        return rest

    @property
    def answers(self) -> Answers:
        """All of them as one group."""
        same = next(iter(self._same)) if len(self._same) == 1 else DIFFER
        return Answers(self.n, self.above, self.below, same)


class Partition:
    """The classes after some cells, for one key and one threshold.

    k: the smallest number of answers that may stand alone.
    narrow60: a quarter of the scale in sixtieths; 0 where scores are not known.

    A cell costs as many steps as it has groups, whatever was released before.
    """

    def __init__(self, k: int, narrow60: int = 0) -> None:
        assert k >= 1, f"the smallest group that may be seen is at least 1, not {k}"
        self.k, self.narrow60 = k, narrow60
        self._class: dict[Group, int] = {}
        self._answers: dict[Group, Answers] = {}
        self._sums = [Sum()]

    def add(self, group: Group, answers: Answers) -> None:
        """Take in a group that no released cell counts. A group without answers is nobody."""
        assert group not in self._class, f"{group} is there already"
        self._class[group], self._answers[group] = HIDDEN, answers
        if answers.n:
            self._sums[HIDDEN].put(answers, 1)

    def divide(self, group: Group, parts: Mapping[Group, Answers]) -> None:
        """Put finer groups in the place of one, in its class: nobody is told apart by that."""
        where, whole = self._class.pop(group), self._answers.pop(group)
        if whole.n:
            self._sums[where].put(whole, -1)
        for part, answers in parts.items():
            self.add(part, answers)
            if answers.n and where != HIDDEN:
                self._class[part] = where
                self._sums[HIDDEN].put(answers, -1)
                self._sums[where].put(answers, 1)

    def status(self, groups: Iterable[Group]) -> Status:
        """What a cell over these groups may show now. Raises KeyError for a group never added."""
        parts = self._parts(groups)
        n = sum(part.n for part, _ in parts.values())
        if n < self.k:
            return Status.FEW if n else Status.NO_DATA
        safe = all(
            self.may_stand(part) and (at == HIDDEN or self.may_stay(self._sums[at].without(part)))
            for at, (part, _) in parts.items()
        )
        return Status.SHOWN if safe else Status.LINKED

    def split(self, groups: Iterable[Group]) -> None:
        """Release a cell over these groups: tell those inside apart from those outside."""
        for at, (part, inside) in self._parts(groups).items():
            if at == HIDDEN or part.groups < self._sums[at].groups:
                self._sums[at] = self._sums[at].without(part)
                self._class.update(dict.fromkeys(inside, len(self._sums)))
                self._sums.append(part)

    def classes(self) -> list[frozenset[Group]]:
        """The released classes: groups with answers that no released cell tells apart."""
        found: dict[int, set[Group]] = defaultdict(set)
        for group, at in self._class.items():
            if at != HIDDEN:
                found[at].add(group)
        return [frozenset(groups) for groups in found.values()]

    def may_stand(self, inside: Sum) -> bool:
        """Whether the part of a class that lies inside a new cell may stand alone."""
        return inside.answers.safe(self.k, self.narrow60)

    def may_stay(self, outside: Sum) -> bool:
        """Whether the part of a released class that lies outside may: a subtraction gives it."""
        return outside.n == 0 or outside.answers.safe(self.k, self.narrow60)

    def _parts(self, groups: Iterable[Group]) -> dict[int, tuple[Sum, list[Group]]]:
        """Of each class, what lies in the groups."""
        parts: dict[int, tuple[Sum, list[Group]]] = defaultdict(lambda: (Sum(), []))
        for group in groups:
            answers = self._answers[group]
            if answers.n:
                part, inside = parts[self._class[group]]
                part.put(answers, 1)
                inside.append(group)
        return parts
