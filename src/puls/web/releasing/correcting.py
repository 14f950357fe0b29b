"""Corrections: answers that came late, counted beside what was released without them.

What is released stays as it is. For each unit whose numbers late answers change, a further cell
is asked of the ledger; it is released where nobody can be singled out by the difference, and
refused for good where somebody could. All rounds that wait are taken together, since a larger
difference is more often one that may be shown.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from puls import periods
from puls.content.definitions import Pack
from puls.content.own import is_own
from puls.errors import NotNow
from puls.units import UnitTree
from puls.web.assess import gates, queries
from puls.web.assess.models import Cell
from puls.web.collect.folders import Folders
from puls.web.collect.late import CORRECTION, arrivals, late_rounds
from puls.web.collect.models import Round
from puls.web.collect.rounds import rounds
from puls.web.releasing import gating
from puls.web.releasing.further import further, survey_indicators, variances_of
from puls.web.releasing.parts import Part, round_as_source
from puls.web.releasing.releases import Made, Say, publish, tree_day, working

ASSESS = "assess"


def correct(
    pack: Pack,
    folders: Folders,
    today: date,
    period: int | None = None,
    left_out: Say = lambda _: None,
) -> list[Made]:
    """Release corrections for all sealed rounds that came late, as releases of the country.

    period: only for rounds of this school year. A late answer also counts in two years together,
    so the year after may be corrected too. NotNow when the pack has no corrections.
    left_out: told, in a sentence each, which late rounds still wait, and for what.
    """
    if CORRECTION not in pack.admission:
        raise NotNow(f"The pack {pack.key} has no corrections: what is released stays as it is.")
    with working() as tree:
        made = []
        for survey in sorted({key for key, _ in pack.surveys if not is_own(key)}):
            waiting = _waiting(survey, pack, tree, period, left_out)
            if waiting:
                made += _correct(survey, waiting, pack, folders, tree, today)
        return made


def _waiting(
    survey: str, pack: Pack, tree: UnitTree, period: int | None, left_out: Say
) -> list[Round]:
    """The sealed rounds of a survey that came late, of years whose country is released."""
    asked: dict[int, list[Round]] = {}
    for each in rounds(ASSESS, survey=survey):
        if period in (None, each.period):
            asked.setdefault(each.period, []).append(each)
    found = []
    for year, of_year in sorted(asked.items()):
        late, coming = late_rounds(pack, tree, of_year), gates.holding(year)
        for each in of_year:
            if each.key not in late or each.state != Round.State.SEALED:
                continue
            if gating.concerns(each.unit_id, coming, tree):
                left_out(
                    f"Round {each.key} still waits: schools there see their results first, until "
                    "the day that their owner announced. What came late is corrected after it."
                )
            elif _is_decided(survey, year, pack):
                found.append(each)
            else:
                left_out(
                    f"Round {each.key} still waits: corrections for {periods.slug(year)} come once "
                    f"the country is released. Release it with: ./puls release --period "
                    f"{periods.slug(year)} --unit {pack.country.root}"
                )
    return found


def _correct(
    survey: str,
    waiting: Sequence[Round],
    pack: Pack,
    folders: Folders,
    tree: UnitTree,
    today: date,
) -> list[Made]:
    every = rounds(ASSESS, survey=survey)
    before = {each.key: n for each in every if (n := arrivals().get(each.key)) is not None}
    number = 1 + max(before.values(), default=0)
    arrived = before | {each.key: number for each in waiting}
    years = {each.period for each in waiting}
    after = {year + 1 for year in years if _is_decided(survey, year + 1, pack)}
    made = []
    for year in sorted(years | after):
        part = _part(
            survey, year, number, arrived, pack, folders, tree, tree_day(year, pack, today)
        )
        day = tree_day(year, pack, today)
        made.append(publish(year, pack.country.root, [part], pack, folders, tree, day))
    return [each for each in made if each is not None]


def _part(
    survey: str,
    period: int,
    number: int,
    arrived: Mapping[str, int],
    pack: Pack,
    folders: Folders,
    tree: UnitTree,
    day: date,
) -> Part:
    """The corrected cells of one school year, resting on the rounds that are new in them."""
    empty = Part(from_answers=True, survey=survey)
    variances = variances_of(empty, period)
    found = further(survey, period, [], arrived, variances, pack, folders, tree, day)
    new = [each for each in found.rounds if arrived[each.key] == number]
    return Part(
        from_answers=True,
        cells=found.cells,
        sources=[round_as_source(each, folders, number) for each in new],
        is_synthetic=any(each.is_synthetic for each in found.rounds),
        survey=survey,
    )


def _is_decided(survey: str, period: int, pack: Pack) -> bool:
    """True when the country's own cells of the year are released, and with them all units'."""
    fed = survey_indicators(pack, survey)
    own = Cell.objects.using(ASSESS).filter(
        unit=pack.country.root, period=period, indicator__in=fed, part="", years=1, correction=0
    )
    return own.exists() and survey in queries.variances_until(period, ASSESS).get(period, {})
