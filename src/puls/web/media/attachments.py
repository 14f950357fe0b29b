"""Files that are only handed out: which are taken, and under which name."""

import re
import unicodedata
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from puls.errors import NotNow

MOST_BYTES = 10 * 1024 * 1024
LONGEST_NAME = 100
ZIP = b"PK\x03\x04"
KINDS = {
    ".pdf": b"%PDF-",
    ".docx": ZIP,
    ".xlsx": ZIP,
    ".pptx": ZIP,
    ".odt": ZIP,
    ".ods": ZIP,
    ".odp": ZIP,
}
"""Endings that are taken, and how such a file begins. None of them runs programs by itself."""
ODD = re.compile(r"[^\w .,()+-]")


def clean_name(name: str) -> str:
    """A name fit for every computer: "../a\\b:c.PDF" becomes "b c.pdf"."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    path = PurePosixPath(" ".join(ODD.sub(" ", last).split()).strip(" .") or "fil")
    ending = path.suffix.lower()
    return path.name[: len(path.name) - len(ending)][: LONGEST_NAME - len(ending)].rstrip() + ending


def check_attachment(name: str, data: bytes) -> None:
    """NotNow with the reason where the file is not taken. name: as `clean_name` gives it."""
    ending = PurePosixPath(name).suffix
    if ending not in KINDS or not data.startswith(KINDS[ending]):
        raise NotNow(
            _("Only PDF and files of Word, Excel, PowerPoint and LibreOffice without programs "
              "(%(endings)s) can be attached.")
            % {"endings": ", ".join(KINDS)}
        )  # fmt: skip
    if len(data) > MOST_BYTES:
        raise NotNow(
            _("The file is larger than %(most)s MB. Make it smaller, or link to where it lies.")
            % {"most": MOST_BYTES // 1024 // 1024}
        )
