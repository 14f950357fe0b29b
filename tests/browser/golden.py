"""Pictures that somebody has looked at, and whether pages still look like them.

Pictures are of the parts that carry a page, not of whole pages: those change whenever something is
added beside. Letters differ from machine to machine and from one Chromium to the next. So parts are
drawn in the font that documents bring along, made four times smaller, and compared in squares: what
counts is where things stand and what colour they are, not the edge of a letter. Days are the same.

`PULS_GOLDEN=write ./puls test tests/browser/test_golden.py` takes the pictures anew. Look at them
before they are committed.
"""

import io
import os
from base64 import b64encode
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from puls.documents.pictures import font_files

FOLDER = Path(__file__).parent / "golden"
SMALLER = 4
SQUARE = 8
"""Pixels of a small picture: 32 of the page."""
FAR = 26
"""Steps of 255 by which a square's mean colour may differ; another level's colour differs by 50."""
FEW = 0.003
"""The share of squares that may be further off: of a table at a desk less than a cell."""
SAME_DAY = """
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const node = walk.currentNode;
        node.data = node.data.replace(/\\d{1,2}\\. [a-z]+ 20\\d\\d/g, "15. mars 2026");
    }
"""


def style() -> str:
    """Our own font in place of the machine's, and nothing that moves or blinks."""
    files = [b64encode(Path(file).read_bytes()).decode() for file in font_files()]
    faces = "".join(
        f"@font-face{{font-family:Golden;font-weight:{weight};"
        f"src:url(data:font/ttf;base64,{data})}}"
        for weight, data in zip((400, 600), files, strict=True)
    )
    return (
        f"{faces}:root{{--font:Golden!important}}"
        "*{font-family:Golden!important;animation:none!important;transition:none!important;"
        "caret-color:transparent!important}"
    )


def taken(page: Page, part: str) -> Image.Image:
    """A part of the page, by its CSS selector, made small."""
    page.add_style_tag(content=style())
    page.evaluate("document.fonts.ready")
    page.evaluate(SAME_DAY)
    seen = page.locator(part).locator("visible=true").first
    shot = Image.open(io.BytesIO(seen.screenshot())).convert("RGB")
    size = shot.width // SMALLER, shot.height // SMALLER
    return shot.resize(size, Image.Resampling.BOX)


def differs(page: Page, part: str, name: str) -> str:
    """What is wrong with a part beside its picture, or "". Writes it where that is asked for."""
    now, file = taken(page, part), FOLDER / f"{name}.png"
    if os.environ.get("PULS_GOLDEN") == "write":
        FOLDER.mkdir(exist_ok=True)
        now.quantize(192, dither=Image.Dither.NONE).save(file, optimize=True)
        return ""
    if not file.exists():
        return f"{name}: there is no picture yet"
    before = Image.open(file).convert("RGB")
    share = apart(before, now)
    if share <= FEW:
        return ""
    now.save(Path(os.environ.get("TMPDIR", "/tmp")) / f"golden-{name}.png")
    return f"{name}: {share:.1%} of the squares look otherwise than in {file.name}"


def apart(one: Image.Image, other: Image.Image) -> float:
    """The share of squares of which the mean colours are far apart."""
    if one.size != other.size:
        return 1.0
    across, down = -(-one.width // SQUARE), -(-one.height // SQUARE)
    small = [each.resize((across, down), Image.Resampling.BOX).tobytes() for each in (one, other)]
    steps = [abs(a - b) for a, b in zip(*small, strict=True)]
    far = sum(max(steps[n : n + 3]) > FAR for n in range(0, len(steps), 3))
    return far / (across * down)


def same_words(told: str, name: str) -> bool:
    """Whether the words are those that were kept. Writes them where that is asked for."""
    file = FOLDER / name
    if os.environ.get("PULS_GOLDEN") == "write":
        file.write_text(told)
    return file.exists() and file.read_text() == told
