"""Opens a spreadsheet or an SPSS file in a process of its own: `python -m puls.registers.opened`.

Standard input: a line of JSON with the kind and the limits, then the file. Standard output: JSON,
{"rows": [[text, ...], ...]} with what a file of that kind knows beside, or {"why": WORD} from
`refused.Why`. Limits of memory, time and files hold before the first byte of the file is looked at,
so that a file of a few kilobytes which unfolds to gigabytes ends this process and nothing else.

Knows neither Django nor the database: whoever breaks in here finds nothing.
"""

import io
import json
import math
import resource
import sys
import zipfile
from datetime import date, datetime, time
from typing import Any

from puls.registers.refused import Why

MEMORY = 1536 * 1024 * 1024
"""Bytes of address space, of which the libraries alone take a third. A table of two million cells
takes 300 MB."""
SECONDS = 20
MOST_UNPACKED = 400 * 1024 * 1024
"""Bytes that a spreadsheet may say it unfolds to."""

Limits = dict[str, int]


def limit() -> None:
    """From here on: so much memory, so much time of a processor, no file written."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def write_nothing() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def xlsx(data: bytes, limits: Limits) -> dict[str, Any]:
    """The first sheet that is not hidden."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    write_nothing()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        return {"why": Why.BROKEN}
    names = {part.filename for part in parts}
    if "content.xml" in names:
        return {"why": Why.OPEN_DOCUMENT}
    if "[Content_Types].xml" not in names:
        return {"why": Why.PACKED}
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        return {"why": Why.TOO_MUCH}
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        seen = [
            each.name
            for each in book.sheets_metadata
            if each.typ == SheetTypeEnum.WorkSheet and each.visible == SheetVisibleEnum.Visible
        ]
        if not seen:
            return {"why": Why.EMPTY}
        sheet = book.get_sheet_by_name(seen[0])
    except Exception:
        # Readers of files raise whatever they like: what cannot be read is broken.
        return {"why": Why.BROKEN}
    if sheet.end is None:
        return {"rows": []}
    height, width = sheet.end[0] + 1, sheet.end[1] + 1
    if width > limits["columns"]:
        return {"why": Why.TOO_MANY_COLUMNS, "most": limits["columns"]}
    if height > limits["rows"]:
        return {"why": Why.TOO_MANY_ROWS, "most": limits["rows"]}
    if height * width > 10 * limits["cells"]:
        return {"why": Why.TOO_MANY_CELLS, "most": limits["cells"]}
    rows = sheet.to_python(skip_empty_area=False)
    return {"rows": [[_text(cell, limits["cell"]) for cell in row] for row in rows]}


def _text(cell: object, longest: int) -> str:
    """A cell as somebody sees it: whole numbers without a point, days as 2026-11-30."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return ""
        return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(float(cell))
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    # XLSX can write a zero byte ("_x0000_"), which no database has a place for.
    return str(cell)[:longest].replace("\0", " ")


def sav(data: bytes, limits: Limits) -> dict[str, Any]:
    """An SPSS file: names and labels of its columns, words of their values, rows.

    What the file calls missing, by its users as well as by SPSS, is an empty cell.
    """
    from pyreadstat import ReadstatError, read_sav

    write_nothing()
    try:
        # A header may promise any number of rows; its columns are looked at before they are read.
        _, told = read_sav(io.BytesIO(data), metadataonly=True, output_format="dict")
        if len(told.column_names) > limits["columns"]:
            return {"why": Why.TOO_MANY_COLUMNS, "most": limits["columns"]}
        found, told = read_sav(
            io.BytesIO(data),
            user_missing=False,
            output_format="dict",
            row_limit=limits["rows"] + 1,
            disable_datetime_conversion=True,
        )
    except (ReadstatError, UnicodeDecodeError, ValueError, OverflowError, KeyError, TypeError):
        return {"why": Why.BROKEN}
    height = max((len(column) for column in found.values()), default=0)
    if height > limits["rows"]:
        return {"why": Why.TOO_MANY_ROWS, "most": limits["rows"]}
    if height * len(found) > limits["cells"]:
        return {"why": Why.TOO_MANY_CELLS, "most": limits["cells"]}
    longest = limits["cell"]
    cells = [[_text(cell, longest) for cell in found[name]] for name in told.column_names]
    labels = told.variable_value_labels
    return {
        "names": [str(name)[:longest] for name in told.column_names],
        "labels": [str(label or "")[:longest] for label in told.column_labels],
        "values": [
            {
                _text(code, longest): str(word)[:longest]
                for code, word in labels.get(name, {}).items()
            }
            for name in told.column_names
        ],
        "rows": [list(row) for row in zip(*cells, strict=True)],
    }


OPENERS = {"xlsx": xlsx, "sav": sav}


def main() -> None:
    limit()
    asked = json.loads(sys.stdin.buffer.readline())
    kind = asked.pop("kind")
    told = OPENERS[kind](sys.stdin.buffer.read(), asked)
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
