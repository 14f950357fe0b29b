"""The choice is the best safe one, the auditor misses nothing, and wrong ways are caught."""

import random
from collections.abc import Collection, Sequence
from itertools import chain, combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puls.analysis.exposure import Answers
from puls.analysis.suppression import Node, Unsolvable, audit, audit_file, choose
from tests.analysis.isolating import isolated_sets
from tests.analysis.mutants import (
    MUTANTS,
    Chooser,
    at_least_two_hidden_siblings,
    hide_small_cells_only,
    totals,
)
from tests.shared_data import shared

LOW, HIGH, QUARTER = 60, 300, 60


@st.composite
def trees(draw: st.DrawFn, most: int = 9, largest: int = 7) -> list[Node]:
    """Any tree, with answers anywhere in it, and weights that differ."""
    many = draw(st.integers(1, most))
    nodes = []
    for at in range(many):
        parent = f"u{draw(st.integers(0, at - 1))}" if at else None
        n = draw(st.integers(0, largest))
        nodes.append(Node(f"u{at}", parent, Answers(n), draw(st.sampled_from([1, 1, 1, 3, 10]))))
    return nodes


def of_scores(scores: Sequence[int]) -> Answers:
    """Answers from scores in sixtieths on a scale from 1 to 5."""
    if not scores:
        return Answers(0)
    ends = (min(scores), max(scores))
    return Answers.of_scores(len(scores), sum(scores), *ends, low60=LOW, high60=HIGH)


@st.composite
def scored_trees(draw: st.DrawFn) -> tuple[list[Node], dict[str, list[int]]]:
    """The same with scores, near the ends of the scale and equal more often than in life."""
    score = st.sampled_from([60, 80, 180, 270, 285, 300, 300])
    nodes, scores = [], {}
    for node in draw(trees(most=7)):
        scores[node.key] = draw(st.lists(score, min_size=node.own.n, max_size=node.own.n))
        if draw(st.booleans()):
            scores[node.key] = scores[node.key][:1] * node.own.n
        nodes.append(Node(node.key, node.parent, of_scores(scores[node.key]), node.weight))
    return nodes, scores


def weight(nodes: Sequence[Node], published: Collection[str]) -> int:
    return sum(node.weight for node in nodes if node.key in published)


def subsets(keys: Sequence[str]) -> chain[tuple[str, ...]]:
    return chain.from_iterable(combinations(keys, many) for many in range(len(keys) + 1))


def best_by_trying_all(
    nodes: Sequence[Node], k: int, narrow60: int, fixed: Collection[str], forbidden: Collection[str]
) -> int | None:
    """The largest weight of any safe set, found by looking at every set; None if there is none."""
    n = totals(nodes)
    free = [key for key in n if n[key] and key not in forbidden and key not in fixed]
    safe = [
        weight(nodes, published)
        for some in subsets(free)
        if not audit(nodes, published := {*some, *fixed}, k, narrow60)
    ]
    return max(safe, default=None)


@settings(max_examples=250, deadline=None)
@given(nodes=trees(), k=st.integers(2, 6))
def test_nothing_safe_shows_more_than_the_choice(nodes: list[Node], k: int) -> None:
    chosen = choose(nodes, k)
    assert audit(nodes, chosen, k) == []
    assert weight(nodes, chosen) == best_by_trying_all(nodes, k, 0, (), ())


@settings(max_examples=250, deadline=None)
@given(tree=scored_trees(), k=st.integers(2, 5))
def test_nor_when_close_answers_count(
    tree: tuple[list[Node], dict[str, list[int]]], k: int
) -> None:
    nodes, _ = tree
    chosen = choose(nodes, k, QUARTER)
    assert audit(nodes, chosen, k, QUARTER) == []
    assert weight(nodes, chosen) == best_by_trying_all(nodes, k, QUARTER, (), ())


@settings(max_examples=100, deadline=None)
@given(nodes=trees(), k=st.integers(2, 6), data=st.data())
def test_nor_when_some_cells_are_settled(nodes: list[Node], k: int, data: st.DataObject) -> None:
    n = totals(nodes)
    settled = data.draw(st.sets(st.sampled_from(sorted(n)), max_size=3))
    fixed = {key for key in settled if n[key] and data.draw(st.booleans())}
    forbidden = settled - fixed
    best = best_by_trying_all(nodes, k, 0, fixed, forbidden)
    if best is None:
        with pytest.raises(Unsolvable):
            choose(nodes, k, 0, fixed, forbidden)
    else:
        chosen = choose(nodes, k, 0, fixed, forbidden)
        assert fixed <= chosen
        assert not forbidden & chosen
        assert audit(nodes, chosen, k) == []
        assert weight(nodes, chosen) == best


@settings(max_examples=250, deadline=None)
@given(nodes=trees(most=7), k=st.integers(2, 6), data=st.data())
def test_the_auditor_finds_what_linear_algebra_finds(
    nodes: list[Node], k: int, data: st.DataObject
) -> None:
    n = totals(nodes)
    published = data.draw(st.sets(st.sampled_from(sorted(n))))
    found = {frozenset(group.members) for group in audit(nodes, published, k)}
    every = isolated_sets(nodes, published, k)
    smallest = {group for group in every if not any(other < group for other in every)}
    assert found == smallest


@settings(max_examples=250, deadline=None)
@given(tree=scored_trees(), k=st.integers(2, 5))
def test_no_residual_lets_anybody_work_out_an_answer(
    tree: tuple[list[Node], dict[str, list[int]]], k: int
) -> None:
    """From n and sum alone, in every residual, somebody may have scored anything a quarter wide."""
    nodes, scores = tree
    published = choose(nodes, k, QUARTER)
    parents = {node.key: node.parent for node in nodes}
    residuals: dict[str, list[int]] = {}
    for node in nodes:
        key: str | None = node.key
        while key is not None and key not in published:
            key = parents[key]
        if key is not None:
            residuals.setdefault(key, []).extend(scores[node.key])
    for group in residuals.values():
        if group:
            n, total = len(group), sum(group)
            lowest = max(LOW, total - (n - 1) * HIGH)
            highest = min(HIGH, total - (n - 1) * LOW)
            assert n >= k
            assert highest - lowest > QUARTER
            assert len(set(group)) > 1


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_the_auditor_catches_the_mutant(mutant: Chooser) -> None:
    rng = random.Random(2026)
    caught = 0
    for _ in range(200):
        nodes = [Node("u0", None, Answers(0), 100)]
        for at in range(1, 12):
            parent = f"u{rng.randrange(0, min(at, 5))}"
            nodes.append(Node(f"u{at}", parent, Answers(rng.randrange(0, 9)), 1))
        assert audit(nodes, choose(nodes, 5), 5) == []
        caught += bool(audit(nodes, mutant(nodes, 5), 5))
    assert caught > 0


def test_close_answers_unchecked_is_caught_too() -> None:
    nodes = [
        Node("school", None, Answers(0), 60),
        Node("music", "school", of_scores([300] * 9), 1),
        Node("dance", "school", of_scores([60, 180, 300, 120, 240]), 1),
    ]
    counts = [Node(node.key, node.parent, Answers(node.own.n), node.weight) for node in nodes]
    assert choose(counts, 5) == {"school", "music", "dance"}
    assert [group.owner for group in audit(nodes, choose(counts, 5), 5, QUARTER)] == ["music"]
    assert choose(nodes, 5, QUARTER) == {"school"}


def test_the_order_of_the_nodes_does_not_matter() -> None:
    rng = random.Random(1)
    nodes = [Node("u000", None, Answers(0), 100)] + [
        Node(f"u{at:03}", f"u{rng.randrange(at):03}", Answers(rng.randrange(8)), 1)
        for at in range(1, 200)
    ]
    chosen = choose(nodes, 5)
    for _ in range(5):
        rng.shuffle(nodes)
        assert choose(nodes, 5) == chosen


def test_depth_has_no_limit() -> None:
    line = [Node("u0", None, Answers(1), 1)]
    line += [Node(f"u{at}", f"u{at - 1}", Answers(1), 1) for at in range(1, 5000)]
    chosen = choose(line, 5)
    assert len(chosen) == 1000
    assert audit(line, chosen, 5) == []


def test_a_node_twice_or_below_itself_is_refused() -> None:
    with pytest.raises(AssertionError, match="below themselves"):
        choose([Node("a", "b", Answers(1), 1), Node("b", "a", Answers(1), 1)], 5)
    with pytest.raises(AssertionError, match="twice"):
        choose([Node("a", None, Answers(1), 1), Node("a", None, Answers(9), 1)], 5)


def test_the_shared_table_of_teams(monkeypatch: pytest.MonkeyPatch) -> None:
    """4,655 of 7,610 units may be shown; hiding small cells only leaves 36 groups, siblings 7."""
    path = shared("disclosure/teams.csv")
    assert audit_file(path, 5) == (4655, 0)
    from puls.analysis import suppression

    monkeypatch.setattr(suppression, "choose", hide_small_cells_only)
    assert audit_file(path, 5)[1] == 36
    monkeypatch.setattr(suppression, "choose", at_least_two_hidden_siblings)
    assert audit_file(path, 5)[1] == 7


def test_a_small_table_of_teams(tmp_path: Path) -> None:
    path = tmp_path / "teams.csv"
    path.write_text(
        "county,muni,school,team,freq\n"
        "west,karmoy,big,music,12\n"
        "west,karmoy,big,dance,3\n"
        "west,karmoy,big,art,2\n"
        "west,karmoy,empty,art,0\n"
    )
    # The country, the county, the municipality, the school and music; dance and art are 5 together.
    assert audit_file(path, 5) == (5, 0)
