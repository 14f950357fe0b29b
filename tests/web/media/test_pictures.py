"""A picture is drawn anew in a bounded process: only its pixels come through, or a sentence."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator

import pytest
from django.utils import translation
from PIL import ExifTags, Image, ImageCms

from puls.errors import NotNow
from puls.web.media import pictures
from puls.web.media.pictures import drawn
from tests.web.media.uploads import encoded

RED, GREEN, BLUE = (200, 30, 30), (30, 200, 30), (30, 30, 200)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def read(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def near(picture: Image.Image, at: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    found = picture.convert("RGB").getpixel(at)
    assert isinstance(found, tuple)
    return all(abs(a - b) < 25 for a, b in zip(found, colour, strict=True))


def two_halves(width: int = 80, height: int = 40) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(BLUE, (width // 2, 0, width, height))
    return picture


def taken_by_a_phone() -> bytes:
    """A JPEG that knows where and when it was taken, by what, and that it lies on its side."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # to be turned a quarter to the right
    exif[ExifTags.Base.Make] = "SECRETPHONE"
    exif[ExifTags.Base.DateTime] = "2026:01:02 03:04:05"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (59.0, 17.0, 1.0)
    return encoded(
        two_halves(), "JPEG", exif=exif, comment=b"SECRETCOMMENT", dpi=(300, 300),
        xmp=b"<x:xmpmeta>SECRETXMP</x:xmpmeta>",
    )  # fmt: skip


def told_by(data: bytes) -> list[object]:
    """Everything that a picture tells beside its pixels."""
    picture = read(data)
    info = picture.info.keys() - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    marks = (b"SECRETPHONE", b"SECRETCOMMENT", b"SECRETXMP", b"Exif", b"2026:01", b"ICC_PROFILE")
    place = picture.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    return [*info, *(mark for mark in marks if mark in data), *picture.getexif(), *place]


def test_nothing_that_a_phone_hides_in_a_picture_is_left() -> None:
    made = drawn("a.jpg", taken_by_a_phone())
    assert told_by(made.content) == told_by(made.small) == []


def test_caught_a_drawing_that_keeps_what_came_along() -> None:
    """The mutant saves the picture that it opened, with its own information."""
    picture = read(taken_by_a_phone())
    kept = encoded(picture, "JPEG", exif=picture.getexif(), comment=picture.info["comment"])
    told = told_by(kept)
    assert ExifTags.GPS.GPSLatitude in told
    assert b"SECRETCOMMENT" in told
    assert b"SECRETPHONE" in told


def test_a_picture_on_its_side_is_turned() -> None:
    made = drawn("a.jpg", taken_by_a_phone())
    picture = read(made.content)
    assert (made.width, made.height) == picture.size == (40, 80)
    assert near(picture, (20, 10), RED)
    assert near(picture, (20, 70), BLUE)


def test_the_sizes_that_are_kept() -> None:
    made = drawn("a.png", encoded(two_halves(3000, 1500)))
    assert (made.width, made.height) == read(made.content).size == (1600, 800)
    assert read(made.small).size == (400, 200)
    little = drawn("a.png", encoded(two_halves(80, 40)))
    assert read(little.content).size == read(little.small).size == (80, 40), "never made larger"


def moving() -> bytes:
    first, second = Image.new("RGB", (30, 30), GREEN), Image.new("RGB", (30, 30), RED)
    return encoded(first, "GIF", save_all=True, append_images=[second] * 5)


def seen_through() -> bytes:
    return encoded(Image.new("RGBA", (30, 30), (200, 30, 30, 0)))


def with_a_palette() -> bytes:
    return encoded(Image.new("RGB", (30, 30), GREEN).convert("P"), "PNG")


def for_print() -> bytes:
    return encoded(Image.new("CMYK", (30, 30), (0, 0, 0, 0)), "JPEG")


def with_a_profile() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return encoded(Image.new("RGB", (30, 30), GREEN), "JPEG", icc_profile=profile)


def with_a_broken_profile() -> bytes:
    return encoded(Image.new("RGB", (30, 30), GREEN), "JPEG", icc_profile=b"not a profile" * 20)


KINDS: list[tuple[Callable[[], bytes], tuple[int, int, int]]] = [
    (moving, GREEN),  # the first frame
    (seen_through, (255, 255, 255)),  # on white
    (with_a_palette, GREEN),
    (for_print, (255, 255, 255)),
    (with_a_profile, GREEN),
    (with_a_broken_profile, GREEN),
    (lambda: encoded(Image.new("L", (30, 30), 255), "WEBP"), (255, 255, 255)),
]


@pytest.mark.parametrize(("make", "colour"), KINDS)
def test_kinds_of_pictures(make: Callable[[], bytes], colour: tuple[int, int, int]) -> None:
    picture = read(drawn("a.bin", make()).content)
    assert (picture.format, picture.mode, getattr(picture, "n_frames", 1)) == ("JPEG", "RGB", 1)
    assert near(picture, (15, 15), colour)


def test_a_second_file_behind_the_picture_does_not_come_through() -> None:
    hidden = b"PK\x03\x04<script>alert(1)</script><?php evil(); ?>%PDF-1.7"
    made = drawn("a.png", encoded(two_halves()) + hidden)
    assert not [part for part in (b"PK\x03", b"script", b"php", b"%PDF") if part in made.content]


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that says it is this large, and is."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    lines = zlib.compress(bytes(width // 8 + 1) * min(height, 100_000), 9)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    return start + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


SVG = b"<?xml version='1.0'?>\n<!-- x -->\n<svg xmlns='http://www.w3.org/2000/svg'/>"
REFUSED = [
    # name, content, why not
    ("a.svg", b"anything", "can hold programs"),
    ("a.png", SVG, "can hold programs"),
    ("a.png", b"\xef\xbb\xbf <SVG onload=x>", "can hold programs"),
    ("a.heic", b"x", "HEIC.*as JPEG"),
    ("a.jpg", b"\x00\x00\x00\x24ftypmif1", "HEIC.*as JPEG"),
    ("a.png", b"", "no picture"),
    ("a.png", b"%PDF-1.7", "no picture"),
    ("a.jpg", b"GIF89a", "no picture"),
    ("a.png", encoded(two_halves(), "BMP"), "no picture"),
    ("a.png", encoded(two_halves(), "TIFF"), "no picture"),
    ("a.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no picture"),
    ("a.png", bomb(5001, 5000), "25 million"),
    ("a.png", bomb(60_000, 60_000), "25 million"),
    ("a.jpg", encoded(two_halves(900, 900), "JPEG")[:2000], "broken"),
    ("a.png", encoded(Image.effect_noise((99, 99), 50))[:3000], "broken"),
]


@pytest.mark.parametrize(("name", "data", "why"), REFUSED)
def test_what_is_refused_and_why(name: str, data: bytes, why: str) -> None:
    with pytest.raises(NotNow, match=why):
        drawn(name, data)


def test_a_file_too_large_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MODULE", "not.a.module")
    with pytest.raises(NotNow, match="larger than 20 MB"):
        drawn("a.png", bytes(pictures.MOST_BYTES + 1))


def test_25_million_pixels_are_still_drawn_within_the_limits() -> None:
    made = drawn("a.png", encoded(Image.new("RGBA", (5000, 5000), (*GREEN, 128)), compress_level=1))
    assert (made.width, made.height) == (1600, 1600)


# What the limits must catch: a child that goes wrong, whatever in it goes wrong.

WRONG = {
    "memory": "x = bytearray(2 * redraw.MEMORY)",
    "clock": "import time; time.sleep(60)",
    "processor": "while True: pass",
    "file": "open(os.path.join(tempfile.gettempdir(), 'puls-test'), 'wb').write(b'x' * 9)",
    "signal": "os.kill(os.getpid(), 11)",
    "exit": "sys.exit(3)",
}


@pytest.mark.parametrize("what", WRONG)
def test_a_process_that_goes_wrong_is_ended_with_a_sentence(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = (
        "import os, resource, sys, tempfile; from puls.web.media import redraw; redraw.SECONDS = 1;"
        f"redraw.limit()\n{WRONG[what]}\nprint('{{\"sizes\": [[1, 1, 1], [1, 1, 1]]}}')"
    )
    real = pictures.subprocess.run

    def run(command: list[str], **options: object) -> object:
        assert options["env"] == {"LC_ALL": "C.UTF-8"}, "a child that gets keys and addresses"
        return real([*command[:2], "-c", program], **options)  # type: ignore[call-overload]

    monkeypatch.setattr(pictures.subprocess, "run", run)
    monkeypatch.setattr(pictures, "PATIENCE_SECONDS", 3)
    with pytest.raises(NotNow, match="takes too much to draw"):
        drawn("a.png", encoded(two_halves()))
