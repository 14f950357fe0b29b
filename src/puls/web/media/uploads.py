"""How much of a file that somebody sends is kept while it comes in."""

import re
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, MemoryFileUploadHandler

MOST_BYTES = 20 * 1024 * 1024
PERSONAL = re.compile(r"/runder/[^/]+/svarfil/")
"""Where files come in that hold what people have answered, and often their names."""


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


class NeverOnDisk(MemoryFileUploadHandler):
    """Keeps such a file in memory however large it is: a temporary file would outlive a crash.

    By its address, as what was sent is read before any page is asked.
    """

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        assert self.request is not None
        self.activated = PERSONAL.fullmatch(self.request.path_info) is not None
