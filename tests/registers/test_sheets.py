"""Spreadsheets and text files with columns: read as rows, or refused in bounded time and memory."""

import io
import resource
import subprocess
import sys
import time
from contextlib import suppress
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st

from puls.registers import bounded, sheets
from puls.registers.refused import Refused, Why
from tests.registers.made import UNHURRIED
from tests.registers.spreadsheets import ROWS, raw_xlsx, saying_it_is, xlsx

TABLE = (("enhet", "Jeg trives", "Når"), ("Sang", "4", "12:30"), (), ("Blås å", "", "x"))
TEXT = 'enhet;Jeg trives;Når\nSang;4;12:30\n;;\n"Blås å";;x\n\n'


def why(data: bytes) -> Why:
    with pytest.raises(Refused) as caught:
        sheets.read("a", data)
    return caught.value.why


SHAPES = {
    "semicolons": TEXT.encode(),
    "commas": TEXT.replace(";", ",").encode(),
    "tabs": TEXT.replace(";", "\t").encode(),
    "bars": TEXT.replace(";", "|").encode(),
    "a byte order mark": TEXT.encode("utf-8-sig"),
    "Windows-1252": TEXT.encode("cp1252"),
    "UTF-16 with a mark": TEXT.encode("utf-16"),
    "UTF-16, little end first": TEXT.encode("utf-16-le"),
    "UTF-16, big end first": TEXT.encode("utf-16-be"),
    "as Excel says": f"sep=;\n{TEXT}".encode(),
    "Windows's line ends": TEXT.replace("\n", "\r\n").encode(),
    "an old Mac's line ends": TEXT.replace("\n", "\r").encode(),
    "blanks around": TEXT.replace(";", " ; ").replace('" ', '"').encode(),
    "a spreadsheet": xlsx(*TABLE),
    "behind a hidden sheet": xlsx(*TABLE, hidden_first=True),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_one_table_in_all_usual_shapes(shape: str) -> None:
    assert sheets.read("a", SHAPES[shape]).rows == TABLE


def test_cells_as_somebody_sees_them() -> None:
    """A formula is the value that was saved with it."""
    row = (1, 2.0, 2.5, True, "=1+2", " å ", "x" * 3000)
    assert sheets.read("a", xlsx(row)).rows == (("1", "2", "2.5", "True", "3", "å", "x" * 1000),)


def test_a_zero_byte_that_xlsx_can_write_is_a_blank() -> None:
    """No database has a place for one."""
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>Fiolin_x0000_A</t></is></c></row>'
    assert sheets.read("a", raw_xlsx(row)).rows == (("Fiolin A",),)


def test_days_and_times() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"})
    moments = [date(2026, 1, 2), datetime(2026, 1, 2, 3, 4)]  # noqa: DTZ001
    book.add_worksheet().write_row(0, 0, moments)
    book.close()
    assert sheets.read("a", out.getvalue()).rows == (("2026-01-02", "2026-01-02T03:04:00"),)


def test_a_formula_without_a_saved_value_is_nothing() -> None:
    row = '<row r="2"><c r="A2"><f>1+2</f></c><c r="B2"><f>1+2</f><v>7</v></c></row>'
    assert sheets.read("a", raw_xlsx(ROWS + row)).rows == (("unit",), ("", "7"))


@pytest.mark.parametrize(("data", "expected"), [
    (b"", Why.EMPTY),
    (b" \n \n", Why.EMPTY),
    (b";;\n;;\n", Why.EMPTY),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, Why.OLD_EXCEL),
    (b"\x1f\x8b\x08rest", Why.PACKED),
    (b"PK\x03\x04 broken", Why.BROKEN),
    (b"<html><table><tr><td>1</td></tr></table></html>", Why.HTML),
    (b"\xef\xbb\xbf <?xml version='1.0'?><a/>", Why.HTML),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Why.NO_TEXT),
    (b"a;b\n1;\x02\n", Why.NO_TEXT),
    (b"a;\x81\x8d\n", Why.ENCODING),
    (b"\xff\xfea", Why.ENCODING),
    (b'a;b\n1;"open\n2;3\n', Why.NOT_CSV),
    (b'a;b\n1;"x"y\n', Why.NOT_CSV),
    (xlsx(["a"])[:-200], Why.BROKEN),
])  # fmt: skip
def test_what_is_no_table_is_told_apart(data: bytes, expected: Why) -> None:
    assert why(data) == expected


def test_a_slip_in_csv_says_where() -> None:
    with pytest.raises(Refused, match=r"^a, line 2: a quotation mark is open or in the wrong"):
        sheets.read("a", b'a;b\n1;"x"y\n')


# What unfolds, or holds more than can be meant: refused, or read as the little that it is.
BOMBS: dict[str, tuple[bytes, Why | None]] = {
    "a zip that says it unfolds to gigabytes": (saying_it_is(2**31, xlsx(["a"])), Why.TOO_MUCH),
    "entities in entities": (
        raw_xlsx(
            '<row r="1"><c r="A1" t="inlineStr"><is><t>&i;</t></is></c></row>',
            before="<!DOCTYPE a ["
            + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise("abcdefghi"))
            + '<!ENTITY a "aaaaaaaaaa">]>',
        ),
        Why.BROKEN,
    ),
    "one cell in the last corner": (
        raw_xlsx(f'{ROWS}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), Why.TOO_MUCH,
    ),
    "a cell in the last row": (
        raw_xlsx(f'{ROWS}<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        Why.TOO_MANY_ROWS,
    ),
    "a cell in the last column": (
        raw_xlsx('<row r="1"><c r="XFD1"><v>1</v></c></row>'), Why.TOO_MANY_COLUMNS,
    ),
    "a million empty rows": (raw_xlsx(ROWS + "<row/>" * 1_000_000), None),
    "a million empty lines": (b"unit" + b"\n" * 1_000_000, None),
    "more lines than a sheet has": (b"unit" + b"\n" * 1_200_000, Why.TOO_MANY_ROWS),
    "a million columns": (b"unit" + b";" * 1_000_000, Why.TOO_MANY_COLUMNS),
    "as many rows as nobody has": (b"unit\n" * 100_001, Why.TOO_MANY_ROWS),
    "rows that are full": ((b"1;" * 1_999 + b"1\n") * 1_100, Why.TOO_MANY_CELLS),
    "a cell without end": (b'unit\n"' + b"a" * 300_000 + b'"\n', Why.NOT_CSV),
    "more than may be sent": (b"a;b\n" * 5_300_000, Why.TOO_LARGE),
}  # fmt: skip
SECONDS, MEGABYTES = 15, 900
IN_A_CHILD = f"""
import resource, sys
limit = {MEGABYTES} * 1024 * 1024
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
from puls.registers import sheets
from puls.registers.refused import Refused
for length in map(int, sys.argv[1:]):
    try:
        print(len(sheets.read("a", sys.stdin.buffer.read(length)).rows))
    except Refused as slip:
        print(slip.why)
"""


def test_bombs_are_refused_in_bounded_time_and_memory() -> None:
    """All one after the other by a process that may use no more than this."""
    texts = {name: each for name, each in BOMBS.items() if not each[0].startswith(b"PK")}
    done = subprocess.run(
        [sys.executable, "-c", IN_A_CHILD, *(str(len(data)) for data, _ in texts.values())],
        input=b"".join(data for data, _ in texts.values()), capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()[-500:]
    told = dict(zip(texts, done.stdout.decode().split(), strict=True))
    assert told == {name: expected or "1" for name, (_, expected) in texts.items()}


@pytest.mark.parametrize("name", [name for name, (data, _) in BOMBS.items() if data[:2] == b"PK"])
def test_spreadsheets_that_unfold_end_a_process_of_their_own_at_most(name: str) -> None:
    data, expected = BOMBS[name]
    began = time.monotonic()
    told = why(data) if expected else len(sheets.read("a", data).rows)
    assert told == (expected or 1)
    assert time.monotonic() - began < SECONDS * 2
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 2 * 1024 * 1024, "kilobytes"


@pytest.mark.long
def test_a_zip_that_lies_about_its_size() -> None:
    """Two gigabytes of blanks between two rows, of which its directory says that they are few."""
    bomb = raw_xlsx(ROWS + " " * 2_000_000_000)
    assert len(bomb) < sheets.MOST_BYTES
    assert why(saying_it_is(4096, bomb)) in (Why.TOO_MUCH, Why.BROKEN)


def test_the_process_that_reads_may_write_nothing_and_knows_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SECRET_KEY", "secret")
    module = tmp_path / "looks.py"
    module.write_text(
        "import json, os, sys\nfrom puls.registers import opened\nopened.limit()\n"
        "opened.write_nothing()\nsys.stdin.buffer.read()\n"
        "try:\n    with open('/dev/shm/puls-test', 'wb') as out: out.write(b'a')\n"
        "    wrote = True\n"
        "except OSError: wrote = False\n"
        "print(json.dumps({'env': sorted(os.environ), 'wrote': wrote}))"
    )
    run = subprocess.Popen

    def instead(command: list[str], **how: object) -> object:
        return run([command[0], "-I", str(module)], **how)  # type: ignore[call-overload]

    monkeypatch.setattr(bounded.subprocess, "Popen", instead)
    told = bounded.opened("a", "xlsx", b"PK", {})
    assert "SECRET_KEY" not in told["env"]
    assert told["wrote"] is False
    Path("/dev/shm/puls-test").unlink(missing_ok=True)


@pytest.mark.parametrize("does", [
    "raise SystemExit(3)",
    "import os; os.abort()",
    "import sys; sys.stdin.buffer.read(); sys.stdout.write('[' + '1,' * 60_000_000)",
    "import time; time.sleep(60)",
])  # fmt: skip
def test_whatever_becomes_of_that_process_there_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, does: str
) -> None:
    monkeypatch.setattr(bounded, "PATIENCE_SECONDS", 2)
    run = subprocess.Popen

    def instead(command: list[str], **how: object) -> object:
        return run([command[0], "-c", does], **how)  # type: ignore[call-overload]

    monkeypatch.setattr(bounded.subprocess, "Popen", instead)
    with pytest.raises(Refused, match="too much memory or time"):
        bounded.opened("a", "xlsx", b"PK" * 100_000, {})


@UNHURRIED
@given(st.binary(max_size=60))
@example(b"\xfe\xff\x00\x00")
@example(b"sep=")
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    if content.startswith(b"PK\x03\x04"):
        return
    with suppress(Refused):
        assert sheets.read("a", content).rows[-1][-1]
