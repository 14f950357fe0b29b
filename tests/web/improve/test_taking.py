"""Picked cells taken into a process that runs, and the files of a step."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from puls.units import UnitTree
from puls.web.assess.models import Release
from puls.web.improve import services
from puls.web.media.services import attachment_add
from puls.web.tenants.models import Membership, Unit
from tests.web.cast import Cast, LogIn
from tests.web.improve.workshop import SCHOOL, acting, begin, line, titles, write
from tests.web.media.uploads import upload
from tests.web.see import world
from tests.web.see.world import FEEDBACK, WELLBEING

NEW = reverse("improve:new", args=[SCHOOL])
TAKE = reverse("improve:take_in", args=[SCHOOL])
CELLS = f"{SCHOOL}.{FEEDBACK},{SCHOOL}.{WELLBEING}"


@pytest.fixture
def released(places: UnitTree, cast: Cast) -> Release:
    return world.release(places)


@pytest.fixture
def bob(cast: Cast, log_in: LogIn) -> Client:
    return log_in(cast.bob)


def running(who: Membership) -> UUID:
    key = begin(who)
    with acting(who) as reach:
        services.improvement_move(reach, key, "under_way", "Bob")
    return key


def tied(who: Membership, key: UUID) -> list[list[str]]:
    return [[tie.indicator for tie in step.tied] for step in line(who, key)]


WHERE: list[tuple[dict[str, str], list[list[str]]]] = [
    ({"forste": "1"}, [[FEEDBACK, WELLBEING], [], []]),
    ({"nytt": "1"}, [[], [FEEDBACK, WELLBEING], [], []]),
]


@pytest.mark.parametrize(("where", "expected"), WHERE)
def test_cells_go_into_a_process_that_runs(
    where: dict[str, str], expected: list[list[str]], bob: Client, cast: Cast, released: Release
) -> None:
    key = running(cast.bob)
    assert f'<option value="{key}">' in bob.get(NEW, {"valgt": CELLS}).text
    for _again in range(2 if "forste" in where else 1):
        answer: Any = bob.post(TAKE, {"valgt": CELLS, "prosess": key, **where}, follow=True)
        assert "Det står nå i" in answer.text
    assert tied(cast.bob, key) == expected
    if "nytt" in where:
        assert titles(cast.bob, key)[1] == "Hva vet vi?", "behind the step the team is at"


def test_only_into_those_under_way_and_only_what_can_be_shown(
    bob: Client, cast: Cast, log_in: LogIn, released: Release
) -> None:
    planned, key = begin(cast.bob), running(cast.bob)
    assert f'<option value="{planned}">' not in bob.get(NEW, {"valgt": CELLS}).text
    assert "Legg det til" not in bob.get(NEW).text, "nothing was picked"
    hidden = f"{SCHOOL}.dans.{FEEDBACK}"
    for sent in ({"prosess": planned, "valgt": CELLS}, {"prosess": key, "valgt": hidden},
                 {"prosess": "x", "valgt": CELLS}):  # fmt: skip
        answer = bob.post(TAKE, sent, follow=True)
        assert 'class="notice error"' in answer.content.decode()
    sent = {"prosess": key, "valgt": CELLS}
    assert log_in(cast.alice).post(TAKE, sent).status_code == 403
    assert tied(cast.bob, key) == tied(cast.bob, planned) == [[], [], []]


def test_a_step_lists_the_files_its_texts_link_to(bob: Client, cast: Cast) -> None:
    key = begin(cast.bob)
    know, problem, _think = line(cast.bob, key)
    with acting(cast.bob) as reach:
        unit = Unit.objects.get(key=SCHOOL)
        plan, other = (
            attachment_add(reach, unit, upload(b"%PDF-1.7", name), "Bob").pk
            for name in ("Årsplan.pdf", "Annet.pdf")
        )
    write(cast.bob, know.pk, know, comments=f"See [the plan](/fil/{plan}).")
    page = bob.get(reverse("improve:improvement", args=[key])).text
    listed = f'<a href="/fil/{plan}" download>Årsplan.pdf</a>'
    assert page.count(listed) == 1
    assert str(other) not in page
    assert listed in bob.get(reverse("improve:step", args=[key, know.pk])).text
    assert listed not in bob.get(reverse("improve:step", args=[key, problem.pk])).text
