"""Answers that come too late: a unit above them was released without them, and stays as it is.

A shown cell says how many answered. More answers below it would let the difference be worked
out, so they are refused before anything is stored, and again before anything is destroyed.
"""

from collections.abc import Collection, Mapping, Sequence

from puls import periods
from puls.cells import Status
from puls.content.definitions import Pack, SurveySource
from puls.errors import NotNow
from puls.units import UnitTree
from puls.web.assess.models import Cell, Release
from puls.web.collect.models import Round
from puls.web.tenants.access import as_whole_tree

ASSESS = "assess"


def refuse_late(pack: Pack, tree: UnitTree, survey: str, period: int, unit: str) -> None:
    """NotNow when answers of the unit can no longer be counted. Read as assess, who may."""
    lineage = tree.lineage(unit)
    with as_whole_tree(ASSESS):
        shown = _shown(pack, survey, period, lineage)
    above = next((each for each in lineage if each in shown), None)
    if above is not None:
        raise NotNow(
            f"These answers come too late: {above} was released for {periods.slug(period)} without "
            "them, and what is released stays as it is. Nothing was stored or changed."
        )


def late_rounds(pack: Pack, tree: UnitTree, asked: Sequence[Round]) -> Mapping[str, str]:
    """Those of a survey's rounds in one school year that a release went out without.

    By key of the round, the highest unit that was released. Inside a transaction as assess.
    """
    if not asked:
        return {}
    survey, period = asked[0].survey, asked[0].period
    before = Release.objects.using(ASSESS).filter(period=period)
    told = {
        source["table"]
        for sources in before.values_list("sources", flat=True)
        for source in sources
        if source["source"] == "answers"
    }
    lineages = {each.key: tree.lineage(each.unit_id) for each in asked if each.key not in told}
    units = {unit for lineage in lineages.values() for unit in lineage}
    shown = _shown(pack, survey, period, units)
    found = {
        key: next((unit for unit in lineage if unit in shown), "")
        for key, lineage in lineages.items()
    }
    return {key: above for key, above in found.items() if above}


def _shown(pack: Pack, survey: str, period: int, units: Collection[str]) -> set[str]:
    """Which of the units show a number of the survey in the school year."""
    fed = [
        key
        for key, each in pack.indicators.items()
        if isinstance(each.source, SurveySource) and each.source.survey == survey
    ]
    found = Cell.objects.using(ASSESS).filter(
        unit_id__in=list(units), period=period, indicator__in=fed, status=Status.SHOWN.value
    )
    return set(found.values_list("unit_id", flat=True).distinct())
