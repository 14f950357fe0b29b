"""What a person fills in to make a key."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from puls.web.data.models import Scope
from puls.web.data.services import LASTING_DAYS


class TokenForm(forms.Form):
    """A key's name, how far it reads, and how long it lasts."""

    name = forms.CharField(
        label=_("Name of the key"),
        max_length=80,
        help_text=_("What it is for, so that you know later which one to revoke."),
    )
    scope = forms.ChoiceField(label=_("What it reads"), choices=Scope.choices)
    days = forms.TypedChoiceField(label=_("How long it works"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = [  # type: ignore[attr-defined]
            (days, ngettext("%(days)s day", "%(days)s days", days) % {"days": days})
            for days in LASTING_DAYS
        ]
        self.fields["days"].initial = LASTING_DAYS[1]
