"""A table of teams that is not what it should be gets told where and what to do."""

from pathlib import Path

import pytest

from puls.analysis import audit_table
from puls.errors import ImportFileError

HEADER = "county,muni,school,team,freq\n"

WRONG = {
    "": ("teams.csv: there are no teams", "a header and at least one row"),
    HEADER: ("there are no teams", "a header and at least one row"),
    "<!DOCTYPE html>\n": ("row 1: the columns are <!DOCTYPE html>", "county,muni,school,team,freq"),
    "county;muni;school;team;freq\n": ("row 1: the columns are county;muni", "county,muni"),
    "county,muni,school,freq\nc,m,s,4\n": (
        "row 1: the columns are",
        "county,muni,school,team,freq",
    ),
    HEADER + "c,m,s,t\n": ("row 2: it has 4 cells", "5 cells"),
    HEADER + "c,m,,t,4\n": ("row 2, column 'school': it is empty", "a name"),
    HEADER + "c,m,s,t,4\nc,m,s,u,4.5\n": ("row 3, column 'freq': it is '4.5'", "a whole number"),
    HEADER + "c,m,s,t,-1\n": ("row 2, column 'freq': it is '-1'", "a whole number"),
    HEADER + "c,m,s,t,4\nc,m,s,t,4\n": ("row 3, column 'team': team 't' of school 's'", "one row"),
    HEADER + 'c,m,s,"t,4\n': ("row 2: unexpected end of data", "cells apart by commas"),
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_table(text: str, tmp_path: Path) -> None:
    path = tmp_path / "teams.csv"
    path.write_text(text, encoding="utf-8")
    problem, expected = WRONG[text]
    with pytest.raises(ImportFileError) as error:
        audit_table.read(path)
    assert problem in str(error.value)
    assert expected in str(error.value)
    assert str(error.value).endswith("try again.")


def test_a_table_in_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "teams.csv"
    path.write_bytes(HEADER.encode() + "Trøndelag,m,s,t,4\n".encode("latin-1"))
    with pytest.raises(ImportFileError, match=r"byte 31: is not UTF-8\. .*CSV UTF-8"):
        audit_table.read(path)


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match=r"cannot be opened \(No such file"):
        audit_table.read(tmp_path / "nothing.csv")


def test_columns_in_another_order_and_names_that_repeat(tmp_path: Path) -> None:
    path = tmp_path / "teams.csv"
    path.write_text(
        "\ufefffreq,team,school,muni,county\n4,t,s,m,c\n0,t,s,m2,c\n\n", encoding="utf-8"
    )
    assert audit_table.read(path) == {("c", "m", "s", "t"): 4, ("c", "m2", "s", "t"): 0}
