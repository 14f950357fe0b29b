"""What a leader writes about a round."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puls.content.definitions import Pack
from puls.web.collect.own_items import MOST, Kind, OwnItem
from puls.web.days import day_field
from puls.web.tenants.models import Unit

WEEKS_OPEN = 3
LONGEST = 200
"""Letters of an own item."""


class RoundForm(forms.Form):
    """Languages, days and own items; where a round is new also where and what."""

    unit = forms.ChoiceField(label=gettext_lazy("Who is asked"))
    survey = forms.ChoiceField(label=gettext_lazy("Survey"))
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages to answer in"), widget=forms.CheckboxSelectMultiple
    )
    opens_on = day_field(gettext_lazy("First day"))
    closes_on = day_field(gettext_lazy("Last day"))

    def __init__(
        self,
        pack: Pack,
        language: str,
        units: Sequence[Unit],
        *args: Any,
        fixed: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.pack = pack
        surveys = sorted({key for key, _version in pack.surveys} - pack.retired)
        self._choices("unit", [(each.key, each.name) for each in units])
        self._choices(
            "survey", [(key, pack.text(language, f"survey.{key}.name")) for key in surveys]
        )
        names = [(each, LANG_INFO[each]["name_local"].capitalize()) for each in pack.languages]
        self._choices("languages", names)
        today = timezone.localdate()
        self.fields["languages"].initial = list(pack.languages)
        self.fields["opens_on"].initial = today
        self.fields["closes_on"].initial = today + timedelta(weeks=WEEKS_OPEN)
        if fixed:
            del self.fields["unit"], self.fields["survey"]
        for place in range(1, MOST + 1):
            for key, name in names:
                self.fields[f"own_{place}_{key}"] = forms.CharField(
                    label=_("Question %(number)s, %(language)s")
                    % {"number": place, "language": name},
                    max_length=LONGEST,
                    required=False,
                )
            self.fields[f"own_{place}_kind"] = forms.ChoiceField(
                label=_("Question %(number)s is answered with") % {"number": place},
                choices=[
                    (Kind.SCALE, _("the same scale as the other questions")),
                    (Kind.WORDS, _("own words (parents only)")),
                ],
                required=False,
            )

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def own_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("own_")]

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if not name.startswith("own_")]

    @property
    def own(self) -> list[OwnItem]:
        """The own items that were written."""
        made = []
        for place in range(1, MOST + 1):
            given = {key: self.cleaned_data[f"own_{place}_{key}"] for key in self.pack.languages}
            text = {key: words.strip() for key, words in given.items() if words.strip()}
            if text:
                made.append(OwnItem(Kind(self.cleaned_data[f"own_{place}_kind"] or "scale"), text))
        return made


def own_initial(items: Sequence[OwnItem]) -> dict[str, str]:
    """What the form shows of items that were written before."""
    shown = {}
    for place, item in enumerate(items, start=1):
        shown[f"own_{place}_kind"] = str(item.kind)
        for language, words in item.text.items():
            shown[f"own_{place}_{language}"] = words
    return shown


class GroupsForm(forms.Form):
    """A list of groups, typed or as a file."""

    text = forms.CharField(
        label=gettext_lazy("Groups, one a line"),
        help_text=gettext_lazy(
            "Name; how many people; department. You can paste two or three columns from a "
            "spreadsheet."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    file = forms.FileField(label=gettext_lazy("Or a file (Excel or CSV)"), required=False)


class LastDayForm(forms.Form):
    closes_on = day_field(gettext_lazy("Last day"))


class SlipsForm(forms.Form):
    """How many slips."""

    count = forms.IntegerField(label=gettext_lazy("How many slips"), min_value=1, max_value=500)


class AddressesForm(forms.Form):
    """Addresses that are used once and kept nowhere."""

    addresses = forms.CharField(
        label=gettext_lazy("E-mail addresses, one a line"),
        help_text=gettext_lazy("They are used for this one sending and are stored nowhere."),
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
    )
    again = forms.BooleanField(
        label=gettext_lazy("Also to those who have got one before"), required=False
    )
