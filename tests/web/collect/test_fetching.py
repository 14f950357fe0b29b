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
from puls.registers.fetching import Fetcher
from puls.web import environment
from puls.web.collect.fetching import Fetched, fetch_all, tables
from puls.web.collect.importing import import_register
from puls.web.collect.models import Figure, ImportRecord
from puls.web.tenants.access import as_whole_tree
from tests.registers.register_server import Pauses, Register, error, ok, serving
from tests.web.collect.inputs import kostra_file

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
    assert set(found) == {"13135", "12060"}
    assert "'Non-existent table'" in found["12060"].problem
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
    with pytest.raises(PulsError, match="table '99999' with an address: 13135, 12060"):
        fetch("99999")


def test_only_tables_with_a_number_and_an_address_are_fetched(pack: Pack) -> None:
    assert set(tables(pack)) == {("kostra", "13135"), ("kostra", "12060")}


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
        monkeypatch.setattr("time.sleep", lambda _: None)
        register.replies[TABLE] = [error(503)]
        nightly.registers()
        said = capsys.readouterr().out
        assert "kostra 13135 was not fetched" in said
        assert "2 could not be fetched; tried again tomorrow night" in said
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
