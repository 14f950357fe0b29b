"""The page about one indicator: for those who ask what it is, how surely, and what it goes with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from puls import periods
from puls.content.definitions import Indicator, Pack, RegisterSource, SurveySource
from puls.views import criteria, expected, reliable, symbols
from puls.views.reasons import source_name
from puls.views.together import together
from puls.web.answering import page, year
from puls.web.assess import queries as assess
from puls.web.packs import language_of, pack
from puls.web.see import connected, pages, panel, queries
from puls.web.see.over_time import trend_address
from puls.web.tenants.access import ReachRequest, reach_required


@dataclass(frozen=True, slots=True)
class AskedItem:
    """One question. told: what may be said of how it was answered."""

    text: str
    reversed: bool
    told: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a survey asks: its questions, and the ends of the scale in words."""

    intro: str
    items: tuple[AskedItem, ...]
    lowest: str
    highest: str


@require_safe
@reach_required
def indicator(request: ReachRequest, key: str, period: str) -> HttpResponseBase:
    """What an indicator asks, how it is judged, how surely it is measured, what goes with it."""
    content, language = pack(), language_of(pack())
    found = indicator_or_404(key, content)
    which = queries.period_or_404(year(period))
    findings = assess.findings(which)
    reliability = _reliability(findings, found)
    fit = findings.get("fits", {}).get(key, {})
    name = content.text(language, f"indicator.{key}.name")
    unit = content.text(language, f"unit.{found.unit}.name")
    context = {
        "name": name,
        "sub": [
            content.text(language, f"role.{found.role}.name"),
            content.text(language, f"area.{found.area}.name"),
            source_name(found, content, language),
            unit,
            periods.label(which),
        ],
        "trail": _trail(request, name, which, content, language),
        "about": content.text(language, f"indicator.{key}.about"),
        "period_label": periods.label(which),
        "asked": _asked(found, reliability, content, language),
        "source_about": _source_about(found, content, language),
        "versions": criteria.versions(found, content, language),
        "from_survey": isinstance(found.source, SurveySource),
        "reliable": reliable.sentences(reliability, content, language) if reliability else [],
        "of_tiers": reliable.of_tiers(reliability, content, language),
        "prerequisites": [
            pages.Link(
                content.text(language, f"indicator.{each}.name"),
                pages.indicator_address(each, which),
            )
            for each in found.prerequisites
        ],
        "expected": expected.sentences(fit, found, content, language) if fit else [],
        "together": together(findings.get("associations", ()), key, content, language),
        "no_cause": content.text(language, "together.no_cause"),
        "where": pages.unit_address(request.reach.unit, which),
        "line": trend_address(request.reach.unit, key),
        "map": f"{connected.dialogue_address(request.reach.unit, which)}?valgt={key}",
        "goal": panel.goal_address(request.reach, request.membership.unit, key, which),
        "sprite": sprite_of(found),
    }
    return page(request, "see/indicator.html", context)


def indicator_or_404(key: str, content: Pack) -> Indicator:
    if key not in content.indicators:
        raise Http404
    return content.indicators[key]


def sprite_of(found: Indicator) -> str:
    """The symbols of the levels that the indicator is judged by."""
    return symbols.sprite([found.criteria.levels] if found.criteria else [])


def _trail(
    request: ReachRequest, name: str, period: int, content: Pack, language: str
) -> list[pages.Link]:
    own = queries.unit_name(request.membership.unit, content, language)
    return [pages.Link(own, pages.unit_address(request.reach.unit, period)), pages.Link(name)]


def _reliability(findings: Mapping[str, Any], found: Indicator) -> Mapping[str, Any]:
    """What the country's release says of the indicator's construct; empty where nothing."""
    if not isinstance(found.source, SurveySource):
        return {}
    rows: Sequence[Mapping[str, Any]] = findings.get("reliability", {}).get(found.source.survey, [])
    return next((row for row in rows if row["construct"] == found.source.construct), {})


def _asked(
    found: Indicator, reliability: Mapping[str, Any], content: Pack, language: str
) -> Asked | None:
    """The questions as the newest version of the survey asks them; None for register figures."""
    source = found.source
    if not isinstance(source, SurveySource):
        return None
    survey = max(
        (each for (key, _v), each in content.surveys.items() if key == source.survey),
        key=lambda each: each.version,
    )
    construct = next(each for each in survey.constructs if each.key == source.construct)
    of_items = reliable.of_items(reliability, content, language) if reliability else {}
    scale = f"scale.{survey.scale.key}"
    return Asked(
        intro=content.text(language, f"survey.{survey.key}.intro"),
        items=tuple(
            AskedItem(
                content.text(language, f"item.{survey.key}.{item.key}"),
                item.reversed,
                of_items.get(item.key, ""),
            )
            for item in construct.items
        ),
        lowest=_("%(number)s is “%(word)s”")
        % {
            "number": survey.scale.low,
            "word": content.text(language, f"{scale}.{survey.scale.low}"),
        },
        highest=_("%(number)s is “%(word)s”")
        % {
            "number": survey.scale.high,
            "word": content.text(language, f"{scale}.{survey.scale.high}"),
        },
    )


def _source_about(found: Indicator, content: Pack, language: str) -> str:
    if not isinstance(found.source, RegisterSource):
        return ""
    return content.text(language, f"source.{found.source.source}.about")
