"""How much of a file that somebody sends is kept while it comes in."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

MOST_BYTES = 20 * 1024 * 1024


class Bounded(FileUploadHandler):
    """Stands before Django's own handlers, and lets them have one byte more than may be.

    That byte tells whoever checks the file that it is too large; the rest is thrown away as it
    comes, so that nobody fills the disk.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data[: max(MOST_BYTES + 1 - start, 0)] or None

    def file_complete(self, file_size: int) -> Any:
        """Nothing: the next handler has the file."""
        return None
