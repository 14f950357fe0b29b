"""Files that are there whole or not at all, whatever happens to the machine meanwhile."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """Gives a temporary name to write to; on leaving, what was written becomes `file` at once.

    The bytes are on the disk before the name is, so that a power cut leaves the old file or the
    new one. After an error the temporary file is removed and `file` is as it was. Two who write
    the same file do not meet: each has a temporary name of its own, and the last one counts.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}.draft")
    try:
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(file)
        sync_folder(file.parent)
    finally:
        draft.unlink(missing_ok=True)


def clear_drafts(file: Path) -> None:
    """Remove what a killed process left half-written. Only where nobody else writes the file."""
    for left in file.parent.glob(f".{file.name}.*.draft"):
        left.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Put the folder's list of names on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
