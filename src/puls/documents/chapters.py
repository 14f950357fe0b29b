"""The chapters that a colour table and what goes with it make: the same for all who take it along.

The words are handed over; what stands in them comes from the table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from puls.documents.selection import Section
from puls.views.charts.scene import Chart
from puls.views.highlights import highlights
from puls.views.tables import ColourTable, Row


@dataclass(frozen=True, slots=True)
class Titles:
    """Headings of the chapters, and the sentences that begin them.

    nothing: stands instead of points, where the table says nothing clearly.
    """

    table: str
    standouts: str
    standouts_lead: str
    weak: str
    strong: str
    uncertain: str
    nothing: str
    over_time: str
    over_time_lead: str
    talk: str


def chapters(
    table: ColourTable,
    row: Row,
    charts: Iterable[Chart],
    questions: Iterable[str],
    titles: Titles,
    note: str = "",
) -> tuple[Section, ...]:
    """Table, what stands out in a row of it, the charts, and questions; empty ones are left out.

    The table has reasons (`with_reasons`). note: stands beneath it.
    """
    drawn, asked = tuple(charts), tuple(questions)
    found = [Section(titles.table, table=table, note=note)] if table.columns else []
    found += standouts(table, row, titles)
    if drawn:
        found.append(Section(titles.over_time, (titles.over_time_lead,), charts=drawn))
    if asked:
        found.append(Section(titles.talk, questions=asked))
    return tuple(found)


def standouts(table: ColourTable, row: Row, titles: Titles) -> Sequence[Section]:
    """What is clearly weak, clearly strong, and what the answers do not decide, with reasons."""
    spoken = highlights(table, row)
    parts = [
        Section(name, points=points, depth=2)
        for name, points in (
            (titles.weak, spoken.weak),
            (titles.strong, spoken.strong),
            (titles.uncertain, spoken.uncertain),
        )
        if points
    ]
    lead = titles.standouts_lead if parts else titles.nothing
    return [Section(titles.standouts, (lead,)), *parts]
