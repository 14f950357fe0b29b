"""A second auditor, which knows nothing of trees: exact linear algebra over what is published.

Every published number is a sum over some of the smallest groups (the answers given directly at one
node). A set of those groups is isolated when a linear combination of published sums is the sum
over exactly that set. All sets are tried, with fractions, so this is for small cases only.
"""

from collections.abc import Collection, Sequence
from fractions import Fraction
from itertools import combinations

from puls.analysis.suppression import Node

Vector = list[Fraction]


def isolated_sets(nodes: Sequence[Node], published: Collection[str], k: int) -> set[frozenset[str]]:
    """All sets of nodes whose own answers together are 1 to k-1 and can be isolated."""
    atoms = [node.key for node in nodes if node.own.n]
    size = {node.key: node.own.n for node in nodes}
    basis = reduced([_sums_over(nodes, key, atoms) for key in sorted(published)])
    found = set()
    for many in range(1, len(atoms) + 1):
        for group in combinations(atoms, many):
            if sum(size[key] for key in group) < k:
                wanted = [Fraction(atom in group) for atom in atoms]
                if not any(remainder(wanted, basis)):
                    found.add(frozenset(group))
    return found


def _sums_over(nodes: Sequence[Node], published: str, atoms: Sequence[str]) -> Vector:
    """Which groups a published number sums over, as zeros and ones."""
    parents = {node.key: node.parent for node in nodes}

    def below(key: str | None) -> bool:
        return key is not None and (key == published or below(parents[key]))

    return [Fraction(below(atom)) for atom in atoms]


def reduced(vectors: Sequence[Vector]) -> list[Vector]:
    """Vectors that give the same sums, none of which the others give; the first of each is 1."""
    basis: list[Vector] = []
    for vector in vectors:
        rest = remainder(vector, basis)
        if any(rest):
            lead = next(value for value in rest if value)
            basis.append([value / lead for value in rest])
    return basis


def remainder(vector: Vector, basis: Sequence[Vector]) -> Vector:
    """What is left of a vector after all that the basis can explain; each lead is 1."""
    rest = list(vector)
    for row in basis:
        at = next(place for place, value in enumerate(row) if value)
        factor = rest[at]
        rest = [value - factor * other for value, other in zip(rest, row, strict=True)]
    return rest
