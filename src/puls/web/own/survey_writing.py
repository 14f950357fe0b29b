"""The page on which a survey is written, and how it is shown.

Every button sends the whole form: what was typed is in the answer, whatever the button did.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from puls.content.builders import AUDIENCES
from puls.content.definitions import MOST_ITEMS, Pack, Role
from puls.content.own import scales
from puls.errors import NotNow
from puls.web.answering import Link, page
from puls.web.own import hints, services, survey_checks, surveys
from puls.web.own.forms import area_choices, language_name
from puls.web.own.models import Definition, Kind
from puls.web.own.surveys import ConstructSheet, ItemSheet, Sheet
from puls.web.packs import language_of, pack
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.permissions import check, own_place


@dataclass(frozen=True, slots=True)
class Typed:
    """A field to write in."""

    name: str
    label: str
    value: str
    language: str
    error: str = ""
    help: str = ""
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Chosen:
    """A field to choose in. options: (key, name)."""

    name: str
    label: str
    value: str
    options: list[tuple[str, str]]
    error: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def new(request: ReachRequest) -> HttpResponseBase:
    """A survey from nothing."""
    check("own_write", request.reach, own_place(request.reach))
    first = Sheet(scale=next(iter(scales(pack())), ""))
    return _page(request, first, None)


def page_of(request: ReachRequest, found: Definition) -> HttpResponseBase:
    """Write on a draft that the reader may write on."""
    return _page(request, surveys.of_row(found.body, found.words), found)


def _page(request: ReachRequest, sheet: Sheet, found: Definition | None) -> HttpResponseBase:
    content, language = pack(), language_of(pack())
    refused: dict[str, str] = {}
    problem, revision = "", found.revision if found else 0
    if request.method == "POST":
        sheet = surveys.read(request.POST, content.languages)
        revision = _number(request.POST)
        wanted = request.POST.get("act", "save")
        if wanted != "save":
            sheet = surveys.act(sheet, wanted)
        else:
            refused = survey_checks.refused(sheet, content)
            if refused:
                problem = _("It is not saved yet. Look at what is marked below.")
            else:
                try:
                    key = _save(request, sheet, found, revision)
                except NotNow as reason:
                    problem = str(reason)
                else:
                    messages.success(request, _("Saved. This is what is asked."))
                    return redirect("own:definition", key)
    title = (found.title or _("No title yet")) if found else _("A new survey")
    back = reverse("own:definition", args=[found.key]) if found else reverse("own:own")
    context = {
        "title": title,
        "other_languages": ", ".join(language_name(each) for each in content.languages[1:]),
        "trail": [
            Link(_("Where do we want to go?"), reverse("see:whither")),
            Link(_("Rubrics and surveys of our own"), reverse("own:own")),
            *([Link(title, back), Link(_("Write"))] if found else [Link(title)]),
        ],
        "sheet": _drawn(sheet, refused, content, language),
        "problem": problem,
        "revision": revision,
        "back": back,
    }
    return page(request, "own/write_survey.html", context)


def _save(request: ReachRequest, sheet: Sheet, found: Definition | None, revision: int) -> str:
    if found is None:
        return services.begin(request.reach, request.membership.unit, sheet).key
    services.write(request.reach, found.key, sheet, revision)
    return found.key


def _number(given: QueryDict) -> int:
    told = given.get("revision", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 9 else 0


def _drawn(sheet: Sheet, refused: dict[str, str], content: Pack, language: str) -> dict[str, Any]:
    """The sheet as fields."""
    first = content.languages[0]

    def texts(start: str, label: str, said: dict[str, str], rows: int = 1, told: str = "") -> Any:
        for number, each in enumerate(content.languages):
            tongue = language_name(each)
            name = f"{start}_{each}"
            yield Typed(
                name,
                label if number == 0 else f"{label}, {tongue}",
                said.get(each, ""),
                each,
                refused.get(name, ""),
                told if number == 0 else "",
                rows,
            )

    def apart(typed: list[Typed]) -> dict[str, list[Typed]]:
        """What is written in the first language, and what is folded away."""
        return {
            "first": [each for each in typed if each.language == first],
            "further": [each for each in typed if each.language != first],
        }

    def chosen(name: str, label: str, value: str, options: list[tuple[str, str]]) -> Chosen:
        return Chosen(name, label, value, options, refused.get(name, ""))

    def part(at: int, each: ConstructSheet) -> dict[str, Any]:
        start = f"c{at}"
        judged = [(key, _criteria(key, content, language)) for key in judges]
        items = [item(at, number, one) for number, one in enumerate(each.items)]
        typed = texts(f"{start}_name", _("What it is about, in a word or two"), each.name)
        return {
            "at": at,
            "number": at + 1,
            "key": each.key,
            "texts": apart([*typed, *(text for one in items for text in one["further"])]),
            "choices": [
                chosen(
                    f"{start}_area",
                    _("Quality area"),
                    each.area,
                    area_choices(content, language, "–"),
                ),
                chosen(f"{start}_role", _("What it is"), each.role, roles),
                chosen(
                    f"{start}_criteria",
                    _("What decides its colour"),
                    each.criteria,
                    [("", _("nothing: it gets no colour")), *judged],
                ),
            ],
            "items": items,
            "hints": hints.of_construct(each),
            "buttons": [
                *([(f"add:{at}", _("Add a statement"))] if len(each.items) < MOST_ITEMS else []),
                *_moving(f"{at}", at, len(sheet.constructs), _("Take out the whole part")),
            ],
        }

    def item(at: int, number: int, each: ItemSheet) -> dict[str, Any]:
        start = f"c{at}_i{number}"
        label = _("Statement %(n)s") % {"n": number + 1}
        typed = apart(list(texts(start, label, each.words)))
        return {
            "start": start,
            "number": number + 1,
            "key": each.key,
            "reversed": each.reversed,
            "texts": typed["first"],
            "further": typed["further"],
            "hints": hints.of_item(each.words.get(first, ""), first),
            "buttons": _moving(
                f"{at}:{number}", number, len(sheet.constructs[at].items), _("Take out")
            ),
        }

    judges = survey_checks.fitting(content, sheet.scale)
    roles = [
        ("", "–"),
        *((each.value, content.text(language, f"role.{each}.name")) for each in Role),
    ]
    offered = [(key, _scale(key, content, language)) for key in scales(content)]
    return {
        "texts": apart(
            [
                *texts("name", _("What the survey is called"), sheet.name),
                *texts("intro", _("To those who are asked"), sheet.intro, 3),
            ]
        ),
        "choices": [
            chosen("audience", _("Who is asked"), sheet.audience, _audiences()),
            chosen("scale", _("Answer scale"), sheet.scale, offered),
        ],
        "parts": [part(at, each) for at, each in enumerate(sheet.constructs)],
    }


def _moving(place: str, at: int, count: int, out: str) -> list[tuple[str, str]]:
    return [
        *([(f"up:{place}", _("Move up"))] if at else []),
        *([(f"down:{place}", _("Move down"))] if at + 1 < count else []),
        (f"out:{place}", out),
    ]


def _audiences() -> list[tuple[str, str]]:
    names = {
        "student": _("Students"),
        "parent": _("Parents"),
        "teacher": _("Teachers"),
        "leader": _("Leaders"),
    }
    return [(each, names[each]) for each in AUDIENCES]


def _scale(key: str, content: Pack, language: str) -> str:
    known = scales(content)[key]
    low, high = (content.text(language, f"scale.{key}.{end}") for end in (known.low, known.high))
    return _("from “%(low)s” to “%(high)s”") % {"low": low, "high": high}


def _criteria(key: str, content: Pack, language: str) -> str:
    """The newest version of criteria, by its cut points."""
    newest = {each.key: each for each in content.criteria.values()}[key]
    cuts = ", ".join(f"{cut:g}" for cut in newest.cuts)
    if language != "en":
        cuts = "; ".join(f"{cut:g}".replace(".", ",") for cut in newest.cuts)
    return _("%(who)s: another colour from a mean of %(cuts)s") % {
        "who": newest.set_by[language],
        "cuts": cuts,
    }


def shown(found: Definition, content: Pack, language: str) -> dict[str, Any] | None:
    """A survey as it is read; None for a rubric."""
    if found.kind != Kind.SURVEY:
        return None
    sheet = surveys.of_row(found.body, found.words)
    first = content.languages[0]

    def said(words: dict[str, str]) -> str:
        return words.get(language) or words.get(first, "")

    areas, judges = (
        dict(area_choices(content, language, "")),
        survey_checks.fitting(content, sheet.scale),
    )
    return {
        "intro": said(sheet.intro),
        "audience": dict(_audiences()).get(sheet.audience, ""),
        "scale": _scale(sheet.scale, content, language) if sheet.scale in scales(content) else "",
        "parts": [
            {
                "name": said(each.name),
                "area": areas.get(each.area, ""),
                "role": content.text(language, f"role.{each.role}.name") if each.role else "",
                "criteria": _criteria(each.criteria, content, language)
                if each.criteria in judges
                else "",
                "items": [
                    {"text": said(item.words), "reversed": item.reversed} for item in each.items
                ],
            }
            for each in sheet.constructs
        ],
    }
