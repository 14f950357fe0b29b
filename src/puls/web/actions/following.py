"""The follow-up of an action's indicators: what is released now beside what it started from."""

from dataclasses import dataclass

from django.urls import reverse

from puls import periods
from puls.analysis.followup import FollowUp, Outcome, follow_up
from puls.content.definitions import Indicator, Pack
from puls.units import UnitTree
from puls.views import followup, numbers
from puls.web.actions.notes import ActionNote, AimNote
from puls.web.actions.queries import baseline
from puls.web.assess import gates, lines
from puls.web.assess import queries as assess
from puls.web.packs import country_units
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import Reach


@dataclass(frozen=True, slots=True)
class Followed:
    """One indicator of an action, and what its newest measurement says.

    key: of the indicator. outcome: of the follow-up, as `Outcome`. word, sentence: the same told.
    before: the baseline in words, "" where there is none. expected: what was hoped for, or "".
    href: the indicator over time.
    """

    key: str
    name: str
    outcome: Outcome
    word: str
    sentence: str
    before: str
    expected: str
    href: str


def followed(action: ActionNote, reach: Reach, pack: Pack, language: str) -> list[Followed]:
    """The action's indicators, in the order in which they were chosen."""
    aims = [aim for aim in action.aims if aim.indicator in pack.indicators]
    if aims:
        for period in assess.periods():
            gates.received(reach, [action.unit], period)
    return [_followed(action, aim, pack, language) for aim in aims]


def _followed(action: ActionNote, aim: AimNote, pack: Pack, language: str) -> Followed:
    indicator = pack.indicators[aim.indicator]
    found = answer(action, aim, indicator, pack)
    start = found.baseline
    return Followed(
        key=aim.indicator,
        name=pack.text(language, f"indicator.{aim.indicator}.name"),
        outcome=found.outcome,
        word=followup.word(found, pack, language),
        sentence=followup.sentence(found, indicator, pack, language, aim.direction),
        before=f"{followup.value(start, indicator, pack, language)}, {periods.label(start.period)}"
        if start
        else "",
        expected=expected(aim, indicator, pack, language),
        href=reverse("see:trend", args=[action.unit, aim.indicator]),
    )


def answer(action: ActionNote, aim: AimNote, indicator: Indicator, pack: Pack) -> FollowUp:
    """What can be said of one indicator since the action began."""
    return follow_up(
        baseline(action.unit, aim),
        lines.line(action.unit, aim.indicator),
        lines.line_marks(action.unit, aim.indicator),
        _tree(action.unit),
        since=periods.of(action.begins, pack.country.school_year_starts),
        smallest=indicator.smallest,
        days=assess.tree_days(),
    )


def expected(aim: AimNote, indicator: Indicator, pack: Pack, language: str) -> str:
    """What an action should do to an indicator: "opp 0,3", "ned", or ""."""
    if not aim.direction:
        return ""
    way = pack.text(language, f"followup.way.{aim.direction}")
    if aim.amount is None:
        return way
    value = aim.amount / numbers.reading_size(indicator, pack)
    more = numbers.decimals_of(value, indicator.decimals)
    return f"{way} {numbers.quantity(value, indicator, pack, language, more)}"


def _tree(unit: str) -> UnitTree:
    """The country's own tree also knows units that are gone; schools are only in the reader's."""
    country = country_units()
    return country if unit in country else tenants.unit_tree()
