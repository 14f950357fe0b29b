"""PxWebApi 2: what is asked, in which pieces, and that the pieces make the whole table."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from puls.content.countries import load_units
from puls.content.loading import load_pack
from puls.errors import ImportFileError
from puls.registers import pxweb, ssb
from puls.registers.fetching import Fetcher, FetchError
from puls.registers.files import read_json
from puls.registers.tables import together
from tests.registers.made import TREE, binding, jsonstat
from tests.registers.register_server import Pauses, Register, Reply, error, ok, serving
from tests.shared_data import shared

ROWS = {
    "Region": ["EAK", "EKA01", "0101", "0102", "0103", "EKG01"],
    "Kind": ["all", "own"],
    "ContentsCode": ["A", "B", "S"],
    "Tid": ["2019", "2020", "2021"],
}
CELLS = {"A": "pupils", "S": "share"}
FIXED = binding(fixed={"Kind": "all"}, cells=CELLS)
PATH = "/tables/00001"


def number_of(codes: Mapping[str, str]) -> int:
    """A number for each combination of categories, the same in every answer."""
    return sum(
        10**place * (ROWS[name].index(code) + 1) for place, (name, code) in enumerate(codes.items())
    )


def table(selection: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    values = [
        number_of(dict(zip(selection, each, strict=True))) for each in product(*selection.values())
    ]
    return jsonstat(selection, values)


def register(most: int = 800_000, **more: Reply) -> dict[str, Sequence[Reply]]:
    """A server with one table that answers what it is asked for, unlike a recording."""

    def data(handler: Any) -> None:
        _, _, query, question = handler_register[0].asked[-1]
        if question is None:
            asked = {
                name[11:-1]: codes[0].split(",")
                for name, codes in query.items()
                if name.startswith("valuecodes")
            }
        else:
            asked = {row["variableCode"]: row["valueCodes"] for row in question["selection"]}
        cells = prod(map(len, asked.values()))
        body = json.dumps(table(asked) if cells <= most else {"title": "Too many cells selected"})
        handler.send_response(200 if cells <= most else 400)
        handler.send_header("content-length", str(len(body)))
        handler.send_header("x-ratelimit-remaining", "9")
        handler.end_headers()
        handler.wfile.write(body.encode())

    described = jsonstat(ROWS, [])
    return {
        PATH: [ok({"id": "00001", "updated": "2026-03-15T07:00:00Z"})],
        f"{PATH}/metadata": [more.get("metadata", ok(described))],
        "/config": [ok({"apiVersion": "2.3.2", "maxDataCells": most})],
        f"{PATH}/data": [more.get("data", data)],
    } | {path: [reply] for path, reply in more.items() if path.startswith("/")}


handler_register: list[Register] = []


@pytest.fixture
def fetched(tmp_path: Path) -> Iterator[Any]:
    """Fetch the table from such a server; gives the files and the server."""

    def fetch(
        replies: Mapping[str, Sequence[Reply]], bound: Any = FIXED
    ) -> tuple[list[Path], Register]:
        with serving(replies) as server:
            handler_register[:] = [server]
            pauses = Pauses()
            ask = Fetcher([server.address], None, pauses.sleep, pauses.clock)
            return pxweb.fetch(ask, server.address, [bound], TREE, tmp_path), server

    yield fetch
    handler_register.clear()


def test_what_is_bound_is_asked_for_and_nothing_else(fetched: Any, tmp_path: Path) -> None:
    (file,), server = fetched(register())
    assert server.paths() == [f"{PATH}/metadata", "/config", f"{PATH}/data"]
    method, _, query, _ = server.asked[-1]
    assert method == "GET"
    assert query == {
        "outputFormat": ["json-stat2"],
        "valuecodes[Region]": ["EAK,EKA01,0101,0102,0103"],
        "valuecodes[Kind]": ["all"],
        "valuecodes[ContentsCode]": ["A,S"],
        "valuecodes[Tid]": ["2019,2020,2021"],
    }
    assert [each.name for each in tmp_path.iterdir()] == [file.name]
    read = ssb.read(file, [FIXED], TREE)
    assert {figure.indicator for figure in read.figures} == {"pupils", "share"}


@pytest.mark.parametrize("most", [1, 2, 5, 7, 29, 30])
def test_pieces_make_the_same_figures_as_the_whole(fetched: Any, most: int) -> None:
    whole, _ = fetched(register())
    expected = ssb.read(whole[0], [FIXED], TREE)
    files, _ = fetched(register(most))
    assert len(files) >= 30 / most
    read = together([ssb.read(file, [FIXED], TREE) for file in files])
    key = lambda figure: (figure.indicator, figure.unit, figure.period)  # noqa: E731
    assert sorted(read.figures, key=key) == sorted(expected.figures, key=key)
    assert read.rows_in == expected.rows_in == 30
    assert {k: set(v) for k, v in read.selection.items()} == {
        k: set(v) for k, v in expected.selection.items()
    }


SELECTIONS = st.dictionaries(
    st.sampled_from("ABCD"), st.integers(1, 9).map(lambda n: "123456789"[:n]), min_size=1
)


@given(SELECTIONS, st.integers(1, 200))
def test_every_cell_is_in_one_piece_and_no_piece_is_too_large(
    selection: dict[str, str], most: int
) -> None:
    found = list(pxweb.pieces(selection, most))
    assert all(prod(map(len, piece.values())) <= most for piece in found)
    cells = [cell for piece in found for cell in product(*piece.values())]
    assert sorted(cells) == sorted(product(*selection.values()))


def test_the_largest_table_takes_no_more_pieces_than_it_must() -> None:
    """800,000 cells, and empty ones count: 900 regions x 40 x 100 years are five questions."""
    codes = [str(each) for each in range(900)]
    selection = {"Region": codes, "A": codes[:40], "Tid": codes[:100]}
    assert len(list(pxweb.pieces(selection, pxweb.MOST_CELLS))) == 5


def test_a_table_in_too_many_pieces_is_not_asked_for(
    fetched: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hostile server says maxDataCells 1, and its table would be asked for until next week."""
    assert 100 <= pxweb.MOST_PIECES <= 1_000
    monkeypatch.setattr(pxweb, "MOST_PIECES", 29)
    with pytest.raises(FetchError, match=r"more than 29 questions.* 1 cells .*maxDataCells"):
        fetched(register(1))
    (server,) = handler_register
    assert f"{PATH}/data" not in server.paths()
    monkeypatch.setattr(pxweb, "MOST_PIECES", 30)
    assert len(fetched(register(1))[0]) == 30


def test_a_long_question_is_posted_and_a_short_one_is_not() -> None:
    for number in (1, 200, 300, 320, 330, 340, 350, 360, 400, 900):
        codes = [f"{each:04}" for each in range(number)]
        address, question = pxweb.asked("https://data.ssb.no/x", {"Region": codes})
        sent = str(httpx.URL(address))
        if question is None:
            assert len(sent) <= 2_100
        else:
            assert sent == "https://data.ssb.no/x?outputFormat=json-stat2"
            assert question == {"selection": [{"variableCode": "Region", "valueCodes": codes}]}
        assert (question is None) == (number < 380)


@pytest.mark.parametrize("code", ["a,b", "top(1)", "*", "å", "a b", "a&b=c", "[x]", "#"])
def test_codes_that_an_address_would_misread_are_posted(code: str) -> None:
    _, question = pxweb.asked("https://data.ssb.no/x", {"Region": [code]})
    assert question == {"selection": [{"variableCode": "Region", "valueCodes": [code]}]}


def test_a_code_twice_is_never_asked_for() -> None:
    with pytest.raises(FetchError, match="a code of Region stands twice"):
        pxweb.asked("https://data.ssb.no/x", {"Region": ["0101", "0101"]})


REFUSED = [
    ("unknown table", {"metadata": error(404, {"title": "Non-existent table"})},
     FetchError, "'Non-existent table'"),
    ("a page", {"metadata": ok(b"<html>")}, FetchError, "a page"),
    ("no table", {"metadata": ok({"x": 1})}, ImportFileError, "no JSON-stat table"),
    ("a new region", {"metadata": ok(jsonstat(ROWS | {"Region": ["0199"]}, []))},
     ImportFileError, "'0199'.*bring the units up to date"),
    ("other contents", {"metadata": ok(jsonstat(ROWS | {"ContentsCode": ["C"]}, []))},
     ImportFileError, "one of A, S"),
    ("another kind", {"metadata": ok(jsonstat(ROWS | {"Kind": ["x", "y"]}, []))},
     ImportFileError, "dimension Kind"),
    ("the question is wrong", {"data": error(400, {"title": "Non-existent value"})},
     FetchError, "'Non-existent value'"),
    ("broken for good", {"data": error(500)}, FetchError, "without a word why .4 attempts"),
]  # fmt: skip


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case[0])
def test_what_is_refused(fetched: Any, case: Any) -> None:
    _, replies, kind, sentence = case
    with pytest.raises(kind, match=sentence):
        fetched(register(**replies))


@pytest.mark.parametrize("key", ["codelists", "codeLists"])
def test_a_dimension_can_be_told_by_a_code_list(fetched: Any, key: str) -> None:
    described = jsonstat(ROWS, [])
    described["dimension"]["Region"]["extension"] = {key: [{"id": "vs_Now", "label": "Now"}]}
    values = [{"code": "0103", "label": "Nes"}, {"code": "EAK", "label": "All"}]
    bound = binding(fixed={"Kind": "all"}, cells=CELLS, codelists={"Region": "vs_Now"})
    replies = register(
        metadata=ok(described), **{"/codelists/vs_Now": ok({"id": "vs_Now", "values": values})}
    )
    (file,), server = fetched(replies, bound)
    query = server.asked[-1][2]
    assert query["valuecodes[Region]"] == ["0103,EAK"]
    assert query["codelist[Region]"] == ["vs_Now"]
    assert {figure.unit for figure in ssb.read(file, [bound], TREE).figures} == {"x", "x-0103"}
    other = binding(fixed={"Kind": "all"}, cells=CELLS, codelists={"Region": "vs_Then"})
    with pytest.raises(FetchError, match="no code list 'vs_Then', but vs_Now"):
        fetched(replies, other)


@pytest.mark.parametrize(
    ("said", "moment"),
    [("2026-03-15T07:00:00Z", "2026-03-15 07:00:00+00:00"), ("2026-03-15T07:00:00",
     "2026-03-15 07:00:00+00:00"), ("yesterday", "None"), (5, "None"), (None, "None")],
)  # fmt: skip
def test_when_a_table_was_changed(said: object, moment: str, tmp_path: Path) -> None:
    with serving({PATH: [ok({"updated": said})]}) as server:
        ask = Fetcher([server.address])
        assert str(pxweb.updated(ask, server.address, "00001", tmp_path)) == moment


# -------------------------------------------------------------------------------------------------
# What Statistics Norway really answers


@pytest.mark.parametrize("version", ["2.0.0", "2.3.2_2026-08-30"])
def test_the_real_configurations(version: str, tmp_path: Path) -> None:
    body = (shared("ssb_jsonstat") / f"ssb_v2_config_apiVersion{version}.json").read_bytes()
    with serving({"/config": [ok(body)]}) as server:
        assert pxweb.most_cells(Fetcher([server.address]), server.address, tmp_path) == 800_000


def test_the_real_description_of_a_table(tmp_path: Path) -> None:
    folder = shared("ssb_jsonstat")
    body = (folder / "ssb_v2_table_05810_en.json").read_bytes()
    with serving({"/tables/05810": [ok(body)]}) as server:
        moment = pxweb.updated(Fetcher([server.address]), server.address, "05810", tmp_path)
    assert str(moment) == "2025-02-25 07:00:00+00:00"
    described = read_json(folder / "ssb_v2_metadata_05810_en.json", "", "")
    assert pxweb.offered(described, "Kjonn") == ()


def test_the_real_regions_of_kostra_are_all_asked_for(tmp_path: Path) -> None:
    """All but groups of municipalities and Svalbard, so long that it must be posted."""
    old = read_json(
        shared("ssb_jsonstat") / "ssb_v1_metadata_KOSTRA_areal_formaalsbygg.json", "", ""
    )
    regions = next(each for each in old["variables"] if "region" in each["code"])["values"]
    pack, norway = load_pack("kulturskole"), load_units("norway")
    bound = [each for each in pack.bindings if each.table == "13135"]
    content = jsonstat(
        {
            "KOKkommuneregion0000": regions,
            "ContentsCode": ["KOSmusikkandelba0000"],
            "Tid": ["2024", "2025"],
        },
        [],
        label="13135: Kultur",
        extension={},
    )
    with serving(
        {
            "/tables/13135/metadata": [ok(content)],
            "/config": [ok({})],
            "/tables/13135/data": [ok(content)],
        }
    ) as server:
        ask = Fetcher([server.address])
        pxweb.fetch(ask, server.address, bound, norway, tmp_path)
        method, _, _, question = server.asked[-1]
    assert method == "POST"
    asked = question["selection"][0]["valueCodes"]
    assert set(regions) - set(asked) == {"EAKUO", "2111", *(f"EKG{n:02}" for n in range(1, 17))}
