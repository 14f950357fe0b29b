"""The year wheel: what is due when, from all that the reader sees. Called within a reach."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from puls.content.definitions import Pack
from puls.web.actions import queries as actions
from puls.web.assess import gates
from puls.web.improve import queries as improve
from puls.web.improve.states import State as ImproveState
from puls.web.meet import queries as meet
from puls.web.meet.states import State as MeetState
from puls.web.mine.models import Entry
from puls.web.tenants.access import Reach


@dataclass(frozen=True, slots=True)
class Due:
    """Something on the wheel, on its next day in the year that is looked at.

    key: of what it is, the same each time. kind: "own", "pack", "meeting", "action", "step" or
        "gate". until: the last day, or None. href: its page, or "".
    entry: its row, where it was put on by hand. part_of: what it belongs to, or "".
    """

    key: str
    kind: str
    on: date
    title: str
    until: date | None = None
    yearly: bool = False
    href: str = ""
    entry: Entry | None = None
    part_of: str = ""

    @property
    def whole_title(self) -> str:
        """What it is, for those who see it alone."""
        return f"{self.part_of}: {self.title}" if self.part_of else self.title


def due(by: Reach, first: date, last: date, content: Pack, language: str) -> list[Due]:
    """All that lies between two days, in order; what comes each year on its day of that time."""
    every = [
        *_fixed(content, language, first, last),
        *_entries(first, last),
        *_meetings(),
        *_actions(by),
        *_steps(by),
        *_gates(by),
    ]
    within = [each for each in every if each.on <= last and (each.until or each.on) >= first]
    return sorted(within, key=lambda each: (each.on, each.title))


def on_its_day(day: date, first: date, last: date) -> date | None:
    """A day of each year as it falls between two days, or None. 29 February is the 28th else."""
    for year in range(first.year, last.year + 1):
        try:
            found = day.replace(year=year)
        except ValueError:
            found = day.replace(year=year, day=28)
        if first <= found <= last:
            return found
    return None


def _fixed(content: Pack, language: str, first: date, last: date) -> Iterator[Due]:
    for key, (month, day) in content.year_wheel.items():
        on = on_its_day(date(first.year, month, day), first, last)
        if on is not None:
            title = content.text(language, f"wheel.{key}.name")
            yield Due(f"pack-{key}", "pack", on, title, yearly=True)


def _entries(first: date, last: date) -> Iterator[Due]:
    for row in Entry.objects.all():
        on = on_its_day(row.on, first, last) if row.yearly else row.on
        if on is not None:
            until = on + (row.until - row.on) if row.until else None
            yield Due(f"entry-{row.pk}", "own", on, row.title, until, row.yearly, entry=row)


def _meetings() -> Iterator[Due]:
    for row in meet.meetings():
        if row.state != MeetState.CANCELLED:
            on = timezone.localtime(row.starts).date()
            title = _("Meeting: %(title)s") % {"title": row.title}
            href = reverse("meet:meeting", args=[row.pk])
            yield Due(f"meeting-{row.pk}", "meeting", on, title, href=href)


def _actions(by: Reach) -> Iterator[Due]:
    for each in actions.actions(by.unit, below=True):
        if each.is_open and each.due:
            title = _("Due: %(what)s") % {"what": each.what}
            href = reverse("actions:action", args=[each.unit, each.id])
            yield Due(f"action-{each.id}", "action", each.due, title, href=href)


def _steps(by: Reach) -> Iterator[Due]:
    for row in improve.improvements(by.unit):
        if row.state not in (ImproveState.PLANNED, ImproveState.UNDER_WAY):
            continue
        for step in improve.steps(row.pk):
            if step.starts:
                href = reverse("improve:step", args=[row.pk, step.pk])
                key, until = f"step-{step.pk}", step.ends
                yield Due(key, "step", step.starts, step.title, until, href=href, part_of=row.title)


def _gates(by: Reach) -> Iterator[Due]:
    for period, opens in gates.announcements(by.tenant_key).items():
        on = timezone.localtime(opens).date()
        yield Due(f"gate-{period}", "gate", on, _("Results open to the owner"))
