"""The release ledger: everything ever released about one indicator, and what may be added to it.

The tree programme (`puls.analysis.suppression`) chooses well where no two cells overlap without
one lying inside the other. The ledger is for all the rest: breakdowns by sex or instrument, pooled
years, old and new borders, a corrected release, public pages beside signed-in ones. What the
programme chose is written here as well; whatever comes later is checked against it.

**The promise.** No linear combination of everything released singles out 1 to k-1 respondents,
or a group whose answers are as good as known.

**The rule.** Respondents counted in exactly the same released cells are one class
(`puls.analysis.partition`). A cell is admitted only if every class it cuts falls into two parts
that may both stand alone: at least k answers, not all alike, not held within narrow bounds.
Those in no released cell are cut as well, but there only the part that is released must do so.

**Why the rule is enough.** Let c1, c2, ... be any numbers, and add up the released cells, the
first c1 times, the second c2 times. A respondent is counted as often as the cells they are in add
up to. That depends on their class alone, so all of a class count alike; those in no cell count 0.
If the outcome is a group, each member counted once and nobody else at all, then the group is made
of whole released classes. One class has k or more answers, so any such group has. Likewise for
answers: every released number is a sum over whole classes, so whoever sees all of them knows at
most the n and the sum of every class. These bound one answer no more than its own class does.

**Is it needed?** If any two released cells have nothing in common, or have in common what is
itself a released cell, then yes: a class is the common part of the cells it is in, less those it
is not in; by inclusion and exclusion that is a sum of released cells, some taken away. So a cell
that breaks the rule gives away a class that must not stand alone. A tree is such a family, and so
are breakdowns of which all combinations are released. Otherwise the rule may refuse a cell that
addition and subtraction alone would not undo: of A+B and B+C nobody can subtract B. That is on
purpose. Such a B hangs by a thread: A+C would free it, as half of (A+B) + (B+C) - (A+C). No quick
way is known to tell for thousands of cells whether some sum frees somebody, while the rule takes
as many steps as a cell has groups; and it holds against every way of reckoning, not only sums.

**The order.** A set of cells is safe or not, whatever the order: a part of a safe set is safe,
since its classes are unions of the set's. So cells that go together are admitted in every order,
and a refused cell stays refused. But of two cells that do not go together the first wins: the
order of the kinds of cells is a choice that the pack declares, and it is given here as input.

**In public.** Public cells are chosen among those released to signed-in users, with a larger k
of their own. So the public set is safe at its k, and both together are what signed-in users see
already. Two sets that are each safe, chosen apart, are not safe together.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from puls.analysis.exposure import Answers
from puls.analysis.partition import Group, Partition, sums_of
from puls.cells import Status
from puls.errors import NotNow, PulsError


@dataclass(frozen=True, slots=True)
class Cell:
    """What is to be released: the answers of these groups, as one number.

    name: says which cell it is, once and for all; a correction gets another name.
    kind: the place in the declared order: "unit", "sex", "pooled", "correction" ...
    """

    name: str
    kind: str
    groups: frozenset[Group]


class Ledger:
    """All that was released of one indicator. Cells are added, never changed or removed.

    k, public_k: the smallest numbers of answers that signed-in users and everybody may see.
    order: all kinds of cells, the ones that matter most first.
    narrow60: a quarter of the scale in sixtieths; 0 where scores are not known.
    """

    def __init__(self, k: int, public_k: int, order: Sequence[str], narrow60: int = 0) -> None:
        assert k <= public_k, "the public never sees smaller groups than those signed in"
        assert len(set(order)) == len(order), f"a kind stands twice in {order}"
        self.order = tuple(order)
        self._groups: dict[Group, Answers] = {}
        self._released: dict[str, Cell] = {}
        self._public: dict[str, Cell] = {}
        self._signed_in = Partition(k, narrow60)
        self._everybody = Partition(public_k, narrow60)

    @property
    def groups(self) -> Mapping[Group, Answers]:
        """All groups and their answers, as they were counted once and for all."""
        return MappingProxyType(self._groups)

    @property
    def released(self) -> Mapping[str, Cell]:
        """What signed-in users see, by name, in the order of admission."""
        return MappingProxyType(self._released)

    @property
    def public(self) -> Mapping[str, Cell]:
        """What everybody sees, by name, in the order of admission."""
        return MappingProxyType(self._public)

    def add(self, groups: Mapping[Group, Answers]) -> None:
        """Take in groups. Those known already must be as they were, or NotNow is raised."""
        for group, answers in groups.items():
            if self._groups.get(group, answers) != answers:
                raise NotNow(
                    f"{group.unit}, {group.period}: counted with {self._groups[group].n} answers, "
                    f"now there are {answers.n} or others. What is counted once stays so: answers "
                    "that came later are a group of their own (arrived), and so are withdrawn ones."
                )
        new = {group: given for group, given in groups.items() if group not in self._groups}
        self._groups.update(new)
        sums = sums_of(new.values())
        self._signed_in.add(new.keys(), sums)
        self._everybody.add(new.keys(), sums)

    def divide(self, finer: Mapping[Group, Mapping[Group, Answers]]) -> None:
        """Put finer groups in the place of known ones: a new breakdown, or withdrawn answers.

        The finer ones must together be the same answers. Cells released before then count them
        instead; nothing that was shown changes. PulsError for a group that was never added, and
        NotNow for parts that are other answers.
        """
        for group, parts in finer.items():
            if group not in self._groups:
                raise PulsError(f"{group.unit}, {group.period}: not in the ledger, so not divided.")
            together = Answers(0)
            for answers in parts.values():
                together = together.plus(answers)
            if together != self.groups[group]:
                raise NotNow(
                    f"{group.unit}, {group.period}: {self.groups[group].n} answers cannot be "
                    f"divided into {together.n} others. Divide the same answers."
                )
        for group, parts in finer.items():
            del self._groups[group]
            self._groups.update(parts)
            self._signed_in.divide(group, parts)
            self._everybody.divide(group, parts)
        for cells in (self._released, self._public):
            for name, cell in cells.items():
                old = cell.groups & finer.keys()
                if old:
                    new = frozenset(part for group in old for part in finer[group])
                    cells[name] = replace(cell, groups=cell.groups - old | new)

    def status(self, cells: Sequence[Cell]) -> dict[str, Status]:
        """What would become of each cell if it were released next; nothing is.

        Of whatever kind: it is not asked for. PulsError for a group never added.
        """
        self._known(cells)
        found = self._signed_in.status([cell.groups for cell in cells])
        return {cell.name: status for cell, status in zip(cells, found, strict=True)}

    def release(self, cells: Iterable[Cell]) -> dict[str, Status]:
        """Admit the cells that may be, kind by kind as declared; what became of each, by name.

            shown   admitted now or before       linked   k or more answers, but admitting it
            few     1 to k-1 answers                      would single somebody out
                                                 no_data  nobody answered

        Within a kind, the order given counts. Raises NotNow when a released name comes back with
        other groups, and PulsError for a kind that is not in the order or a group never added;
        nothing is released then.
        """
        cells = list(cells)
        for cell in cells:
            if cell.kind not in self.order:
                raise PulsError(
                    f"{cell.name}: '{cell.kind}' is no kind of cell that this ledger admits. "
                    f"Allowed: {', '.join(self.order)}."
                )
        self._known(cells)
        wanted: dict[str, Cell] = {}
        for cell in sorted(cells, key=lambda cell: self.order.index(cell.kind)):
            if self._released.get(cell.name, cell) != cell or wanted.get(cell.name, cell) != cell:
                raise NotNow(
                    f"{cell.name} is released and stays as it is: release the correction under a "
                    "name of its own."
                )
            wanted[cell.name] = cell
        return _admitted(wanted, self._signed_in, self._released)

    def publish(self, names: Iterable[str]) -> dict[str, Status]:
        """Show released cells to everybody, as many as may be, in the order given.

        A name that is not released is `linked`: whatever its size, it is no candidate.
        """
        asked = dict.fromkeys(names, Status.LINKED)
        candidates = {name: self._released[name] for name in asked if name in self._released}
        return asked | _admitted(candidates, self._everybody, self._public)

    def _known(self, cells: Iterable[Cell]) -> None:
        added = self._groups.keys()
        for cell in cells:
            if not added >= cell.groups:
                first = min(group for group in cell.groups if group not in added)
                raise PulsError(
                    f"{cell.name}: the answers of {first.unit}, {first.period}, are not in the "
                    "ledger. Add the groups with their answers before the cells that count them."
                )

    def classes(self) -> list[frozenset[Group]]:
        """What signed-in users can tell apart at most: the released classes."""
        return self._signed_in.classes()


def reopened(
    empty: Ledger,
    groups: Mapping[Group, Answers],
    released: Iterable[Cell],
    public: Iterable[str] = (),
) -> Ledger:
    """The ledger as it was kept: groups and cells written back into an empty one.

    Raises NotNow when what was kept is not safe by the empty ledger's thresholds; AssertionError
    for a ledger that is not empty.
    """
    assert not empty.groups, "write back into an empty ledger"
    empty.add(groups)
    for found in (empty.release(released), empty.publish(public)):
        for name, status in found.items():
            if status is not Status.SHOWN:
                raise _unsafe(name)
    return empty


def cells(
    kind: str, groups: Iterable[Group], names: Callable[[Group], Iterable[str]]
) -> dict[str, Cell]:
    """The cells of one kind, by name, sorted. A group is counted in each cell it has a name of.

    names: gives, say, ("no girl 2025", "no-11 girl 2025", ...) for a group of a school's girls.
    """
    found: dict[str, set[Group]] = {}
    for group in groups:
        for name in names(group):
            found.setdefault(name, set()).add(group)
    return {name: Cell(name, kind, frozenset(found[name])) for name in sorted(found)}


def _admitted(
    wanted: Mapping[str, Cell], partition: Partition, admitted: dict[str, Cell]
) -> dict[str, Status]:
    """Admit the cells that may be; those admitted before are SHOWN."""
    new = {name: cell for name, cell in wanted.items() if name not in admitted}
    found = dict.fromkeys(wanted, Status.SHOWN)
    found |= zip(new, partition.admit([cell.groups for cell in new.values()]), strict=True)
    admitted |= {name: cell for name, cell in new.items() if found[name] is Status.SHOWN}
    return found


def _unsafe(name: str) -> NotNow:
    return NotNow(
        f"{name} was released and is not safe beside the others. Was it released with a lower "
        "threshold? Open the ledger with that one."
    )
