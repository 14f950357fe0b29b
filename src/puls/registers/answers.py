"""Answers of one round as CSV: a row a respondent, a column `unit` and one for each item.

    unit,sex,wellbeing_1,wellbeing_2
    bergen-kulturskole.music,girl,4,5
    bergen-kulturskole.dance,,3,

Comma, semicolon or tab between the cells, UTF-8, columns in any order. `unit` is the key of a leaf
group; an empty cell is a skipped item. A survey's background questions may have a column each, by
their keys: in it stands an option's key or its number, counted from 1, or nothing where it was not
said. Any other column stops, so nothing else about a respondent can come along. All or nothing: a
slip anywhere, and no row is read.
"""

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import polars as pl

from puls.content.definitions import Survey
from puls.errors import ImportFileError
from puls.registers.files import read_text
from puls.registers.tables import AnswersTable

EXPECTED = "answers as CSV"
NEXT_STEP = "Save the answers again as CSV in UTF-8, and import the file."
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
_BETWEEN = "\x1f"
"""Stands between cells once quotation marks are taken off; no answer has it."""
_NO_OPTION = 0
"""Stands for a background cell that is no option; options count from 1."""


@dataclass(frozen=True)
class _Slips:
    """All slips of one kind in one column: the first of them and how many there are."""

    row: int
    column: str
    kind: str
    count: int
    problem: str
    expected: str
    next_step: str


def read(file: Path, survey: Survey, leaves: Collection[str]) -> AnswersTable:
    """The answers in a file, or ImportFileError with row, column and what was expected.

    leaves: keys of the leaf groups that may answer. Rows without a single answer are refused and
    recorded; rows are counted as a spreadsheet does, the header being row 1.
    """
    text = read_text(file, EXPECTED, NEXT_STEP)
    if text.lstrip().startswith("<"):
        raise ImportFileError(file.name, "row 1", "this is HTML or XML", EXPECTED, NEXT_STEP)
    checks = _Checks(survey, leaves)
    delimiter = _delimiter(text, checks.columns)
    lines, between = _lines(file, text, delimiter)
    header = [name.strip() for name in lines[0].split(between)]
    _check_header(file, header, checks, delimiter)
    rows = (
        pl.DataFrame({"": range(2, len(lines) + 1), "line": lines[1:]}, schema=_LINES)
        .filter(pl.col("line").str.strip_chars(" \r") != "")
        .with_columns(width=pl.col("line").str.count_matches(between, literal=True) + 1)
    )
    if rows.is_empty():
        raise ImportFileError(file.name, "row 2", "nothing below the header", EXPECTED, NEXT_STEP)
    whole = rows.filter(pl.col("width") == len(header))
    if whole.height == rows.height:
        numbers = checks.at_once(whole, header, between)
        if numbers is not None:
            return checks.table(numbers)
    frame = _cells(whole, header, between, pl.String).with_columns(pl.col(header).str.strip_chars())
    slips = [*_width(rows, header), *checks.slips(frame)]
    if slips:
        first = min(slips, key=lambda each: each.row)
        same_kind = sum(each.count for each in slips if each.kind == first.kind)
        raise _told(file, first, same_kind - 1)
    return checks.table(checks.numbers(frame))


_LINES = {"": pl.Int64, "line": pl.String}
"""The number of a row stands under no name, which no column of a file can have."""


def _told(file: Path, first: _Slips, more: int) -> ImportFileError:
    again = f" (and {more:,} more like it)" if more else ""
    where = f"row {first.row}" + (f", column '{first.column}'" if first.column else "")
    return ImportFileError(file.name, where, first.problem + again, first.expected, first.next_step)


def _delimiter(text: str, columns: Sequence[str]) -> str:
    """The delimiter that finds most of the columns in the first line."""
    first = text.lstrip().partition("\n")[0]

    def known(delimiter: str) -> int:
        return len({name.strip().strip('"') for name in first.split(delimiter)} & set(columns))

    return max(DELIMITERS, key=known)


def _lines(file: Path, text: str, delimiter: str) -> tuple[list[str], str]:
    """A line a row, and what stands between its cells; quotation marks taken off."""
    text = text.lstrip("\r\n")
    if '"' not in text:
        return text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), delimiter
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines = []
    try:
        for row in rows:
            lines.append(_BETWEEN.join(row).replace("\n", " "))
    except csv.Error as slip:
        problem = f"not CSV ({slip}); a quotation mark may be open"
        where = f"line {rows.line_num}"
        raise ImportFileError(file.name, where, problem, EXPECTED, NEXT_STEP) from None
    return lines, _BETWEEN


def _check_header(file: Path, header: Sequence[str], checks: "_Checks", delimiter: str) -> None:
    def wrong(problem: str, then: str) -> ImportFileError:
        may = f" and, if it was asked, {', '.join(checks.options)}" if checks.options else ""
        columns = f"the columns {', '.join(checks.needed)}{may}"
        expected = f"{columns}, divided by {DELIMITERS[delimiter]}"
        return ImportFileError(file.name, "row 1", problem, expected, then)

    missing = [name for name in checks.needed if name not in header]
    if len(missing) == len(checks.needed):
        raise wrong("no header with the survey's items", "Put the names of the columns first.")
    for place, name in enumerate(header, start=1):
        if name not in checks.columns:
            free = [each for each in checks.columns if each not in header]
            near = get_close_matches(name, free, n=1)
            hint = f"Is it '{near[0]}'?" if near else "Take it out; it is not read."
            raise wrong(f"unknown column {place} '{name[:60]}'", hint)
        if header.count(name) > 1:
            raise wrong(f"the column '{name}' stands twice", "Keep one of them.")
    if missing:
        raise wrong(
            f"no column '{missing[0]}' ({len(missing)} missing)", "Add it, empty if need be."
        )


def _cells(
    rows: pl.DataFrame,
    header: Sequence[str],
    between: str,
    items: type[pl.DataType],
    as_items: Collection[str] = (),
) -> pl.DataFrame:
    """The number of each row, the columns of `as_items` as asked for, all others as text.

    ComputeError: they are not.
    """
    schema = {name: items if name in as_items else pl.String for name in header}
    if rows.is_empty():
        return pl.DataFrame(schema={**schema, "": pl.Int64})
    cells = pl.read_csv(
        "\n".join(rows.get_column("line")).encode(),
        has_header=False,
        schema=schema,
        separator=between,
        quote_char=None,
        empty_string_is_null=items is not pl.String,
    )
    return cells.with_columns(rows.get_column(""))


def _width(rows: pl.DataFrame, header: Sequence[str]) -> Iterator[_Slips]:
    odd = rows.filter(pl.col("width") != len(header))
    if odd.height:
        number, width = odd.select("", "width").row(0)
        expected = f"{len(header)} cells, as in the header"
        then = "Look for a missing or an extra delimiter in the row."
        yield _Slips(number, "", "width", odd.height, f"{width} cells", expected, then)


class _Checks:
    """What one survey expects of each cell."""

    def __init__(self, survey: Survey, leaves: Collection[str]) -> None:
        self.leaves = sorted(leaves)
        self.low, self.high = survey.scale.low, survey.scale.high
        self.items = [item.key for item in survey.items]
        self.needed = ["unit", *self.items]
        self.options = {asked.key: asked.options for asked in survey.background}
        self.columns = [*self.needed, *self.options]

    def at_once(
        self, rows: pl.DataFrame, header: Sequence[str], between: str
    ) -> pl.DataFrame | None:
        """The answers read straight as numbers, ten times faster; None if anything is odd."""
        try:
            frame = _cells(rows, header, between, pl.Int8, self.items)
        except pl.exceptions.ComputeError:
            return None
        frame = self._coded(frame.with_columns(pl.col("unit").str.strip_chars()))
        # An empty unit is null here, and `all` would pass over it.
        known = pl.col("unit").is_in(self.leaves).fill_null(False)
        on_scale = (
            pl.col(item).is_between(self.low, self.high) | pl.col(item).is_null()
            for item in self.items
        )
        options = (pl.col(key).ne_missing(_NO_OPTION) for key in self.options)
        fine = pl.all_horizontal(known, *on_scale, *options).all()
        return frame if frame.select(fine).item() else None

    def slips(self, frame: pl.DataFrame) -> Iterator[_Slips]:
        """Unknown units, and cells that are neither an answer nor empty."""
        known = pl.col("unit").is_in(self.leaves)
        all_empty = pl.all_horizontal(pl.col(name) == "" for name in frame.columns if name)
        strange = frame.filter(~known & ~all_empty)
        if strange.height:
            number, unit = strange.select("", "unit").row(0)
            near = get_close_matches(unit, self.leaves, n=1)
            hint = f"Is it '{near[0]}'?" if near else "Take the key from the list of units."
            expected = "the key of a department, such as " + ", ".join(self.leaves[:2])
            problem = f"'{unit[:60]}' is no unit here"
            yield _Slips(number, "unit", "unit", strange.height, problem, expected, hint)
        for item in self.items:
            cell, number = pl.col(item), pl.col(item).cast(pl.Int8, strict=False)
            odd = frame.filter(
                ~((cell == "") | number.is_between(self.low, self.high).fill_null(False))
            )
            is_whole = pl.col(item).str.contains(r"^[+-]?[0-9]+$")
            scale = f"a whole number from {self.low} to {self.high}, or nothing"
            yield from _odd_cells(odd.filter(is_whole), item, "off the scale", scale)
            yield from _odd_cells(odd.filter(~is_whole), item, "no whole number", scale)
        coded = self._coded(frame)
        for key, options in self.options.items():
            if key in frame.columns:
                strange = frame.filter(coded.get_column(key).eq_missing(_NO_OPTION))
                expected = f"{', '.join(options)}, or a number from 1 to {len(options)}, or nothing"
                yield from _odd_cells(strange, key, "no option", expected)

    def numbers(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The same rows with answers as Int8; empty cells become null."""
        items = frame.with_columns(pl.col(self.items).replace("", None).cast(pl.Int8))
        return self._coded(items)

    def _coded(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The same rows with the number of each option; null where nothing was said or asked."""
        columns = []
        for key, options in self.options.items():
            if key not in frame.columns:
                columns.append(pl.lit(None, pl.Int8).alias(key))
                continue
            numbers: dict[str, int | None] = {"": None}
            for number, option in enumerate(options, start=1):
                numbers |= {option: number, str(number): number}
            said = pl.col(key).fill_null("").str.strip_chars().str.to_lowercase()
            columns.append(said.replace_strict(numbers, default=_NO_OPTION, return_dtype=pl.Int8))
        return frame.with_columns(columns)

    def table(self, frame: pl.DataFrame) -> AnswersTable:
        """The respondents who answered something, and where those stood who did not."""
        empty = pl.all_horizontal(pl.col(self.items).is_null())
        refused = frame.filter(empty).get_column("")
        answered = frame.filter(~empty)
        return AnswersTable(
            rows_in=frame.height,
            refused=tuple((f"row {number}", "no item answered") for number in refused),
            frame=answered.select(pl.col("unit").alias("leaf"), *self.options, *self.items),
        )


def _odd_cells(found: pl.DataFrame, column: str, kind: str, expected: str) -> Iterator[_Slips]:
    if found.height:
        row, cell = found.select("", column).row(0)
        then = "Correct the cell, or empty it."
        problem = f"'{cell[:40]}' is {kind}"
        yield _Slips(row, column, kind, found.height, problem, expected, then)
