"""What goes together for a unit in a school year: the dialogue map, for pages and documents."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from puls.cells import Status
from puls.content.definitions import Indicator, Pack, SurveySource
from puls.periods import label, slug
from puls.views.charts.dialogue_map import dialogue_map
from puls.views.charts.dialogue_parts import DialogueMap, OwnLine
from puls.views.charts.words import words
from puls.web.assess import queries as assess
from puls.web.see import choices, queries
from puls.web.see.queries import Seen

OVERVIEW, ALL = "", "alle"
"""Names of selections: the indicators of the first colour table, and all that are asked about."""


def selections(pack: Pack) -> Mapping[str, Sequence[Indicator]]:
    """What one can see on the map, by the name it has in an address."""
    asked = {key for pair in pack.associations for key in pair} | set(pack.default_columns)
    everything = [each for each in choices.in_order(pack) if each.key in asked]
    found = {OVERVIEW: [pack.indicators[key] for key in pack.default_columns] or everything}
    for survey in choices.surveys(pack):
        found[f"undersokelse-{survey}"] = [
            each
            for each in everything
            if isinstance(each.source, SurveySource) and each.source.survey == survey
        ]
    return found | {ALL: everything}


def shown(seen: Seen, show: str, chosen: str, pack: Pack) -> list[Indicator]:
    """The indicators on the map: those of the selection of which something is known here.

    A chosen one that is not among them widens the selection to all.
    """
    every = selections(pack)
    unit = seen.family.unit.key
    known = {c.indicator for c in seen.cells if c.unit == unit and c.status is not Status.NO_DATA}
    found = [each for each in every.get(show, every[OVERVIEW]) if each.key in known]
    if chosen and chosen not in {each.key for each in found}:
        wider = [each for each in every[ALL] if each.key in known]
        found = wider if chosen in {each.key for each in wider} else found
    return found


def associations(seen: Seen) -> Sequence[Mapping[str, Any]]:
    """What the country's release of the year found of pairs; none where it has not been made."""
    found = assess.findings(seen.period, seen.release if seen.frozen else None)
    rows: Sequence[Mapping[str, Any]] = found.get("associations", ())
    return rows


def drawn(
    seen: Seen,
    pack: Pack,
    language: str,
    *,
    show: str = OVERVIEW,
    chosen: str = "",
    beside: str = "",
    own: Sequence[OwnLine] = (),
    hrefs: Mapping[str, str] | None = None,
) -> DialogueMap:
    """The dialogue map of a unit's page.

    chosen, beside: the indicator whose neighbours stay, and the other of a pair. own: what the team
    thinks. hrefs: where each indicator is chosen.
    """
    unit = seen.family.unit
    return dialogue_map(
        seen.cells,
        shown(seen, show, chosen, pack),
        associations(seen),
        pack,
        language,
        words(pack, language),
        unit=unit.key,
        unit_name=queries.unit_name(unit, pack, language),
        period=seen.period,
        period_label=label(seen.period),
        chosen=chosen,
        beside=beside,
        own=own,
        hrefs=hrefs,
        marks=seen.marks,
        pooled=[cell for cell in seen.pooled if cell.unit == unit.key],
        tier=unit.tier,
    )


def dialogue_address(unit: str, period: int) -> str:
    """The lasting address of a unit's dialogue map."""
    return reverse("see:dialogue", args=[unit, slug(period)])
