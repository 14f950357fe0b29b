"""Wrong ways to suppress that look right. The auditor must catch each of them."""

from collections.abc import Callable, Mapping, Sequence

from puls.analysis.suppression import Node, choose

Chooser = Callable[[Sequence[Node], int], frozenset[str]]


def totals(nodes: Sequence[Node]) -> dict[str, int]:
    """n of every node: its own answers and those of all nodes below."""
    parents = {node.key: node.parent for node in nodes}
    found = dict.fromkeys(parents, 0)
    for node in nodes:
        key: str | None = node.key
        while key is not None:
            found[key] += node.own.n
            key = parents[key]
    return found


def hide_small_cells_only(nodes: Sequence[Node], k: int) -> frozenset[str]:
    """Hide 1 to k-1, and believe that a hidden cell cannot be had by subtraction."""
    return frozenset(key for key, n in totals(nodes).items() if n >= k)


def at_least_two_hidden_siblings(nodes: Sequence[Node], k: int) -> frozenset[str]:
    """Where one child is hidden, hide the smallest other too. Two may still be 1 + 3."""
    n = totals(nodes)
    published = set(hide_small_cells_only(nodes, k))
    children: dict[str, list[str]] = {}
    for node in nodes:
        if node.parent is not None and n[node.key]:
            children.setdefault(node.parent, []).append(node.key)
    for parent in _lowest_first(nodes, children):
        hidden = [key for key in children[parent] if key not in published]
        seen = [key for key in children[parent] if key in published]
        if len(hidden) == 1 and seen:
            published.discard(min(seen, key=lambda key: (n[key], key)))
    return frozenset(published)


def threshold_off_by_one(nodes: Sequence[Node], k: int) -> frozenset[str]:
    """Everything right, but "more than k - 2" instead of "at least k"."""
    return choose(nodes, k - 1)


def residuals_unchecked_at_the_top(nodes: Sequence[Node], k: int) -> frozenset[str]:
    """Choose safely, then add every unit above that is large enough by itself."""
    parents = {node.parent for node in nodes}
    large = hide_small_cells_only(nodes, k)
    return choose(nodes, k) | {key for key in large if key in parents}


def old_counts(nodes: Sequence[Node], k: int) -> frozenset[str]:
    """Choose by the counts of before the last answer came in to every group."""
    before = [
        Node(node.key, node.parent, type(node.own)(max(0, node.own.n - 1)), node.weight)
        for node in nodes
    ]
    return choose(before, k - 1)


MUTANTS: tuple[Chooser, ...] = (
    hide_small_cells_only,
    at_least_two_hidden_siblings,
    threshold_off_by_one,
    residuals_unchecked_at_the_top,
    old_counts,
)


def _lowest_first(nodes: Sequence[Node], children: Mapping[str, list[str]]) -> list[str]:
    parents = {node.key: node.parent for node in nodes}

    def depth(key: str) -> int:
        above = parents[key]
        return 0 if above is None else 1 + depth(above)

    return sorted(children, key=depth, reverse=True)
