"""What a group of answers would give away if it stood alone: its exposure.

A group stands alone when it is a residual: what is left of a published unit after its published
descendants are subtracted. From published n and mean anyone can work out the group's number of
answers and their sum, and from these, bounds on every single answer in it: nobody can lie
further below the scale's top than all lie below it together, nor further above its bottom.

    five answers on 1..5 with mean 4.9: together 0.5 below the top, so each is 4.5 or more

A group may stand alone when it is empty, or when all of these hold:

* it has at least k answers;
* the bounds that its n and sum give leave more than a quarter of the scale open;
* its scores are not all the same (they would be known to whoever knows one of them).

The actual lowest and highest score are not published and do not count: a group between 3.5
and 4.0 whose mean is 3.8 gives that away to nobody.

All three only get better when groups are put together, so a group that may stand alone never
becomes unsafe by growing. That lets a programme over the tree keep very few states: EMPTY, SAFE,
and one for each way of being not yet safe, every number capped where it stops mattering.
"""

from typing import NamedTuple

from puls.analysis.tallies import SIXTY
from puls.content.definitions import Scale

EMPTY = 0
SAFE = 1

DIFFER = -1
"""In `same`: not all scores are equal."""

PLENTY = 1 << 40
"""In `above` and `below`: scores are not known, only the number of answers matters."""


def ends60(scale: Scale) -> tuple[int, int]:
    """The lowest and the highest score there can be, in sixtieths."""
    return SIXTY * scale.low, SIXTY * scale.high


def quarter60(scale: Scale) -> int:
    """How narrowly a group's answers may be bounded, in sixtieths: a quarter of the scale."""
    return SIXTY * (scale.high - scale.low) // 4


class Answers(NamedTuple):
    """A group of answers, as far as its exposure goes.

    n: how many.
    above, below: how far the scores lie above the scale's bottom, below its top, summed, in
        sixtieths of a scale point.
    same: the score in sixtieths when all have the same one, else DIFFER.
    """

    n: int
    above: int = PLENTY
    below: int = PLENTY
    same: int = DIFFER

    @classmethod
    def of_scores(
        cls, n: int, total60: int, min60: int, max60: int, *, low60: int, high60: int
    ) -> "Answers":
        """From a group's moments and the ends of the scale, all in sixtieths.

        n: at least 1; a group of nobody is `Answers(0)`.
        """
        same = min60 if min60 == max60 else DIFFER
        return cls(n, total60 - n * low60, n * high60 - total60, same)

    def plus(self, other: "Answers") -> "Answers":
        """Both groups together."""
        if not self.n or not other.n:
            return self if self.n else other
        same = self.same if self.same == other.same else DIFFER
        return Answers(self.n + other.n, self.above + other.above, self.below + other.below, same)

    def safe(self, k: int, narrow60: int) -> bool:
        """Whether the group, not being empty, may stand alone.

        k: the smallest number of answers that may be seen. narrow60: a quarter of the scale in
        sixtieths; 0 where scores are not known.
        """
        return (
            self.n >= k and self.above > narrow60 and self.below > narrow60 and self.same == DIFFER
        )


class States:
    """Exposures as small whole numbers, with a remembered sum of any two.

    narrow60: a quarter of the scale in sixtieths; 0 where scores are not known.
    """

    def __init__(self, k: int, narrow60: int) -> None:
        assert k >= 1, f"the smallest group that may be seen is at least 1, not {k}"
        self.k, self.narrow60 = k, narrow60
        self._answers = [Answers(0), Answers(k)]
        self._numbers: dict[Answers, int] = {}
        self._sums: dict[tuple[int, int], int] = {}

    def number(self, answers: Answers) -> int:
        """The state of a group."""
        if answers.n == 0:
            return EMPTY
        if answers.safe(self.k, self.narrow60):
            return SAFE
        cap = self.narrow60 + 1
        capped = Answers(
            min(answers.n, self.k), min(answers.above, cap), min(answers.below, cap), answers.same
        )
        if capped not in self._numbers:
            self._numbers[capped] = len(self._answers)
            self._answers.append(capped)
        return self._numbers[capped]

    def plus(self, one: int, other: int) -> int:
        """The state of two groups together."""
        if EMPTY in (one, other):
            return one + other
        if SAFE in (one, other):
            return SAFE
        if (one, other) not in self._sums:
            together = self._answers[one].plus(self._answers[other])
            self._sums[one, other] = self.number(together)
        return self._sums[one, other]
