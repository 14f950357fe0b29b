"""The integer auditor finds all that can be found, on families of cells of any form."""

import random
from collections.abc import Collection, Sequence
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puls.analysis.exposure import Answers
from puls.analysis.partition import Group
from puls.analysis.suppression import Node, audit, choose
from tests.analysis.integer_auditor import isolable
from tests.analysis.isolating import reduced, remainder
from tests.analysis.mutants import MUTANTS, Chooser
from tests.analysis.test_suppression import trees

A, B, C, D = (Group(name, 2025) for name in "ABCD")


def sets(*names: str) -> list[frozenset[Group]]:
    return [frozenset(Group(name, 2025) for name in several) for several in names]


def by_trying_all(
    cells: Collection[frozenset[Group]], n: dict[Group, int], k: int
) -> frozenset[Group] | None:
    """A smallest group of 1 to k-1 answers that exact linear algebra gives, if there is one."""
    atoms = [group for group in n if n[group]]
    basis = reduced([[Fraction(atom in cell) for atom in atoms] for cell in cells])
    for many in range(1, len(atoms) + 1):
        for some in combinations(atoms, many):
            wanted = [Fraction(atom in some) for atom in atoms]
            if sum(n[atom] for atom in some) < k and not any(remainder(wanted, basis)):
                return frozenset(some)
    return None


def test_a_subtraction() -> None:
    n = {A: Answers(12), B: Answers(3)}
    found = isolable(sets("AB", "A"), n, 5)
    assert found is not None
    assert found.groups == {B}
    assert found.times == {frozenset({A, B}): 1, frozenset({A}): -1}
    assert isolable(sets("AB"), n, 5) is None


def test_halves_are_found_too() -> None:
    n = {A: Answers(3), B: Answers(9), C: Answers(9)}
    assert isolable(sets("AB", "BC"), n, 5) is None
    found = isolable(sets("AB", "BC", "AC"), n, 5)
    assert found is not None
    assert found.groups == {A}
    assert set(found.times.values()) == {Fraction(1, 2), Fraction(-1, 2)}


def test_groups_as_good_as_known() -> None:
    def at(score: int) -> Answers:
        return Answers.of_scores(6, 6 * score, score, score, low60=60, high60=300)

    spread = Answers.of_scores(6, 6 * 180, 60, 300, low60=60, high60=300)
    for score, why in ((60, "close to the bottom"), (300, "close to the top"), (180, "alike")):
        found = isolable(sets("AB", "A"), {A: spread, B: at(score)}, 5, 60)
        assert found is not None
        assert (found.why, found.groups) == (why, frozenset({B}))
        assert isolable(sets("AB"), {A: spread, B: at(score)}, 5, 60) is None


def test_nobody_and_nothing() -> None:
    assert isolable([], {A: Answers(2)}, 5) is None
    assert isolable(sets("A"), {A: Answers(0)}, 5) is None
    assert isolable(sets("A"), {A: Answers(9), B: Answers(2)}, 5) is None


@settings(max_examples=150, deadline=None)
@given(
    n=st.lists(st.integers(0, 6), min_size=1, max_size=7),
    cells=st.lists(st.sets(st.integers(0, 6), min_size=1), max_size=7),
    k=st.integers(2, 7),
)
def test_it_finds_what_trying_all_finds(n: list[int], cells: list[set[int]], k: int) -> None:
    groups = [Group(f"g{at}", 2025) for at in range(len(n))]
    seen = [frozenset(groups[at] for at in cell if at < len(groups)) for cell in cells]
    counts = dict(zip(groups, n, strict=True))
    found = isolable(seen, {group: Answers(size) for group, size in counts.items()}, k)
    assert (found is None) == (by_trying_all(seen, counts, k) is None)


def over_tree(
    nodes: Sequence[Node], published: Collection[str], k: int, narrow60: int = 0
) -> frozenset[str] | None:
    """The auditor on published nodes of a tree, each as the set of nodes below it."""
    parents = {node.key: node.parent for node in nodes}
    cells: dict[str, set[Group]] = {key: set() for key in published}
    for node in nodes:
        key: str | None = node.key
        while key is not None:
            if key in cells:
                cells[key].add(Group(node.key, 2025))
            key = parents[key]
    answers = {Group(node.key, 2025): node.own for node in nodes}
    found = isolable([frozenset(cell) for cell in cells.values()], answers, k, narrow60)
    return frozenset(group.unit for group in found.groups) if found else None


@settings(max_examples=60, deadline=None)
@given(nodes=trees(most=14), k=st.integers(2, 6), data=st.data())
def test_on_trees_it_agrees_with_the_auditor_of_trees(
    nodes: list[Node], k: int, data: st.DataObject
) -> None:
    assert over_tree(nodes, choose(nodes, k), k) is None
    published = data.draw(st.sets(st.sampled_from([node.key for node in nodes])))
    assert (over_tree(nodes, published, k) is None) == (audit(nodes, published, k) == [])


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_on_trees_it_catches_the_mutant(mutant: Chooser) -> None:
    rng = random.Random(2026)
    caught = 0
    for _ in range(40):
        nodes = [Node("u0", None, Answers(0), 100)]
        for at in range(1, 12):
            parent = f"u{rng.randrange(0, min(at, 5))}"
            nodes.append(Node(f"u{at}", parent, Answers(rng.randrange(0, 9)), 1))
        assert over_tree(nodes, choose(nodes, 5), 5) is None
        caught += over_tree(nodes, mutant(nodes, 5), 5) is not None
    assert caught > 0
