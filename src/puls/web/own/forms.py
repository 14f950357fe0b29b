"""What one fills in: a rubric in each language, what one looks for among what others share."""

from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puls.content.definitions import Pack
from puls.content.order import areas
from puls.web.own.lacking import Written
from puls.web.own.rubrics import LEVELS, LONGEST, PARTS, part_name, written


def no_braces(value: str) -> None:
    """The pack's sentences use them for what Puls fills in."""
    if "{" in value or "}" in value:
        raise ValidationError(_("Write it without { and }: Puls uses them itself."))


def area_choices(content: Pack, language: str, none: str) -> list[tuple[str, str]]:
    """none: what choosing no area is called."""
    every = [(key, content.text(language, f"area.{key}.name")) for key in areas(content)]
    return [("", none), *every]


def language_name(language: str) -> str:
    """What a language calls itself, as a heading."""
    name = LANG_INFO[language]["name_local"] if language in LANG_INFO else language
    return name[:1].upper() + name[1:]


class RubricForm(forms.Form):
    """A rubric in all languages of the pack. Whatever is missing may be written later."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    area = forms.ChoiceField(label=gettext_lazy("Quality area"), required=False)

    def __init__(self, content: Pack, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = content.languages
        self.fields["area"].choices = area_choices(content, language, "–")  # type: ignore[attr-defined]
        scale = {f"level_{n}": content.text(language, f"rubric_level.{n}.about") for n in LEVELS}
        for each in self.languages:
            for part in PARTS:
                self.fields[f"{part}_{each}"] = forms.CharField(
                    label=part_name(part),
                    max_length=LONGEST[part.partition("_")[0]],
                    required=False,
                    help_text=scale.get(part, ""),
                    widget=forms.TextInput(attrs={"lang": each})
                    if part == "title"
                    else forms.Textarea(attrs={"rows": 4 if part in scale else 2, "lang": each}),
                    validators=[no_braces],
                )

    def by_language(self) -> list[tuple[str, str, bool, list[Any], list[Any]]]:
        """For the template: code, name, whether to show it open, title with levels, questions."""
        found = []
        for number, each in enumerate(self.languages):
            fields = [self[f"{part}_{each}"] for part in PARTS]
            is_open = number == 0 or any(field.value() or field.errors for field in fields)
            name = language_name(each)
            at = 1 + len(LEVELS)
            found.append((each, name, is_open, fields[:at], fields[at:]))
        return found

    def written(self) -> Written:
        """What was written, once it is valid."""
        return written(self.cleaned_data, self.languages)


class SearchForm(forms.Form):
    """What to look for; every field may be empty."""

    q = forms.CharField(label=gettext_lazy("Search for"), required=False, max_length=200)
    area = forms.ChoiceField(label=gettext_lazy("Quality area"), required=False)

    def __init__(self, content: Pack, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = area_choices(content, language, _("All"))  # type: ignore[attr-defined]
