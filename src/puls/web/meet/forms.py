"""Forms of meetings: when and where, what is on the agenda, who comes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puls.documents.calendar import Every
from puls.web.days import day_field
from puls.web.media.models import File
from puls.web.media.queries import Picture
from puls.web.media.services import LONGEST_ALT
from puls.web.meet.models import Kind, Meeting
from puls.web.meet.services import Plan, Thing
from puls.web.packs import language_of, pack


class MeetingForm(forms.Form):
    """When, where, how long, and what for."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    day = day_field(gettext_lazy("Day"))
    time = forms.TimeField(
        label=gettext_lazy("Begins at"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"), min_value=5, max_value=1440, initial=60
    )
    where = forms.CharField(
        label=gettext_lazy("Where"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("A room, or a link to a video meeting."),
    )
    about = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=2_000,
        required=False,
        help_text=gettext_lazy("Stands at the top of the invitation."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    every = forms.ChoiceField(
        label=gettext_lazy("Comes again"),
        required=False,
        choices=[
            ("", gettext_lazy("Once")),
            (Every.WEEK, gettext_lazy("Every week")),
            (Every.FORTNIGHT, gettext_lazy("Every second week")),
            (Every.MONTH, gettext_lazy("Every month")),
        ],
    )
    until = day_field(
        gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Only where it comes again."),
    )

    def plan(self) -> Plan:
        """What was written, once it is valid."""
        given = self.cleaned_data
        naive = datetime.combine(given["day"], given["time"])
        return Plan(
            title=given["title"],
            starts=timezone.make_aware(naive),
            minutes=given["minutes"],
            about=given["about"],
            where=given["where"],
            every=given["every"],
            until=given["until"] if given["every"] else None,
        )


def initial(meeting: Meeting) -> dict[str, Any]:
    """A meeting as its form shows it."""
    starts = timezone.localtime(meeting.starts)
    return {
        "title": meeting.title,
        "day": starts.date(),
        "time": starts.time().replace(second=0),
        "minutes": meeting.minutes,
        "where": meeting.where,
        "about": meeting.about,
        "every": meeting.every,
        "until": meeting.until,
    }


class ItemForm(forms.Form):
    """A new item. What it is decides which of the fields count."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=[
            (Kind.QUESTION, gettext_lazy("A question to talk about")),
            (Kind.COMMENT, gettext_lazy("A comment")),
            (Kind.RUBRIC, gettext_lazy("A vote on a rubric’s levels")),
            (Kind.CHOICE, gettext_lazy("A vote on what comes first")),
        ],
    )
    heading = forms.CharField(
        label=gettext_lazy("Heading"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("May be left out for a rubric."),
    )
    rubric = forms.ChoiceField(label=gettext_lazy("Rubric"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Text, or what one can choose, one on a line"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"), min_value=0, max_value=600, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        content = pack()
        language = language_of(content)
        self.fields["rubric"].choices = [  # type: ignore[attr-defined]
            ("", "–"),
            *(
                (each.key, f"{each.number} {content.text(language, f'rubric.{each.key}.title')}")
                for each in content.rubrics_in_force
            ),
        ]

    def thing(self) -> Thing:
        """What was written, once it is valid."""
        given = self.cleaned_data
        kind, text = given["kind"], given["text"]
        options: tuple[str, ...] = ()
        heading = given["heading"]
        if kind == Kind.CHOICE:
            options = tuple(line.strip() for line in text.splitlines() if line.strip())
            text = ""
        if kind == Kind.RUBRIC and not heading:
            names = dict(self.fields["rubric"].choices)  # type: ignore[attr-defined]
            heading = str(names.get(given["rubric"], "")).strip("–")
        rubric = given["rubric"] if kind == Kind.RUBRIC else ""
        return Thing(kind, heading, text, given["minutes"] or 0, rubric=rubric, options=options)


class PictureItemForm(forms.Form):
    """A picture for the agenda: one of the unit's, or a new one with what it shows."""

    heading = forms.CharField(label=gettext_lazy("Heading"), max_length=300)
    picture = forms.ChoiceField(label=gettext_lazy("Picture"), required=False)
    file = forms.FileField(
        label=gettext_lazy("Or a new picture"),
        required=False,
        help_text=gettext_lazy("Ask people in it first."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )
    alt = forms.CharField(
        label=gettext_lazy("What the new picture shows"),
        max_length=LONGEST_ALT,
        required=False,
        help_text=gettext_lazy("Read aloud to those who do not see it."),
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"), min_value=0, max_value=600, required=False
    )

    def __init__(self, pictures: Sequence[Picture], *args: Any, **kwargs: Any) -> None:
        """pictures: to choose among."""
        super().__init__(*args, **kwargs)
        self.pictures = {str(each.id): each for each in pictures if each.alt}
        listed = [(key, each.alt) for key, each in self.pictures.items()]
        self.fields["picture"].choices = [("", "–"), *listed]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("file") and not given.get("picture"):
            self.add_error("picture", _("Choose a picture, or add one."))
        return given

    def thing(self, added: File | None) -> Thing:
        """What was written, once it is valid. added: the new picture, if there was one."""
        given = self.cleaned_data
        key = str(added.pk) if added else given["picture"]
        alt = added.alt if added else self.pictures[key].alt
        minutes = given["minutes"] or 0
        return Thing(Kind.PICTURE, given["heading"], minutes=minutes, picture=key, alt=alt)


class ItemChangeForm(forms.Form):
    """Other words for an item."""

    heading = forms.CharField(label=gettext_lazy("Heading"), max_length=300)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=0, max_value=600)


class PeopleForm(forms.Form):
    """Those to invite."""

    people = forms.CharField(
        label=gettext_lazy("Names and e-mail addresses"),
        max_length=20_000,
        help_text=gettext_lazy(
            "One on a line, or pasted from an e-mail: Liv Lærer &lt;liv@skole.no&gt;"
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of their letter"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]


class AnswersForm(forms.Form):
    """An answer that a calendar sent, as a file or pasted."""

    file = forms.FileField(
        label=gettext_lazy("Calendar file or e-mail"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,.eml,text/calendar"}),
    )
    pasted = forms.CharField(
        label=gettext_lazy("Or paste it here"),
        max_length=300_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("file") and not given.get("pasted"):
            raise forms.ValidationError(_("Choose a file, or paste what the calendar sent."))
        return given
