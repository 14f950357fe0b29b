"""What people fill in: a description, and a placement."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from puls.web.media.forms import TextField, WithPreview
from puls.web.quality.placing import LONGEST_REASON
from puls.web.quality.subjects import Level


class DescriptionForm(WithPreview):
    """What is seen, and how it is judged. based_on: the version that the writer had before them."""

    sees = TextField(
        label=_("What do we see?"),
        required=False,
        help_text=_("What happens in lessons and around them, with examples. No single persons."),
    )
    judges = TextField(
        label=_("How do we judge it?"),
        required=False,
        help_text=_("What is good, what is not yet, and what you build that on."),
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class PlacementForm(forms.Form):
    """On which level one person places the school."""

    level = forms.TypedChoiceField(
        label=_("On which level are we most often?"), coerce=int, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("What would make a higher level steady?"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Shown to the team without your name, among the others' in no order, once a leader "
            "has read it. Colleagues may know your way of writing."
        ),
    )

    def __init__(self, levels: list[Level], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(each.level), each.about) for each in levels]
        self.fields["level"].choices = choices  # type: ignore[attr-defined]
