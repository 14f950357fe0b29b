"""The cells of an agenda as pictures and charts, and its pictures: for letters, PDF and slides."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from puls.cells import Status
from puls.content.definitions import Pack
from puls.documents.selection import Photo
from puls.views.charts import cards
from puls.views.charts.reading import Spot
from puls.views.charts.scene import Chart, Scene, fitted
from puls.views.charts.trend_graph import trend_graph
from puls.views.charts.trend_parts import Line
from puls.views.charts.words import words
from puls.views.tables import TableCell
from puls.web.assess import lines
from puls.web.media import queries as media
from puls.web.media.models import Kind as MediaKind
from puls.web.meet.freezing import Thawed, thawed
from puls.web.meet.models import Item, Kind

CARD = 300.0
"""Points that a card is wide."""


@dataclass(frozen=True)
class Picture:
    """A drawing for a letter. alt: what it says, for those who do not see it."""

    name: str
    scene: Scene
    alt: str


def told(item: Item, language: str) -> Thawed | None:
    """The item's frozen cell in words, None where it is about something else."""
    if item.kind != Kind.CELL or not item.frozen or item.period is None:
        return None
    return thawed(item.frozen, item.period, language)


def card(found: Thawed, pack: Pack, language: str) -> Scene:
    """The cell as a card: name, value, level."""
    column, cell = found.point.column, found.point.cell
    drawn = cards.card(column.name, _spot(cell), CARD)
    said = f"{found.unit}, {column.name}, {found.period}: {found.short}"
    group = cards.drawn(drawn, 2, 2, words(pack, language), language)
    return fitted(CARD + 4, (column.name, said), [group])


def chart(item: Item, found: Thawed, pack: Pack, language: str) -> Chart | None:
    """The indicator over the years, as the item's release had it; None for a single year.

    Read again within the planner's reach: what has been hidden since then is not drawn.
    """
    indicator = pack.indicators.get(item.indicator)
    if indicator is None:
        return None
    line = lines.line(item.about_unit, item.indicator, item.release)
    if sum(cell.status is Status.SHOWN for cell in line) < 2:
        return None
    first = next(n for n, cell in enumerate(line) if cell.status is not Status.NO_DATA)
    own = Line(found.unit, tuple(line[first:]))
    return trend_graph(own, indicator, pack, language, words(pack, language))


def of_letter(items: Iterable[Item], pack: Pack, language: str) -> list[Picture]:
    """Every card and chart of an agenda, by the name that the letter's text calls it."""
    found = []
    for item in items:
        cell = told(item, language)
        if cell is None:
            continue
        scene = card(cell, pack, language)
        found.append(Picture(f"card-{item.number}", scene, scene.description))
        drawn = chart(item, cell, pack, language)
        if drawn is not None:
            alt = f"{drawn.title}. {drawn.description}"
            found.append(Picture(f"chart-{item.number}", drawn.wide, alt))
    return found


def photo(item: Item, *, small: bool = False) -> Photo | None:
    """The item's own picture; None where it is about something else, or the picture is gone.

    small: its bytes are those of the small one, as letters carry them.
    """
    if item.kind != Kind.PICTURE:
        return None
    key = UUID(item.picture)
    found = media.pictures_by_key([key]).get(key)
    if found is None:
        return None
    data = media.content_or_404(key, MediaKind.PICTURE, small=small).data
    return Photo(data, found.width, found.height, item.alt)


def _spot(cell: TableCell) -> Spot:
    return Spot(
        unit=cell.unit,
        indicator=cell.indicator,
        period=0,
        status=cell.status,
        word=cell.word,
        short=cell.word,
        text=cell.text,
        value=cell.value,
        n=cell.n,
        level=cell.level,
        levels=cell.levels,
        uncertain=cell.level_low is not None and cell.level is None,
        provisional=cell.provisional,
        tag=cell.tag,
    )
