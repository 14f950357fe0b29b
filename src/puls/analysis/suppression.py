"""Which cells of one key may be published, so that nothing gives a small group away.

The promise: no linear combination of what is published isolates a group of 1 to k-1
respondents, or a group whose answers are as good as known (`puls.analysis.exposure`).

On a tree, where every answer belongs to exactly one leaf, this is exact. Count each answer at
the lowest published unit that holds it. The groups so formed, the *residuals*, are what is left
of each published unit after its highest published descendants are subtracted. They do not
overlap, and every published number is a sum of them: what can be isolated is a residual or
several together. So every residual must be empty or safe, and that is enough.

`choose` finds the published set of largest weight by a programme over the tree. For every unit
and every state in which answers below it can be left to the units above, it keeps the largest
weight. With n alone there are k + 1 states, so N units cost O(N k^2).

`audit` does not know how the choice was made: it forms the residuals and looks at each.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from puls.analysis import audit_table
from puls.analysis.exposure import DIFFER, EMPTY, SAFE, Answers, States

Best: TypeAlias = dict[int, int]
"""The largest weight of published cells, by the state that is left to the units above."""

Origins: TypeAlias = dict[int, tuple[int, int]]
"""Which two states a state was made of: what was there before a child, and what it added."""


@dataclass(frozen=True, slots=True)
class Node:
    """A unit in one key.

    own: the answers given directly here, not in a unit below; the node's n is that of its own
        answers and those of all nodes below.
    weight: how much it counts that this cell is published; at least 1.
    """

    key: str
    parent: str | None
    own: Answers
    weight: int


@dataclass(frozen=True, slots=True)
class Isolable:
    """A group that can be worked out from published numbers, and must not be.

    owner: the published node whose residual it is.
    members: the keys of the nodes whose own answers form the group.
    n: how many answers.
    """

    owner: str
    members: tuple[str, ...]
    n: int


class Unsolvable(Exception):
    """What must be published gives a group away, whatever else is hidden."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"{key} must be published and cannot be without giving a group away")


def choose(
    nodes: Iterable[Node],
    k: int,
    narrow60: int = 0,
    fixed: Collection[str] = frozenset(),
    forbidden: Collection[str] = frozenset(),
) -> frozenset[str]:
    """The keys of the nodes to publish: the safe set of largest weight.

    narrow60: a quarter of the scale, in sixtieths of a point; 0 when only n is known.
    fixed: nodes that are published already and stay so.
    forbidden: nodes that must stay hidden.

    Nodes without answers are never published: they are `no_data`. The order of the nodes does
    not matter. Raises Unsolvable when fixed nodes cannot be made safe; AssertionError for a node
    that is there twice, below itself or without its parent.
    """
    by_key: dict[str, Node] = {}
    for node in nodes:
        assert by_key.setdefault(node.key, node) is node, f"{node.key} is there twice"
    children = _children(by_key)
    states = States(k, narrow60)
    left: dict[str, Best] = {}
    trails: dict[str, list[tuple[str, Origins]]] = defaultdict(list)
    residuals: dict[str, int] = {}
    answered: set[str] = set()
    for key in _children_first(children):
        node = by_key[key]
        best = {states.number(node.own): 0}
        for child in children[key]:
            best, origins = _with_child(states, best, left[child])
            trails[key].append((child, origins))
        if node.own.n or not answered.isdisjoint(children[key]):
            answered.add(key)
        residual = _residual(best) if key in answered and key not in forbidden else None
        if residual is not None:
            residuals[key] = residual
            covered = best[residual] + node.weight
            best = {EMPTY: covered} if key in fixed else best | {EMPTY: covered}
        elif key in fixed:
            raise Unsolvable(key)
        left[key] = best
    return frozenset(_published(children, left, trails, residuals))


def audit(
    nodes: Iterable[Node], published: Collection[str], k: int, narrow60: int = 0
) -> list[Isolable]:
    """The groups that published numbers give away; none when all is well. Sorted by owner.

    A group is given away when 1 to k-1 answers can be isolated or, where scores are known, when
    n and sum of a group leave no answer in it more than narrow60 sixtieths of room, or all its
    scores are the same.
    """
    listed = list(nodes)
    parents = {node.key: node.parent for node in listed}
    groups: dict[str, list[Node]] = defaultdict(list)
    for node in listed:
        owner: str | None = node.key
        while owner is not None and owner not in published:
            owner = parents[owner]
        if owner is not None and node.own.n:
            groups[owner].append(node)
    found = []
    for owner, members in sorted(groups.items()):
        n = sum(node.own.n for node in members)
        room = min(sum(node.own.above for node in members), sum(node.own.below for node in members))
        scores = {node.own.same for node in members}
        if n < k or room <= narrow60 or (len(scores) == 1 and scores != {DIFFER}):
            found.append(Isolable(owner, tuple(sorted(node.key for node in members)), n))
    return found


def audit_file(path: Path, k: int) -> tuple[int, int]:
    """How many units of a table of teams may be published, and how many groups that isolates.

    The table has the columns county, muni, school, team, freq; `puls.analysis.audit_table` reads
    it and raises ImportFileError. The second number is 0, or the choice is wrong.
    """
    nodes = nodes_of(audit_table.read(path))
    published = choose(nodes, k)
    return len(published), len(audit(nodes, published, k))


def nodes_of(teams: Mapping[tuple[str, ...], int]) -> list[Node]:
    """The tree above the teams, up to one country, weighted by tier.

    A node's key is its whole lineage as Python writes it: names may repeat below other parents,
    and may hold any sign that would otherwise set them apart.
    """
    weights = audit_table.WEIGHTS
    nodes = {"()": Node("()", None, Answers(0), weights["country"])}
    for lineage, n in teams.items():
        for depth, tier in enumerate(audit_table.COLUMNS):
            key, above = str(lineage[: depth + 1]), str(lineage[:depth])
            own = Answers(n if tier == "team" else 0)
            nodes.setdefault(key, Node(key, above, own, weights[tier]))
    return list(nodes.values())


def _children(by_key: Mapping[str, Node]) -> dict[str, list[str]]:
    """The keys below each key, sorted, so that ties fall the same way every time."""
    children: dict[str, list[str]] = {key: [] for key in by_key}
    for key in sorted(by_key):
        parent = by_key[key].parent
        if parent is not None:
            assert parent in by_key, f"{key}: its parent {parent} is not among the nodes"
            children[parent].append(key)
    return children


def _roots(children: Mapping[str, list[str]]) -> list[str]:
    return sorted(children.keys() - {key for below in children.values() for key in below})


def _children_first(children: Mapping[str, list[str]]) -> list[str]:
    """All keys, each after those below it. A loop, so that depth has no limit."""
    order: list[str] = []
    waiting = _roots(children)
    while waiting:
        key = waiting.pop()
        order.append(key)
        waiting += children[key]
    assert len(order) == len(children), "some nodes lie below themselves"
    return order[::-1]


def _with_child(states: States, best: Best, added: Best) -> tuple[Best, Origins]:
    """Every state before the child with every state the child can leave."""
    together: Best = {}
    origins: Origins = {}
    for before, weight in best.items():
        for extra, more in added.items():
            state = states.plus(before, extra)
            if weight + more > together.get(state, -1):
                together[state] = weight + more
                origins[state] = (before, extra)
    if SAFE in together and len(together) > 2:
        # A safe remainder can do all that another of no larger weight can: that one goes.
        least = together[SAFE]
        together = {s: w for s, w in together.items() if w > least or s == SAFE}
    return together, origins


def _residual(best: Best) -> int | None:
    """The better of the two states that may stand alone, if either can be had."""
    return max((s for s in (EMPTY, SAFE) if s in best), key=best.__getitem__, default=None)


def _published(
    children: Mapping[str, list[str]],
    left: Mapping[str, Best],
    trails: Mapping[str, list[tuple[str, Origins]]],
    residuals: Mapping[str, int],
) -> Iterator[str]:
    """Walk the programme back from the roots, where anything may be left over."""
    wanted = [(root, max(left[root], key=left[root].__getitem__)) for root in _roots(children)]
    while wanted:
        key, state = wanted.pop()
        if state == EMPTY and key in residuals:
            yield key
            state = residuals[key]
        for child, origins in reversed(trails[key]):
            state, extra = origins[state]
            wanted.append((child, extra))
