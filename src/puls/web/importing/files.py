"""Files to import, looked at before they are read."""

import hashlib
import stat
from pathlib import Path

from puls.errors import ImportFileError
from puls.registers.files import MAX_BYTES


def check_file(file: Path) -> None:
    """ImportFileError unless this is a file, and no larger than can be meant.

    Asked before anything is read or locked: a device or a pipe might never come to an end.
    """
    try:
        known = file.stat()
    except (OSError, ValueError) as error:
        raise _cannot_be_opened(file, error) from None
    if not stat.S_ISREG(known.st_mode):
        kind = "a folder" if stat.S_ISDIR(known.st_mode) else "a device or a pipe"
        raise ImportFileError(str(file), "", f"this is {kind}", "a file", "Check the path.")
    if known.st_size > MAX_BYTES:
        problem = f"the file has {known.st_size / 1024**2:,.0f} MB"
        limit = f"at most {MAX_BYTES // 1024**2} MB"
        raise ImportFileError(str(file), "", problem, limit, "Export less at a time.")


def checksum(file: Path) -> str:
    """SHA-256 of the bytes."""
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise _cannot_be_opened(file, error) from None


def _cannot_be_opened(file: Path, error: OSError | ValueError) -> ImportFileError:
    reason = getattr(error, "strerror", None) or error
    return ImportFileError(
        str(file), "", f"cannot be opened ({reason})", "a file", "Check the path."
    )
