"""The pages of the release gate: what leaders and owners are told and may do, without a script."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from puls.units import UnitTree
from tests.web.cast import Cast, LogIn
from tests.web.gated import SCHOOL, STUDENT, announce, release

YEAR = "2026-27"
TABLE = f"/hvor-er-vi/no-1149/{YEAR}/"
SCHOOLS = f"/hvor-er-vi/{SCHOOL}/{YEAR}/"


@pytest.fixture
def gated(places: UnitTree, cast: Cast) -> None:
    announce(cast.alice)
    release(places)


def move_of(page: str) -> str:
    """Where the first button of a gate leads."""
    found = re.search(r'action="(/vis-for-eier/\d+/)"', page)
    assert found, "no gate to move"
    return found.group(1)


@pytest.mark.usefixtures("gated")
def test_from_the_front_page_to_the_owner_and_no_way_back(cast: Cast, log_in: LogIn) -> None:
    bob, alice = log_in(cast.bob), log_in(cast.alice)
    front = bob.get("/").text
    assert "Bare skolen ser det. Åpnes senest" in front
    assert "Vis for eier" in front
    assert "4,0" in bob.get(SCHOOLS).text

    # The owner is told that there is something, and nothing of what.
    told = alice.get(SCHOOLS).text
    assert "Bare skolen ser det. Åpnes senest" in told
    assert "4,0" not in told
    assert "Se resultatene" not in alice.get("/").text
    assert "Bare skolen ser det" in alice.get("/vis-for-eier/").text

    answer = bob.post(move_of(front), follow=True)
    assert "Skoleeieren kan se resultatene fra nå av." in answer.text
    assert "Trekk tilbake" in answer.text
    assert "Vis for eier" not in bob.get("/").text

    # Reading that it is there is not looking at it.
    owners = alice.get("/").text
    assert "har vist Elevundersøkelse 2026–27 for dere" in owners
    assert f'href="{SCHOOLS}"' in owners
    assert "Trekk tilbake" in bob.get("/vis-for-eier/").text

    assert "4,0" in alice.get(SCHOOLS).text
    after = bob.get("/vis-for-eier/").text
    assert "Trekk tilbake" not in after
    refused = bob.post(move_of(answer.text), {"take_back": "1"}, follow=True)
    assert "kan ikke trekkes tilbake lenger" in refused.text
    assert "4,0" in alice.get(SCHOOLS).text


@pytest.mark.usefixtures("gated")
def test_taken_back_before_anybody_looked(cast: Cast, log_in: LogIn) -> None:
    bob, alice = log_in(cast.bob), log_in(cast.alice)
    there = move_of(bob.get("/").text)
    bob.post(there)
    assert "Bare skolen deres ser dem" in bob.post(there, {"take_back": "1"}, follow=True).text
    assert "har vist" not in alice.get("/").text
    assert "4,0" not in alice.get(SCHOOLS).text
    assert "Trukket tilbake. Åpnes senest" in alice.get(SCHOOLS).text


@pytest.mark.usefixtures("gated")
def test_no_page_and_no_file_gives_the_owner_what_is_behind_the_gate(
    cast: Cast, log_in: LogIn
) -> None:
    alice = log_in(cast.alice)
    for unit in ("no-1149", SCHOOL, f"{SCHOOL}.dans"):
        for address in (
            f"/hvor-er-vi/{unit}/{YEAR}/",
            f"/hvor-er-vi/{unit}/{YEAR}/?celle={unit}.{STUDENT}",
            f"/hvor-er-vi/{unit}/{YEAR}/fargetabell.csv",
            f"/hva-gjor-vi/{unit}/{YEAR}/",
        ):
            answer = alice.get(address)
            assert answer.status_code == 200, address
            assert "4,0" not in answer.text, address
            assert "på vei" not in re.sub(r"<(legend|dl|details).*?</\1>", "", answer.text,
                                          flags=re.S), address  # fmt: skip


@pytest.mark.usefixtures("gated")
@pytest.mark.parametrize(
    ("person", "may"), [("tom", False), ("alice", False), ("charlie", False), ("bob", True)]
)
def test_who_gets_the_button_and_whose_press_counts(
    person: str, may: bool, cast: Cast, log_in: LogIn
) -> None:
    there = move_of(log_in(cast.bob).get("/").text)
    other = log_in(getattr(cast, person))
    assert ("Vis for eier" in other.get("/").text) is may
    other.post(there)
    opened = "Vis for eier" not in log_in(cast.bob).get("/").text
    assert opened is may


def test_who_finds_the_page(cast: Cast, log_in: LogIn) -> None:
    for person, there in (("alice", 200), ("bob", 200), ("tom", 403), ("nora", 403)):
        assert log_in(getattr(cast, person)).get("/vis-for-eier/").status_code == there


def test_an_owner_announces_a_day_and_moves_it_later(cast: Cast, log_in: LogIn) -> None:
    alice = log_in(cast.alice)
    page = alice.get("/vis-for-eier/").text
    year = re.search(r'<option value="(\d+)"', page)
    assert year
    day = timezone.localdate() + timedelta(days=20)
    given = {"period": year.group(1), "day": day.isoformat()}
    told = alice.post("/vis-for-eier/", given, follow=True).text
    assert "Dagen er varslet" in told
    assert "skolene ser resultatene sine først, fram til" in told
    earlier = alice.post("/vis-for-eier/", given | {"day": timezone.localdate().isoformat()})
    assert "Dagen må være en som ikke har vært ennå" in earlier.text
    later = given | {"day": (day + timedelta(days=5)).isoformat()}
    assert "Dagen er varslet" in alice.post("/vis-for-eier/", later, follow=True).text
    assert "Varsle dagen" not in log_in(cast.bob).get("/vis-for-eier/").text
