"""The form as text: composed once per address and language, then only served.

What differs between requests (a code, ticked answers, a notice) is put in by replacing text that
stands in the form exactly once.
"""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import escape
from importlib.resources import files
from pathlib import Path

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puls.content.definitions import Pack, Survey
from puls.web.collect.own_items import LONGEST, Kind, OwnItem

CLOSED_NOTICE = 'role="alert" hidden></p>'
ITEMS_A_MINUTE = 8
"""How fast a ten-year-old answers, about."""


@dataclass(frozen=True)
class Asked:
    """All that makes one form.

    own: the school's own items. preview: nothing can be sent.
    """

    survey: Survey
    languages: tuple[str, ...]
    own: tuple[OwnItem, ...] = ()
    preview: bool = False

    @cached_property
    def options(self) -> dict[str, frozenset[str]]:
        """What may be ticked, by field in the order in which it is stored; "0" is skipped."""
        steps = self.survey.scale.high - self.survey.scale.low + 1
        most = {f"q{n}": steps for n in range(1, len(self.survey.items) + 1)}
        most |= {f"b{n}": len(each.options) for n, each in enumerate(self.survey.background, 1)}
        most |= {f"e{n}": steps for n, own in enumerate(self.own, 1) if own.kind is Kind.SCALE}
        return {field: frozenset(map(str, range(last + 1))) for field, last in most.items()}

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The fields of the pack's items and background, a byte each as they are stored."""
        return tuple(field for field in self.options if not field.startswith("e"))

    @cached_property
    def written(self) -> frozenset[str]:
        """Fields that are answered in words."""
        kinds = enumerate(self.own, start=1)
        return frozenset(f"e{n}" for n, own in kinds if own.kind is Kind.WORDS)


@dataclass(frozen=True)
class Part:
    name: str
    questions: list["Question"]


@dataclass(frozen=True)
class Question:
    """field: its name in the form. options: none for a written answer. skip: how not to answer."""

    field: str
    text: str
    options: list[tuple[int, str]]
    skip: str
    own: bool = False


@dataclass(frozen=True)
class File:
    """A style sheet or script: its lasting address, and its bytes."""

    path: str
    kind: str
    raw: bytes
    packed: bytes


@lru_cache(maxsize=1)
def assets() -> dict[str, File]:
    """By address; named by content, so that a browser keeps them for good."""
    own = Path(str(files("puls.web.answer"))) / "static"
    shared = Path(str(files("puls.web"))) / "static" / "css" / "puls.css"
    parts = {
        "css": shared.read_bytes() + (own / "answer.css").read_bytes(),
        "js": (own / "answer.js").read_bytes(),
    }
    kinds = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
    made = {}
    for name, raw in parts.items():
        path = f"/svar/-/{hashlib.sha256(raw).hexdigest()[:12]}.{name}"
        made[path] = File(path, kinds[name], raw, gzip.compress(raw, 9, mtime=0))
    return made


def compose(asked: Asked, language: str, pack: Pack, address: str, school: str) -> str:
    """The form in a language. address: where it is, behind /svar/. school: who asks."""
    survey = asked.survey
    with translation.override(language):
        return render_to_string(
            "answer/form.html",
            {
                **_around(),
                "language": language,
                "languages": _others(asked.languages, language),
                "title": pack.text(language, f"survey.{survey.key}.name"),
                "name": pack.text(language, f"survey.{survey.key}.name"),
                "intro": pack.text(language, f"survey.{survey.key}.intro"),
                "length": _how_long(len(survey.items) + len(survey.background) + len(asked.own)),
                "parts": list(_parts(asked, language, pack)),
                "preview": asked.preview,
                "longest": LONGEST,
                "address": address,
                "school": school,
                "notice": "",
                "notice_hidden": " hidden",
            },
        )


def told(language: str, title: str, sentence: str, *, done: bool = False) -> str:
    """A page of a sentence and nothing to press. done: the answers have arrived."""
    with translation.override(language):
        words = {"language": language, "title": title, "sentence": sentence, "done": done}
        context = {**_around(), **words}
        return render_to_string("answer/told.html", context)


def start(language: str, languages: tuple[str, ...]) -> str:
    """The page for those who type a code without an address."""
    with translation.override(language):
        context = {
            **_around(),
            "language": language,
            "languages": _others(languages, language),
            "title": _("Answer a survey"),
            "notice": "",
            "notice_hidden": " hidden",
        }
        return render_to_string("answer/start.html", context)


def filled(
    form: str, *, code: str = "", given: Mapping[str, str] | None = None, notice: str = ""
) -> str:
    """The form with what somebody has answered so far, and perhaps a sentence above it."""
    if notice:
        form = form.replace(f"{CLOSED_NOTICE}", f'role="alert">{escape(notice)}</p>', 1)
    if code:
        form = form.replace('name="code" value=""', f'name="code" value="{escape(code)}"', 1)
    for name, value in (given or {}).items():
        ticked = f'name="{name}" value="{value}"'
        if value.isdigit() and ticked in form:
            form = form.replace(ticked, f"{ticked} checked", 1)
        else:
            box = f'aria-describedby="{name}-hint">'
            form = form.replace(box, box + escape(value), 1)
    return form


def _around() -> dict[str, str]:
    css, script = assets()
    made_up = _("To try out: everything here is made up.") if settings.PULS_DEMO else ""
    return {"css": css, "script": script, "synthetic": made_up}


def _others(languages: tuple[str, ...], language: str) -> list[tuple[str, str]]:
    return [
        (each, LANG_INFO[each]["name_local"].capitalize()) for each in languages if each != language
    ]


def _how_long(items: int) -> str:
    minutes = max(2, round(items / ITEMS_A_MINUTE))
    return ngettext(
        "There are %(items)s questions. It takes about %(minutes)s minute.",
        "There are %(items)s questions. It takes about %(minutes)s minutes.",
        minutes,
    ) % {"items": items, "minutes": minutes}


def _parts(asked: Asked, language: str, pack: Pack) -> list[Part]:
    """The constructs, what is asked about the person, and the school's own items."""
    survey = asked.survey
    low = survey.scale.low
    scale = [
        (number - low + 1, pack.text(language, f"scale.{survey.scale.key}.{number}"))
        for number in range(low, survey.scale.high + 1)
    ]
    skip = pack.text(language, f"scale.{survey.scale.key}.skip")
    number = iter(range(1, len(survey.items) + 1))
    groups = [
        [
            Question(
                f"q{next(number)}",
                pack.text(language, f"item.{survey.key}.{item.key}"),
                scale,
                skip,
            )
            for item in construct.items
        ]
        for construct in survey.constructs
    ]
    about = [
        Question(
            f"b{place}",
            pack.text(language, f"background.{each.key}.question"),
            [
                (n, pack.text(language, f"background.{each.key}.one_{option}"))
                for n, option in enumerate(each.options, start=1)
            ],
            _("I would rather not say"),
        )
        for place, each in enumerate(survey.background, start=1)
    ]
    own = [
        Question(
            f"e{place}",
            each.in_language(language),
            scale if each.kind is Kind.SCALE else [],
            skip,
            own=True,
        )
        for place, each in enumerate(asked.own, start=1)
    ]
    every = [group for group in (*groups, own, about) if group]
    return [
        Part(_("Part %(number)s of %(all)s") % {"number": place, "all": len(every)}, group)
        for place, group in enumerate(every, start=1)
    ]
