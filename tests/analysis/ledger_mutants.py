"""Wrong ways to keep a ledger that look right. The integer auditor must catch each of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from puls.analysis import ledger
from puls.analysis.exposure import Answers
from puls.analysis.ledger import Cell, Ledger
from puls.analysis.partition import Group, Partition, Sum
from tests.analysis.integer_auditor import Found, isolable
from tests.analysis.ledger_worlds import Country


@dataclass(frozen=True)
class Seen:
    """The cells that signed-in users and the public see."""

    signed_in: tuple[Cell, ...]
    public: tuple[Cell, ...]

    def leak(self, country: Country) -> Found | None:
        """What the public can work out; or signed-in users, who see the public pages too."""
        public = [cell.groups for cell in self.public]
        both = [*public, *(cell.groups for cell in self.signed_in)]
        answers, narrow60 = country.answers, country.narrow60
        return isolable(public, answers, country.large, narrow60) or isolable(
            both, answers, country.small, narrow60
        )


Way = Callable[[Country], Seen]


def as_it_is(country: Country) -> Seen:
    """The ledger itself."""
    return _kept(country.ledger(), country.wanted)


def threshold_off_by_one(country: Country) -> Seen:
    """ "More than k - 2" instead of "at least k"."""
    return as_it_is(replace(country, small=country.small - 1))


def public_threshold_off_by_one(country: Country) -> Seen:
    """The same, in public only."""
    large = max(country.large - 1, country.small)
    return as_it_is(replace(country, large=large))


def residual_unchecked(country: Country) -> Seen:
    """Look at what a cell takes out of a class, and not at what it leaves there."""

    class Careless(Partition):
        def may_stay(self, outside: Sum) -> Any:
            return True

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "Partition", Careless)
        return as_it_is(country)


def small_cells_hidden_only(country: Country) -> Seen:
    """Show every cell that is large enough by itself."""
    return Seen(
        tuple(cell for cell in country.wanted if _n(cell, country.answers) >= country.small),
        tuple(cell for cell in country.wanted if _n(cell, country.answers) >= country.large),
    )


def live_counts(country: Country) -> Seen:
    """Count late answers into the group that was released without them."""
    now: dict[Group, Answers] = {}
    for group, answers in country.answers.items():
        live = group._replace(arrived=0)
        now[live] = now.get(live, Answers(0)).plus(answers)
    ledger = Ledger(country.small, country.large, country.order, country.narrow60)
    ledger.add(now)
    wanted = {cell.name: cell for cell in country.wanted}
    believed = [
        replace(cell, groups=frozenset(group._replace(arrived=0) for group in cell.groups))
        for cell in country.wanted
    ]
    seen = _kept(ledger, believed)
    return Seen(
        tuple(wanted[cell.name] for cell in seen.signed_in),
        tuple(wanted[cell.name] for cell in seen.public),
    )


def second_release_unchecked(country: Country) -> Seen:
    """Begin the second release with an empty ledger: what is out already is forgotten."""
    first, second = country.order[::2], country.order[1::2]
    halves = [
        _kept(country.ledger(), [cell for cell in country.wanted if cell.kind in kinds])
        for kinds in (first, second)
    ]
    return Seen(
        tuple(cell for half in halves for cell in half.signed_in),
        tuple(cell for half in halves for cell in half.public),
    )


def public_chosen_apart(country: Country) -> Seen:
    """Choose the public cells by their own threshold only, not among what is released."""
    apart = replace(country, small=country.large, order=country.order[::-1])
    return Seen(as_it_is(country).signed_in, as_it_is(apart).signed_in)


def scores_unchecked(country: Country) -> Seen:
    """Count answers only, whatever they give away by being alike or close to an end."""
    counts = {group: Answers(answers.n) for group, answers in country.answers.items()}
    return as_it_is(replace(country, answers=counts, narrow60=0))


MUTANTS: tuple[Way, ...] = (
    threshold_off_by_one,
    public_threshold_off_by_one,
    residual_unchecked,
    small_cells_hidden_only,
    live_counts,
    second_release_unchecked,
    public_chosen_apart,
    scores_unchecked,
)


def _kept(ledger: Ledger, wanted: Iterable[Cell]) -> Seen:
    ledger.release(wanted)
    ledger.publish(list(ledger.released))
    return Seen(tuple(ledger.released.values()), tuple(ledger.public.values()))


def _n(cell: Cell, answers: Mapping[Group, Answers]) -> int:
    return sum(answers[group].n for group in cell.groups)
