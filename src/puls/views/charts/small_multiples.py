"""Small multiples: the same indicator over the same years for many units, on the same axis.

Or many indicators of one unit, each on its own. In the order given: nothing is ranked. Each picture
has its name, its last value and the word of its level.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from puls import periods
from puls.content.definitions import Indicator, Pack
from puls.views.charts import signs, tones
from puls.views.charts.lettering import LINE, shortened, width, wrapped
from puls.views.charts.reading import Spot, spots
from puls.views.charts.scene import (
    Box,
    Chart,
    Dot,
    Pen,
    Scene,
    Shape,
    Table,
    Text,
    block,
    fitted,
    line,
)
from puls.views.charts.spacing import extent
from puls.views.charts.tones import Tone
from puls.views.charts.trend_parts import Line, Told, segments
from puls.views.numbers import reading_size
from puls.views.ruler import bands
from puls.views.scales import answer_scale

WORDS = ("many.title", "many.description", "many.none", "many.unit")
"""Keys of the words it needs beside the pack's own, and what they may put in.

many.title {indicator} · many.description {count} {first} {last} · many.none · many.unit: head of
the column of names
"""
OWN_WORDS = ("own.title", "own.description", "own.none", "own.indicator")
"""The same for `of_one_unit`.

own.title {unit} · own.description {count} {first} {last} · own.none · own.indicator: head of the
column of names
"""
Panel = tuple[Told, tuple[float, float]]
"""A line with the ends of its axis."""
GAP = 22.0
PLOT = 64.0


@dataclass(frozen=True, slots=True)
class Size:
    width: float
    across: int
    letters: float


WIDE, NARROW = Size(760, 4, 12), Size(320, 2, 12)


def small_multiples(
    lines: Sequence[Line],
    indicator: Indicator,
    pack: Pack,
    language: str,
    words: Mapping[str, str],
) -> Chart:
    """A small trend for each line, in the order given. words: see `WORDS`."""
    read = [Told(each.name, spots(each.cells, indicator, pack, language)) for each in lines]
    ends = _ends(read, indicator, pack)
    name = pack.text(language, f"indicator.{indicator.key}.name")
    said = {
        "title": words["many.title"].format(indicator=name),
        "description": words["many.description"],
        "none": words["many.none"],
        "head": words["many.unit"],
    }
    return _chart([(told, ends) for told in read], said)


def of_one_unit(
    lines: Sequence[tuple[Indicator, Line]],
    name: str,
    pack: Pack,
    language: str,
    words: Mapping[str, str],
) -> Chart:
    """A small trend for each of a unit's indicators, each on its own axis, in the order given.

    words: see `OWN_WORDS`.
    """
    panels = []
    for indicator, each in lines:
        told = Told(each.name, spots(each.cells, indicator, pack, language))
        panels.append((told, _ends([told], indicator, pack)))
    said = {
        "title": words["own.title"].format(unit=name),
        "description": words["own.description"],
        "none": words["own.none"],
        "head": words["own.indicator"],
    }
    return _chart(panels, said)


def _ends(read: Sequence[Told], indicator: Indicator, pack: Pack) -> tuple[float, float]:
    """The ends of an axis that all of these lines fit on."""
    values = [v for t in read for s in t.spots for v in (s.value, s.low, s.high) if v is not None]
    criteria = next(
        (s.criteria for t in read for s in reversed(t.spots) if s.criteria is not None), None
    )
    cuts = criteria.cuts if criteria else ()
    smallest = indicator.smallest / reading_size(indicator, pack)
    scale = answer_scale(indicator, pack)
    return extent(values or list(scale or (0.0,)), cuts, scale, smallest)


def _chart(panels: Sequence[Panel], said: Mapping[str, str]) -> Chart:
    """said: title, description {count} {first} {last}, none, and head of the names."""
    found = [spot.period for told, _ends in panels for spot in told.spots]
    years = tuple(range(min(found), max(found) + 1)) if found else ()
    title, description = said["title"], said["none"]
    if years:
        first, last = periods.label(years[0]), periods.label(years[-1])
        description = said["description"].format(count=len(panels), first=first, last=last)
    drawn = partial(_scene, panels, years, (title, description), said["none"])
    rows = tuple(
        (
            told.name,
            *(
                next((spot.told for spot in told.spots if spot.period == year), "")
                for year in years
            ),
        )
        for told, _ends in panels
    )
    head = (said["head"], *(periods.label(year) for year in years))
    return Chart(drawn(WIDE), drawn(NARROW), (Table(title, head, rows),))


def _scene(
    panels: Sequence[Panel],
    years: tuple[int, ...],
    told: tuple[str, str],
    none: str,
    size: Size,
) -> Scene:
    if not years:
        lines = wrapped(none, size.width, size.letters)
        return fitted(size.width, told, block(0, 18, lines, size.letters))
    wide = (size.width - GAP * (size.across - 1)) / size.across
    high = size.letters * LINE * 2 + PLOT + size.letters * LINE + 22
    found: list[Shape] = []
    row = 0
    for number, (each, ends) in enumerate(panels):
        row, place = divmod(number, size.across)
        found += _panel(each, years, ends, place * (wide + GAP), row * high, wide, size.letters)
    silent = dict.fromkeys(s.word for t, _ends in panels for s in t.spots if s.value is None)
    if silent:
        y = high * (row + 1) + size.letters
        found.append(_empty(4, y - 4))
        lines = wrapped(", ".join(silent), size.width - 18, size.letters)
        found += block(16, y, lines, size.letters, tone=Tone.INK_SOFT, kind="key")
    return fitted(size.width, told, found)


def _empty(x: float, y: float) -> Box:
    """A year without a number. x, y: its middle."""
    return Box(x - 4, y - 4, 8, 8, Tone.GROUND, Pen(Tone.LINE_STRONG, 1, (2, 1.5)), 1.5)


def _panel(
    told: Told,
    years: tuple[int, ...],
    ends: tuple[float, float],
    x: float,
    y: float,
    wide: float,
    letters: float,
) -> list[Shape]:
    last = told.spots[-1] if told.spots else None
    name = shortened(told.name, wide, letters, True)
    found: list[Shape] = [Text(x, y + letters, name, letters, bold=True, kind="name")]
    if last is not None:
        found += _newest(last, x, y + letters * (1 + LINE), wide, letters)
    top = y + letters * (1 + LINE) + 8
    foot = top + PLOT
    pad = 7.0
    step = (wide - 2 * pad) / max(len(years) - 1, 1)

    def at(period: int) -> float:
        return x + (wide / 2 if len(years) == 1 else pad + (period - years[0]) * step)

    def height(value: float) -> float:
        share = (value - ends[0]) / (ends[1] - ends[0])
        return foot - min(max(share, 0.0), 1.0) * PLOT

    criteria = next((s.criteria for s in reversed(told.spots) if s.criteria is not None), None)
    if criteria is None:
        found.append(Box(x, top, wide, PLOT, Tone.SOFT))
    else:
        for band in bands(criteria, *ends):
            over, under = height(band.end), height(band.start)
            tone = tones.pale(band.level, criteria.levels)
            found.append(Box(x, over, wide, max(under - over, 0), tone))
        for cut in criteria.cuts:
            at_cut = (x, height(cut)), (x + wide, height(cut))
            found.append(line(*at_cut, pen=Pen(Tone.LINE_STRONG, 0.5)))
    for spot in told.spots:
        if spot.value is None:
            found.append(_empty(at(spot.period), foot - 7))
    for run in segments(told.spots, ()):
        points = [(at(s.period), height(s.value)) for s in run if s.value is not None]
        if len(points) > 1:
            found.append(line(*points, pen=Pen(Tone.INK, 2)))
        else:
            found.append(Dot(*points[0], 2.2, Tone.INK))
    newest = next((s for s in reversed(told.spots) if s.value is not None), None)
    if newest is not None and newest.value is not None:
        place = at(newest.period), height(newest.value)
        if newest.provisional:
            found.append(Dot(*place, 3.6, Tone.GROUND, Pen(Tone.INK, 1.8)))
        else:
            found.append(Dot(*place, 4, Tone.INK, Pen(Tone.GROUND, 1.2)))
    size = letters - 1.5
    below = foot + size + 4
    first, end = (periods.label(year)[2:] for year in (years[0], years[-1]))
    found.append(Text(x, below, first, size, Tone.INK_SOFT, kind="year"))
    if len(years) > 1:
        found.append(Text(x + wide, below, end, size, Tone.INK_SOFT, "end", kind="year"))
    return found


def _newest(spot: Spot, x: float, y: float, wide: float, letters: float) -> list[Shape]:
    """Value, sign and word of the last year, or why there is none."""
    tone = tones.on(spot.level, spot.levels) if spot.level is not None else Tone.INK_SOFT
    found: list[Shape] = []
    at = x
    if spot.text:
        text = " ".join(part for part in (spot.text, spot.arrow) if part)
        found.append(Text(at, y, text, letters, bold=True, kind="value"))
        at += width(text, letters, True) + 6
    if spot.level is not None or spot.uncertain:
        found += signs.of(spot, at, y, tone)
        at += signs.WIDTH + 4
    room = x + wide - at
    word = shortened(spot.short, room, letters) if room > 20 else ""
    if word:
        found.append(Text(at, y, word, letters, tone, kind="level"))
    return found
