"""What one fills in: to look for a practice, to tell of one, to ask about one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from puls.content.definitions import Pack
from puls.content.order import areas
from puls.web.media.forms import TextField, WithPreview
from puls.web.share.models import LONGEST_TITLE, Kind
from puls.web.share.reading import LONGEST
from puls.web.share.services import LONGEST_SUMMARY

KINDS = [("", _("Everything")), (Kind.PROCESS, _("Processes")), (Kind.ACTION, _("Actions"))]


class SearchForm(forms.Form):
    """What to look for; every field may be empty."""

    q = forms.CharField(label=_("Search for"), required=False, max_length=200)
    area = forms.ChoiceField(label=_("Quality area"), required=False)
    rubric = forms.ChoiceField(label=_("Rubric"), required=False)
    level = forms.TypedChoiceField(
        label=_("From level"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Any")), *((str(n), str(n)) for n in (4, 3, 2, 1))],
    )
    kind = forms.ChoiceField(label=_("What"), required=False, choices=KINDS)
    alike = forms.BooleanField(label=_("Prerequisites like ours first"), required=False)

    def __init__(self, content: Pack, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = area_choices(content, language, _("All"))  # type: ignore[attr-defined]
        self.fields["rubric"].choices = rubric_choices(  # type: ignore[attr-defined]
            content, language, _("All")
        )


class PracticeForm(WithPreview):
    """What the writer tells. The headings are those that readers meet."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    summary = forms.CharField(
        label=_("In two sentences"),
        max_length=LONGEST_SUMMARY,
        required=False,
        help_text=_("What you did, and why others may want to read on."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    did = TextField(label=_("What we did"), required=False)
    for_whom = TextField(label=_("For whom, and where we stood"), required=False)
    took = TextField(
        label=_("What it took"), required=False, help_text=_("Time, people, money, patience.")
    )
    saw = TextField(
        label=_("What we saw"),
        required=False,
        help_text=_("In your own words. Released numbers are added by Puls when it is published."),
    )
    differently = TextField(label=_("What we would do differently"), required=False)
    area = forms.ChoiceField(label=_("Quality area"), required=False)
    rubric = forms.ChoiceField(label=_("Rubric"), required=False)
    rubric_level = forms.TypedChoiceField(
        label=_("The level you came from"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "–"), *((str(n), str(n)) for n in (4, 3, 2, 1))],
    )
    is_checked = forms.BooleanField(
        label=_("We have checked the names"),
        required=False,
        help_text=_(
            "No child and no parent is named or can be recognised, in words or pictures. "
            "Every adult who is named or shown has agreed."
        ),
    )

    def __init__(self, content: Pack, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = area_choices(content, language, "–")  # type: ignore[attr-defined]
        self.fields["rubric"].choices = rubric_choices(  # type: ignore[attr-defined]
            content, language, "–", self.initial.get("rubric", "")
        )


class WordsForm(forms.Form):
    """A question or an answer."""

    text = forms.CharField(
        label=_("Your question"),
        max_length=LONGEST,
        help_text=_("All who read this practice can read it. Your unit is named, you are not."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def area_choices(content: Pack, language: str, none: Any) -> list[tuple[str, Any]]:
    """none: what choosing no area is called."""
    every = [(key, content.text(language, f"area.{key}.name")) for key in areas(content)]
    return [("", none), *every]


def rubric_choices(
    content: Pack, language: str, none: Any, held: str = ""
) -> list[tuple[str, Any]]:
    """Those in force, and the one that is chosen already."""
    before = [each for each in content.rubrics.values() if not each.in_force and each.key == held]
    every = [
        (each.key, f"{each.number} {content.text(language, f'rubric.{each.key}.title')}")
        for each in (*content.rubrics_in_force, *before)
    ]
    return [("", none), *every]
