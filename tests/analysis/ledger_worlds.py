"""Small countries whose cells overlap in every way there is: sex, years, borders, corrections."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from puls.analysis.exposure import Answers
from puls.analysis.ledger import Cell, Ledger, cells
from puls.analysis.partition import Group

YEARS = (2024, 2025)
SEXES = ("girl", "boy")
LOW60, HIGH60, NARROW60 = 60, 300, 60


@dataclass(frozen=True)
class Country:
    """Groups with their answers, the cells somebody wants, and the declared order of kinds.

    small, large: the thresholds of signed-in users and of the public.
    """

    answers: Mapping[Group, Answers]
    wanted: tuple[Cell, ...]
    order: tuple[str, ...]
    small: int
    large: int
    narrow60: int

    def ledger(self) -> Ledger:
        """An empty ledger that knows the groups."""
        ledger = Ledger(self.small, self.large, self.order, self.narrow60)
        ledger.add(self.answers)
        return ledger


def of_scores(scores: list[int]) -> Answers:
    """Answers from scores in sixtieths on a scale from 1 to 5."""
    if not scores:
        return Answers(0)
    ends = (min(scores), max(scores))
    return Answers.of_scores(len(scores), sum(scores), *ends, low60=LOW60, high60=HIGH60)


def country(seed: int, scored: bool | None = None) -> Country:
    """The country of a number: some with scores, often alike or near the end of the scale."""
    rng = random.Random(seed)
    scored = seed % 3 == 0 if scored is None else scored
    schools = [f"s{at}" for at in range(rng.randint(3, 6))]
    old = {school: f"old{rng.randrange(3)}" for school in schools}
    new = {school: f"new{rng.randrange(3)}" for school in schools}
    answers = dict(_answers(rng, schools, scored))
    kinds = _kinds(answers, old, new)
    order = list(kinds)
    rng.shuffle(order)
    small = rng.randint(3, 5)
    wanted = tuple(cell for kind in kinds.values() for cell in kind)
    large = rng.randint(small, 4 * small)
    return Country(answers, wanted, tuple(order), small, large, NARROW60 if scored else 0)


def _answers(
    rng: random.Random, schools: Iterable[str], scored: bool
) -> Iterable[tuple[Group, Answers]]:
    for school in schools:
        for year in YEARS:
            for sex in SEXES:
                for arrived in (0, 1) if rng.random() < 0.3 else (0,):
                    n = rng.randint(1, 3) if arrived else rng.choice((0, 2, 3, 4, 5, 6, 8, 12))
                    group = Group(school, year, (sex,), arrived=arrived)
                    yield group, of_scores(_scores(rng, n)) if scored else Answers(n)


def _scores(rng: random.Random, n: int) -> list[int]:
    kind = rng.random()
    if kind < 0.15:
        return [rng.choice((60, 300))] * n
    if kind < 0.3:
        return [300] * (n - 1) + [270] * min(n, 1)
    return [rng.choice((60, 120, 180, 240, 300)) for _ in range(n)]


def _kinds(
    answers: Iterable[Group], old: Mapping[str, str], new: Mapping[str, str]
) -> dict[str, list[Cell]]:
    first = [group for group in answers if not group.arrived]

    def above(group: Group) -> tuple[str, str, str]:
        return ("no", old[group.unit], group.unit)

    wanted = {
        "unit": cells("unit", first, lambda g: [f"{u} {g.period}" for u in above(g)]),
        "sex": cells("sex", first, lambda g: [f"{u} {g.period} {g.part[0]}" for u in above(g)]),
        "pooled": cells("pooled", first, lambda g: [f"{u} pooled" for u in above(g)]),
        "borders": cells("borders", first, lambda g: [f"{new[g.unit]} {g.period}"]),
        "correction": cells(
            "correction", answers, lambda g: [f"{u} {g.period} corrected" for u in above(g)]
        ),
    }
    return {kind: list(found.values()) for kind, found in wanted.items()}
