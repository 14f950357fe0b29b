"""Why a file was not taken, in the reader's language."""

from django.utils.translation import gettext as _

from puls.errors import PulsError
from puls.registers.refused import Refused, Why


def sentence(slip: PulsError) -> str:
    """What a page says of an error of a reader."""
    if not isinstance(slip, Refused):
        return str(slip)
    told = _sentences()[slip.why].format(**{"most": "", **slip.told})
    kind, _blank, number = slip.where.partition(" ")
    places = {
        "row": _("Row %(number)s: %(what)s"),
        "line": _("Line %(number)s: %(what)s"),
    }
    return places[kind] % {"number": number, "what": told} if kind in places else told


def _sentences() -> dict[Why, str]:
    again = _("Save the table as XLSX or as CSV in UTF-8, and upload that.")
    return {
        Why.EMPTY: _("There is nothing in the file."),
        Why.TOO_LARGE: _("The file is larger than {most} MB. Export less at a time."),
        Why.TOO_MANY_ROWS: _("The file has more than {most} rows. Divide it into several."),
        Why.TOO_MANY_COLUMNS: _(
            "The file has more than {most} columns. Export the questions only."
        ),
        Why.TOO_MANY_CELLS: _("The file has more than {most} cells. Export less at a time."),
        Why.TOO_MUCH: _(
            "The file takes too much to read. Copy the cells into a new spreadsheet, and upload "
            "that."
        ),
        Why.OLD_EXCEL: _(
            "This is an old Excel file, or one with a password. Save it as XLSX without a password."
        ),
        Why.OPEN_DOCUMENT: _("This is an OpenDocument file. Save it as XLSX."),
        Why.PACKED: _("The file is packed. Unpack it, and upload what is inside."),
        Why.HTML: _("This is a web page, whatever its name says.") + " " + again,
        Why.NO_TEXT: _("This is neither a spreadsheet nor text.") + " " + again,
        Why.ENCODING: _("The letters in the file cannot be read.") + " " + again,
        Why.NOT_CSV: _("A quotation mark is open or in the wrong place.") + " " + again,
        Why.BROKEN: _("The file is broken. Save it once more, and upload that."),
        Why.NO_ROWS: _("There is nothing below the headings."),
        Why.TOO_DEEP: _("The file has a shape that nobody exports."),
        Why.DOCUMENT_TYPE: _("The file has a shape that nobody exports."),
    }
