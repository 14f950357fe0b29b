"""What a team writes on its dialogue map: the form, the list, and the page where it is changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from puls import periods
from puls.content.definitions import Pack
from puls.content.order import named_by_area
from puls.errors import NotNow
from puls.views import numbers
from puls.views.charts.dialogue_parts import OwnLine, own_words
from puls.views.charts.words import words
from puls.web.answering import page, year
from puls.web.packs import language_of, pack
from puls.web.see import pages, queries
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.models import Unit
from puls.web.tenants.permissions import check, place_of
from puls.web.thoughts.queries import Told, thought_or_404
from puls.web.thoughts.services import (
    LONGEST,
    thought_add,
    thought_change,
    thought_withdraw,
)


@dataclass(frozen=True, slots=True)
class Own:
    """A line or note of the team as a page shows it. number: as on the picture. href: where its
    words are changed, or ""."""

    number: int
    names: str
    note: str
    by: str
    href: str


def _note_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("What we think"),
        max_length=LONGEST,
        required=False,
        help_text=gettext_lazy(
            "Everybody who sees this page reads it. Write nothing about single persons."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NoteForm(forms.Form):
    """Other words for a line or a note."""

    note = _note_field()


class ThoughtForm(forms.Form):
    """Two indicators, or one, and a note."""

    a = forms.ChoiceField(label=gettext_lazy("Indicator"))
    b = forms.ChoiceField(
        label=gettext_lazy("Goes together with"),
        required=False,
        help_text=gettext_lazy("Leave it empty for a note on one indicator."),
    )
    note = _note_field()

    def __init__(self, content: Pack, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = named_by_area(content, language)
        self.fields["a"].choices = groups  # type: ignore[attr-defined]
        self.fields["b"].choices = [("", "–"), *groups]  # type: ignore[attr-defined]


def add(request: ReachRequest, unit: Unit, form: ThoughtForm) -> None:
    """Keep what the form says. NotAllowed, or NotNow with the reason."""
    given = form.cleaned_data
    thought_add(request.reach, unit, given["a"], given["b"], given["note"], str(request.user))


def told(
    found: Sequence[Told], unit: str, period: str, content: Pack, language: str, *, with_links: bool
) -> list[Own]:
    """The team's lines and notes, numbered as on the picture."""
    shown = []
    for number, each in enumerate(found, start=1):
        keys = [key for key in (each.a, each.b) if key in content.indicators]
        names = [content.text(language, f"indicator.{key}.name") for key in keys]
        href = reverse("see:thought", args=[unit, period, each.id]) if with_links else ""
        shown.append(Own(number, " – ".join(names), each.note, _by(each, language), href))
    return shown


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def thought(request: ReachRequest, unit: str, period: str, key: UUID) -> HttpResponseBase:
    """Change the words of a line or note, or withdraw it."""
    content, language = pack(), language_of(pack())
    which = queries.period_or_404(year(period))
    place = tenants.unit_or_404(request.reach, unit)
    found = thought_or_404(key)
    if found.unit != unit:
        raise Http404
    check("thought_write", request.reach, place_of(place))
    back = reverse("see:dialogue", args=[unit, period])
    form = NoteForm(request.POST if _changes(request) else None, initial={"note": found.note})
    if request.method == "POST" and "withdraw" in request.POST:
        thought_withdraw(request.reach, key, str(request.user))
        messages.success(request, _("It is withdrawn and no longer stands on the map."))
        return redirect(f"{back}#vi-tror")
    if _changes(request) and form.is_valid():
        try:
            thought_change(request.reach, key, form.cleaned_data["note"], str(request.user))
        except NotNow as reason:
            form.add_error("note", str(reason))
        else:
            messages.success(request, _("The words are changed."))
            return redirect(f"{back}?valgt={found.a}#vi-tror")
    line = OwnLine(found.a, found.b, found.note)
    context = {
        "title": _("What we think"),
        "said": own_words(line, content, language, words(content, language)),
        "by": _by(found, language),
        "trail": [
            pages.Link(
                queries.unit_name(place, content, language), pages.unit_address(unit, which)
            ),
            pages.Link(_("Dialogue map"), back),
            pages.Link(_("What we think")),
        ],
        "period_label": periods.label(which),
        "form": form,
        "back": f"{back}#vi-tror",
    }
    return page(request, "see/thought.html", context)


def _changes(request: ReachRequest) -> bool:
    return request.method == "POST" and "withdraw" not in request.POST


def _by(found: Told, language: str) -> str:
    """Who wrote it and when, and who changed it last."""
    on = numbers.day(timezone.localtime(found.written_at).date(), language)
    written = _("Written by %(who)s, %(day)s.") % {"who": found.written_by, "day": on}
    if found.changed_at is None:
        return written
    on = numbers.day(timezone.localtime(found.changed_at).date(), language)
    changed = _("Changed by %(who)s, %(day)s.") % {"who": found.changed_by, "day": on}
    return f"{written} {changed}"
