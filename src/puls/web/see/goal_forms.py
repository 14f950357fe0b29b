"""What is asked of somebody who sets a goal."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puls.content.definitions import Indicator, Pack
from puls.views import criteria
from puls.web.days import day_field
from puls.web.see.conversation import ReadRubric


def _more() -> dict[str, forms.Field]:
    """By when, who decided it, and why: of every goal."""
    return {
        "due": day_field(gettext_lazy("By when"), required=False),
        "decided_by": forms.CharField(
            label=gettext_lazy("Who decided it"),
            max_length=200,
            required=False,
            help_text=gettext_lazy("For example the municipal council, or the staff meeting."),
        ),
        "why": forms.CharField(
            label=gettext_lazy("Why this goal"),
            max_length=500,
            required=False,
            help_text=gettext_lazy("Those who read it later will want to know."),
            widget=forms.Textarea(attrs={"rows": 3}),
        ),
    }


class GoalForm(forms.Form):
    """A number in the size in which people read it, or a level of the criteria."""

    level = forms.ChoiceField(
        label=gettext_lazy("A level"),
        required=False,
        help_text=gettext_lazy("Reached when all that the answers leave open lies there."),
    )
    value = forms.DecimalField(
        label=gettext_lazy("Or a number"),
        max_digits=12,
        localize=True,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def __init__(
        self, indicator: Indicator, content: Pack, language: str, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].help_text = content.text(language, f"unit.{indicator.unit}.name")
        found = criteria.versions(indicator, content, language)[:1]
        levels = [(level, words) for each in found for level, words in each.levels if level > 1]
        if levels:
            self.fields["level"].choices = [("", "–"), *levels]  # type: ignore[attr-defined]
        else:
            del self.fields["level"]
            self.fields["value"].label = _("Goal")
        self.fields.update(_more())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "value" not in self.errors and (given.get("value") is None) == (not given.get("level")):
            self.add_error("value", _("Choose a level or write a number, one of the two."))
        return given


class RubricGoalForm(forms.Form):
    """A level of a rubric, told with what it describes."""

    rubric_level = forms.ChoiceField(
        label=gettext_lazy("The level we want to be steady on"), widget=forms.RadioSelect
    )

    def __init__(self, rubric: ReadRubric, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rubric_level"].choices = [  # type: ignore[attr-defined]
            (str(each.level), f"{each.word}: {each.text}") for each in rubric.levels
        ]
        self.fields.update(_more())

    @property
    def level(self) -> int | None:
        """The level that was chosen, once the form is valid."""
        chosen = self.cleaned_data.get("rubric_level") if self.is_valid() else None
        return int(chosen) if chosen else None
