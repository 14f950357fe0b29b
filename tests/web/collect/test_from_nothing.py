"""An installation with nothing in it, walked by its first user as the commands are typed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from puls.cells import Status
from puls.commands import imports, releases, rounds, tenants, units
from puls.content.definitions import Pack
from puls.web.assess.queries import cells
from puls.web.collect.folders import Folders
from puls.web.tenants.access import as_reach
from puls.web.tenants.country import country_load
from tests.web.cast import add_person, reach_for
from tests.web.collect.test_commands import Typed, _typing
from tests.web.inputs import PERIOD, answers_file, kostra_file, student

SCHOOL = "karmoy-kulturskole"


@pytest.fixture
def typed(
    db: None,
    pack: Pack,
    folders: Folders,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Typed]:
    """Runs a command on an empty database, which each opens as the real one is opened."""

    def opened(_: object) -> Path:
        country_load(pack, lambda _: None)
        return folders.data

    for module in (imports, releases, rounds, tenants, units):
        monkeypatch.setattr(module, "open_data", opened)
    with translation.override("en"):
        yield _typing(capsys)


def test_from_an_administration_to_released_cells(typed: Typed, tmp_path: Path, pack: Pack) -> None:
    def right(*words: object) -> str:
        code, out, err = typed(*words)
        assert code == 0, err
        return out

    right("tenant", "add", "no-1149")
    out = right("unit", "add", "Karmøy kulturskole", "--under", "no-1149", "--partner", "no-1106")
    assert out == (
        "Karmøy kulturskole is a school of Karmøy now, run together with no-1106. "
        f"Its key: {SCHOOL}\n"
    )
    for name in ("Musikk", "Dans"):
        right("unit", "add", name, "--under", SCHOOL, "--tier", "department")
    listed = [line.split()[0] for line in right("unit", "list", "no-1149").splitlines()]
    assert listed == ["no-1149", SCHOOL, f"{SCHOOL}.dans", f"{SCHOOL}.musikk"]
    assert "with no-1106" in right("unit", "list", SCHOOL)

    groups = {f"{SCHOOL}.musikk": 8, f"{SCHOOL}.dans": 6}
    file = answers_file(tmp_path, student(pack), groups)
    asked = ("--survey", "student", "--period", "2025-26", "--unit", "no-1149")
    right("import", "answers", file, *asked)
    assert "2025-26, no-1149: 40 shown." in right("seal", f"student-{PERIOD}-no-1149")

    right("tenant", "add", "no-1106")
    alice, partner = add_person("alice", "no-1149", "owner"), add_person("per", "no-1106", "owner")
    for reader in (reach_for(alice), reach_for(partner)):
        with as_reach(reader):
            found = cells([SCHOOL, *groups], PERIOD)
        assert len(found) == 30
        assert {cell.status for cell in found} == {Status.SHOWN}


def test_what_is_wrong_with_a_unit_is_one_sentence(typed: Typed) -> None:
    typed("tenant", "add", "no-1149")
    for words, sentence in [
        (("unit", "add", "Ny", "--under", "nowhere"), "See the keys with: ./puls unit list"),
        (("unit", "add", "Ny", "--under", "no-1106"), "Haugesund has no place in Puls yet."),
        (("unit", "add", "Ny", "--under", "no-11"), "can be added below Rogaland"),
        (("unit", "add", "Ny", "--under", "no-1149", "--tier", "department"), "lies a school"),
        (("unit", "add", "Ny", "--under", "no-1149", "--partner", "x"), "“x” cannot be a partner"),
        (("unit", "list", "nowhere"), "There is no unit 'nowhere'"),
        (("import", "list", "--refused", "7"), "There is no import 7."),
    ]:
        code, out, err = typed(*words)
        assert (code, out) == (1, ""), words
        assert sentence in err


def test_the_countrys_residents_and_the_list_of_imports(typed: Typed) -> None:
    assert typed("import", "list")[1].startswith("Nothing has been imported yet.")
    code, out, _ = typed("import", "population")
    assert code == 0
    assert out.endswith("0 left out.\nNext: ./puls release\n")
    assert "Nothing changed." in typed("import", "population")[1]
    (line,) = typed("import", "list")[1].splitlines()
    assert "population population.csv, population.csv, CC BY 4.0: 4,284 rows read, 0 left" in line
    refused = typed("import", "list", "--refused", line.split()[0])[1]
    assert refused == "population.csv: 0 of 4,284 left out.\n"


def test_what_an_import_left_out_is_told_with_its_reasons(typed: Typed, tmp_path: Path) -> None:
    typed("import", "ssb", kostra_file(tmp_path, {"1149": 12.5, "EKG01": 1.0}))
    (line,) = typed("import", "list")[1].splitlines()
    assert "kostra 13135, kostra.json" in line
    assert line.endswith("2 rows read, 1 left out")
    _, out, _ = typed("import", "list", "--refused", line.split()[0])
    assert out == (
        "kostra.json: 1 of 2 left out.\n  EKG01 EKG01: KOSTRA group of municipalities, not a unit\n"
    )
