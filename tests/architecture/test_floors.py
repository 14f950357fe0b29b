"""Imports only go down, and there is one door. A second, plain reading of what the contracts in
pyproject.toml say, so that a contract that is loosened or mistyped is noticed."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from launch.steps import ROOT

PULS = ROOT / "src" / "puls"
BELOW_DJANGO = (
    "analysis",
    "cells.py",
    "content",
    "documents",
    "errors.py",
    "figures.py",
    "periods.py",
    "registers",
    "units.py",
    "views",
)
BEHIND_THE_DOOR = (
    "puls.analysis.tallies",
    "puls.analysis.scoring",
    "puls.analysis.patterns",
    "puls.analysis.engines",
    "puls.registers.answers",
    "puls.web.collect",
    "puls.web.importing",
    "puls.web.releasing",
)


def sources(room: str) -> Iterator[Path]:
    place = PULS / room
    yield from [place] if place.suffix else sorted(place.rglob("*.py"))


def imported(source: str) -> Iterator[str]:
    """Dotted names that a source text imports, with what it takes from them."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full here"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def reaches(source: str, forbidden: tuple[str, ...]) -> list[str]:
    inside = tuple(f"{name}." for name in forbidden)
    return [name for name in imported(source) if f"{name}.".startswith(inside)]


@pytest.mark.parametrize("room", BELOW_DJANGO)
def test_django_stops_at_the_web(room: str) -> None:
    for file in sources(room):
        assert reaches(file.read_text(), ("django", "puls.web", "puls.cli", "puls.commands")) == []


@pytest.mark.parametrize("room", ["views", "documents", "web/see"])
def test_pages_and_pictures_are_made_from_releases_only(room: str) -> None:
    for file in sources(room):
        assert reaches(file.read_text(), BEHIND_THE_DOOR) == [], file


MUTANTS = (
    "import puls.analysis.tallies",
    "from puls.analysis import tallies",
    "from puls.analysis.scoring import tally_answers",
    "def late():\n    from puls.web.collect.models import Answer",
    "import puls.web.collect.queries as harmless",
    "from puls.web.importing.answers import bring_in",
    "from puls.web.releasing import parts",
    "from puls.analysis.patterns import counts",
    "from puls.registers import answers",
)


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_way_around_the_door_is_seen(mutant: str) -> None:
    assert reaches(mutant, BEHIND_THE_DOOR)


def test_neighbours_of_what_is_forbidden_are_not() -> None:
    assert not reaches("from puls.analysis.tallies_of_old import x", BEHIND_THE_DOOR)


@pytest.fixture
def contracts() -> dict[str, dict[str, list[str]]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return {contract["id"]: contract for contract in settings["contracts"]}


def test_no_room_is_left_out_of_the_contracts(contracts: dict[str, dict[str, list[str]]]) -> None:
    floors = " ".join(contracts["floors"]["layers"]).replace("(", "").replace(")", "").split()
    rooms = {f"puls.{entry.stem}" for entry in PULS.glob("[a-z]*") if entry.name != "packs"}
    stacked = {floor for floor in floors if floor not in (":", "|")}
    apps = {f"puls.web.{entry.parent.name}" for entry in PULS.glob("web/*/__init__.py")}
    assert (rooms - {"puls.web"}) | apps <= stacked
    below = {f"puls.{room.removesuffix('.py')}" for room in BELOW_DJANGO}
    assert below == set(contracts["django"]["source_modules"])


def test_no_contract_has_an_exception(contracts: dict[str, dict[str, list[str]]]) -> None:
    assert not [name for name, contract in contracts.items() if "ignore_imports" in contract]


@pytest.mark.parametrize("room", ["analysis", "views", "documents"])
def test_the_middle_reads_no_clock(room: str) -> None:
    clocks = ("datetime.now", "date.today", "time.time", "utcnow", "timezone.now")
    for file in sources(room):
        assert not [clock for clock in clocks if f"{clock}(" in file.read_text()], file


def test_the_door_is_closed_alike_in_both(contracts: dict[str, dict[str, list[str]]]) -> None:
    assert set(contracts["door"]["forbidden_modules"]) == set(BEHIND_THE_DOOR)


def test_pages_ask_the_door_and_not_its_tables() -> None:
    for file in sources("web/see"):
        assert reaches(file.read_text(), ("puls.web.assess.models",)) == [], file
