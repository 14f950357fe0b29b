"""A country's tables grow: mergers, new units and names reach an installation that is in use."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from puls.content.definitions import Pack
from puls.errors import SetupError
from puls.units import UnitTree
from puls.web.tenants.access import as_whole_tree
from puls.web.tenants.country import country_load
from puls.web.tenants.queries import unit_tree
from tests.web.inputs import PACKS, foreign

MERGED = """code,name,tier,parent,valid_from,valid_to
0,Corail,country,,,
NO,Île du Grand Nord,island,0,,
ON,Île d’Onde,island,0,2020-02-01,2027-02-01
OR,Île d’Or,island,0,2027-02-01,
"""
Load = Callable[[], bool]


@pytest.fixture
def corail(tmp_path: Path) -> Pack:
    """The island state, with tables of its own that a test may change."""
    shutil.copytree(PACKS / "countries" / "corail", tmp_path / "countries" / "corail")
    return replace(foreign(), folder=tmp_path / "maison_musique")


@pytest.fixture
def load(db: None, corail: Pack) -> Load:
    return lambda: country_load(corail, lambda _: None)


def loaded() -> UnitTree:
    with as_whole_tree("owner"):
        return unit_tree("owner")


def write(corail: Pack, units: str, changes: str) -> None:
    folder = corail.folder.parent / "countries" / "corail"
    (folder / "units.csv").write_text(units)
    (folder / "changes.csv").write_text("on,old,new\n" + changes)


def test_a_merger_reaches_the_units_there_are(load: Load, corail: Pack) -> None:
    assert load()
    assert loaded()["co-ON"].valid_to is None
    write(corail, MERGED, "2027-02-01,ON,OR\n")
    assert load()
    tree = loaded()
    assert tree["co-ON"].valid_to == date(2027, 2, 1)
    assert tree["co-NO"].name == "Île du Grand Nord"
    assert tree.successor("co-ON", date(2027, 3, 1)) == "co-OR"


def test_tables_that_are_known_are_not_read_again(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load()
    monkeypatch.setattr("puls.web.tenants.country.units_load", None)
    assert not load()


def test_a_unit_that_is_left_out_of_the_tables_stays(load: Load, corail: Pack) -> None:
    load()
    write(corail, "\n".join(MERGED.splitlines()[:3]) + "\n", "")
    assert load()
    assert "co-ON" in loaded()


def test_a_unit_never_moves(load: Load, corail: Pack) -> None:
    load()
    moved = MERGED.replace("ON,Île d’Onde,island,0", "ON,Île d’Onde,school,NO")
    write(corail, moved, "")
    with pytest.raises(SetupError, match="A unit never moves"):
        load()
    assert loaded()["co-NO"].name == "Île du Nord", "nothing of it was kept"
