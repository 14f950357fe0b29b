"""Which files are refused

A file that is not what it should be stops with the place in it, what was expected and the next
step. Nothing of it is used.
"""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from puls.errors import ImportFileError
from puls.registers import gsi, jsonstat
from tests.registers.made import jsonstat as table
from tests.registers.made import udir, written

DIMENSIONS = {"Region": ["0101", "0102"], "Tid": ["2017", "2018"]}
GOOD = table(DIMENSIONS, [1, 2, 3, 4])
TEXT = json.dumps(GOOD, indent=1)


def changed(*path: str, to: object) -> dict[str, Any]:
    """GOOD with one part exchanged."""
    content: dict[str, Any] = json.loads(TEXT)
    part = content
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = to
    return content


REGION = ("dimension", "Region", "category")

# what it is, the file, where the error points, what it says
ANY_JSON = [
    ("empty", b"", "", "the file is empty"),
    ("only blanks", b" \n\n", "", "the file is empty"),
    ("cut off in a list", TEXT[: TEXT.index("3,")], "line", "it was cut off"),
    ("cut off in a text", TEXT[: TEXT.index("Made up") + 2], "line", "it was cut off"),
    ("a page", "<!DOCTYPE html><html><body>404</body></html>", "line 1", "HTML"),
    ("a page after blanks", "\n\n  <html>", "line 1", "HTML"),
    ("packed", gzip.compress(TEXT.encode()), "byte 1", "gzip"),
    ("a spreadsheet", b"PK\x03\x04rest", "byte 1", "spreadsheet"),
    ("Latin-1", TEXT.replace("Made up", "Øst").encode("latin-1"), "line 4, byte", "not UTF-8"),
    ("UTF-16", TEXT.encode("utf-16"), "byte 1", "UTF-16"),
    ("UTF-16 without a mark", TEXT.encode("utf-16-le"), "line 1", "zero byte"),
    ("not JSON", "label;value", "line 1, column 1", "not JSON"),
    ("NaN", TEXT.replace("3,", "NaN,"), "", "NaN is no number"),
    ("Infinity", TEXT.replace("3,", "-Infinity,"), "", "-Infinity is no number"),
    ("a key twice", '{"class": "dataset", "class": "dataset"}', "", "'class' stands twice"),
    ("endless brackets", "[" * 100_000, "", "brackets inside brackets"),
    ("endless digits", "[" + "9" * 5000 + "]", "", "a number of 5,000 digits"),
    ("half a letter", '{"label": "\\ud800"}', "text '\\ud800'", "cannot be stored"),
    ("a zero letter", '{"label": "a\\u0000"}', "text 'a\\x00'", "cannot be stored"),
]
JSONSTAT = [
    ("a list", [], "", "a list instead of an object"),
    ("something else", {"name": 1}, "", "keys: name"),
    (
        "an error of PxWebApi",
        {"title": "Missing selection for mandantory variable", "status": 400},
        "",
        "the server answered with an error: 'Missing selection for mandantory variable' (400)",
    ),
    (
        "metadata of PxWebApi 1",
        {"title": "Areal", "variables": [{"code": "Region", "values": ["1", "2"]}]},
        "",
        "the description of a table (metadata of PxWebApi 1): Region with 2 categories",
    ),
    ("the list of tables", {"language": "no", "tables": []}, "", "the list of tables"),
    ("the configuration", {"apiVersion": "2.0.0"}, "", "configuration of the server"),
    ("a query", {"query": []}, "", "a query for a table"),
    ("a collection", {"class": "collection", "link": {}}, "", "no JSON-stat table"),
    ("too few values", changed("value", to=[1, 2, 3]), "value", "3 for 4 cells"),
    ("too many values", changed("value", to=[1, 2, 3, 4, 5]), "value", "5 for 4 cells"),
    ("values that are text", changed("value", to=[1, 2, "3", 4]), "cell 2 (Region 0102, Tid 2017)",
     "text ('3')"),
    ("a value that is true", changed("value", to=[1, True, 3, 4]), "cell 1 (Region 0101, Tid 2018)",
     "true/false (True)"),
    ("a value beyond bounds", TEXT.replace("3,", "1e999,"), "cell 2", "a number (inf)"),
    ("a value outside", changed("value", to={"4": 1}), "value", "no cell '4'"),
    ("a value without a place", changed("value", to={"x": 1}), "value", "no cell 'x'"),
    ("no values but null", changed("value", to=None), "value", "nothing instead of an object"),
    ("a status outside", changed("status", to={"9": "."}), "status", "no cell '9'"),
    ("too few statuses", changed("status", to=["."]), "status", "1 for 4 cells"),
    ("a status that is a number", changed("status", to={"1": 5}), "status of cell 1", "a number"),
    ("a status of a page", changed("status", to="." * 99), "status", "99 characters"),
    ("sizes that do not fit", changed("size", to=[2, 3]), "dimension Tid",
     "2 categories where size says 3"),
    ("too few sizes", changed("size", to=[4]), "size", "1 lengths for 2 dimensions"),
    ("a size of zero", changed("size", to=[0, 2]), "size of Region", "0"),
    ("a size that is true", changed("size", to=[True, 2]), "size of Region", "True"),
    ("a huge size", changed("size", to=[10**9, 10**9]), "size", "1,000,000,000 cells or more"),
    ("no size", changed("size", to=None), "id, size", "missing"),
    ("a dimension twice", changed("id", to=["Tid", "Tid"]), "id", "twice"),
    ("a missing dimension", changed("id", to=["Region", "Kjonn"]), "role.time",
     "no dimension 'Tid'"),
    ("no index", changed(*REGION, to={"label": {"a": "A", "b": "B"}}), "dimension Region, index",
     "missing"),
    ("a category twice", changed(*REGION, "index", to=["0101", "0101"]), "dimension Region, index",
     "category '0101' stands twice"),
    ("places with a gap", changed(*REGION, "index", to={"0101": 0, "0102": 2}),
     "dimension Region, index", "without a gap"),
    ("places that are no numbers", changed(*REGION, "index", to={"0101": "0", "0102": 1}),
     "dimension Region, index", "no whole number"),
    ("a label that is a number", changed("label", to=5), "label", "a number instead of text"),
    ("a time that is none", changed("updated", to="yesterday"), "updated",
     "'yesterday' is no time"),
]  # fmt: skip

HEADINGS = ([("2025-26", 2)], [("Antall elever", 1), ("Antall skoler", 1)])
ROWS = [("Øst", "01", "1.1", ["1 000", "9"]), ("Sund", "0101", "1.1.1", ["400", "*"])]


def rows(*cells: str, name: str = "Sund") -> dict[str, Any]:
    return udir([ROWS[0], (name, "0101", "1.1.1", cells)], *HEADINGS)


UDIR = [
    ("a list", [], "", "missing or not an object"),
    ("no metadata", {"rows": []}, "metadata", "missing"),
    ("no rows", udir([], *HEADINGS), "rows", "empty"),
    ("no headings", udir(ROWS), "metadata.columns", "empty"),
    ("headings that do not fit", udir(ROWS, [("2025-26", 2)], [("Elever", 1)]), "header row 2",
     "1 columns where the first has 2"),
    ("a heading without end", udir(ROWS, [("2025-26", 10**9)]), "header row 1", "columnCount"),
    ("a cell too few", rows("400"), "row 2 (0101 Sund)", "1 cells"),
    ("a cell too many", rows("400", "1", "2"), "row 2 (0101 Sund)", "3 cells"),
    ("a decimal point", rows("400", "6.5"), "row 2 (0101 Sund), column 'Antall skoler'",
     "'6.5' is no number"),
    ("a thousands point", rows("38.101", "1"), "column 'Antall elever'", "'38.101' is no number"),
    ("spaces in odd places", rows("4 00", "1"), "column 'Antall elever'", "'4 00' is no number"),
    ("words", rows("many", "1"), "column 'Antall elever'", "'many' is no number"),
]  # fmt: skip


def refused(reader: Any, folder: Path, content: Any) -> ImportFileError:
    with pytest.raises(ImportFileError) as caught:
        reader(written(folder, content))
    return caught.value


def cases(*found: Any) -> pytest.MarkDecorator:
    names = ("content", "where", "problem")
    return pytest.mark.parametrize(names, [case[1:] for case in found], ids=[c[0] for c in found])


@cases(*ANY_JSON, *JSONSTAT)
def test_json_stat(tmp_path: Path, content: Any, where: str, problem: str) -> None:
    error = refused(jsonstat.read, tmp_path, content)
    assert error.file == "file.json"
    assert where in error.where
    assert problem in error.problem
    assert error.expected
    assert error.next_step


@cases(*ANY_JSON, *UDIR)
def test_udir(tmp_path: Path, content: Any, where: str, problem: str) -> None:
    error = refused(gsi.read_table, tmp_path, content)
    assert where in error.where
    assert problem in error.problem
    assert error.next_step


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match=r"nowhere\.json.*cannot be opened"):
        jsonstat.read(tmp_path / "nowhere.json")
    with pytest.raises(ImportFileError, match="cannot be opened"):
        jsonstat.read(tmp_path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    plain = jsonstat.read(written(tmp_path, TEXT, "plain.json"))
    marked = jsonstat.read(written(tmp_path, b"\xef\xbb\xbf" + TEXT.encode(), "marked.json"))
    assert plain == marked


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "large.json"
    with file.open("wb") as sparse:
        sparse.truncate(2**40)
    with pytest.raises(ImportFileError, match="1,048,576 MB"):
        jsonstat.read(file)
