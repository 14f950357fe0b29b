"""Udir's older exports: CSV with semicolons, decimal comma and "*", UTF-8 or Latin-1.

No export of the culture school's form has been seen, so what is known is what all of them share:
a row tells its unit by one or several columns of codes and its year by another, and figures stand

* one in a column, under its heading, or
* one in a row, with the line of the form in a column `Etikett` and what was counted in `Kolonne`.

Either way they become the same table as today's (`udir`), so that the pack binds both by headings.
A heading is found whatever its capitals and blanks, and without what stands in brackets at its end
("Sum elever (linje 1..3)"). A cell of the pack may be a sum of columns: "Gutter + Jenter".
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from puls.content.bindings import RegisterBinding
from puls.errors import ImportFileError
from puls.registers import sheets
from puls.registers.udir import NUMBER, Cell, Row, Table, cell

EXPECTED = "a table of Udir's statistics: JSON, or CSV with columns of codes, years and figures"
NEXT_STEP = "Export the table again, with codes of counties and municipalities and the school year."
SUM = " + "
COUNTRY = ("i", "0", "nasjonalt", "landet", "norge")

# Headings of columns, from the highest unit to the lowest; of several codes the lowest counts.
CODES = (
    (2, ("fylkekode", "fylkeskode", "fylkesnummer", "fylkesnr", "fylkenr")),
    (4, ("kommunekode", "kommunenummer", "kommunenr", "knr")),
    (9, ("organisasjonsnummer", "orgnr", "org.nr")),
    (0, ("kode", "enhetkode", "enhetskode")),
)
NATION = ("nasjonaltkode", "nasjonalt")
NAMES = ("enhetnavn", "enhetsnavn", "enhet", "navn", "kommunenavn", "kommune", "fylke", "fylkenavn")
YEARS = ("skoleår", "skoleårnavn", "år", "periode", "tid", "tidid")
LINES, COUNTED, VALUES = ("etikett", "felt", "linjetekst"), ("kolonne",), ("verdi", "tall")


def is_json(file: Path) -> bool:
    """Whether the file is today's kind. What cannot be opened is, for its reader to tell."""
    try:
        with file.open("rb") as opened:
            start = opened.read(400).lstrip(b"\xef\xbb\xbf \t\r\n")
    except OSError:
        return True
    return start[:1] in (b"{", b"[", b"") or start.startswith((b"\x1f\x8b", b"<"))


@dataclass(frozen=True)
class _Where:
    """Places of columns. codes: (digits, place), the lowest unit last; figures: by heading."""

    codes: tuple[tuple[int, int], ...]
    nation: int | None
    name: int | None
    year: int
    line: int | None
    counted: int | None
    value: int | None
    figures: Mapping[int, str]


def read_table(file: Path, bindings: Sequence[RegisterBinding]) -> Table:
    """The file as a table whose headings are those that the bindings know, as they write them."""
    rows = sheets.read(file.name, file.read_bytes()).rows
    return _Reading(file.name, bindings).table(rows)


class _Reading:
    def __init__(self, file: str, bindings: Sequence[RegisterBinding]) -> None:
        self.file = file
        named = [name for binding in bindings for name in binding.cells]
        single = [part for name in named for part in name.split(SUM)]
        self.known = {_plain(name): name for name in single}
        self.sums = {name: tuple(name.split(SUM)) for name in named if SUM in name}
        self.fixed = {
            _plain(name): value for binding in bindings for name, value in binding.fixed.items()
        }

    def wrong(self, where: str, problem: str, expected: str = EXPECTED) -> ImportFileError:
        return ImportFileError(self.file, where, problem, expected, NEXT_STEP)

    def table(self, rows: Sequence[tuple[str, ...]]) -> Table:
        at, head = self._head(rows)
        where = self._where(head)
        # As today's tables have it: the choice that was made stands among the headings.
        chosen = [self.fixed[name] for name in map(_plain, head) if name in self.fixed]
        units: dict[str, tuple[str, int]] = {}
        cells: dict[tuple[str, str, str], tuple[Cell, int]] = {}
        for number, row in enumerate(rows[at + 1 :], start=at + 2):
            if not row or not self._is_wanted(head, row):
                continue
            code, level = self._unit(where, row, number)
            units.setdefault(code, (_at(row, where.name), level))
            year = self._year(_at(row, where.year), number)
            for heading, text in self._figures(where, row):
                read = cell(text)
                if read is None:
                    place = f"row {number} ({code}), column '{heading}'"
                    raise self.wrong(place, f"{ascii(text)[:40]} is no number", NUMBER)
                before = cells.setdefault((code, year, heading), (read, number))
                if before != (read, number):
                    problem = f"row {before[1]} has the same unit, year and figure"
                    raise self.wrong(f"row {number} ({code})", problem, "each of them once")
        if not cells:
            raise self.wrong("", "no figure that the pack knows", "one of its headings")
        return self._laid_out(units, {key: read for key, (read, _) in cells.items()}, chosen)

    def _head(self, rows: Sequence[tuple[str, ...]]) -> tuple[int, tuple[str, ...]]:
        """The first row with a column of codes; titles may stand above it."""
        codes = {name for _, names in CODES for name in names} | set(NATION)
        for at, row in enumerate(rows[:20]):
            if codes & set(map(_plain, row)):
                return at, row
        allowed = ", ".join(names[0] for _, names in CODES)
        raise self.wrong("row 1", "no column of codes among the first rows", f"one of {allowed}")

    def _where(self, head: tuple[str, ...]) -> _Where:
        plain = [_plain(text) for text in head]

        def place(names: Iterable[str]) -> int | None:
            return next((plain.index(name) for name in names if name in plain), None)

        year = place(YEARS)
        if year is None:
            raise self.wrong("row 1", "no column of school years", f"one of {', '.join(YEARS)}")
        figures = {at: self.known[name] for at, name in enumerate(plain) if name in self.known}
        found = [(digits, place(names)) for digits, names in CODES]
        made = _Where(
            codes=tuple((digits, at) for digits, at in found if at is not None),
            nation=place(NATION),
            name=place(NAMES),
            year=year,
            line=place(LINES),
            counted=place(COUNTED),
            value=place(VALUES),
            figures=figures,
        )
        if not figures and (made.line is None or made.value is None):
            there = ", ".join(f"'{text}'" for text in head)[:300]
            raise self.wrong("row 1", f"no heading that the pack knows among {there}", EXPECTED)
        return made

    def _is_wanted(self, head: tuple[str, ...], row: tuple[str, ...]) -> bool:
        """Of the choices of a heading ("Alle kjønn", "Gutter") only the fixed one is read."""
        for at, text in enumerate(head):
            wanted = self.fixed.get(_plain(text))
            if wanted is not None and _at(row, at) != wanted:
                return False
        return True

    def _unit(self, where: _Where, row: tuple[str, ...], number: int) -> tuple[str, int]:
        """The code of the lowest unit that the row names, zeros put back; 0 for the country."""
        for digits, at in reversed(where.codes):
            code = _at(row, at)
            if not code or code == "-":
                continue
            if code.lower() in COUNTRY:
                return "0", 0
            if not re.fullmatch(r"[0-9]{1,9}", code):
                problem = f"'{code[:40]}' is no code"
                raise self.wrong(f"row {number}", problem, "digits, as 46, 4601 or 974738465")
            code = code.zfill(digits or (2 if len(code) <= 2 else 4 if len(code) <= 4 else 9))
            return code, {2: 1, 4: 2}.get(len(code), 3)
        if _at(row, where.nation):
            return "0", 0
        raise self.wrong(f"row {number}", "no code", "a code of the unit, or of the country")

    def _year(self, text: str, number: int) -> str:
        """ "2016-17", "2016/17", "2016-2017", "201610" or "2016" as "2016-17"."""
        found = re.fullmatch(r"([0-9]{4})(?:\s*[-/–]\s*([0-9]{2}|[0-9]{4})|[0-9]{2})?", text)
        if found is None or (found[2] and int(found[2]) % 100 != (int(found[1]) + 1) % 100):
            problem = f"'{text[:40]}' is no school year"
            raise self.wrong(f"row {number}", problem, "a school year such as 2016-17")
        return f"{found[1]}-{(int(found[1]) + 1) % 100:02}"

    def _figures(self, where: _Where, row: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """(heading, text) of what the pack knows in a row."""
        if where.line is None or where.value is None:
            for at, heading in where.figures.items():
                yield heading, _at(row, at)
            return
        line, counted = _plain(_at(row, where.line)), _plain(_at(row, where.counted))
        known = self.known.get(f"{counted}, {line}" if counted else line)
        if known is not None:
            yield known, _at(row, where.value)

    def _laid_out(
        self,
        units: Mapping[str, tuple[str, int]],
        cells: dict[tuple[str, str, str], Cell],
        chosen: Sequence[str],
    ) -> Table:
        for name, parts in self.sums.items():
            for code, year in {(code, year) for code, year, heading in cells if heading in parts}:
                cells[code, year, name] = _sum([cells.get((code, year, part)) for part in parts])
        columns = tuple(dict.fromkeys((year, heading) for _, year, heading in cells))
        empty = Cell(None, "")
        return Table(
            tuple((year, *chosen, heading) for year, heading in columns),
            tuple(
                Row(name, code, level, tuple(cells.get((code, *each), empty) for each in columns))
                for code, (name, level) in units.items()
            ),
        )


def _sum(parts: Sequence[Cell | None]) -> Cell:
    """Of all parts, or nothing: with one suppressed, the rest would be told for the whole."""
    known = [part for part in parts if part is not None]
    values = [part.value for part in known if part.value is not None]
    if len(values) == len(parts):
        return Cell(float(sum(values)), "")
    return Cell(None, next((part.note for part in known if part.value is None), ""))


def _plain(text: str) -> str:
    """A heading without capitals, doubled blanks and brackets at its end."""
    words = " ".join(text.split()).casefold()
    return re.sub(r"\s*\([^()]*\)(?=$|,)", "", words).strip()


def _at(row: tuple[str, ...], place: int | None) -> str:
    return row[place] if place is not None and place < len(row) else ""
