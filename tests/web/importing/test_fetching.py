"""Registers over the net, into the store: once for each change, and never at the night's cost."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from puls.commands import fetching as command
from puls.commands import nightly
from puls.content.definitions import Pack
from puls.errors import PulsError, SetupError
from puls.registers import udir_pages
from puls.registers.fetching import Fetcher
from puls.web import environment
from puls.web.collect.models import Figure, ImportRecord
from puls.web.importing.fetching import Fetched, fetch_all, tables
from puls.web.importing.registers import import_register
from puls.web.tenants.access import as_whole_tree
from tests.registers.made import udir
from tests.registers.register_server import Pauses, Register, error, ok, serving
from tests.shared_data import shared
from tests.web.inputs import kostra_file

Traces = Callable[[], dict[str, int]]
TABLE = "/tables/13135"
SHARES = {"EAK": 14.0, "1149": 12.5, "1106": None, "EKG01": 3.0}
MARCH, JUNE = "2026-03-15T07:00:00Z", "2026-06-15T06:00:00Z"

pytestmark = pytest.mark.usefixtures("places")


def replies(folder: Path, updated: str, shares: dict[str, float | None]) -> dict[str, list[object]]:
    content = json.loads(kostra_file(folder, shares, updated).read_text())
    asked = {code: share for code, share in shares.items() if code != "EKG01"}
    data = kostra_file(folder, asked, updated).read_bytes()
    return {
        TABLE: [ok({"id": "13135", "updated": updated})],
        f"{TABLE}/metadata": [ok(content | {"value": [], "status": {}})],
        "/config": [ok({"maxDataCells": 800_000})],
        f"{TABLE}/data": [ok(data)],
    }


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with serving(replies(tmp_path, MARCH, SHARES)) as server:  # type: ignore[arg-type]
        yield server


@pytest.fixture
def here(pack: Pack, register: Register) -> Pack:
    """The pack, with its sources on this machine."""
    moved = tuple(
        replace(each, address=register.address) if each.address else each for each in pack.bindings
    )
    return replace(pack, bindings=moved)


@pytest.fixture
def fetch(here: Pack, register: Register) -> Callable[..., list[Fetched]]:
    def run(only: str = "13135", dry: bool = False) -> list[Fetched]:
        pauses = Pauses()
        ask = Fetcher([register.address], None, pauses.sleep, pauses.clock)
        return list(fetch_all(here, ask, only, dry))

    return run


def test_a_table_comes_in_as_from_a_file(
    fetch: Callable[..., list[Fetched]], tmp_path: Path, pack: Pack, traces: Traces
) -> None:
    (found,) = fetch()
    assert found.problem == ""
    assert found.imported is not None
    assert found.imported.stored == 3
    record = found.imported.record
    assert (record.source, record.table, record.is_synthetic) == ("kostra", "13135", False)
    with as_whole_tree("assess"):
        rows = {f.unit_id: (f.value, f.provisional) for f in Figure.objects.using("assess").all()}
    assert rows == {"no": (14.0, True), "no-1149": (12.5, True), "no-1106": (None, False)}
    # The same from a file: what was fetched and what is read is one and the same.
    file = kostra_file(tmp_path, SHARES, MARCH)
    assert import_register("ssb", file, pack).difference.same == 3  # type: ignore[union-attr]


def test_what_has_not_changed_is_not_fetched_again(
    fetch: Callable[..., list[Fetched]], register: Register, tmp_path: Path, traces: Traces
) -> None:
    fetch()
    before, asked = traces(), len(register.asked)
    (found,) = fetch()
    assert found.imported is None
    assert f"{found.unchanged_since:%Y-%m-%d}" == "2026-03-15"
    assert register.paths()[asked:] == [TABLE]
    assert traces() == before

    final = replies(tmp_path, JUNE, SHARES | {"1106": 9.0})
    register.replies.update(final)  # type: ignore[arg-type]
    (found,) = fetch()
    assert found.imported is not None
    # Final in June: what was provisional is not any more.
    assert found.imported.difference.changed == 3  # type: ignore[union-attr]


def test_a_dry_run_fetches_and_keeps_nothing(
    fetch: Callable[..., list[Fetched]], traces: Traces
) -> None:
    (found,) = fetch(dry=True)
    assert found.imported is not None
    assert (found.imported.dry, found.imported.stored) == (True, 3)
    assert set(traces().values()) == {0}


def test_made_up_figures_do_not_keep_real_ones_away(
    fetch: Callable[..., list[Fetched]], tmp_path: Path, pack: Pack
) -> None:
    import_register("ssb", kostra_file(tmp_path, SHARES, JUNE), pack, synthetic=True)
    assert fetch()[0].imported is not None


def test_a_table_that_cannot_be_fetched_stops_no_other(
    fetch: Callable[..., list[Fetched]], register: Register
) -> None:
    register.replies["/tables/12060"] = [error(404, {"title": "Non-existent table"})]
    found = {each.table: each for each in fetch("")}
    assert set(found) == {"13135", "12060", "GSI 1/8"}
    assert "'Non-existent table'" in found["12060"].problem
    assert "'Non-existent table'" in found["GSI 1/8"].problem
    assert found["13135"].imported is not None


def test_a_table_that_changes_while_it_is_fetched_is_left_for_tomorrow(
    fetch: Callable[..., list[Fetched]], register: Register, tmp_path: Path, traces: Traces
) -> None:
    register.replies["/config"] = [ok({"maxDataCells": 2})]
    parts = [({"EAK": 14.0, "1149": 12.5}, MARCH), ({"1106": None}, JUNE)]
    register.replies[f"{TABLE}/data"] = [
        ok(kostra_file(tmp_path, shares, day).read_bytes()) for shares, day in parts
    ]
    (found,) = fetch()
    assert "was changed while it was being fetched" in found.problem
    assert set(traces().values()) == {0}


def test_a_table_nobody_bound_is_said(fetch: Callable[..., list[Fetched]]) -> None:
    with pytest.raises(PulsError, match=r"table '99999' with an address: .*13135, 12060"):
        fetch("99999")


def test_only_tables_that_can_be_asked_for_are_fetched(pack: Pack) -> None:
    assert set(tables(pack)) == {("kostra", "13135"), ("kostra", "12060"), ("gsi", "GSI 1/8")}


PAGE, SHOWN = "/rest/v1/Rapportside/GSK_Elev_Skol", "/rest/v1/Statistikk/GSK/GSI/1/8/data"


def page(year: int = 202510, endpoint: str = SHOWN[1:], **more: object) -> dict[str, object]:
    """As Udir tells of a report page."""
    choices: dict[str, object] = {"EnhetID": [-12], "TidID": [year], "KjoennID": [-10]}
    return {
        "rappside": {
            "kode": "GSK_Elev_Skol",
            "filterDefaultVerdier": choices | more,
            "rapportElementer": [{"dataEndepunkt": endpoint}],
        }
    }


def pupils(year: str, number: str) -> dict[str, object]:
    rows = [("Karmøy", "1149", "1.1.1", [number, "*"]), ("Svalbard", "2100", "1.9.1", ["1", "1"])]
    return udir(rows, [(year, 2)], [("Antall elever", 1), ("Antall skoler", 1)])


def test_a_table_of_udir_is_fetched_once_for_each_year_and_version(
    fetch: Callable[..., list[Fetched]], register: Register
) -> None:
    register.replies |= {PAGE: [ok(page())], SHOWN: [ok(pupils("2025-26", "5 400"))]}
    (found,) = fetch("GSI 1/8")
    assert found.problem == ""
    assert found.imported is not None
    assert found.imported.stored == 2
    assert register.asked[-1][2] == {
        "filter": ["KjoennID(-10)_TidID(202510)"], "radSti": ["-12.*.*"],
        "inkluderKoder": ["true"],
    }  # fmt: skip
    asked = len(register.asked)
    (found,) = fetch("GSI 1/8")
    assert (found.imported, found.problem) == (None, "")
    assert register.paths()[asked:] == [PAGE]

    newer = SHOWN.replace("/8/", "/9/")
    register.replies |= {PAGE: [ok(page(202610, newer[1:]))]}
    register.replies |= {newer: [ok(pupils("2026-27", "5 500"))]}
    (found,) = fetch("GSI 1/8")
    assert found.imported is not None
    assert found.imported.difference.new == 2  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({}, "does not say where its data are"),
        ([], "does not say where its data are"),
        (page(endpoint="https://evil.example/data"), "does not say where its data are"),
        (page(endpoint="rest/v1/Statistikk/../../admin/data"), "does not say where"),
        (page(TrinnID="all"), "choice 'TrinnID' is odd"),
        (page(**{"a&b": [1]}), "choice 'a&b' is odd"),
    ],
)
def test_a_page_that_tells_something_else_is_refused(
    told: object, problem: str, fetch: Callable[..., list[Fetched]], register: Register
) -> None:
    register.replies[PAGE] = [ok(told)]
    (found,) = fetch("GSI 1/8")
    assert problem in found.problem
    assert register.paths() == [PAGE]


def test_the_real_page_of_udir(tmp_path: Path) -> None:
    told = shared("gsi_nsr/udir_uss_rapportside_GSK_Elev_Skol.json").read_bytes()
    with serving({PAGE: [ok(told)]}) as server:
        ask = Fetcher([server.address])
        shown = udir_pages.page(ask, server.address, "GSK_Elev_Skol", tmp_path)
    assert shown.address == f"{server.address}{SHOWN}"
    assert shown.query["filter"] == (
        "KjoennID(-10)_KommunalitetID(-10)_SpoersmaalID(1_2_3_5)_TidID(202510)_TrinnID(-10)"
    )


class TestTheNight:
    def test_asks_nobody_as_long_as_no_host_is_named(
        self, settings: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(command, "fetch", lambda: pytest.fail("somebody was asked"))
        assert settings.PULS_FETCH == ()  # type: ignore[attr-defined]
        nightly.registers()

    def test_says_that_a_register_is_down_and_goes_on(
        self, here: Pack, register: Register, settings: pytest.FixtureRequest,
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    ) -> None:  # fmt: skip
        settings.PULS_FETCH = (register.address,)  # type: ignore[attr-defined]
        monkeypatch.setattr("puls.web.packs.pack", lambda: here)
        pauses = Pauses()
        ask = Fetcher([register.address], None, pauses.sleep, pauses.clock)
        monkeypatch.setattr(command, "fetcher", lambda: ask)
        register.replies[TABLE] = [error(503)]
        nightly.registers()
        said = capsys.readouterr().out
        assert "kostra 13135 was not fetched" in said
        assert "3 could not be fetched; tried again tomorrow night" in said
        with as_whole_tree("assess"):
            assert not ImportRecord.objects.using("assess").exists()


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("", ()),
        (" https://data.ssb.no , https://data-nsr.udir.no/",
         ("https://data.ssb.no", "https://data-nsr.udir.no")),
        ("http://127.0.0.1:8001", ("http://127.0.0.1:8001",)),
        ("http://data.ssb.no", None),
        ("data.ssb.no", None),
    ],
)  # fmt: skip
def test_hosts_are_named_in_the_settings(value: str, found: tuple[str, ...] | None) -> None:
    if found is None:
        with pytest.raises(SetupError, match="PULS_FETCH"):
            environment.origins("PULS_FETCH", value)
    else:
        assert environment.origins("PULS_FETCH", value) == found
