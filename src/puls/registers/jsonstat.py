"""JSON-stat 1.x and 2.0 as PxWebApi gives it: dimensions, cells, symbols, footnotes.

The cells stand in one row, the last dimension running fastest. A null is never 0: it is a cell
without a number, and its status is the source's symbol or "". Sources: json-stat.org/full,
docs of PxWebApi v1 and v2.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from puls.errors import ImportFileError
from puls.registers.dataset import Category, Dataset, Dimension
from puls.registers.files import read_json

MAX_CELLS, MAX_DIMENSIONS = 2_000_000, 50
"""More than twice the most that PxWebApi gives in one answer; real tables have up to ten."""

LARGEST = 1e300
"""JSON can say 1e999, which no number here can hold."""

LONGEST_SYMBOL, LONGEST_TABLE = 20, 100
"""Real ones have up to three characters, and five."""

EXPECTED = "a table as JSON-stat 1.x or 2.0"
NEXT_STEP = "Fetch the table's data again as JSON-stat 2.0 (outputFormat=json-stat2)."

_OTHER_ANSWERS = {
    "variables": "the description of a table (metadata of PxWebApi 1)",
    "variableNames": "the entry of a table in the list of tables",
    "tables": "the list of tables",
    "apiVersion": "the configuration of the server",
    "query": "a query for a table",
    "selection": "a query for a table",
    "codelist": "a code list",
}


def read(file: Path) -> Dataset:
    """The table in a file, or ImportFileError with the place, what was expected and what to do."""
    return _Parse(file.name).dataset(read_json(file, EXPECTED, NEXT_STEP))


class _Parse:
    """Checks the parts one by one; knows the file's name for the errors."""

    def __init__(self, file: str) -> None:
        self.file = file

    def wrong(
        self, where: str, problem: str, expected: str = EXPECTED, then: str = NEXT_STEP
    ) -> ImportFileError:
        return ImportFileError(self.file, where, problem, expected, then)

    def mapping(self, value: Any, where: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.wrong(where, f"{_kind(value)} instead of an object", "an object { }")
        return value

    def text(self, value: Any, where: str) -> str:
        if not isinstance(value, str):
            raise self.wrong(where, f"{_kind(value)} instead of text", "text")
        return value

    def texts(self, value: Any, where: str) -> tuple[str, ...]:
        """Footnotes: one text or a list of them, line breaks and indents taken out."""
        found = value if isinstance(value, list) else [] if value is None else [value]
        return tuple(" ".join(self.text(each, where).split()) for each in found)

    def dataset(self, content: Any) -> Dataset:
        top = self._unwrap(self.mapping(content, ""))
        within = self.mapping(top.get("dimension"), "dimension")
        dimensions = self._dimensions(top, within)
        self.size = [len(dimension.categories) for dimension in dimensions]
        self.codes = {dimension.name: dimension.codes for dimension in dimensions}
        common, statuses = self._statuses(top.get("status"))
        content = top.get("value", [])
        is_metadata = content in ([], {}) and not statuses
        values = {} if is_metadata else self._values(content)
        label = self.text(top.get("label", ""), "label")
        return Dataset(
            label=label,
            source=self.text(top.get("source", ""), "source"),
            table=self._table(top, label),
            updated=self._updated(top),
            notes=self.texts(top.get("note"), "note"),
            dimensions=dimensions,
            values=values,
            statuses=statuses,
            common_status=common,
            is_metadata=is_metadata,
        )

    def _unwrap(self, content: dict[str, Any]) -> dict[str, Any]:
        """JSON-stat 1.x wraps the table as {"dataset": ...}; all else is told for what it is."""
        wrapped = content.get("dataset")
        if isinstance(wrapped, dict):
            content = wrapped
        is_table = "dimension" in content and content.get("class", "dataset") == "dataset"
        if not is_table:
            raise self._refusal(content)
        return content

    def _refusal(self, content: dict[str, Any]) -> ImportFileError:
        if "title" in content and isinstance(content.get("status"), int):
            said = f"'{content['title']}' ({content['status']})"
            problem = f"the server answered with an error: {said}"
            return self.wrong("", problem, then="Correct the query and fetch the table again.")
        for key, what in _OTHER_ANSWERS.items():
            if key in content:
                problem = f"this is {what}{_variables(content)}, without any figures"
                return self.wrong("", problem)
        keys = ", ".join(list(content)[:6]) or "none"
        return self.wrong("", f"no JSON-stat table (keys: {keys})")

    def _table(self, top: dict[str, Any], label: str) -> str:
        extension = top.get("extension")
        px = extension.get("px") if isinstance(extension, dict) else None
        table = px.get("tableid") if isinstance(px, dict) else None
        if isinstance(table, str) and 0 < len(table) <= LONGEST_TABLE:
            return table
        in_label = re.match(r"([0-9]{5}):", label)
        return in_label[1] if in_label else ""

    def _updated(self, top: dict[str, Any]) -> datetime | None:
        if top.get("updated") is None:
            return None
        text = self.text(top["updated"], "updated")
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            expected = "a time such as 2026-03-15T07:00:00Z"
            raise self.wrong("updated", f"'{text}' is no time", expected) from None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def _dimensions(self, top: dict[str, Any], within: dict[str, Any]) -> tuple[Dimension, ...]:
        """In order. id, size and role stand on top in 2.0 and beside the dimensions in 1.x."""
        places = top if "id" in top else within
        names, sizes = places.get("id"), places.get("size")
        if not (isinstance(names, list) and isinstance(sizes, list) and names):
            raise self.wrong("id, size", "missing", "lists of the dimensions and of their lengths")
        if len(names) > MAX_DIMENSIONS:
            raise self.wrong("id", f"{len(names):,} dimensions", f"at most {MAX_DIMENSIONS}")
        if len(names) != len(sizes):
            raise self.wrong(
                "size", f"{len(sizes)} lengths for {len(names)} dimensions", "one for each"
            )
        if len({self.text(name, "id") for name in names}) < len(names):
            raise self.wrong("id", "a dimension stands twice", "each dimension once")
        cells = 1
        for name, size in zip(names, sizes, strict=True):
            if type(size) is not int or size < 1:
                raise self.wrong(f"size of {name}", f"{size!r}"[:40], "a whole number from 1")
            # Told as soon as it is too much: the product of all could have thousands of digits.
            if (cells := cells * size) > MAX_CELLS:
                problem, most = f"{min(cells, 10**15):,} cells or more", f"at most {MAX_CELLS:,}"
                raise self.wrong("size", problem, most, "Select fewer categories.")
        roles = self._roles(places.get("role"), names)
        return tuple(
            self._dimension(name, size, roles.get(name, ""), within.get(name))
            for name, size in zip(names, sizes, strict=True)
        )

    def _roles(self, content: Any, names: list[str]) -> dict[str, str]:
        roles: dict[str, str] = {}
        for role, holders in self.mapping(content or {}, "role").items():
            for name in self.texts(holders, f"role.{role}"):
                if name not in names:
                    raise self.wrong(f"role.{role}", f"no dimension '{name}'", ", ".join(names))
                roles[name] = role
        return roles

    def _dimension(self, name: str, size: int, role: str, content: Any) -> Dimension:
        where = f"dimension {name}"
        own = self.mapping(content, where)
        category = self.mapping(own.get("category"), f"{where}, category")
        labels = self.mapping(category.get("label") or {}, f"{where}, label")
        units = self.mapping(category.get("unit") or {}, f"{where}, unit")
        notes = self.mapping(category.get("note") or {}, f"{where}, note")
        codes = self._codes(category.get("index"), labels, where)
        if len(codes) != size:
            raise self.wrong(
                where, f"{len(codes)} categories where size says {size}", "the same number"
            )
        made = []
        for code in codes:
            place = f"{where}, category {code}"
            unit, decimals = self._unit(units.get(code), place)
            label = self.text(labels.get(code, code), place)
            made.append(Category(code, label, unit, decimals, self.texts(notes.get(code), place)))
        label = self.text(own.get("label", name), where)
        return Dimension(name, label, role, tuple(made), self.texts(own.get("note"), where))

    def _codes(self, index: Any, labels: dict[str, Any], where: str) -> list[str]:
        """The categories in order: a list, {code: place}, or the one label when there is one."""
        if index is None:
            if len(labels) != 1:
                raise self.wrong(f"{where}, index", "missing", "the order of the categories")
            return list(labels)
        if isinstance(index, list):
            codes = [self.text(code, f"{where}, index") for code in index]
            if len(set(codes)) < len(codes):
                twice = next(code for code, often in Counter(codes).items() if often > 1)
                problem = f"category '{twice}' stands twice"
                raise self.wrong(f"{where}, index", problem, "each code once")
            return codes
        places = self.mapping(index, f"{where}, index")
        if any(type(place) is not int for place in places.values()):
            raise self.wrong(f"{where}, index", "a place that is no whole number", "0, 1, 2 ...")
        codes = sorted(places, key=lambda code: places[code])
        if [places[code] for code in codes] != list(range(len(codes))):
            raise self.wrong(
                f"{where}, index", "places that do not run from 0 without a gap", "0, 1, 2 ..."
            )
        return codes

    def _unit(self, content: Any, where: str) -> tuple[str, int | None]:
        own = self.mapping(content or {}, f"{where}, unit")
        decimals = own.get("decimals")
        if decimals is not None and (type(decimals) is not int or not 0 <= decimals <= 20):
            raise self.wrong(f"{where}, decimals", f"{decimals!r}"[:40], "a whole number")
        name = own.get("base") or own.get("label") or own.get("symbol") or ""
        return self.text(name, f"{where}, unit"), decimals

    def _values(self, content: Any) -> dict[int, float]:
        """Number by cell. Null has none; text, true and numbers beyond bounds are refused."""
        found = {}
        for number, value in self._by_cell(content, "value"):
            if value is None:
                continue
            if type(value) not in (int, float) or abs(value) > LARGEST:
                problem = f"{_kind(value)} ({ascii(value)[:40]})"
                raise self.wrong(self._place(number), problem, "a number or null")
            found[number] = float(value)
        return found

    def _statuses(self, content: Any) -> tuple[str, dict[int, str]]:
        """One symbol for all cells, or symbols by cell. Unknown symbols are kept."""
        if content is None or isinstance(content, str):
            return self._symbol(content or "", "status"), {}
        found = {}
        for number, symbol in self._by_cell(content, "status"):
            if symbol is not None:
                found[number] = self._symbol(symbol, f"status of {self._place(number)}")
        return "", found

    def _symbol(self, content: Any, where: str) -> str:
        symbol = self.text(content, where)
        if len(symbol) > LONGEST_SYMBOL:
            raise self.wrong(where, f"{len(symbol)} characters", "a symbol such as '.' or ':'")
        return symbol

    def _by_cell(self, content: Any, where: str) -> Iterator[tuple[int, Any]]:
        """(cell, what it has) of a list with one for each cell, or of {cell: what it has}."""
        cells = math.prod(self.size)
        if isinstance(content, list):
            if len(content) != cells:
                problem = f"{len(content)} for {cells} cells; the file may be cut off"
                raise self.wrong(where, problem, "one for each combination of categories")
            yield from enumerate(content)
            return
        for key, value in self.mapping(content, where).items():
            if not re.fullmatch(r"0|[1-9][0-9]{0,8}", key) or int(key) >= cells:
                expected = f"the number of a cell, 0 to {cells - 1}"
                raise self.wrong(where, f"no cell {ascii(key)[:40]}", expected)
            yield int(key), value

    def _place(self, number: int) -> str:
        """Cell 71 -> "cell 71 (Region 4601, Tid 2024)"."""
        codes, rest = [], number
        for name, size in zip(reversed(self.codes), reversed(self.size), strict=True):
            rest, place = divmod(rest, size)
            codes.append(f"{name} {self.codes[name][place]}")
        return f"cell {number} ({', '.join(reversed(codes))})"


def _variables(content: dict[str, Any]) -> str:
    """How many categories each variable of PxWebApi 1 metadata has, to recognise the table by."""
    variables = content.get("variables")
    if not isinstance(variables, list):
        return ""
    counts = [
        f"{each.get('code')} with {len(each['values'])} categories"
        for each in variables
        if isinstance(each, dict) and isinstance(each.get("values"), list)
    ]
    return f": {', '.join(counts[:6])}" if counts else ""


def _kind(value: Any) -> str:
    names = {
        bool: "true/false",
        dict: "an object",
        list: "a list",
        str: "text",
        type(None): "nothing",
    }
    return names.get(type(value), "a number")
