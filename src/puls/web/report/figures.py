"""What stands beside the text of a report and is not written by hand: points, tables, charts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from puls import periods
from puls.cells import Status
from puls.content.definitions import Pack
from puls.documents.selection import Section, Selection
from puls.views.charts import drawing
from puls.views.charts.scene import Chart, Table
from puls.views.highlights import Highlights, Point, highlights
from puls.views.tables import ColourTable
from puls.web.report.drafting import AREA, SCHOOLS, Part, of_area
from puls.web.see import document_words, exports, over_time, pages, queries
from puls.web.see.choices import ALL, Choice
from puls.web.see.queries import Seen
from puls.web.tenants.access import Reach

MOST_CHARTS = 3
"""Of one area, in a report that people shall read to its end."""


@dataclass(frozen=True)
class Figures:
    """Everything that a release says about an administration in a school year, for its report."""

    reach: Reach
    seen: Seen
    pack: Pack
    language: str

    @cached_property
    def everything(self) -> ColourTable:
        choice = Choice(show=ALL, release=self.seen.release)
        return pages.draw(self.seen, choice, self.pack, self.language, with_reasons=True)

    @cached_property
    def table(self) -> ColourTable:
        """The units side by side, with the columns of the first colour table."""
        choice = Choice(release=self.seen.release)
        return pages.draw(self.seen, choice, self.pack, self.language, with_reasons=True)

    @cached_property
    def found(self) -> Highlights:
        return highlights(self.everything, self.everything.rows[0])

    @property
    def name(self) -> str:
        return queries.unit_name(self.seen.family.unit, self.pack, self.language)

    @property
    def title(self) -> str:
        return _("Quality report %(period)s") % {"period": periods.label(self.seen.period)}

    def points(self, key: str) -> tuple[Point, ...]:
        """The cells that speak clearly in an area, with their reasons."""
        if not key.startswith(AREA):
            return ()
        area = key.removeprefix(AREA)
        spoken = (self.found.weak, self.found.strong, self.found.uncertain)
        return tuple(p for points in spoken for p in of_area(points, area, self.pack))

    def charts(self, key: str) -> list[Chart]:
        """The same cells over the years, the first few that have more than one."""
        drawn: list[Chart] = []
        for point in self.points(key):
            line = over_time.over_time(
                self.reach,
                self.seen.family.unit.key,
                self.pack.indicators[point.column.key],
                self.seen.release,
            )
            if sum(cell.status is Status.SHOWN for cell in line.cells) > 1:
                drawn.append(over_time.chart(line, self.pack, self.language))
            if len(drawn) == MOST_CHARTS:
                break
        return drawn

    def selection(self, parts: Sequence[Part], address: str) -> Selection:
        """The report as a document."""
        return Selection(
            title=self.title,
            subtitle=self.name,
            language=self.language,
            sections=tuple(section for section in map(self._section, parts) if _says(section)),
            provenance=exports.provenance(
                self.seen, self.everything, self.pack, self.language, self.name, address
            ),
            words=document_words.headings(),
        )

    def _section(self, part: Part) -> Section:
        return Section(
            part.heading,
            part.paragraphs,
            points=self.points(part.key),
            table=self.table if part.key == SCHOOLS and self.table.columns else None,
            charts=tuple(self.charts(part.key)),
        )

    def in_words(self, parts: Sequence[Part]) -> Mapping[str, Any]:
        """Points, charts and tables by the key of their part, as JSON keeps them.

        A chart is kept as it was drawn, for a page: colours and letters are those of the reader's.
        """
        return {part.key: self._told(part.key) for part in parts}

    def _told(self, key: str) -> dict[str, Any]:
        charts = [
            {"drawn": drawing.page(chart, f"{key}-{n}"), "tables": [_kept(t) for t in chart.tables]}
            for n, chart in enumerate(self.charts(key))
        ]
        beside = [_plain(self.table)] if key == SCHOOLS and self.table.columns else []
        points = [
            {
                "name": point.column.name,
                "text": point.cell.text,
                "word": point.cell.word,
                "look": point.cell.look,
                "symbol": point.cell.symbol,
                "reason": point.cell.reason,
            }
            for point in self.points(key)
        ]
        return {"points": points, "charts": charts, "tables": [_kept(table) for table in beside]}


def _says(section: Section) -> bool:
    """Whether there is anything under the heading."""
    return bool(section.paragraphs or section.points or section.table or section.charts)


def _kept(table: Table) -> dict[str, Any]:
    return {"caption": table.caption, "head": table.head, "rows": table.rows}


def _plain(table: ColourTable) -> Table:
    """A colour table in words alone."""
    head = (table.period_label, *(column.short for column in table.columns))
    rows = [
        (row.name, *(" ".join(p for p in (c.text, c.word) if p) for c in row.cells))
        for row in table.all_rows
    ]
    return Table(_("Units side by side"), head, tuple(rows))
