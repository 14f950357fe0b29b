"""A merger reaches the units of an installation that is in use, without a new version of Puls."""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from puls.commands import fetching
from puls.content.countries import load_units
from puls.content.definitions import Classification, Pack
from puls.errors import ContentError, ImportFileError, PulsError
from puls.registers.fetching import Fetcher
from puls.units import UnitTree
from puls.web import packs
from puls.web.collect.models import ImportRecord
from puls.web.importing import bordering
from puls.web.importing.bordering import Followed, fetch_borders, import_borders
from puls.web.tenants.access import as_whole_tree
from puls.web.tenants.country import country_load
from puls.web.tenants.queries import unit_tree
from tests.registers.register_server import Pauses, Register, error, ok, serving

DAY = "2027-01-01"
Follow = Callable[..., Followed]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("PULS_DATA", str(folder))
    return folder


@pytest.fixture
def follow(places: UnitTree, data: Path, pack: Pack, tmp_path: Path) -> Follow:
    """Karmøy and Haugesund become Haugalandet, as KLASS would list it; or other changes."""
    assert country_load(pack, lambda _: None)

    def run(
        changes: list[tuple[str, str, str]] | None = None,
        codes: dict[str, str | None] | None = None,
        dry: bool = False,
    ) -> Followed:
        merged = [("1149", "1161", "Haugalandet"), ("1106", "1161", "Haugalandet")]
        rows = [
            {"oldCode": old, "oldName": "", "newCode": new, "newName": name,
             "changeOccurred": DAY}
            for old, new, name in (merged if changes is None else changes)
        ]  # fmt: skip
        after = {"1149": None, "1106": None, "1161": "Haugalandet"} if codes is None else codes
        written = tmp_path / "changes.json", tmp_path / "codes.json"
        written[0].write_text(json.dumps({"codeChanges": rows}))
        written[1].write_text(json.dumps({"codes": today(after)}))
        return import_borders(*written, pack, dry=dry)

    return run


def today(after: dict[str, str | None]) -> list[dict[str, Any]]:
    """Norway's codes as KLASS gives them; None for one that ends."""
    units = load_units("norway").units.values()
    now = {u.code: u.name for u in units if u.tier == "municipality" and u.valid_to is None}
    return [
        {
            "code": code,
            "name": after.get(code) or now[code],
            "validFromInRequestedRange": "2024-01-01" if code in now else DAY,
            "validToInRequestedRange": DAY if code in after and after[code] is None else None,
        }
        for code in now | after
    ]


def stored() -> UnitTree:
    with as_whole_tree("owner"):
        return unit_tree("owner")


def records() -> list[ImportRecord]:
    with as_whole_tree("assess"):
        return list(ImportRecord.objects.using("assess").filter(source="klass"))


def test_a_merger_reaches_database_and_pages(follow: Follow, data: Path) -> None:
    found = follow()
    assert sorted(found.learned) == [
        "1106 Haugesund ends on 2027-01-01, into 1161 Haugalandet",
        "1149 Karmøy ends on 2027-01-01, into 1161 Haugalandet",
        "1161 Haugalandet begins on 2027-01-01, out of Haugesund, Karmøy",
    ]
    assert set(found.touched) == {"karmoy-kulturskole", "haugesund-kulturskole"}
    tree = stored()
    assert tree["no-1149"].valid_to == date(2027, 1, 1)
    assert tree.path("no-1161") == "no/no-11/no-1161"
    assert tree.successor("no-1106", date(2027, 3, 1)) == "no-1161"
    assert packs.country_units()["no-1161"].name == "Haugalandet"
    (record,) = records()
    assert (record.licence, record.rows_in) == ("CC BY 4.0", 2)
    assert "1149 Karmøy ends" in record.label


def test_twice_changes_nothing(follow: Follow, data: Path) -> None:
    follow()
    kept = {file.name: file.read_bytes() for file in (data / "countries" / "norway").iterdir()}
    assert follow().news.is_empty
    after = {file.name: file.read_bytes() for file in (data / "countries" / "norway").iterdir()}
    assert after == kept
    assert set(kept) == {"units.csv", "changes.csv", "names.csv"}
    assert len(records()) == 1


def test_a_dry_run_says_all_and_keeps_nothing(follow: Follow, data: Path) -> None:
    found = follow(dry=True)
    assert len(found.learned) == 3
    assert found.record is None
    assert not (data / "countries").exists()
    assert "no-1161" not in stored()
    assert records() == []


def test_the_year_after_goes_on_from_there(follow: Follow, data: Path) -> None:
    follow()
    found = follow(
        [("1161", "1161", "Haugaland")], {"1149": None, "1106": None, "1161": "Haugaland"}
    )
    assert found.learned == ("1161 Haugalandet is called Haugaland",)
    assert stored()["no-1161"].name == packs.country_units()["no-1161"].name == "Haugaland"
    with (data / "countries" / "norway" / "names.csv").open() as file:
        assert list(csv.reader(file))[1:] == [["1161", "Haugalandet", "Haugaland"]]


def test_what_cannot_be_settled_leaves_everything_as_it_was(follow: Follow, data: Path) -> None:
    with pytest.raises(PulsError, match="no county has a code"):
        follow([("1149", "5701", "Karmøy")], {"1149": None, "5701": "Karmøy"})
    assert not (data / "countries").exists()


def test_an_accident_while_writing_is_made_good_by_the_next_import(
    follow: Follow, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall_over(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(bordering, "country_load", fall_over)
        with pytest.raises(KeyboardInterrupt):
            follow()
    assert "no-1161" not in stored()
    # Every command begins with reading the tables in.
    country_load(packs.pack(), lambda _: None)
    assert stored().successor("no-1106", date(2027, 3, 1)) == "no-1161"
    assert follow().news.is_empty


@pytest.mark.parametrize(
    ("name", "first"), [("units.csv", True), ("names.csv", True), ("changes.csv", False)]
)
def test_a_machine_that_dies_between_two_tables_leaves_what_can_be_read(
    name: str, first: bool, follow: Follow, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not first:
        follow([("1151", "1162", "Utsira nye")], {"1151": None, "1162": "Utsira nye"})
    real = bordering.replacing

    @contextmanager
    def dying(file: Path) -> Iterator[Path]:
        with real(file) as draft:
            yield draft
            if file.name == name:
                raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(bordering, "replacing", dying)
        with pytest.raises(KeyboardInterrupt):
            follow()
    country_load(pack, lambda _: None)
    follow()
    assert stored().successor("no-1106", date(2027, 3, 1)) == "no-1161"
    assert packs.country_units().successor("no-1106", date(2027, 3, 1)) == "no-1161"
    assert follow().news.is_empty


@pytest.fixture
def since(tmp_path: Path) -> Path:
    """What an installation has learned: Karmøy ends."""
    learned = {
        "units.csv": "code,name,tier,parent,valid_from,valid_to\n"
        "1161,Haugalandet,municipality,11,2027-01-01,\n"
        "1149,Karmøy,municipality,11,,2027-01-01\n",
        "changes.csv": "on,old,new\n2027-01-01,1149,1161\n",
        "names.csv": "code,before,now\n",
    }
    for name, text in learned.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_tables_of_a_later_version_may_know_it_too(since: Path) -> None:
    assert load_units("norway", since=since)["no-1149"].valid_to == date(2027, 1, 1)
    # What the country's own tables have ended stays ended, whatever was learned before.
    with (since / "units.csv").open("a") as file:
        file.write("1507,Ålesund,municipality,15,,2030-01-01\n")
    assert load_units("norway", since=since)["no-1507"].valid_to == date(2024, 1, 1)


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("names.csv", "code,before,now\n9876,A,B\n", "'9876' is unknown"),
        ("names.csv", "code,name\n", "the columns are code,name"),
        ("changes.csv", "on,old,new\n2027-01-01,1149,1149\n", "follows itself"),
    ],
)
def test_tables_that_were_spoilt_are_told(name: str, text: str, error: str, since: Path) -> None:
    (since / name).write_text(text)
    with pytest.raises(ContentError, match=error):
        load_units("norway", since=since)


@pytest.mark.parametrize(
    ("changes", "where", "problem"),
    [
        ({"codeChanges": [{"changeOccurred": "soon"}]}, "row 1, changeOccurred", "is no day"),
        ({"codeChanges": [{"changeOccurred": "2027-02-30"}]}, "row 1", "is no day"),
        ({"codeChanges": [{"changeOccurred": DAY}]}, "row 1, oldCode", "is empty"),
        ({"codeChanges": [{"changeOccurred": DAY, "oldCode": 5}]}, "row 1, oldCode", "no text"),
        ({"codeChanges": {}}, "", "no list 'codeChanges'"),
        ({"codes": []}, "", "no list 'codeChanges'"),
        ("on;old;new\n1;2;3\n", "row 1", "no column changeOccurred, oldCode, newCode"),
        ("", "", "empty"),
        ("<html>", "", "HTML"),
    ],
)
def test_wrong_files_are_refused(
    changes: object, where: str, problem: str, pack: Pack, data: Path, tmp_path: Path
) -> None:
    file = tmp_path / "changes"
    file.write_text(changes if isinstance(changes, str) else json.dumps(changes))
    with pytest.raises(ImportFileError) as caught:
        import_borders(file, file, pack)
    assert where in caught.value.where
    assert problem in caught.value.problem


# -------------------------------------------------------------------------------------------------
# Over the net

LISTS = "/classifications/131"
MERGED = [
    {"oldCode": old, "oldName": "", "newCode": "1161", "newName": "Haugalandet",
     "changeOccurred": DAY}
    for old in ("1149", "1106")
]  # fmt: skip
KNOWN = [
    {"oldCode": "1507", "oldName": "Ålesund", "newCode": "1508", "newName": "Ålesund",
     "changeOccurred": "2024-01-01"},
    {"oldCode": "1833", "oldName": "Rana", "newCode": "1833", "newName": "Rana - Raane",
     "changeOccurred": "2024-01-01"},
]  # fmt: skip


@pytest.fixture
def klass_server(
    places: UnitTree, data: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Register, Pack]]:
    country_load(pack, lambda _: None)
    after = {"1149": None, "1106": None, "1161": "Haugalandet"}
    replies = {
        f"{LISTS}/changes": [ok({"codeChanges": KNOWN + MERGED})],
        f"{LISTS}/codes": [ok({"codes": today(after)})],
        "/classifications/104/codes": [ok({"codes": []})],
    }
    with serving(replies) as server:
        where = Classification(server.address, "131", "104")
        here = replace(pack, country=replace(pack.country, classification=where), bindings=())
        pauses = Pauses()
        ask = Fetcher([server.address], None, pauses.sleep, pauses.clock)
        monkeypatch.setattr(packs, "pack", lambda: here)
        monkeypatch.setattr(fetching, "fetcher", lambda: ask)
        yield server, here


def test_borders_are_followed_over_the_net(klass_server: tuple[Register, Pack]) -> None:
    server, here = klass_server
    ask = fetching.fetcher()
    followed = fetch_borders(here, ask)
    assert followed is not None
    assert len(followed.learned) == 3
    assert server.asked[0][2] == {"from": ["2024-01-01"], "includeFuture": ["true"]}
    assert stored().successor("no-1106", date(2027, 3, 1)) == "no-1161"
    # Known, it is asked for no more: one question, and the codes stay where they are.
    asked = len(server.asked)
    assert fetch_borders(here, ask) is None
    assert server.paths()[asked:] == [f"{LISTS}/changes"]


def test_the_night_tells_and_leaves_following_to_people(
    klass_server: tuple[Register, Pack], capsys: pytest.CaptureFixture[str]
) -> None:
    server, _ = klass_server
    fetching.look_at_borders()
    said = capsys.readouterr().out
    assert "1149 Karmøy ends on 2027-01-01, into 1161 Haugalandet." in said
    assert "Follow it with: ./puls fetch borders" in said
    assert "no-1161" not in stored()
    server.replies[f"{LISTS}/changes"] = [error(503)]
    fetching.look_at_borders()
    assert "Mergers and names could not be looked up." in capsys.readouterr().out
