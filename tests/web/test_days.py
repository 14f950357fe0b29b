"""A day that nobody plans for breaks no page, least of all one that others share."""

from datetime import date
from typing import Any

import pytest

from puls.web.days import workday
from puls.web.meet import room
from puls.web.meet.models import Line, Meeting
from puls.web.tenants.access import as_reach
from tests.web.cast import Cast, LogIn, reach_for
from tests.web.meet.conftest import planned

SCHOOL = "karmoy-kulturskole"
# A form, what it sends with the far day, and the page that shows what it keeps.
FAR: list[tuple[str, dict[str, str], str]] = [
    ("/arshjul/", {"add": "1", "title": "Alltid", "on": "2026-01-01", "yearly": "on"}, "until"),
    ("/moter/nytt/", {"title": "Aldri", "time": "23:00", "minutes": "60"}, "day"),
    (f"/tiltak/{SCHOOL}/nytt/", {"what": "En gang", "agreed": "1"}, "due"),
    (f"/tiltak/{SCHOOL}/nytt/", {"what": "Før", "agreed": "1"}, "starts"),
    (f"/prosesser/{SCHOOL}/ny/", {"title": "Lenge"}, "first_day"),
]
SHOWN = ["/arshjul/", "/moter/", f"/tiltak/{SCHOOL}/?vis=tidslinje", f"/hva-gjor-vi/{SCHOOL}/"]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
@pytest.mark.parametrize(("address", "given", "field"), FAR)
def test_a_far_day_is_told_where_it_is_written(
    address: str, given: dict[str, str], field: str, day: str, cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    answer = bob.post(address, {**given, field: day})
    assert answer.status_code == 200
    assert "1990" in answer.text
    for page in SHOWN:
        assert bob.get(page).status_code == 200


@pytest.mark.parametrize(
    "given",
    [
        {"phase": "alone", "minutes": "²"},
        {"phase": "alone", "minutes": "9" * 5000},
        {"line": "action", "text": "Noe", "due": "9999-12-31"},
        {"line": "action", "text": "Noe", "due": "2026-99-99"},
    ],
)
def test_odd_numbers_and_days_in_a_meeting_are_none(
    given: dict[str, Any], cast: Cast, log_in: LogIn
) -> None:
    meeting, bob = planned(cast.bob), reach_for(cast.bob)
    with as_reach(bob):
        room.room_open(bob, meeting.pk)
    assert log_in(cast.bob).post(f"/moter/{meeting.pk}/lede/", given).status_code == 302
    with as_reach(bob):
        assert Meeting.objects.get(pk=meeting.pk).phase_until is None
        assert not Line.objects.filter(due__isnull=False).exists()


def test_a_release_with_an_endless_number_is_none(cast: Cast, log_in: LogIn) -> None:
    answer = log_in(cast.bob).get(f"/moter/nytt/?per={'9' * 5000}")
    assert answer.status_code == 200


# A day and the day on which something begins that nobody chose a day for.
BEGINS = [
    ("2026-11-27", "2026-11-27"),  # a Friday
    ("2026-11-28", "2026-11-30"),
    ("2026-11-29", "2026-11-30"),
    ("2026-11-30", "2026-11-30"),
]


@pytest.mark.parametrize(("today", "begins"), BEGINS)
def test_nothing_begins_on_a_weekend_by_itself(today: str, begins: str) -> None:
    assert workday(date.fromisoformat(today)).isoformat() == begins
