"""Wrong ways to make releases that look right. The auditor must catch each of them."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from puls.analysis import admitting, ledger, release, standing
from puls.analysis.ledger import Cell, Ledger
from puls.analysis.membership import UNIT, Membership, Place
from puls.analysis.partition import Partition, Sum
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Indicator
from puls.errors import NotNow
from tests.analysis.release_worlds import Country, Releasing, Step, day


class Seen(NamedTuple):
    """The cells that signed-in users and the public see."""

    shown: list[ReleasedCell]
    public: list[ReleasedCell]


Way = Callable[[Country], Seen]


def seen(cells: Iterable[ReleasedCell]) -> Seen:
    shown = [cell for cell in cells if cell.status is Status.SHOWN]
    return Seen(shown, [cell for cell in shown if cell.public])


def as_it_is(country: Country) -> Seen:
    """The way itself."""
    return seen(Releasing(country).run())


def until_refused(country: Country, way: type[Releasing] = Releasing) -> Seen:
    """What is out when a wrong way notices that it has gone wrong, or in the end."""
    releasing = way(country)
    with suppress(NotNow):
        releasing.run()
    return seen(releasing.cells)


def threshold_off_by_one(country: Country) -> Seen:
    """ "More than k - 2" instead of "at least k"."""
    return until_refused(replace(country, small=country.small - 1))


def public_threshold_off_by_one(country: Country) -> Seen:
    """The same, in public only."""
    return until_refused(replace(country, large=max(country.large - 1, country.small)))


def residual_unchecked(country: Country) -> Seen:
    """Look at what a cell takes out of a class, and not at what it leaves there."""

    class Careless(Partition):
        def may_stay(self, outside: Sum) -> Any:
            return True

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "Partition", Careless)
        return until_refused(country)


def live_counts(country: Country) -> Seen:
    """Take the group of late answers for the group that was released without them."""

    def cell(members: Membership, place: Place) -> Cell:
        groups = frozenset(members.groups[at] for at in members.ever(place).tolist())
        return Cell(" ".join(map(str, place)), place.kind, groups)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Membership, "cell", cell)
        return until_refused(country)


def second_release_unchecked(country: Country) -> Seen:
    """Know the country's unit cells, and forget all else that is out."""

    class Forgetful(Releasing):
        def more(self, step: Step, admission: Sequence[str] | None = None) -> list[ReleasedCell]:
            country = [cell for cell in self.cells if Place.of(cell).kind == UNIT]
            known = [cell for cell in country if cell.unit == "no"]
            made = Releasing(self.country, known).more(step, admission)
            out = {Place.of(cell) for cell in self.cells}
            return [cell for cell in made if Place.of(cell) not in out]

    return until_refused(country, Forgetful)


def public_chosen_apart(country: Country) -> Seen:
    """Choose the public cells by their own threshold only, not among what is released."""
    apart = replace(country, small=country.large)
    return Seen(until_refused(country).shown, until_refused(apart).shown)


def parts_unchecked(country: Country) -> Seen:
    """Show every part that is large enough by itself."""

    class Blind(Ledger):
        def release(self, cells: Iterable[Cell]) -> dict[str, Status]:
            every = list(cells)
            parts = [cell for cell in every if cell.kind == "sex"]
            n = {cell.name: sum(self.groups[g].n for g in cell.groups) for cell in parts}
            shown = {name: Status.SHOWN if n[name] >= country.small else Status.FEW for name in n}
            return super().release(cell for cell in every if cell.kind != "sex") | shown

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(standing, "Ledger", Blind)
        return until_refused(country)


def pooled_before_units(country: Country) -> Seen:
    """Pool the years of every unit that is hidden so far, and only then choose the units."""

    class Hasty(Releasing):
        def units(self, step: Step) -> list[ReleasedCell]:
            if step.root != "no":
                return super().units(step)
            out = {Place.of(cell) for cell in self.cells}
            hidden = [
                ReleasedCell(unit.key, "wellbeing", 1, step.period, Status.FEW)
                for unit in country.tree.at(day(step.period))
                if Place(unit.key, step.period) not in out
            ]
            pools = Releasing(country, [*self.cells, *hidden]).more(step, ("pooled",))
            return pools + super().units(step)

        def more(self, step: Step, admission: Sequence[str] | None = None) -> list[ReleasedCell]:
            return []

    return until_refused(country, Hasty)


def known_by_their_key(country: Country) -> Seen:
    """Look back at what is out under the indicator's name, and not at what it measured."""

    def of_key(cells: Iterable[ReleasedCell], of: Indicator, _: object) -> list[ReleasedCell]:
        return [cell for cell in cells if cell.indicator == of.key]

    class Named(Releasing):
        def called(self, step: Step) -> list[ReleasedCell]:
            return self.cells

    with pytest.MonkeyPatch.context() as patch:
        for module in (release, admitting):
            patch.setattr(module, "of_same_answers", of_key)
        return until_refused(country, Named)


def scores_unchecked(country: Country) -> Seen:
    """Count answers only, whatever they give away by being alike or close to an end."""

    def safe(self: Sum, k: int, _: int) -> Any:
        return self.n >= k

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sum, "safe", safe)
        return until_refused(country)


MUTANTS: tuple[Way, ...] = (
    threshold_off_by_one,
    public_threshold_off_by_one,
    residual_unchecked,
    live_counts,
    second_release_unchecked,
    public_chosen_apart,
    parts_unchecked,
    pooled_before_units,
    known_by_their_key,
    scores_unchecked,
)
