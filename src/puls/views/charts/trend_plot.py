"""The measures of a trend graph: where years, values and the words around them have their place.

The plot is the rectangle in which lines are drawn. Left of it stand the levels and cut points,
right of it the names of the lines, above it short notes, beneath it the years and the actions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from puls.content.definitions import Criteria
from puls.views import numbers
from puls.views.charts import signs
from puls.views.charts.lanes import lanes
from puls.views.charts.lettering import LINE, width, wrapped
from puls.views.charts.spacing import extent, round_steps
from puls.views.charts.trend_parts import Trend

GAP = 14.0
"""Between the plot and the words right of it."""
LEAST_MARGIN = 46.0
"""Right of the plot, for short notes that begin near its end and for half the last year's name."""
PAD = 26.0
"""Between the ends of the plot and the first and last year, at most."""


@dataclass(frozen=True, slots=True)
class Size:
    """width: of the scene. height: of the plot. letters: size of most words. ends: most room right
    of the plot. listed: flags are numbered and told in a list beneath, not beside their poles."""

    width: float
    height: float
    letters: float
    ends: float
    listed: bool


WIDE = Size(720, 252, 12.5, 150, listed=False)
NARROW = Size(320, 216, 12, 98, listed=True)


@dataclass(frozen=True, slots=True)
class Heading:
    """A short note above the plot: its pole's place, its lines, and its top."""

    x: float
    lines: tuple[str, ...]
    top: float
    bottom: float


class Plot:
    """levels: the word of every level of the newest criteria. decimals: of the indicator. beside:
    width of the widest words right of the plot."""

    def __init__(
        self,
        trend: Trend,
        size: Size,
        language: str,
        decimals: int,
        levels: Mapping[int, str],
        beside: float,
    ) -> None:
        self.trend, self.size, self.language = trend, size, language
        self.decimals, self.levels, self.beside = decimals, levels, beside

    @property
    def criteria(self) -> Criteria | None:
        return self.trend.criteria

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The lowest and highest value on the axis."""
        trend = self.trend
        drawn = [spot for told in (trend.own, *trend.comparisons) for spot in told.spots]
        drawn += trend.pooled
        values = [v for spot in drawn for v in (spot.value, spot.low, spot.high) if v is not None]
        values += [cut for spot in trend.own.spots if spot.criteria for cut in spot.criteria.cuts]
        if trend.goal:
            values.append(trend.goal.value)
        cuts = self.criteria.cuts if self.criteria else ()
        nothing = list(trend.scale or (0.0,))
        return extent(values or nothing, cuts, trend.scale, trend.smallest)

    @cached_property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Numbers beside the axis: the cut points, or round ones where there are none."""
        places = list(self.criteria.cuts) if self.criteria else round_steps(*self.ends, 5)
        more = max((numbers.decimals_of(place, self.decimals) for place in places), default=0)
        return tuple(
            (place, numbers.number(place, self.decimals + more, self.language)) for place in places
        )

    @cached_property
    def left(self) -> float:
        letters = self.size.letters
        words = [width(word, letters) + signs.WIDTH + 5 for word in self.levels.values()]
        texts = [width(text, letters) for _, text in self.ticks]
        return max([*words, *texts, 24.0]) + 10

    @property
    def right(self) -> float:
        return self.size.width - max(GAP + self.beside, LEAST_MARGIN)

    @cached_property
    def step(self) -> float:
        """From one year to the next."""
        room, count = self.right - self.left, len(self.trend.periods)
        if count == 1:
            return room
        pad = min(room / count / 2, PAD)
        return (room - 2 * pad) / (count - 1)

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """The short notes, each to the right of its pole, in as many lanes as they need."""
        letters = self.size.letters - 1
        poles, texts = [], []
        for remark in self.trend.remarks:
            x = self.x(remark.at)
            lines = wrapped(remark.text, min(self.size.width - x - 6, 170.0), letters)
            poles.append((x, 5 + max(width(text, letters) for text in lines)))
            texts.append(tuple(lines))
        placed = lanes(poles)
        heights = [
            max(len(said) for said, its in zip(texts, placed, strict=True) if its == lane)
            * letters
            * LINE
            + 5
            for lane in range(max(placed, default=-1) + 1)
        ]
        found = []
        for (x, _), told, lane in zip(poles, texts, placed, strict=True):
            top = letters * LINE + 8 + sum(heights[lane + 1 :])
            found.append(Heading(x, told, top, top + heights[lane]))
        return tuple(found)

    @cached_property
    def top(self) -> float:
        below_unit = self.size.letters * LINE + 8
        return max([below_unit, *(heading.bottom for heading in self.headings)])

    @property
    def bottom(self) -> float:
        return self.top + self.size.height

    def x(self, place: float) -> float:
        """The place of a year, or between years; never outside the plot."""
        middle = (self.trend.periods[0] + self.trend.periods[-1]) / 2
        found = (self.left + self.right) / 2 + (place - middle) * self.step
        return min(max(found, self.left), self.right)

    def y(self, value: float) -> float:
        low, high = self.ends
        share = (value - low) / (high - low)
        return self.bottom - min(max(share, 0.0), 1.0) * self.size.height
