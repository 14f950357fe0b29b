"""Criteria to read: what each level asks for, in every version that there was."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from puls.content.definitions import Criteria, Indicator, Pack
from puls.views import numbers


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an indicator's criteria. levels: the best first; now: in force today."""

    now: bool
    set_by: str
    set_on: str
    why: str
    levels: tuple[tuple[int, str], ...]
    of: int
    """How many levels there are."""


def versions(indicator: Indicator, pack: Pack, language: str) -> tuple[Version, ...]:
    """Every version of the indicator's criteria, the newest first; none without criteria."""
    now = indicator.criteria
    if now is None:
        return ()
    every = {each.id: each for each in pack.criteria.values() if each.key == now.key}
    every[now.id] = now
    ordered = sorted(every.values(), key=lambda each: each.version, reverse=True)
    return tuple(_version(each, each == now, indicator, pack, language) for each in ordered)


def _version(
    criteria: Criteria, now: bool, indicator: Indicator, pack: Pack, language: str
) -> Version:
    levels = tuple(_levels(criteria, indicator, pack, language))
    return Version(
        now=now,
        set_by=criteria.set_by[language],
        set_on=numbers.day(criteria.set_on, language),
        why=criteria.why.get(language, ""),
        levels=levels,
        of=criteria.levels,
    )


def _levels(
    criteria: Criteria, indicator: Indicator, pack: Pack, language: str
) -> Iterator[tuple[int, str]]:
    """(level, "god: 4,1 eller mer"), the best first."""
    per = numbers.reading_size(indicator, pack)
    more = max(numbers.decimals_of(cut / per, indicator.decimals) for cut in criteria.cuts)
    named = replace(indicator, decimals=indicator.decimals + more)
    cuts = [numbers.quantity(cut / per, named, pack, language) for cut in criteria.cuts]
    up = criteria.higher_is_better
    for level in range(criteria.levels, 0, -1):
        words = {"level": numbers.capitalised(pack.text(language, f"level.{level}.word"))}
        spot = level if up else criteria.levels + 1 - level
        if spot == criteria.levels:
            key, words["cut"] = ("at_least" if up else "above"), cuts[-1]
        elif spot == 1:
            key, words["cut"] = ("below" if up else "at_most"), cuts[0]
        else:
            key = "between"
            words |= {"cut_low": cuts[spot - 2], "cut_high": cuts[spot - 1]}
        yield level, pack.text(language, f"level.{key}").format(**words)
