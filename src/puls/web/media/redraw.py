"""Draws a picture anew, in a process of its own: `python -m puls.web.media.redraw`.

A picture from outside arrives on standard input. It is read under limits of memory, time and
files, and drawn anew from its bare pixels, so that nothing else that was in the file survives: no
place, no date, no camera, no second file. Standard output gets one line of JSON,
{"sizes": [[width, height, bytes], ...]} followed by the JPEGs, or {"problem": WORD} alone.

Knows neither Django nor the database: whoever breaks in here finds nothing.
"""

import io
import json
import resource
import sys

from PIL import Image, ImageCms, ImageOps

MEMORY = 1024 * 1024 * 1024
"""Bytes. A picture of 25 million pixels with transparency takes 100 MB, drawn over some times."""
SECONDS = 20
MOST_PIXELS = 25_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
EDGES = (1600, 400)
"""The longest edge of the sizes that are kept, in pixels."""
TOO_LARGE, NO_PICTURE, BROKEN = "too_large", "no_picture", "broken"
QUALITY = 84


def limit() -> None:
    """From here on: so much memory, so much time of a processor, no file written."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def redraw(data: bytes) -> tuple[str, list[tuple[int, int, bytes]]]:
    """What is wrong with the picture, or "" and its sizes as (width, height, JPEG)."""
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        return TOO_LARGE, []
    except Exception:
        return NO_PICTURE, []
    if picture.width * picture.height > MOST_PIXELS:
        return TOO_LARGE, []
    try:
        # Of a moving picture the first frame, which is where it stands when opened.
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        bare = _in_usual_colours(upright)
        return "", [_sized(bare, edge) for edge in EDGES]
    except Exception:
        # Readers of pictures raise whatever they like: what cannot be drawn is broken.
        return BROKEN, []


def _in_usual_colours(picture: Image.Image) -> Image.Image:
    """The pixels as a screen shows them (sRGB), on white where one could see through."""
    profile = picture.info.get("icc_profile")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture).convert("RGB")
    elif picture.mode not in ("RGB", "CMYK"):
        picture = picture.convert("RGB")
    if profile:
        try:
            drawn = ImageCms.profileToProfile(
                picture,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, OSError):
            drawn = None
        if drawn is not None:
            return _bare(drawn)
    return _bare(picture.convert("RGB"))


def _bare(picture: Image.Image) -> Image.Image:
    """The pixels alone: whatever else a picture carried along stays behind."""
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    return bare


def _sized(picture: Image.Image, edge: int) -> tuple[int, int, bytes]:
    small = picture.copy()
    small.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=QUALITY, optimize=True)
    return small.width, small.height, out.getvalue()


def main() -> None:
    Image.init()
    limit()
    problem, sizes = redraw(sys.stdin.buffer.read())
    told = {"sizes": [(w, h, len(data)) for w, h, data in sizes]} if sizes else {"problem": problem}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")
    for _width, _height, data in sizes:
        sys.stdout.buffer.write(data)


if __name__ == "__main__":
    main()
