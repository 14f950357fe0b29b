"""The national register reaches the units: in one step, once, and never half."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from puls.content.definitions import Pack
from puls.errors import ImportFileError, PulsError
from puls.registers import nsr
from puls.units import UnitTree
from puls.web.collect.folders import Folders
from puls.web.collect.models import ImportRecord
from puls.web.importing import schooling
from puls.web.importing.answers import import_answers
from puls.web.importing.schooling import Taken, import_schools
from puls.web.tenants.access import as_whole_tree
from puls.web.tenants.models import Unit
from puls.web.tenants.queries import unit_tree
from tests.web.inputs import DANCE, MUSIC, answers_file, student

TODAY = date(2026, 11, 1)
Take = Callable[..., Taken]


def unit(number: int, name: str, place: str = "1149", **more: Any) -> dict[str, Any]:
    """As version 4 of the interface gives it."""
    return {
        "Organisasjonsnummer": str(number),
        "Navn": name,
        "Kommune": {"Kommunenummer": place, "Navn": ""},
        "Naeringskoder": [{"Prioritet": 1, "Kode": "85.521"}],
        "Skolekategorier": [],
        "Utgaattype": {"Id": "A"},
        "ErAktiv": True,
        "DatoEndret": "2026-09-13T01:05:43.46+02:00",
        **more,
    }


KARMOY = unit(900000001, "Karmøy kulturskole")
NEW = unit(900000005, "Haugalandet kulturskole")
CLOSED = unit(
    900000001, "Karmøy kulturskole", ErAktiv=False, Utgaattype={"Id": "F"},
    UtgaattDato="2026-08-01T00:00:00+02:00",
)  # fmt: skip


@pytest.fixture
def take(places: UnitTree, pack: Pack, tmp_path: Path) -> Take:
    def run(*units: dict[str, Any], **more: Any) -> Taken:
        file = tmp_path / "nsr.json"
        file.write_text(json.dumps({"Sidenummer": 1, "EnhetListe": list(units)}))
        return import_schools(file, pack, TODAY, **more)

    return run


def stored() -> UnitTree:
    with as_whole_tree("owner"):
        return unit_tree("owner")


def records() -> list[ImportRecord]:
    with as_whole_tree("assess"):
        return list(ImportRecord.objects.using("assess").filter(source="nsr").order_by("id"))


def test_schools_are_numbered_added_renamed_and_merged(take: Take) -> None:
    assert take(KARMOY).told == ("Karmøy kulturskole has the number 900000001",)
    assert stored()["karmoy-kulturskole"].code == "900000001"
    assert take(KARMOY).steps.is_empty

    renamed = KARMOY | {"Navn": "Kulturskolen på Karmøy"}
    assert take(renamed).told == ("Karmøy kulturskole is called Kulturskolen på Karmøy",)

    into = {"900000001": "900000005"}
    found = take(CLOSED, NEW, into=into)
    assert found.told == (
        "Haugalandet kulturskole (900000005) is new in Karmøy",
        "Kulturskolen på Karmøy is closed from 2026-08-01 on, into Haugalandet kulturskole",
    )
    tree = stored()
    made = tree["haugalandet-kulturskole"]
    assert (made.code, made.parent) == ("900000005", "no-1149")
    assert tree["karmoy-kulturskole"].valid_to == date(2026, 8, 1)
    assert tree["karmoy-kulturskole.dans"].valid_to == date(2026, 8, 1)
    assert tree.successor("karmoy-kulturskole", TODAY) == "haugalandet-kulturskole"
    assert take(CLOSED, NEW, into=into).steps.is_empty
    assert [(each.rows_in, each.licence) for each in records()] == [(1, "NLOD")] * 2 + [(2, "NLOD")]


def test_departments_follow_their_likes(take: Take, places: UnitTree) -> None:
    haugesund = unit(900000002, "Haugesund kulturskole", "1106")
    take(KARMOY, haugesund)
    take(CLOSED, haugesund, into={"900000001": "900000002"})
    tree = stored()
    assert tree.successor("karmoy-kulturskole.musikk", TODAY) == "haugesund-kulturskole.musikk"
    assert tree.successor("karmoy-kulturskole.dans", TODAY) is None


def test_a_name_that_no_unit_can_have_is_refused_with_its_place(take: Take) -> None:
    most = Unit._meta.get_field("name").max_length
    assert most == nsr.LONGEST_NAME
    assert len(take(KARMOY, NEW | {"Navn": "Å" * most}, dry=True).told) == 2
    expected = r"unit 2 \(900000005\), Navn: 'Å{40}…' has 201 letters.*at most 200 letters"
    with pytest.raises(ImportFileError, match=expected):
        take(KARMOY, NEW | {"Navn": "Å" * (most + 1)})
    assert records() == []


def test_a_dry_run_says_all_and_keeps_nothing(take: Take) -> None:
    before = stored().units
    found = take(KARMOY, NEW, dry=True)
    assert len(found.told) == 2
    assert found.record is None
    assert stored().units == before
    assert records() == []


def test_an_accident_leaves_nothing(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall_over(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    before = stored().units
    monkeypatch.setattr(schooling, "operator", fall_over)
    with pytest.raises(KeyboardInterrupt):
        take(KARMOY, NEW)
    assert stored().units == before
    assert records() == []


def test_a_school_that_is_being_asked_stays_open(
    take: Take, pack: Pack, folders: Folders, tmp_path: Path
) -> None:
    take(KARMOY)
    file = answers_file(tmp_path, student(pack), {MUSIC: 6, DANCE: 5})
    import_answers(file, "student", 2026, "no-1149", pack, folders)
    found = take(CLOSED)
    assert found.steps.is_empty
    assert "a round there is not sealed yet" in found.steps.left[0][1]


def test_the_owners_municipality_counts_where_it_is_known(take: Take, tmp_path: Path) -> None:
    owners = tmp_path / "owners.csv"
    owners.write_bytes('"sourceCode";"targetCode"\n"964000001";"1106"\n'.encode("latin-1"))
    relation = {
        "Enhet": {"Organisasjonsnummer": "964000001", "Navn": "Haugesund kommune"},
        "Relasjonstype": {"Id": "1", "Navn": "Eierstruktur"},
    }
    take(NEW | {"ForeldreRelasjoner": [relation]}, owners=owners)
    assert stored()["haugalandet-kulturskole"].parent == "no-1106"


@pytest.mark.parametrize(
    ("into", "sentence"),
    [
        ({"900000001": "1"}, "no school has the number 1"),
        ({"900000001": "900000001"}, "not merged into itself"),
    ],
)
def test_mergers_that_cannot_be(into: dict[str, str], sentence: str, take: Take) -> None:
    with pytest.raises(PulsError, match=sentence):
        take(CLOSED, into=into)


@pytest.mark.parametrize(
    ("units", "where", "problem"),
    [
        ([KARMOY | {"ErAktiv": "yes"}], "unit 1 (900000001), ErAktiv", "neither true nor false"),
        ([KARMOY | {"Navn": None}], "unit 1 (900000001), Navn", "missing"),
        ([KARMOY | {"Organisasjonsnummer": "12 34"}], "unit 1", "'12 34' is no number"),
        ([KARMOY | {"Kommune": None}], "Kommune", "missing"),
        ([KARMOY | {"Naeringskoder": 5}], "Naeringskoder", "is no list"),
        ([KARMOY | {"DatoEndret": "soon"}], "DatoEndret", "is no time"),
        ([KARMOY, KARMOY], "unit 2 (900000001", "unit 1 has the same number"),
        ([5], "unit 1", "object"),
        ([], "", "no list of units"),
    ],
)  # fmt: skip
def test_wrong_files_are_refused(units: list[Any], where: str, problem: str, take: Take) -> None:
    with pytest.raises(ImportFileError) as caught:
        take(*units)
    assert where in caught.value.where
    assert problem in caught.value.problem
    assert records() == []
