"""The row of similar municipalities: who has it, what it says, and that it is no unit."""

import csv
import io

import pytest

from puls.units import UnitTree
from tests.web.cast import Cast, LogIn
from tests.web.see import world
from tests.web.see.world import FEEDBACK, SCHOOL, WELLBEING

YEAR = "2025-26"
GROUPS = [
    {
        "units": ["no-1106", "no-1149", "x1", "x2", "x3", "x4", "x5"],
        "smallest": 4100.0,
        "largest": 5900.0,
        "shown": {
            FEEDBACK: {"value": 3.8, "low": 3.7, "high": 3.9, "count": 6},
            WELLBEING: {"value": 4.2, "low": 4.1, "high": 4.4, "count": 7},
        },
    },
    {"units": ["no-4601"], "smallest": 30_000.0, "largest": 30_000.0, "shown": {}},
]
ROW = "Liknende kommuner"
PART = {"Puls-Part": "forklaring"}


@pytest.fixture
def released(places: UnitTree, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(world.FINDINGS, "similar", GROUPS)
    world.release(places)


@pytest.mark.parametrize(
    ("who", "unit", "has"),
    [
        ("bob", SCHOOL, True),
        ("bob", f"{SCHOOL}.dans", True),
        ("alice", "no-1149", True),
        ("frida", "no-1149", True),
        # Nothing is shown of Bergen's group; a county or the country has none.
        ("charlie", "no-4601", False),
        ("frida", "no-11", False),
        ("nora", "no", False),
    ],
)
def test_who_has_the_row(
    who: str, unit: str, has: bool, released: None, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(getattr(cast, who)).get(f"/hvor-er-vi/{unit}/{YEAR}/").text
    assert (ROW in page) == has


def test_a_cell_says_what_it_is(released: None, cast: Cast, log_in: LogIn) -> None:
    bob = log_in(cast.bob)
    page = f"/hvor-er-vi/{SCHOOL}/{YEAR}/"
    told = " ".join(bob.get(f"{page}?celle=liknende.{FEEDBACK}", headers=PART).text.split())
    assert "3,8 er den midterste av 6 kommuner" in told
    assert "med 4 100 til 5 900 barn" in told
    assert "Halvparten av dem ligger mellom 3,7 og 3,9." in told
    assert "på vei" in told
    assert "anslaget" not in told
    # The half lies on both sides of a cut point: no colour.
    told = bob.get(f"{page}?celle=liknende.{WELLBEING}", headers=PART).text
    assert "usikkert" in told
    # Of what is not told there is no number, and that is said.
    told = bob.get(f"{page}?celle=liknende.student_creativity", headers=PART).text
    assert "Færre enn fem av kommunene" in told


def test_it_is_no_unit(released: None, cast: Cast, log_in: LogIn) -> None:
    bob = log_in(cast.bob)
    assert bob.get(f"/hvor-er-vi/liknende/{YEAR}/").status_code == 404
    assert bob.get(f"/utvikling/liknende/{FEEDBACK}/").status_code == 404
    page = bob.get(f"/hvor-er-vi/{SCHOOL}/{YEAR}/").text
    assert "/hvor-er-vi/liknende/" not in page


def test_it_goes_along_in_files_and_to_meetings(released: None, cast: Cast, log_in: LogIn) -> None:
    bob = log_in(cast.bob)
    text = bob.get(f"/hvor-er-vi/{SCHOOL}/{YEAR}/fargetabell.csv").content.decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text), delimiter=";") if ROW in row.values()]
    assert any("den midterste av 6" in row["Forklaring"] for row in rows)
    assert bob.get(f"/hvor-er-vi/{SCHOOL}/{YEAR}/hvor-er-vi.pdf").content.startswith(b"%PDF")
    sheet = bob.get(f"/hva-gjor-vi/{SCHOOL}/{YEAR}/?valgt=liknende.{FEEDBACK}").text
    assert "den midterste av 6" in sheet
    assert bob.get(f"/hvor-er-vi/{SCHOOL}/{YEAR}/ar-for-ar/").status_code == 200


def test_it_is_what_the_release_said_that_the_page_is_of(
    places: UnitTree, cast: Cast, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(world.FINDINGS, "similar", GROUPS)
    first = world.release(places, answers=False)
    world.release(places)
    bob = log_in(cast.bob)
    assert ROW in bob.get(f"/hvor-er-vi/{SCHOOL}/{YEAR}/").text
    assert ROW not in bob.get(f"/hvor-er-vi/{SCHOOL}/{YEAR}/?per={first.pk}").text
