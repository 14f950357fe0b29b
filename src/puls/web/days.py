"""Days as forms take them: none so far away that reckoning with it leaves the calendar.

A page that shows a day of the year 9999 with the one after it could not be shown at all.
"""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)


def in_our_time(day: date) -> None:
    """ValidationError for a day that nobody here plans for."""
    if not FIRST <= day <= LAST:
        raise ValidationError(
            _("Choose a day between %(first)s and %(last)s.")
            % {"first": FIRST.year, "last": LAST.year}
        )


def workday(day: date) -> date:
    """The day itself, or the Monday after where it is of a weekend: nobody begins on a Sunday."""
    return day + timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)


class DayField(forms.DateField):
    """A day, of our time."""

    default_validators = [in_our_time]


def day_field(label: Any, **kwargs: Any) -> DayField:
    """A day of our time, by the calendar of the browser. kwargs: as any field takes them."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return DayField(label=label, widget=widget, **kwargs)
