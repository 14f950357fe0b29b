"""How much room words take, so that charts can be laid out before anybody draws them."""

from functools import lru_cache

from puls.views.charts.widths import REGULAR, SEMIBOLD

AIR, AIR_BOLD = 1.08, 1.18
"""Pages use the reader's own font, and some are wider than ours: room is kept for the widest of
the usual ones (DejaVu Sans is 7 % wider, its bold 18 %)."""
UNKNOWN = 900
"""Width of a letter that the table does not have, thousandths: that of "…" in most fonts."""
LINE = 1.3
"""Height of a line, in sizes of its letters."""


@lru_cache(maxsize=20_000)
def width(text: str, size: float, bold: bool = False) -> float:
    """How wide a text is at most, in the unit of its size.

    >>> round(width("Tilbakemeldinger", 12.0))
    106
    """
    table = SEMIBOLD if bold else REGULAR
    thousandths = 0
    for letter in text:
        code = ord(letter)
        spot = code - 32 if 32 <= code < 127 else code - 65 if 160 <= code < 384 else -1
        thousandths += (table[spot] if spot >= 0 else 0) or UNKNOWN
    return thousandths / 1000 * size * (AIR_BOLD if bold else AIR)


def wrapped(text: str, room: float, size: float, bold: bool = False, lines: int = 99) -> list[str]:
    """A text as lines that fit the room. What does not fit the last line ends in "…".

    A word longer than the room is cut with a hyphen. At least one line, of "" for an empty text.
    """
    assert lines > 0, "a text needs a line"
    found = [""]
    # A no-break space does not break.
    for word in (part for part in text.split(" ") if part):
        longer = f"{found[-1]} {word}" if found[-1] else word
        if width(longer, size, bold) <= room:
            found[-1] = longer
            continue
        if found[-1]:
            found.append("")
        while width(word, size, bold) > room and len(word) > 2:
            end = next(
                (n for n in range(len(word) - 1, 1, -1)
                 if width(f"{word[:n]}-", size, bold) <= room),
                1,
            )  # fmt: skip
            found[-1] = f"{word[:end]}-"
            found.append("")
            word = word[end:]
        found[-1] = word
    if len(found) <= lines:
        return found
    return [*found[: lines - 1], shortened(" ".join(found[lines - 1 :]), room, size, bold)]


def shortened(text: str, room: float, size: float, bold: bool = False) -> str:
    """The text, or as much of its beginning as fits with a "…" after it."""
    if width(text, size, bold) <= room:
        return text
    while text and width(f"{text}…", size, bold) > room:
        text = text[:-1].rstrip(" -,·")
    return f"{text}…"
