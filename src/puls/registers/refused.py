"""Why a table from outside was not taken: a word for whoever asks, and a sentence in English.

Pages have the same sentences in the reader's language, by the word (`web.collect.refusals`).
"""

from collections.abc import Mapping
from enum import StrEnum

from puls.errors import ImportFileError


class Why(StrEnum):
    """What may be wrong with a file as a whole, before anything in it is understood."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_MANY_CELLS = "too_many_cells"
    TOO_MUCH = "too_much"
    OLD_EXCEL = "old_excel"
    OPEN_DOCUMENT = "open_document"
    PACKED = "packed"
    HTML = "html"
    NO_TEXT = "no_text"
    ENCODING = "encoding"
    NOT_CSV = "not_csv"
    BROKEN = "broken"
    NO_ROWS = "no_rows"
    TOO_DEEP = "too_deep"
    DOCUMENT_TYPE = "document_type"


SENTENCES: Mapping[Why, tuple[str, str, str]] = {
    Why.EMPTY: ("the file is empty", "a table", "Choose another file."),
    Why.TOO_LARGE: (
        "the file is larger than {most} MB", "a smaller file", "Export less at a time.",
    ),
    Why.TOO_MANY_ROWS: (
        "more than {most} rows", "a row a respondent", "Divide the file into several.",
    ),
    Why.TOO_MANY_COLUMNS: (
        "more than {most} columns", "fewer columns", "Export only the questions.",
    ),
    Why.TOO_MANY_CELLS: (
        "more than {most} cells that hold something", "a smaller table", "Export less at a time.",
    ),
    Why.TOO_MUCH: (
        "the file takes too much memory or time to read", "a file of the size it seems to have",
        "Open it in its own program, copy the cells into a new file, and save that.",
    ),
    Why.OLD_EXCEL: (
        "this is an old Excel file (.xls), or one with a password", "XLSX or CSV",
        "Save it as XLSX without a password.",
    ),
    Why.OPEN_DOCUMENT: ("this is an OpenDocument file", "XLSX or CSV", "Save it as XLSX."),
    Why.PACKED: ("the file is packed", "XLSX or CSV", "Unpack it, then take what is inside."),
    Why.HTML: ("this is HTML or XML", "XLSX or CSV", "Export the table again as XLSX or CSV."),
    Why.NO_TEXT: ("this is neither a spreadsheet nor text", "XLSX or CSV", "Save it as XLSX."),
    Why.ENCODING: (
        "the letters are of a kind that Puls does not know",
        "UTF-8, UTF-16 or Windows-1252", "Save the file as XLSX, or as CSV in UTF-8.",
    ),
    Why.NOT_CSV: (
        "a quotation mark is open or in the wrong place", "CSV",
        "Look at the row, or save the table as XLSX.",
    ),
    Why.BROKEN: ("the file is broken", "a whole file", "Save it once more, and take that."),
    Why.NO_ROWS: (
        "nothing below the first row", "headings, and a row a respondent", "Export again.",
    ),
    Why.DOCUMENT_TYPE: (
        "the XML has a document type, which can unfold without end", "XML without one",
        "Export again; nothing that LimeSurvey exports has one.",
    ),
    Why.TOO_DEEP: ("XML of a shape that nobody exports", "the file as exported", "Export again."),
}  # fmt: skip


class Refused(ImportFileError):
    """A file that is not taken. told: what the sentence puts in, by name."""

    def __init__(self, file: str, why: Why, where: str = "", **told: object) -> None:
        self.why, self.told = why, told
        problem, expected, next_step = (part.format(**told) for part in SENTENCES[why])
        super().__init__(file, where, problem, expected, next_step)
