"""How answers are read

A row a respondent; an empty cell is a skipped item. Background questions may have a column each.
One slip anywhere and no row comes in.
"""

import csv
import io
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from puls.content.definitions import Background, Survey
from puls.errors import ImportFileError
from puls.registers import answers
from puls.registers.tables import AnswersTable
from tests.registers.made import LEAVES, SURVEY, UNHURRIED, written

GOOD = """unit,wellbeing_1,wellbeing_2,feedback_1
sund.music,5,1,3
sund.music,,2,
nes.music,4,,
"""


SEX = replace(
    SURVEY,
    background=(
        Background("sex", ("girl", "boy", "other")),
        Background("years", ("first", "later")),
    ),
)
"""The same survey with two questions about the respondent."""


def read(folder: Path, content: str | bytes, survey: Survey = SURVEY) -> AnswersTable:
    return answers.read(written(folder, content, "answers.csv"), survey, LEAVES)


def refused(folder: Path, content: str | bytes, survey: Survey = SURVEY) -> ImportFileError:
    with pytest.raises(ImportFileError) as caught:
        read(folder, content, survey)
    return caught.value


def test_a_row_a_respondent(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD)
    assert found.frame.schema == {
        "leaf": pl.String, "wellbeing_1": pl.Int8, "wellbeing_2": pl.Int8, "feedback_1": pl.Int8,
    }  # fmt: skip
    assert found.frame.rows() == [
        ("sund.music", 5, 1, 3),
        ("sund.music", None, 2, None),
        ("nes.music", 4, None, None),
    ]
    assert (found.rows_in, found.refused) == (3, ())


SAME = [
    ("semicolons", GOOD.replace(",", ";")),
    ("tabs", GOOD.replace(",", "\t")),
    ("lines of Windows", GOOD.replace("\n", "\r\n")),
    ("lines of an old Mac", GOOD.replace("\n", "\r")),
    ("no last line break", GOOD.rstrip("\n")),
    ("a byte order mark", b"\xef\xbb\xbf" + GOOD.encode()),
    ("blanks around", GOOD.replace("5", " 5 ").replace("nes.music", " nes.music")),
    ("blank lines", GOOD.replace("\n", "\n\n")),
    ("everything quoted", "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in GOOD.splitlines()
    )),
    ("columns in another order", "\n".join(
        ",".join(reversed(line.split(","))) for line in GOOD.splitlines()
    )),
]  # fmt: skip


@pytest.mark.parametrize("content", [case[1] for case in SAME], ids=[case[0] for case in SAME])
def test_the_same_answers_in_other_clothes(tmp_path: Path, content: str | bytes) -> None:
    """Always the same rows; columns come in the survey's order."""
    assert read(tmp_path, content).frame.equals(read(tmp_path, GOOD).frame)


def test_rows_without_an_answer_are_recorded(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD + "nes.music,,,\n,,,\nsund.dance,1,,\n")
    assert found.refused == (("row 5", "no item answered"), ("row 6", "no item answered"))
    assert (found.rows_in, found.frame.height) == (6, 4)


def with_sex(*cells: str) -> str:
    """Three respondents in the usual file, and what stands in a last column `sex`."""
    lines = zip(GOOD.splitlines(), ("sex", *cells), strict=True)
    return "\n".join(f"{line},{cell}" for line, cell in lines)


# the cells in the column `sex`, and what is kept of them
SAID = [
    ("keys", ("girl", "boy", "other"), [1, 2, 3]),
    ("numbers", ("1", "2", "3"), [1, 2, 3]),
    ("both", ("2", "boy", "girl"), [2, 2, 1]),
    ("capitals", ("Girl", "BOY", "oTher"), [1, 2, 3]),
    ("blanks", (" girl ", " 2", "  "), [1, 2, None]),
    ("nothing said", ("", "boy", ""), [None, 2, None]),
    ("nobody said anything", ("", "", ""), [None, None, None]),
]


@pytest.mark.parametrize(
    ("cells", "kept"), [case[1:] for case in SAID], ids=[case[0] for case in SAID]
)
def test_a_background_question_is_kept_as_the_number_of_its_option(
    cells: tuple[str, ...], kept: list[int | None], tmp_path: Path
) -> None:
    content = with_sex(*cells)
    frame = read(tmp_path, content, SEX).frame
    assert frame.columns == ["leaf", "sex", "years", "wellbeing_1", "wellbeing_2", "feedback_1"]
    assert set(frame.schema.values()) == {pl.String, pl.Int8}
    assert frame["sex"].to_list() == kept
    assert frame["years"].to_list() == [None, None, None]  # the file has no such column
    assert frame.drop("sex", "years").equals(read(tmp_path, GOOD).frame)
    quoted = "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in content.splitlines()
    )
    assert read(tmp_path, quoted, SEX).frame.equals(frame)


def test_a_file_without_background_columns_says_that_nobody_said(tmp_path: Path) -> None:
    frame = read(tmp_path, GOOD, SEX).frame
    assert frame["sex"].null_count() == frame.height
    assert frame.schema["sex"] == pl.Int8


def test_who_only_said_their_sex_did_not_answer(tmp_path: Path) -> None:
    found = read(tmp_path, with_sex("1", "2", "3").replace("nes.music,4,", "nes.music,,"), SEX)
    assert found.refused == (("row 4", "no item answered"),)
    assert found.frame["sex"].to_list() == [1, 2]


# what is wrong, the cells in the column `sex`, where, problem
NO_OPTION = [
    ("another word", ("girl", "jente", "boy"), "row 3", "'jente' is no option"),
    ("the number below", ("0", "1", "2"), "row 2", "'0' is no option"),
    ("the number above", ("1", "2", "4"), "row 4", "'4' is no option"),
    ("a fraction", ("1", "1.0", ""), "row 3", "'1.0' is no option"),
    ("another question's option", ("first", "", ""), "row 2", "'first' is no option"),
    ("several", ("x", "girl", "y"), "row 2", "'x' is no option (and 1 more like it)"),
]


@pytest.mark.parametrize(
    ("cells", "where", "problem"), [case[1:] for case in NO_OPTION],
    ids=[case[0] for case in NO_OPTION],
)  # fmt: skip
def test_what_is_no_option_stops(
    cells: tuple[str, ...], where: str, problem: str, tmp_path: Path
) -> None:
    error = refused(tmp_path, with_sex(*cells), SEX)
    assert error.where == f"{where}, column 'sex'"
    assert error.problem == problem
    assert error.expected == "girl, boy, other, or a number from 1 to 3, or nothing"


def test_a_background_column_that_the_survey_does_not_have_stops(tmp_path: Path) -> None:
    assert refused(tmp_path, with_sex("1", "2", "3")).problem == "unknown column 5 'sex'"
    misspelt = refused(tmp_path, with_sex("1", "2", "3").replace("sex", "sexe"), SEX)
    assert misspelt.next_step == "Is it 'sex'?"
    assert "if it was asked, sex, years" in misspelt.expected


def test_the_first_slip_is_told_wherever_it_is(tmp_path: Path) -> None:
    content = with_sex("girl", "x", "boy").replace("nes.music,4", "nes.music,9")
    assert refused(tmp_path, content, SEX).where == "row 3, column 'sex'"


# what is wrong, the file, where, problem, expected
BAD = [
    ("off the scale", GOOD.replace("5,1,3", "5,6,3"), "row 2, column 'wellbeing_2'",
     "'6' is off the scale", "a whole number from 1 to 5, or nothing"),
    ("below the scale", GOOD.replace("5,1,3", "0,1,3"), "row 2, column 'wellbeing_1'",
     "'0' is off the scale", "1 to 5"),
    ("far off", GOOD.replace("5,1,3", "5,999,3"), "row 2, column 'wellbeing_2'",
     "'999' is off the scale", ""),
    ("a fraction", GOOD.replace("5,1,3", "5,1.5,3"), "row 2, column 'wellbeing_2'",
     "'1.5' is no whole number", "a whole number"),
    ("a word", GOOD.replace("4,,", "often,,"), "row 4, column 'wellbeing_1'",
     "'often' is no whole number", "1 to 5"),
    ("an unknown unit", GOOD.replace("nes.music", "nes.musikk"), "row 4, column 'unit'",
     "'nes.musikk' is no unit here", "the key of a department"),
    ("no unit", GOOD.replace("nes.music,4", ",4"), "row 4, column 'unit'", "'' is no unit", ""),
    ("the first of three", GOOD.replace("sund", "lund"), "row 2, column 'unit'",
     "(and 1 more like it)", ""),
    ("a cell too few", GOOD.replace("nes.music,4,,", "nes.music,4,"), "row 4", "3 cells",
     "4 cells"),
    ("a cell too many", GOOD.replace("nes.music,4,,", "nes.music,4,,,"), "row 4", "5 cells",
     "4 cells, as in the header"),
    ("a name", GOOD.replace("feedback_1", "name"), "row 1", "unknown column 4 'name'",
     "the columns unit, wellbeing_1"),
    ("a column misspelt", GOOD.replace("feedback_1", "feedbak_1"), "row 1", "'feedbak_1'", ""),
    ("a column twice", GOOD.replace("feedback_1", "wellbeing_1"), "row 1",
     "'wellbeing_1' stands twice", ""),
    ("a column missing", "unit,wellbeing_1\nsund.music,1\n", "row 1",
     "no column 'wellbeing_2' (2 missing)", ""),
    ("no header", "sund.music,5,1,3\n", "row 1", "no header", "the columns unit"),
    ("only a header", GOOD.splitlines()[0], "row 2", "nothing below the header", ""),
    ("nothing", "", "", "the file is empty", "answers as CSV"),
    ("blanks", " \n ", "", "the file is empty", ""),
    ("a page", "<html></html>", "row 1", "HTML", ""),
    ("Latin-1", GOOD.replace("nes", "næs").encode("latin-1"), "line 4, byte", "not UTF-8",
     "UTF-8 text"),
    ("UTF-16", GOOD.encode("utf-16"), "byte 1", "UTF-16", ""),
    ("zero bytes", GOOD.replace("4", "\0"), "line 4", "zero byte", ""),
    ("an open quotation mark", GOOD.replace("4,,", '"4,,'), "line",
     "a quotation mark may be open", ""),
    ("a spreadsheet", b"PK\x03\x04...", "byte 1", "spreadsheet", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "where", "problem", "expected"), [case[1:] for case in BAD],
    ids=[case[0] for case in BAD],
)  # fmt: skip
def test_slips_stop(
    tmp_path: Path, content: str | bytes, where: str, problem: str, expected: str
) -> None:
    error = refused(tmp_path, content)
    assert error.file == "answers.csv"
    assert error.where.startswith(where)
    assert problem in error.problem
    assert expected in error.expected
    assert error.next_step


def test_the_first_slip_of_many_is_told(tmp_path: Path) -> None:
    body = "".join(f"sund.music,1,{1 if row % 7 else 9},1\n" for row in range(1, 100))
    error = refused(tmp_path, GOOD.splitlines()[0] + "\n" + body)
    assert error.where == "row 8, column 'wellbeing_2'"
    assert error.problem == "'9' is off the scale (and 13 more like it)"


def test_a_hint_for_a_misspelt_key(tmp_path: Path) -> None:
    assert (
        "Is it 'nes.music'?" in refused(tmp_path, GOOD.replace("nes.music", "nes.musci")).next_step
    )
    assert "Is it 'feedback_1'?" in refused(
        tmp_path, GOOD.replace("feedback_1", "feedback1")
    ).next_step  # fmt: skip


@UNHURRIED
@given(st.data())
def test_a_reader_in_plain_loops_agrees(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    cell = st.sampled_from(["1", "2", "5", "", " 3 ", "5", "4", "1", "", "2", "0", "6", "x", "1.0"])
    unit = st.sampled_from([*sorted(LEAVES), "sund.music", " nes.music ", "nowhere", ""])
    rows = data.draw(st.lists(st.tuples(unit, cell, cell, cell), min_size=1, max_size=8))
    quoted = data.draw(st.booleans())
    delimiter = data.draw(st.sampled_from([",", ";", "\t"]))
    said = st.sampled_from(["", "girl", "Boy", "3", " 2 ", "GIRL", "1", "other", "", "4", "x"])
    sexes = data.draw(st.lists(said, min_size=len(rows), max_size=len(rows)))
    out = io.StringIO()
    style = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=delimiter, quoting=style)
    writer.writerow(["unit", "wellbeing_1", "wellbeing_2", "feedback_1", "sex"])
    writer.writerows([*row, sex] for row, sex in zip(rows, sexes, strict=True))
    options = {"": None, "girl": 1, "boy": 2, "other": 3, "1": 1, "2": 2, "3": 3}
    folder = tmp_path_factory.mktemp("answers")
    expected, problem = [], False
    for (unit_key, *cells), told in zip(rows, sexes, strict=True):
        stripped, sex = [each.strip() for each in cells], told.strip().lower()
        if not unit_key.strip() and not any(stripped) and not sex:
            continue
        on_scale = set(stripped) <= set("12345") | {""}
        if unit_key.strip() not in LEAVES or not on_scale or sex not in options:
            problem = True
        elif any(stripped):
            given_items = (int(each) if each else None for each in stripped)
            expected.append((unit_key.strip(), options[sex], None, *given_items))
    if problem:
        refused(folder, out.getvalue(), SEX)
    else:
        found = read(folder, out.getvalue(), SEX)
        assert found.frame.rows() == expected
        assert found.rows_in == found.frame.height + len(found.refused)


def test_a_mutant_that_let_a_slip_through_would_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fast way hands everything odd to the careful one; without it, slips come in."""
    content = GOOD.replace("5,1,3", "5,6,3")
    assert "off the scale" in refused(tmp_path, content).problem
    monkeypatch.setattr(pl.Expr, "is_between", lambda *_: pl.lit(True))
    assert read(tmp_path, content).frame["wellbeing_2"].max() == 6
