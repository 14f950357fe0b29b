"""What is asked about actions and decisions."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puls.content.definitions import Pack
from puls.content.order import named_by_area
from puls.views import numbers
from puls.web.actions.notes import ActionNote, AimNote, DecisionNote
from puls.web.actions.planned import Planned, Wanted
from puls.web.days import day_field
from puls.web.media.forms import Editor, TextField, WithPreview
from puls.web.tenants.models import Membership

FURTHER = (
    "why", "responsible_name", "starts", "remind_on", "expected", "rubric", "rubric_level",
)  # fmt: skip
"""What an action can do without: asked for where one wants to say more. The decision that it
follows from is known from where one comes from."""
AIMS = 3
"""Indicators that a form asks for; more than that, and nobody knows what moved."""


def long_text(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecisionForm(forms.Form):
    """What was decided, why, when and by whom."""

    text = forms.CharField(
        label=gettext_lazy("What did you decide?"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    why = long_text(gettext_lazy("Why?"), gettext_lazy("What did you see, and what did you say?"))
    decided_on = day_field(gettext_lazy("When"))
    decided_by = forms.CharField(
        label=gettext_lazy("Who decided it"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For example the staff meeting. No names are needed."),
    )


class ActionForm(forms.Form):
    """A plan: what, why, who, when, and what it should move."""

    what = forms.CharField(label=gettext_lazy("What will you do?"), max_length=200)
    why = long_text(gettext_lazy("Why?"))
    decision = forms.ChoiceField(label=gettext_lazy("Follows from the decision"), required=False)
    member = forms.ChoiceField(label=gettext_lazy("Who is responsible?"), required=False)
    responsible_name = forms.CharField(
        label=gettext_lazy("Or somebody else, in words"), max_length=200, required=False
    )
    starts = day_field(gettext_lazy("Starts"), required=False)
    due = day_field(gettext_lazy("Done by"), required=False)
    remind_on = day_field(gettext_lazy("Remind us on"), required=False)
    rubric = forms.ChoiceField(label=gettext_lazy("Which quality should it bring nearer?"))
    rubric_level = forms.ChoiceField(label=gettext_lazy("To which level?"), required=False)
    expected = forms.CharField(
        label=gettext_lazy("What do you expect to see?"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("In your own words: who will notice, and how?"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        content: Pack,
        language: str,
        decisions: list[DecisionNote],
        members: Mapping[str, str],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.content, self.asked = content, 0
        _choose(self, "decision", [(str(each.id), each.text) for each in decisions])
        _choose(self, "member", list(members.items()))
        _choose(self, "rubric", list(_rubrics(content, language, self.initial.get("rubric", ""))))
        self.fields["rubric"].required = False
        levels = [
            (str(level), content.text(language, f"rubric_level.{level}.word"))
            for level in (4, 3, 2, 1)
        ]
        _choose(self, "rubric_level", levels)
        for number in range(1, AIMS + 1):
            self.fields[f"aim{number}"] = forms.ChoiceField(label=_("Indicator"), required=False)
            _choose(self, f"aim{number}", named_by_area(content, language))
            self.fields[f"way{number}"] = forms.ChoiceField(
                label=_("Should go"),
                required=False,
                choices=[("", "–"), ("up", _("up")), ("down", _("down"))],
            )
            self.fields[f"amount{number}"] = forms.DecimalField(
                label=_("By how much"),
                required=False,
                localize=True,
                max_digits=12,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The fields of each indicator that is chosen or wrong, and as many empty ones as asked
        for: each is a list of all indicators."""
        every = [
            (self[f"aim{number}"], self[f"way{number}"], self[f"amount{number}"])
            for number in range(1, AIMS + 1)
        ]
        used = [n for n, row in enumerate(every, 1) if any(f.value() or f.errors for f in row)]
        return every[: max([1, *used]) + self.asked]

    @property
    def takes_more(self) -> bool:
        return len(self.rows) < AIMS

    @property
    def has_more(self) -> bool:
        """Whether something of what is asked for beside the short form is filled in, or wrong."""
        if self.asked:
            return True
        further = [field for row in self.rows for field in row[1:]]
        further += [field for row in self.rows[1:] for field in row]
        further += [self[name] for name in FURTHER]
        return any(field.value() or field.errors for field in further)

    def plan(self, members: Mapping[str, Membership]) -> Planned:
        """What the valid form says."""
        given = self.cleaned_data
        member = members.get(given["member"])
        return Planned(
            what=given["what"],
            why=given["why"],
            decision=given["decision"] or None,
            responsible=member,
            responsible_name="" if member else given["responsible_name"],
            starts=given["starts"],
            due=given["due"],
            expected=given["expected"],
            rubric=given["rubric"],
            rubric_level=int(given["rubric_level"]) if given["rubric_level"] else None,
            remind_on=given["remind_on"],
            aims=tuple(self._wanted()),
        )

    def _wanted(self) -> Iterator[Wanted]:
        given = self.cleaned_data
        for number in range(1, AIMS + 1):
            key, amount = given[f"aim{number}"], given[f"amount{number}"]
            if key:
                size = numbers.reading_size(self.content.indicators[key], self.content)
                by = float(amount * size) if amount is not None else None
                yield Wanted(key, given[f"way{number}"], by)


def as_written(action: ActionNote, content: Pack) -> dict[str, Any]:
    """An action as the form's initial values."""
    found: dict[str, Any] = {
        "what": action.what,
        "why": action.why,
        "decision": str(action.decision or ""),
        "member": str(action.responsible or ""),
        "responsible_name": "" if action.responsible else action.responsible_name,
        "starts": action.starts,
        "due": action.due,
        "remind_on": action.remind_on,
        "rubric": action.rubric,
        "rubric_level": str(action.rubric_level or ""),
        "expected": action.expected,
    }
    for number, aim in enumerate(action.aims[:AIMS], start=1):
        found |= _aim(number, aim, content)
    return found


class ProgressForm(WithPreview):
    """How far it has come, and a word about it, with pictures where there are some."""

    progress = forms.IntegerField(
        label=gettext_lazy("How far have you come, in per cent?"),
        min_value=0,
        max_value=100,
        required=False,
        widget=forms.NumberInput(attrs={"step": 5, "inputmode": "numeric"}),
    )
    comment = TextField(
        label=gettext_lazy("What has happened?"),
        required=False,
        help_text=gettext_lazy("Write nothing about single pupils or parents."),
        widget=Editor(attrs={"rows": 4}, top=3),
    )

    def __init__(self, asks_progress: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_progress:
            del self.fields["progress"]


def _aim(number: int, aim: AimNote, content: Pack) -> dict[str, Any]:
    amount: float | str = ""
    if aim.amount is not None and aim.indicator in content.indicators:
        amount = aim.amount / numbers.reading_size(content.indicators[aim.indicator], content)
    return {f"aim{number}": aim.indicator, f"way{number}": aim.direction, f"amount{number}": amount}


def _choose(form: forms.Form, name: str, options: list[Any]) -> None:
    form.fields[name].choices = [("", "–"), *options]  # type: ignore[attr-defined]


def _rubrics(content: Pack, language: str, held: str) -> Iterator[tuple[str, str]]:
    """Those in force, and the one that the action already names."""
    before = [each for each in content.rubrics.values() if not each.in_force and each.key == held]
    for rubric in (*content.rubrics_in_force, *before):
        yield rubric.key, f"{rubric.number} {content.text(language, f'rubric.{rubric.key}.title')}"
