"""A picture from outside, drawn anew by a bounded process (`redraw`), or a sentence why not."""

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass

from django.utils.translation import gettext as _

from puls.errors import NotNow
from puls.web.media.uploads import MOST_BYTES

MODULE = "puls.web.media.redraw"
PATIENCE_SECONDS = 30
"""Of the clock; the process itself may use less of a processor."""

HEIC = tuple(b"ftyp" + brand for brand in (b"heic", b"heix", b"hevc", b"mif1", b"msf1"))
"""How such a picture begins, whatever its name."""

_turns = threading.BoundedSemaphore(1)
"""One picture at a time in each worker: ten at once would need ten times the memory."""


@dataclass(frozen=True)
class Drawn:
    """A picture as it is kept. content: JPEG; small: the same, smaller."""

    width: int
    height: int
    content: bytes
    small: bytes


def drawn(name: str, data: bytes) -> Drawn:
    """The picture in the sizes that are kept. NotNow with the reason and what to do instead."""
    if len(data) > MOST_BYTES:
        raise NotNow(
            _("The picture is larger than %(most)s MB. Make it smaller first.")
            % {"most": MOST_BYTES // 1024 // 1024}
        )
    if name.lower().endswith((".svg", ".svgz")) or _is_like_svg(data):
        raise NotNow(
            _("A picture of the kind SVG can hold programs, so it is not taken. Save it as PNG.")
        )
    if name.lower().endswith((".heic", ".heif")) or data[4:12] in HEIC:
        raise NotNow(
            _("Pictures of the kind HEIC cannot be read here. Save it as JPEG: on an iPhone copy "
              "it into the app Files, on a computer open it and choose “Save as” or “Export”. New "
              "ones are JPEG when “Most compatible” is chosen in the settings of the camera.")
        )  # fmt: skip
    head, rest = _drawn_by_child(data)
    if "sizes" not in head:
        raise NotNow(_sentence(str(head.get("problem", ""))))
    (width, height, length), _small = head["sizes"]
    return Drawn(width, height, rest[:length], rest[length:])


def _drawn_by_child(data: bytes) -> tuple[dict[str, list[list[int]]], bytes]:
    """What the process said, and the bytes after it; nothing of either where it was ended."""
    # Its environment is empty: no key, no address of the database.
    command = [sys.executable, "-I", "-m", MODULE]
    with _turns:
        try:
            done = subprocess.run(
                command,
                input=data,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=PATIENCE_SECONDS,
                env={"LC_ALL": "C.UTF-8"},
                cwd=os.sep,
            )
        except subprocess.TimeoutExpired:
            return {}, b""
    if done.returncode != 0:
        return {}, b""
    head, _newline, rest = done.stdout.partition(b"\n")
    return json.loads(head), rest


def _is_like_svg(data: bytes) -> bool:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith(b"<svg") or (start.startswith(b"<?xml") and b"<svg" in data[:4096])


def _sentence(problem: str) -> str:
    return {
        "too_large": _(
            "The picture has more than 25 million pixels. Make it smaller first: 1600 pixels wide "
            "is enough."
        ),
        "no_picture": _("This is no picture of the kinds JPEG, PNG, WebP or GIF."),
        "broken": _("The picture is broken and cannot be drawn. Save it once more, or choose "
                    "another one."),
    }.get(
        problem,
        _("The picture takes too much to draw. Save it as JPEG, or choose another one."),
    )  # fmt: skip
