"""The same report as HTML, and Chromium printing it: what `benchmarks.documents` measures beside.

The HTML says what the PDF says, with the same charts as SVG and the same font, and is styled no
more than it needs: Chromium is given an easy page.
"""

import os
import shutil
import subprocess
import time
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from puls.documents.looks import LIGHT, of_cell
from puls.documents.pictures import font_files
from puls.documents.selection import Section, Selection
from puls.views.charts.drawing import svg, table
from puls.views.tables import ColourTable, Kind, TableCell

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


def html(selection: Selection) -> str:
    """The report as one page without anything to fetch."""
    contents = "".join(f"<li>{escape(section.heading)}</li>" for section in selection.sections)
    parts = "".join(_section(section, f"s{n}") for n, section in enumerate(selection.sections))
    twins = "".join(table(twin) for s in selection.sections for c in s.charts for twin in c.tables)
    facts = "".join(f"<p><b>{escape(n)}:</b> {escape(f)}</p>" for n, f in selection.facts)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(part)}</td>" for part in row) + "</tr>"
        for row in selection.source_rows
    )
    return (
        f'<!doctype html><html lang="{selection.language}"><meta charset="utf-8">'
        f"<title>{escape(selection.title)}</title><style>{_style()}</style><body>"
        f"<section class=first><h1>{escape(selection.title)}</h1><p>{escape(selection.subtitle)}"
        f"</p><ol>{contents}</ol></section>{parts}<section class=new><h1>{selection.words.numbers}"
        f"</h1>{twins}<h1>{selection.words.sources}</h1>{facts}<table>{rows}</table></section>"
    )


def cold(page: Path, into: Path) -> float:
    """Seconds of a new Chromium that prints one page and ends."""
    start = time.perf_counter()
    subprocess.run(
        [_chromium(), "--headless", *ARGUMENTS, "--no-pdf-header-footer",
         f"--user-data-dir={into.parent / 'profile'}", f"--print-to-pdf={into}", page.as_uri()],
        check=True, capture_output=True,
    )  # fmt: skip
    seconds = time.perf_counter() - start
    assert into.stat().st_size > 10_000, "Chromium printed nothing"
    return seconds


def batch(pages: Sequence[str]) -> float:
    """Seconds of one warm browser for these pages, one after the other, its start apart."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=ARGUMENTS)
        try:
            _print(browser, pages[:1])
            start = time.perf_counter()
            _print(browser, pages)
            return time.perf_counter() - start
        finally:
            browser.close()


def _print(browser: Browser, pages: Sequence[str]) -> None:
    page = browser.new_page()
    for content in pages:
        page.set_content(content, wait_until="load")
        data = page.pdf(prefer_css_page_size=True, tagged=True, outline=True, print_background=True)
        assert len(data) > 10_000, "Chromium printed nothing"
    page.close()


@cache
def _chromium() -> str:
    found = os.environ.get("PULS_CHROMIUM") or shutil.which("chromium")
    assert found, "There is no Chromium on the path: name one in PULS_CHROMIUM."
    return found


@cache
def _style() -> str:
    regular, bold = (b64encode(Path(file).read_bytes()).decode() for file in font_files())
    return "".join(
        f"@font-face{{font-family:Inter;font-weight:{weight};src:url(data:font/ttf;base64,{data})}}"
        for weight, data in ((400, regular), (600, bold))
    ) + (
        "@page{size:A4;margin:24mm}@page wide{size:A4 landscape;margin:18mm}"
        "body{font:10pt Inter;margin:0}.first,.new{break-after:page}.wide{page:wide}"
        "table{border-collapse:separate;font-size:8.5pt;width:100%}td,th{text-align:left;"
        "padding:4px}figure{break-inside:avoid;margin:16pt 0}svg{width:100%;height:auto}"
    )


def _section(section: Section, key: str) -> str:
    found = f"<h{section.depth}>{escape(section.heading)}</h{section.depth}>"
    found += "".join(f"<p>{escape(paragraph)}</p>" for paragraph in section.paragraphs)
    for point in section.points:
        cell = point.cell
        found += (
            f"<p><b>{escape(point.column.name)}</b> <span style='{_look(cell)}'>{_inside(cell)}"
            f"</span><br>{escape(cell.reason)}</p>"
        )
    if section.table is not None:
        found += _table(section.table)
    for number, chart in enumerate(section.charts):
        drawn = svg(chart.wide, "light", key=f"{key}-{number}")
        found += f"<figure><figcaption><b>{escape(chart.title)}</b></figcaption>{drawn}</figure>"
    if section.questions:
        found += "<ol>" + "".join(f"<li>{escape(q)}</li>" for q in section.questions) + "</ol>"
    return f"<section class='{'wide new' if section.table else ''}'>{found}</section>"


def _table(whole: ColourTable) -> str:
    groups = "".join(f"<th colspan={g.span}>{escape(g.name)}</th>" for g in whole.groups)
    heads = "".join(f"<th>{escape(column.short)}</th>" for column in whole.columns)
    rows = "".join(
        f"<tr><th>{escape(row.name)}</th>"
        + "".join(f"<td style='{_look(c, row.kind)}'>{_inside(c)}</td>" for c in row.cells)
        + "</tr>"
        for row in whole.all_rows
    )
    return f"<table><thead><tr><th>{groups}</tr><tr><th>{heads}</tr></thead>{rows}</table>"


def _look(cell: TableCell, kind: Kind = Kind.SELF) -> str:
    look = of_cell(cell, kind)
    return f"background:{LIGHT[look.ground]};color:{LIGHT[look.ink]}" if look.ground else ""


def _inside(cell: TableCell) -> str:
    return f"<b>{escape(cell.text)}</b> {escape(cell.word)}"
