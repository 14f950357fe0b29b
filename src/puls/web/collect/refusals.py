"""Why a file or a press of a button was not taken, in the reader's language."""

from enum import Enum, auto

from django.utils.translation import gettext as _

from puls.errors import NotNow, PulsError
from puls.registers.refused import Refused, Why


class Reason(Enum):
    """Why a round takes nothing now."""

    LATE = auto()
    SEALED = auto()
    CLOSED = auto()
    ELSEWHERE = auto()
    BEING_SEALED = auto()
    SAME_FILE = auto()
    NO_DEPARTMENTS = auto()
    NO_ANSWERS = auto()
    NO_KEY = auto()
    CODES = auto()


class Untaken(NotNow):
    """What a command says, with its options and keys; reason: for a page, which has neither."""

    def __init__(self, told: str, reason: Reason) -> None:
        super().__init__(told)
        self.reason = reason


def sentence(slip: PulsError) -> str:
    """What a page says of an error of a reader or of a round."""
    if isinstance(slip, Untaken):
        return _reasons()[slip.reason]
    if not isinstance(slip, Refused):
        return str(slip)
    told = _sentences()[slip.why].format(**{"most": "", **slip.told})
    kind, _blank, number = slip.where.partition(" ")
    places = {
        "row": _("Row %(number)s: %(what)s"),
        "line": _("Line %(number)s: %(what)s"),
    }
    return places[kind] % {"number": number, "what": told} if kind in places else told


def left_out(nothing: bool) -> str:
    """What a page says when a release went out without something of a round.

    nothing: of the round. It was sealed after the results above it were released. Else what is
    missing are parts and years together, which only the country's release has.
    """
    if not nothing:
        return _(
            "The results are released, but without parts such as girls and boys, and without years "
            "put together. Ask whoever runs Puls why."
        )
    return _(
        "The results above your unit were released before this round was sealed, so they are "
        "without it. Ask whoever runs Puls whether corrected results can be released."
    )


def opened_already() -> str:
    """What is said of a prepared round that was opened, perhaps by somebody else just now."""
    return _("The round is open: people have been asked, and nothing of it can change.")


def given_up() -> str:
    """What is said of one that is no longer there."""
    return _("This round was given up by somebody else just now.")


def few_beside_a_file(k: int) -> str:
    """What a page says where answers with codes, or some of them, do not count beside a file."""
    return _(
        "Where fewer than %(k)s of a department, or of a group such as girls, had answered with "
        "codes, or all of them alike, these answers are left out there: whoever knows the file "
        "could have worked them out."
    ) % {"k": k}


def _reasons() -> dict[Reason, str]:
    return {
        Reason.LATE: _(
            "These answers come too late: the results above your unit are released without them, "
            "and stay as they are. Nothing was changed."
        ),
        Reason.SEALED: _("The round is sealed and takes no more answers. Nothing was changed."),
        Reason.CLOSED: _("The round is closed and takes no more answers. Nothing was changed."),
        Reason.ELSEWHERE: _(
            "Another round asks some of the same people this school year, and each answer counts "
            "once. Add the answers there, or choose another school year."
        ),
        Reason.BEING_SEALED: _(
            "The round is being sealed just now and takes no more answers. Nothing was changed."
        ),
        Reason.SAME_FILE: _(
            "A file with this name and as many rows has come in before. If these are other "
            "people's answers, give the file another name and upload it again."
        ),
        Reason.NO_DEPARTMENTS: _(
            "There are no departments here this school year, so nobody could answer. Add them "
            "first."
        ),
        Reason.NO_ANSWERS: _("Nobody has answered, so there is nothing to seal."),
        Reason.NO_KEY: _(
            "The key of this round is missing on the server, so its answers cannot be read. Ask "
            "whoever runs Puls to put it back."
        ),
        Reason.CODES: _(
            "Some have answered with codes, and their answers cannot be replaced. If those of the "
            "file are other people's, choose that. Nothing was changed."
        ),
    }


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
