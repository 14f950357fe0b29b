"""Answers that come too late: a unit above them was released without them, and stays as it is.

A shown cell says how many answered. More answers below it would let the difference be worked
out, so they are counted by corrections alone, which the ledger admits or refuses
(`releasing.correcting`). Where the pack has no corrections they are refused, before anything is
stored, and again before anything is destroyed.
"""

from collections.abc import Collection, Mapping, Sequence

from django.db.models import F

from puls import periods
from puls.analysis.measured import measured
from puls.cells import Status
from puls.content.definitions import Pack
from puls.units import UnitTree
from puls.web.assess import looking_back
from puls.web.assess.models import Cell, Release
from puls.web.collect.models import Round
from puls.web.collect.refusals import Reason, Untaken
from puls.web.tenants.access import as_whole_tree

ASSESS = "assess"
CORRECTION = "correction"
"""Of a pack's kinds of cells, the one for answers that came late."""


def refuse_late(pack: Pack, tree: UnitTree, survey: str, period: int, unit: str) -> None:
    """NotNow when answers of the unit can no longer be counted. Read as assess, who may."""
    above = "" if CORRECTION in pack.admission else late_below(pack, tree, survey, period, unit)
    if above:
        raise Untaken(
            f"These answers come too late: {above} was released for {periods.slug(period)} without "
            "them, and what is released stays as it is. Nothing was stored or changed.",
            Reason.LATE,
        )


def late_below(pack: Pack, tree: UnitTree, survey: str, period: int, unit: str) -> str:
    """The highest unit that was released without answers of the unit, or "". Read as assess."""
    lineage = tree.lineage(unit)
    with as_whole_tree(ASSESS):
        shown = _shown(pack, survey, period, lineage)
    return next((each for each in lineage if each in shown), "")


def late_rounds(pack: Pack, tree: UnitTree, asked: Sequence[Round]) -> Mapping[str, str]:
    """Those of a survey's rounds in one school year that a release went out without.

    By key of the round, the highest unit that was released. Those that a correction has counted
    since are not among them. Inside a transaction as assess.
    """
    if not asked:
        return {}
    survey, period = asked[0].survey, asked[0].period
    known = arrivals()
    lineages = {each.key: tree.lineage(each.unit_id) for each in asked if each.key not in known}
    units = {unit for lineage in lineages.values() for unit in lineage}
    shown = _shown(pack, survey, period, units)
    found = {
        key: next((unit for unit in lineage if unit in shown), "")
        for key, lineage in lineages.items()
    }
    return {key: above for key, above in found.items() if above}


def arrivals() -> dict[str, int]:
    """By key, the rounds that are released, and which correction counted each first.

    0 for those that came in time. Releases tell it of their sources, and never change.
    """
    every = Release.objects.using(ASSESS).values_list("sources", flat=True)
    return {
        source["table"]: source.get("arrived", 0)
        for sources in every.order_by("-id")
        for source in sources
        if source["source"] == "answers"
    }


def _shown(pack: Pack, survey: str, period: int, units: Collection[str]) -> set[str]:
    """Which of the units show a number that counts the survey's answers of the school year."""
    # By all names that the survey's answers ever had: what is out under an old one is out.
    fed = {key for key, each in measured(pack.indicators).items() if each[0] == survey}
    fed.update(looking_back.names_of(survey, ASSESS))
    found = Cell.objects.using(ASSESS).filter(
        unit_id__in=list(units),
        period__gte=period,
        period__lt=period + F("years"),
        indicator__in=sorted(fed),
        status=Status.SHOWN.value,
    )
    return set(found.values_list("unit_id", flat=True).distinct())
