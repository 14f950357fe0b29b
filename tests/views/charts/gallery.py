"""Draws the charts of the cast for people to look at: python -m tests.views.charts.gallery FOLDER.

Writes a PNG of each in light, dark and grey, and a page with all of them as pages show them, in
every language of the pack: FOLDER/nb, FOLDER/en.
"""

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from html import escape
from pathlib import Path

from launch.steps import ROOT
from puls.documents.pictures import png
from puls.views.charts import drawing, map_listing
from puls.views.charts.scene import Chart, framed
from puls.views.charts.small_multiples import small_multiples
from puls.views.charts.trend_graph import trend_graph
from puls.views.charts.trend_parts import GoalLine
from puls.views.charts.words import words as words_of
from tests.views.cast import COST, WAITING, pack
from tests.views.charts import cast

CSS = ROOT / "src" / "puls" / "web" / "static" / "css"


def charts(language: str = "nb") -> Mapping[str, Chart]:
    """Every chart of the gallery by its name in files."""
    content, feedback = pack(), cast.feedback()
    words = words_of(content, language)
    provisional = replace(cast.OWN.cells[-1], provisional=True)
    own = replace(cast.OWN, cells=(*cast.OWN.cells[:-1], provisional))
    waiting = content.indicators[WAITING]
    cost = content.indicators[COST]
    hidden = cast.line("Utsira", 2019, [3.9, "few", "few", "linked", "few", 4.4, "few"])
    together = [
        cast.cell(period, value, 0.2, years=2) for period, value in ((2021, 3.6), (2023, 4.0))
    ]
    return {
        "trend": trend_graph(
            cast.OWN, feedback, content, language, words,
            comparisons=(cast.NORWAY,), flags=cast.ACTIONS[:1], marks=[cast.UP],
        ),
        "trend_full": trend_graph(
            own, feedback, content, language, words,
            comparisons=(cast.NORWAY, cast.COUNTY), flags=cast.ACTIONS, marks=[cast.UP],
            notes=cast.NOTES, goal=GoalLine(4.2, 2025, date(2027, 6, 1)),
            unit_names={"no-1106": "Haugesund", "no-1154": "Vindafjord"},
        ),
        "trend_pooled": trend_graph(
            hidden, feedback, content, language, words, comparisons=(cast.NORWAY,), pooled=together
        ),
        "trend_share": trend_graph(
            cast.line("Bømlo", 2016, [12.0, 9.1, 5.2, 6.5, 3.0, 2.8, 0.9, 1.4, "apart", 3.3],
                      indicator=WAITING, half=None),
            waiting, content, language, words,
            comparisons=(cast.line("Norge", 2016, [4.1, 4.0, 3.8, 3.9, 3.7, 3.6, 3.9, 4.2, 4.4, 4],
                                   indicator=WAITING, half=None, unit="no"),),
        ),
        "trend_plain": trend_graph(
            cast.line("Karmøy", 2020, [2310, 2400, 2555, 2540, 2700, 2690],
                      indicator=COST, half=None),
            cost, content, language, words,
            comparisons=(cast.line("Norge", 2020, [2600, 2650, 2700, 2800, 2890, 2950],
                                   indicator=COST, half=None, unit="no"),),
        ),
        "trend_one": trend_graph(
            cast.line("Utsira", 2025, [4.4]), feedback, content, language, words,
            comparisons=(cast.line("Norge", 2025, [3.7], unit="no"),),
        ),
        "map": cast.dialogue(language=language).chart,
        "map_chosen": cast.dialogue(
            "student_feedback", language, hrefs={key: f"?valgt={key}" for key in cast.MAP}
        ).chart,
        "rubric": cast.profile(language=language),
        "rubric_hidden": cast.profile(cast.ROUNDS[1:2], language),
        "rubric_none": cast.profile((), language),
        "many": small_multiples(cast.schools(), feedback, content, language, words),
    }  # fmt: skip


def listed(language: str) -> str:
    links = {key: f"?valgt={key}" for key in cast.MAP}
    drawn = cast.dialogue(language=language, hrefs=links)
    return map_listing.listing(drawn.columns, words_of(pack(), language))


def page(drawn: Mapping[str, Chart], language: str) -> str:
    """All charts and their tables on one page with the style sheets of the product."""
    names = ("puls.css", "table.css", "looks.css", "charts.css")
    styles = "".join(
        f"<style>{(CSS / name).read_text()}</style>" for name in names if (CSS / name).is_file()
    )
    parts = []
    for key, chart in drawn.items():
        parts.append(
            f"<section class='panel'><h2>{escape(chart.title)}</h2>"
            f"<p class='soft'>{escape(chart.description)}</p>{drawing.page(chart, key)}"
            f"<details><summary>Tabell</summary>{drawing.tables(chart)}</details>"
            "</section>"
        )
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Diagrammer</title>{styles}<body><main class='page stack'>{''.join(parts)}"
        f"<section>{listed(language)}</section></main>"
    )


def main(folder: Path) -> None:
    for language in pack().languages:
        draw(folder / language, language)


def draw(folder: Path, language: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    drawn = charts(language)
    (folder / "index.html").write_text(page(drawn, language))
    for key, chart in drawn.items():
        for theme in ("light", "dark", "grey"):
            (folder / f"{key}-{theme}.png").write_bytes(png(chart.wide, theme))
        foot = ["Oppdiktede tall.", "Kilde: elevundersøkelsen, utgivelse 14."]
        (folder / f"{key}-framed.png").write_bytes(png(framed(chart.wide, foot), "light"))
        if chart.narrow:
            (folder / f"{key}-narrow.png").write_bytes(png(chart.narrow, "light"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
