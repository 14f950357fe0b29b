"""The first text of a quality report, from what was released: an owner goes on from there.

Reasons and numbers stand beside the text as figures, which nobody writes: a text can be changed, a
number cannot.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puls.content.definitions import Pack
from puls.views import numbers
from puls.views.highlights import Highlights, Point
from puls.web.see import choices

AREA = "area-"
ABOUT, SCHOOLS, NEXT, METHOD = "about", "schools", "next", "method"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the report. text: plain paragraphs, an empty line between them."""

    key: str
    heading: str
    text: str

    @property
    def paragraphs(self) -> tuple[str, ...]:
        blocks = self.text.replace("\r\n", "\n").split("\n\n")
        return tuple(" ".join(block.split()) for block in blocks if block.strip())


def of_area(points: tuple[Point, ...], area: str, pack: Pack) -> tuple[Point, ...]:
    return tuple(p for p in points if pack.indicators[p.column.key].area == area)


def draft(
    name: str,
    period: str,
    found: Highlights,
    pack: Pack,
    language: str,
    k: int,
    told: Mapping[str, Sequence[str]],
) -> Iterator[Part]:
    """The parts of the report in their order. found: the administration's own row.

    told: by quality area, what its schools say themselves, as paragraphs.
    """
    said = {"name": name, "period": period}
    yield Part(
        ABOUT,
        _("About this report"),
        _(
            "This is the yearly quality report of %(name)s for %(period)s. It tells where we "
            "stand, as a ground to talk on: it ranks nobody, and no single number decides anything."
        )
        % said,
    )
    for area in choices.areas(pack):
        text = "\n\n".join([*_area(found, area, pack, language), *told.get(area, ())])
        if text:
            yield Part(AREA + area, pack.text(language, f"area.{area}.name"), text)
    yield Part(
        SCHOOLS,
        _("Units side by side"),
        _(
            "The table shows the units in their usual order. It is no ranking: small units vary "
            "more from year to year, and prerequisites differ."
        ),
    )
    # What follows from it is the owner's to write: an empty part is left out of the document.
    yield Part(NEXT, _("What we do next"), "")
    yield Part(METHOD, _("How the numbers came to be"), "\n\n".join(_method(k)))


def _area(found: Highlights, area: str, pack: Pack, language: str) -> Iterator[str]:
    """What stands out in an area, in sentences; nothing where nothing was measured."""
    parts = {kind: of_area(getattr(found, kind), area, pack) for kind in Highlights.__slots__}
    measured = sum(len(points) for kind, points in parts.items() if kind != "silent")
    if not measured:
        return
    yield ngettext(
        "%(count)s indicator in this area has a number this year.",
        "%(count)s indicators in this area have a number this year.",
        measured,
    ) % {"count": measured}
    sentences = {
        "strong": _("Clearly on the highest level: %(names)s."),
        "weak": _("Clearly on the lowest level: %(names)s."),
        "uncertain": _("The answers do not decide the level of: %(names)s."),
        "silent": _("Hidden or not measured: %(names)s."),
    }
    for kind, sentence in sentences.items():
        names = [point.column.name for point in parts[kind]]
        if names:
            yield sentence % {"names": numbers.all_of(names, language)}
    changed = [p for points in parts.values() for p in points if p.cell.marked]
    for point in changed:
        for sign in point.cell.marked:
            yield f"{point.column.name}: {sign.word}."


def _method(k: int) -> Iterator[str]:
    yield _(
        "All numbers are from a release, which never changes; the last page names it. Survey "
        "results are means of the answers, with an estimate of what lies behind them. A colour "
        "is given only where the whole estimate lies on one level, and each colour has its reason."
    )
    yield _(
        "Nobody can be found in the numbers. Groups with fewer than %(k)s answers are never shown, "
        "and neither is anything from which such a group could be worked out."
    ) % {"k": k}
