"""Pictures for e-mail: our own letters on every machine, and as much room for words as is kept."""

import struct
import zlib
from pathlib import Path

import pytest

from puls.documents.pictures import font_files, png
from puls.views.charts.lettering import AIR, AIR_BOLD, width
from puls.views.charts.scene import Scene, Text
from puls.views.charts.tones import Tone
from tests.views.charts import cast


def scene(text: str, bold: bool = False) -> Scene:
    return Scene(400, 40, "t", "d", (Text(0, 25, text, 20, Tone.INK, bold=bold),))


def pixels(picture: bytes) -> list[list[tuple[int, ...]]]:
    """Rows of pixels of an 8-bit RGBA picture, by the PNG standard."""
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    at, data, wide, high = 8, b"", 0, 0
    while at < len(picture):
        size, kind = struct.unpack(">I4s", picture[at : at + 8])
        body = picture[at + 8 : at + 8 + size]
        if kind == b"IHDR":
            wide, high, depth, colour = struct.unpack(">IIBB", body[:10])
            assert (depth, colour) == (8, 6)
        data += body if kind == b"IDAT" else b""
        at += size + 12
    raw, line, found = zlib.decompress(data), wide * 4, []
    before = bytearray(line)
    for row in range(high):
        start = row * (line + 1)
        how, now = raw[start], bytearray(raw[start + 1 : start + 1 + line])
        for n in range(line):
            a = now[n - 4] if n > 3 else 0
            b, c = before[n], before[n - 4] if n > 3 else 0
            near = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
            now[n] = (now[n] + (0, a, b, (a + b) // 2, near)[how]) & 255
        found.append([tuple(now[n : n + 4]) for n in range(0, line, 4)])
        before = now
    return found


def ink(picture: bytes) -> int:
    """The last column with anything darker than paper."""
    rows = pixels(picture)
    return max((n for row in rows for n, p in enumerate(row) if p[0] < 160), default=-1)


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("text", ["Tilbakemeldinger", "2023–24", "Åæøé ŋđ 3,4 %", "WWWiii"])
def test_words_take_the_room_that_charts_keep_for_them(text: str, bold: bool) -> None:
    kept = width(text, 20, bold) / (AIR_BOLD if bold else AIR)
    drawn = ink(png(scene(text, bold), scale=1))
    # Letters such as 2 and – move together; none moves apart.
    assert 0.9 * kept - 2 <= drawn <= kept + 1


def test_only_our_own_letters_are_used() -> None:
    names = [Path(file).name for file in font_files()]
    assert names == ["Inter-Regular.ttf", "Inter-SemiBold.ttf"]
    assert (Path(font_files()[0]).parent / "Inter-OFL.txt").read_text().count("SIL OPEN FONT") > 0
    # A letter that ours does not have is not taken from the machine.
    assert ink(png(scene("漢字"), scale=1)) <= 60


@pytest.mark.parametrize(("theme", "ground"), [("light", 255), ("dark", 15), ("grey", 255)])
def test_a_picture_has_the_ground_of_its_theme_and_its_size(theme: str, ground: int) -> None:
    rows = pixels(png(scene("x"), theme, scale=2))
    assert (len(rows), len(rows[0])) == (80, 800)
    assert rows[0][-1] == (ground, *rows[0][-1][1:3], 255)


def test_the_same_scene_is_the_same_picture() -> None:
    drawn = cast.dialogue().chart.wide
    assert png(drawn, scale=1) == png(cast.dialogue().chart.wide, scale=1)


def test_grey_has_no_colours() -> None:
    for row in pixels(png(cast.dialogue().chart.wide, "grey", scale=0.4)):
        assert all(p[0] == p[1] == p[2] for p in row)
