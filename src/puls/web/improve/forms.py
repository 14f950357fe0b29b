"""The forms of improvements and their steps."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from puls import periods
from puls.content.definitions import Pack
from puls.content.order import named_by_area
from puls.content.process_steps import StepKind
from puls.web.days import day_field, workday
from puls.web.improve.models import LONGEST_TITLE
from puls.web.improve.steps import LONGEST, MOST_MINUTES
from puls.web.media.forms import Editor

KINDS: dict[StepKind, Promise] = {
    StepKind.DATA: _("Choose data"),
    StepKind.PROBLEM: _("Problem"),
    StepKind.REFLECT: _("Reflection"),
    StepKind.DECIDE: _("Decision"),
    StepKind.ACT: _("Action"),
    StepKind.EVALUATE: _("Evaluation"),
    StepKind.OWN: _("Something else"),
}
WAS = "var"
"""Prefix of the fields that say what a writer had before them."""


def kind_choices() -> list[tuple[str, Any]]:
    return [(kind.value, name) for kind, name in KINDS.items()]


def minutes_field(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=MOST_MINUTES)


def text_field(name: str, label: Any, rows: int, **kwargs: Any) -> forms.CharField:
    kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
    return forms.CharField(label=label, required=False, max_length=LONGEST[name], **kwargs)


class StepForm(forms.Form):
    """All that is written in a step. only: the fields that are wanted, for one saved by itself."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    kind = forms.ChoiceField(label=_("Kind of step"), choices=kind_choices)
    starts = day_field(_("Day, or first day"), required=False)
    ends = day_field(
        _("Last day"), help_text=_("Only if it lasts longer than a day."), required=False
    )
    problem = text_field(
        "problem",
        _("Problem"),
        3,
        help_text=_("One open question that begins with “how”, about something you can influence."),
    )
    questions = text_field(
        "questions",
        _("Questions to think about"),
        6,
        help_text=_("One on each line. Ask about what people do and see."),
    )
    minutes_alone = minutes_field(_("Minutes alone"))
    minutes_group = minutes_field(_("Minutes in groups"))
    minutes_together = minutes_field(_("Minutes together"))
    participants = forms.CharField(
        label=_("Who takes part"),
        required=False,
        max_length=LONGEST["participants"],
        help_text=_("Names or groups. E-mail addresses belong in the invitation."),
    )
    comments = text_field(
        "comments",
        _("Comments"),
        8,
        widget=Editor({"rows": 8}),
        help_text=_("Everybody who sees this page reads it. Write nothing about single persons."),
    )

    def __init__(self, *args: Any, only: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in list(self.fields):
            if only and name not in only:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """No minutes are 0 of them."""
        cleaned: dict[str, Any] = super().clean() or {}
        return {
            name: value or 0 if name.startswith("minutes_") else value
            for name, value in cleaned.items()
        }


class NewForm(forms.Form):
    """What a new improvement is called, when it begins, and from which process."""

    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=LONGEST_TITLE,
        help_text=_("Leave it empty to call it as the example is called."),
    )
    first_day = day_field(
        _("First day"),
        initial=lambda: workday(timezone.localdate()),
        help_text=_("The days of all steps follow from it. You can change each of them."),
    )


class TitleForm(forms.Form):
    """Another title."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    was = forms.CharField(widget=forms.HiddenInput, strip=False)


class AddForm(forms.Form):
    """A step more: what it is, and behind which one."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    kind = forms.ChoiceField(label=_("Kind of step"), choices=kind_choices)
    after = forms.TypedChoiceField(label=_("Place"), coerce=int, required=False)

    def __init__(self, places: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["after"].choices = list(places)  # type: ignore[attr-defined]


class IndicatorForm(forms.Form):
    """An indicator of a unit in a school year, to look at in a step."""

    indicator = forms.ChoiceField(label=_("Indicator"))
    unit = forms.ChoiceField(label=_("Of"))
    period = forms.TypedChoiceField(label=_("School year"), coerce=int)

    def __init__(
        self,
        content: Pack,
        language: str,
        units: Iterable[tuple[str, str]],
        years: Iterable[int],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Any] = {
            "indicator": named_by_area(content, language),
            "unit": list(units),
            "period": [(year, periods.label(year)) for year in years],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]


class RubricForm(forms.Form):
    """A rubric, and the level that the team is on most often."""

    rubric = forms.ChoiceField(label=_("Rubric"))
    level = forms.TypedChoiceField(label=_("We are most often on"), coerce=int, required=False)

    def __init__(self, content: Pack, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rubrics = [
            (each.key, f"{each.number} {content.text(language, f'rubric.{each.key}.title')}")
            for each in content.rubrics_in_force
        ]
        levels = [(n, content.text(language, f"rubric_level.{n}.word")) for n in range(4, 0, -1)]
        self.fields["rubric"].choices = rubrics  # type: ignore[attr-defined]
        self.fields["level"].choices = [(0, _("not placed yet")), *levels]  # type: ignore[attr-defined]


class ViewForm(forms.Form):
    """A page of ours to look at."""

    name = forms.CharField(label=_("What it shows"), max_length=120)
    address = forms.CharField(
        label=_("Its address"),
        max_length=1000,
        help_text=_("Copy it from the browser while you look at the page."),
    )
