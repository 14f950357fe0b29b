"""The page of the dialogue map: what hangs together, what to ask of it, and what we think."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from puls import periods
from puls.content.definitions import Pack
from puls.errors import NotNow
from puls.views import numbers
from puls.views.charts import drawing, map_listing
from puls.views.charts.dialogue_parts import (
    DialogueMap,
    Node,
    OwnLine,
    Tie,
    questions,
    telling,
    ties,
)
from puls.views.charts.words import words
from puls.views.together import together
from puls.web.answering import page, release_of, year
from puls.web.packs import language_of, pack
from puls.web.see import choices, connected, exports, pages, queries, thinking
from puls.web.see.choices import Choice
from puls.web.see.over_time import trend_address
from puls.web.see.queries import Seen
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.permissions import can, place_of
from puls.web.thoughts.queries import Told, thoughts

Rows = Mapping[frozenset[str], Mapping[str, Any]]
"""What data show of each pair, as `telling` gives it."""
CLEAREST = 6
"""How many pairs are proposed before anybody has chosen."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. chosen, beside: keys of indicators, or ""."""

    show: str
    chosen: str
    beside: str
    release: int | None

    @property
    def pair(self) -> dict[str, str]:
        """What the form holds before anybody has written: the pair that is looked at."""
        return {"a": self.chosen, "b": self.beside}

    def query(self, **changes: str) -> str:
        """The address's query with something changed; "?" when nothing is left."""
        parts = {"vis": self.show, "valgt": self.chosen, "ved": self.beside} | changes
        if self.release is not None:
            parts["per"] = str(self.release)
        return "?" + urlencode({name: value for name, value in parts.items() if value})


@dataclass(frozen=True, slots=True)
class Pair:
    """Two indicators that go together, or may. href: where the pair is chosen.

    said: what data show, in a sentence. current: it is the one that is asked about.
    """

    name: str
    keys: tuple[str, str]
    href: str
    said: str
    current: bool = False
    thought: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def dialogue(request: ReachRequest, unit: str, period: str) -> HttpResponseBase:
    """The dialogue map of a unit, and where its people write what they think."""
    content, language = pack(), language_of(pack())
    asked = _asked(request.GET, content)
    wanted = request.GET.get("skolear", period)
    if wanted != period:
        newest = replace(asked, release=None)
        return redirect(connected.dialogue_address(unit, year(wanted)) + newest.query())
    which = queries.period_or_404(year(period))
    seen = queries.seen(request.reach, unit, which, asked.release)
    may = not seen.frozen and can("thought_write", request.reach, place_of(seen.family.unit))
    form = thinking.ThoughtForm(content, language, initial=asked.pair)
    if request.method == "POST":
        form = thinking.ThoughtForm(content, language, request.POST)
        if _added(request, seen, form):
            pair = Asked(asked.show, form.cleaned_data["a"], form.cleaned_data["b"], None)
            return redirect(connected.dialogue_address(unit, which) + pair.query() + "#vi-tror")
    told = [] if seen.frozen else thoughts(unit)
    context = {
        **_map(seen, asked, told, content, language),
        "title": queries.unit_name(seen.family.unit, content, language),
        "period_label": periods.label(which),
        "trail": _trail(seen, content, language),
        "where": pages.unit_address(unit, which),
        "period_options": _period_options(queries.periods(unit, content), which),
        "selections": _selections(asked, content, language),
        "kept": [("per", str(asked.release))] if asked.release is not None else [],
        "own": thinking.told(told, unit, period, content, language, with_links=may),
        "may_think": may,
        "form": form,
        "synthetic": seen.synthetic,
        "frozen": seen.frozen,
        "unfrozen": replace(asked, release=None).query(),
        "release": seen.release,
        "released_on": exports.released_on(seen, language),
        "k": seen.k,
        "permalink": request.build_absolute_uri(request.path)
        + replace(asked, release=seen.release).query(),
    }
    return page(request, "see/dialogue.html", context)


def _added(request: ReachRequest, seen: Seen, form: thinking.ThoughtForm) -> bool:
    """Whether what was sent is kept; otherwise the form says why not."""
    if not form.is_valid():
        return False
    try:
        thinking.add(request, seen.family.unit, form)
    except NotNow as reason:
        form.add_error(None, str(reason))
        return False
    messages.success(request, _("It stands on the map now."))
    return True


def _map(
    seen: Seen, asked: Asked, told: Sequence[Told], content: Pack, language: str
) -> dict[str, Any]:
    """The picture, its list, the pairs to talk about and the questions of the chosen one."""
    on_map = connected.shown(seen, asked.show, asked.chosen, content)
    hrefs = {
        each.key: asked.query(valgt="" if each.key == asked.chosen else each.key, ved="") + "#kart"
        for each in on_map
    }
    drawn = connected.drawn(
        seen,
        content,
        language,
        show=asked.show,
        chosen=asked.chosen,
        beside=asked.beside,
        own=[OwnLine(each.a, each.b, each.note, n) for n, each in enumerate(told, start=1)],
        hrefs=hrefs,
    )
    rows = telling(connected.associations(seen), [each.key for each in on_map])
    lines = ties(rows.values(), [each.key for each in on_map])
    chosen = next((node for node in drawn.nodes if node.chosen), None)
    pairs = _pairs(drawn, chosen, lines, rows, asked, content, language)
    # Somebody who has chosen nothing yet still finds something to talk about.
    pair = next((pair for pair in pairs if pair.current), pairs[0] if pairs else None)
    unit = seen.family.unit.key
    return {
        "chart": drawing.page(drawn.chart, "kart-bilde") if drawn.nodes else "",
        "listing": map_listing.listing(drawn.columns, words(content, language)),
        "description": drawn.chart.description,
        "chosen": chosen,
        "all": asked.query(valgt="", ved="") + "#kart",
        "pairs": pairs,
        "pair": pair,
        "pair_names": [_name(key, content, language) for key in pair.keys] if pair else [],
        "questions": questions(content, language, *pair.keys) if pair else (),
        "no_lines": not any(tie.sure for tie in lines),
        "no_cause": content.text(language, "together.no_cause"),
        "what": reverse("see:what", args=[unit, periods.slug(seen.period)])
        + Choice(picked=tuple((unit, key) for key in pair.keys) if pair else ()).query(),
        "trend": trend_address(unit, chosen.key) if chosen else "",
        "indicator": pages.indicator_address(chosen.key, seen.period) if chosen else "",
    }


def _asked(values: Mapping[str, str], content: Pack) -> Asked:
    """What an address asks for; what it does not understand it takes as not chosen."""
    show, chosen = values.get("vis", ""), values.get("valgt", "")
    beside = values.get("ved", "")
    known = content.indicators
    return Asked(
        show=show if show in connected.selections(content) else connected.OVERVIEW,
        chosen=chosen if chosen in known else "",
        beside=beside if chosen in known and beside in known and beside != chosen else "",
        release=release_of(values),
    )


def _trail(seen: Seen, content: Pack, language: str) -> list[pages.Link]:
    unit = seen.family.unit
    above = pages.trail(seen, content, language)[:-1]
    own = pages.Link(
        queries.short_name(unit, content, language), pages.unit_address(unit.key, seen.period)
    )
    return [*above, own, pages.Link(_("Dialogue map"))]


def _pairs(
    drawn: DialogueMap,
    chosen: Node | None,
    lines: Sequence[Tie],
    rows: Rows,
    asked: Asked,
    content: Pack,
    language: str,
) -> list[Pair]:
    """The pairs to talk about: those of the chosen indicator, or the clearest of the map."""
    if chosen is None:
        clear = sorted((t for t in lines if t.sure), key=lambda tie: -abs(tie.strength))
        return [_proposed(tie, rows, asked, content, language) for tie in clear[:CLEAREST]]
    return list(_of_chosen(drawn, chosen, lines, rows, asked, content, language))


def _proposed(tie: Tie, rows: Rows, asked: Asked, content: Pack, language: str) -> Pair:
    a, b = (_name(key, content, language) for key in (tie.a, tie.b))
    href = asked.query(valgt=tie.a, ved=tie.b) + "#snakk"
    return Pair(
        _("%(a)s and %(b)s") % {"a": a, "b": b},
        (tie.a, tie.b),
        href,
        _said(tie.a, tie.b, rows, content, language),
    )


def _of_chosen(
    drawn: DialogueMap,
    chosen: Node,
    lines: Sequence[Tie],
    rows: Rows,
    asked: Asked,
    content: Pack,
    language: str,
) -> Iterator[Pair]:
    """What data show first, the strongest first; then what only the team thinks."""
    strength = {
        tie.b if tie.a == chosen.key else tie.a: (tie.sure, abs(tie.strength))
        for tie in lines
        if chosen.key in (tie.a, tie.b)
    }
    others = [node for node in drawn.nodes if not node.chosen]
    for node in sorted(others, key=lambda n: strength.get(n.key, (False, -1.0)), reverse=True):
        yield Pair(
            node.name,
            (chosen.key, node.key),
            asked.query(ved=node.key) + "#snakk",
            _said(chosen.key, node.key, rows, content, language) if node.key in strength else "",
            current=node.key == asked.beside,
            thought=bool(node.thought),
        )


def _said(a: str, b: str, rows: Rows, content: Pack, language: str) -> str:
    """What data show of one pair, without the name of the other."""
    found = together([rows[frozenset((a, b))]], a, content, language)
    if not found.told:
        return _("Looked at, but the figures do not settle it.")
    name = _name(b, content, language)
    return numbers.capitalised(found.told[0].removeprefix(f"{name}:").strip())


def _name(key: str, content: Pack, language: str) -> str:
    return content.text(language, f"indicator.{key}.name")


def _period_options(every: Sequence[int], period: int) -> list[pages.Option]:
    """The years to choose from, newest first; the one that is shown is always among them."""
    listed = sorted({*every, period}, reverse=True)
    return [pages.Option(periods.slug(p), periods.label(p), p == period) for p in listed]


def _selections(asked: Asked, content: Pack, language: str) -> list[pages.Option]:
    names = {connected.OVERVIEW: _("The first colour table"), connected.ALL: _("Everything asked")}
    names |= {
        f"undersokelse-{key}": content.text(language, f"survey.{key}.name")
        for key in choices.surveys(content)
    }
    return [
        pages.Option(key, names[key], key == asked.show) for key in connected.selections(content)
    ]
