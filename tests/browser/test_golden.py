"""The pages that matter most look as they did when somebody looked at them."""

import io
import re
from typing import Any

import pytest
from PIL import Image, ImageDraw

from puls.documents.pictures import png
from puls.views.charts import drawing
from puls.views.charts.scene import Scene
from tests.browser import golden
from tests.browser.walking import Open
from tests.views.charts import cast
from tests.web.see.world import FEEDBACK, SCHOOL, WELLBEING

pytestmark = pytest.mark.browser

TABLE = f"/hvor-er-vi/{SCHOOL}/2025-26/"
MAP = f"/hvordan-henger-det-sammen/{SCHOOL}/2025-26/"
LINE = f"/utvikling/{SCHOOL}/{FEEDBACK}/"
DESK, PHONE = {"width": 1280, "height": 1024}, {"width": 360, "height": 800}
DARK = {"color_scheme": "dark"}
YEARS = f"{TABLE}ar-for-ar/"
CELLS, CHART = ".table-frame", "svg.chart"
PICTURES: list[tuple[str, str, str, dict[str, Any]]] = [
    # name, address, part, how
    ("table", f"{TABLE}?celle={SCHOOL}.{FEEDBACK}", CELLS, {"viewport": DESK}),
    ("table-dark", TABLE, CELLS, {"viewport": DESK, **DARK}),
    ("table-phone", TABLE, CELLS, {"viewport": PHONE}),
    ("table-forced", TABLE, CELLS, {"viewport": DESK, "forced_colors": "active"}),
    ("table-turned", f"{TABLE}?snudd=1", CELLS, {"viewport": PHONE, **DARK}),
    ("reason", f"{TABLE}?celle={SCHOOL}.{FEEDBACK}", ".reason", {"viewport": DESK}),
    ("map", f"{MAP}?valgt={WELLBEING}", CHART, {"viewport": DESK}),
    ("map-dark", MAP, CHART, {"viewport": DESK, **DARK}),
    ("line", LINE, CHART, {"viewport": DESK}),
    ("line-phone", LINE, CHART, {"viewport": PHONE, **DARK}),
    ("years", YEARS, CHART, {"viewport": DESK}),
]


@pytest.mark.parametrize(
    ("name", "address", "part", "how"), PICTURES, ids=[each[0] for each in PICTURES]
)
def test_a_part_looks_as_it_was_seen(
    name: str, address: str, part: str, how: dict[str, Any], open_as: Open
) -> None:
    page = open_as("bob", bypass_csp=True, reduced_motion="reduce", **how)
    page.goto(address)
    assert not golden.differs(page, part, name)


def test_the_table_on_grey_paper_looks_as_it_was_seen(open_as: Open) -> None:
    """A grey printer: levels are still told apart, by ground, symbol and word."""
    page = open_as("bob", bypass_csp=True, viewport={"width": 1047, "height": 717})
    page.goto(f"{TABLE}utskrift/")
    page.emulate_media(media="print")
    page.add_style_tag(content="html{filter:grayscale(1)}")
    assert not golden.differs(page, "main", "paper-grey")


def test_caught_a_cell_of_another_colour_and_not_a_letter_that_runs_wider() -> None:
    before = Image.new("RGB", (320, 256), "#ffffff")
    other, nearly = before.copy(), before.copy()
    ImageDraw.Draw(other).rectangle((40, 40, 60, 52), fill="#f4beb7")
    ImageDraw.Draw(nearly).text((40, 40), "Karmøy kulturskole", fill="#d6dae0")
    assert golden.apart(before, other) > golden.FEW
    assert golden.apart(before, nearly) <= golden.FEW


def test_a_page_and_a_file_show_the_same_picture(open_as: Open) -> None:
    """From one scene: drawn by the browser with the page's style sheets, and as e-mail gets it."""
    page = open_as("bob", bypass_csp=True, viewport=DESK, device_scale_factor=1)
    page.goto(LINE)
    page.add_style_tag(content="main svg.chart{max-width:none!important;width:auto!important}")
    unlike = []
    for name, chart in (("map", cast.dialogue().chart), ("profile", cast.profile())):
        drawn = drawing.svg(chart.wide, key=name)
        page.evaluate("svg => document.querySelector('main').innerHTML = svg", drawn)
        seen = golden.taken(page, CHART)
        dark, light = (_file(chart.wide, theme, seen.size) for theme in ("dark", "light"))
        assert golden.apart(seen, dark) > 0.5, "another theme would be seen"
        share = golden.apart(seen, light)
        if share > golden.FEW:
            unlike.append(f"{name}: {share:.1%} of the squares differ")
    assert not unlike


def _file(scene: Scene, theme: str, size: tuple[int, int]) -> Image.Image:
    drawn = Image.open(io.BytesIO(png(scene, theme, scale=1))).convert("RGB")
    return drawn.resize(size, Image.Resampling.BOX)


WORDS = "svak|på vei|god|usikkert|skjult|måles for kommunen|ingen tall"


def test_the_tree_of_the_table_has_a_word_in_every_cell(open_as: Open) -> None:
    """What a screen reader walks through, cell by cell, kept beside the pictures."""
    page = open_as("bob", viewport=DESK)
    page.goto(TABLE)
    tree = page.locator("table.colours tbody").first.aria_snapshot()
    cells = re.findall(r"- '?cell \"(.*?)\"'?:?$", tree, re.MULTILINE)
    assert len(cells) > 30
    assert not [cell for cell in cells if not re.search(WORDS, cell)]
    told = "".join(f"{cell}\n" for cell in cells)
    assert golden.same_words(told, "table-tree.txt"), "the tree is another: look at what changed"
