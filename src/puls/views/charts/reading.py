"""Released cells as charts read them: in the size people read, with every word ready."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from puls.cells import Against, Mark, ReleasedCell, ReleasedMark, Status
from puls.content.definitions import Criteria, Indicator, Pack
from puls.views import marks as marking
from puls.views import numbers
from puls.views.judging import judged, levels_of
from puls.views.reasons import levels_touched, measured_above

ARROWS = {Mark.UP: "↗", Mark.DOWN: "↘", Mark.NONE: ""}


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell as a chart shows it.

    value, low, high: in the size in which people read the unit; None unless shown.
    text: the number as written, or "". word: of the level, of every level it touches where that is
        uncertain, or why there is no number; "" for a number without criteria. short: the same in a
        word, "usikkert".
    level: None where uncertain or without criteria; levels is 0 without criteria.
    criteria: those it was judged by, in the same size as the value.
    arrow: of a clear change since an earlier period, and change says it in words.
    tag: "2 år" where years are counted together.
    """

    unit: str
    indicator: str
    period: int
    status: Status
    word: str
    short: str = ""
    text: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    level: int | None = None
    levels: int = 0
    uncertain: bool = False
    criteria: Criteria | None = None
    provisional: bool = False
    version: int = 1
    years: int = 1
    tag: str = ""
    arrow: str = ""
    change: str = ""

    @property
    def told(self) -> str:
        """Number and word, "4,5 god", or the word alone."""
        return " ".join(part for part in (self.text, self.word) if part)

    @property
    def in_a_sentence(self) -> str:
        """ "4,5 (god)"."""
        return f"{self.text} ({self.word})" if self.text and self.word else self.told

    @property
    def first(self) -> int:
        """The first of its periods."""
        return self.period - self.years + 1


def spot(
    cell: ReleasedCell,
    indicator: Indicator,
    pack: Pack,
    language: str,
    marks: Iterable[ReleasedMark] = (),
    tier: str = "",
) -> Spot:
    """One cell. marks: of this cell. tier: of its unit, where known."""
    base = {
        "unit": cell.unit,
        "indicator": cell.indicator,
        "period": cell.period,
        "status": cell.status,
        "provisional": cell.provisional,
        "version": cell.version,
        "years": cell.years,
    }
    by = judged(cell, indicator, pack)
    sized, sized_by = numbers.readable(cell, by, pack)
    if sized.value is None:
        above = measured_above(cell, indicator, tier, pack)
        key = "elsewhere.word" if above else f"status.{cell.status}.word"
        word = pack.text(language, key)
        return Spot(**base, word=word, short=word, criteria=sized_by.criteria)  # type: ignore[arg-type]
    levels = levels_of(cell, by, pack)
    uncertain = cell.level_low is not None and cell.level is None
    word = short = ""
    if uncertain:
        touched = levels_touched(cell, pack, language)
        word = pack.text(language, "uncertain.between").format(levels=touched)
        short = pack.text(language, "uncertain.word")
    elif cell.level is not None:
        word = short = pack.text(language, f"level.{cell.level}.word")
    change = next((mark for mark in marks if mark.against is Against.CHANGE), None)
    sign = marking.sign(change, by.criteria, pack, language) if change else None
    tag = pack.text(language, "pooled.tag").format(years=cell.years) if cell.years > 1 else ""
    return Spot(
        **base,  # type: ignore[arg-type]
        word=word,
        short=short,
        text=numbers.quantity(sized.value, indicator, pack, language),
        value=sized.value,
        low=sized.low,
        high=sized.high,
        n=cell.n,
        level=cell.level,
        levels=levels,
        uncertain=uncertain,
        criteria=sized_by.criteria,
        tag=tag,
        arrow=ARROWS[sign.mark] if sign else "",
        change=sign.word if sign and sign.mark else "",
    )


def spots(
    cells: Iterable[ReleasedCell],
    indicator: Indicator,
    pack: Pack,
    language: str,
    marks: Iterable[ReleasedMark] = (),
    tier: str = "",
) -> tuple[Spot, ...]:
    """The cells of one unit's indicator, by period. AssertionError for two of one period."""
    by_period: dict[int, list[ReleasedMark]] = {}
    for mark in marks:
        by_period.setdefault(mark.period, []).append(mark)
    ordered = sorted(cells, key=lambda cell: cell.period)
    assert len({cell.period for cell in ordered}) == len(ordered), "two cells of one period"
    return tuple(
        spot(cell, indicator, pack, language, by_period.get(cell.period, ()), tier)
        for cell in ordered
    )


def estimate(told: Spot, indicator: Indicator, language: str) -> str:
    """The ends of the estimate as written, "3,3–3,5"; "" without one."""
    if told.low is None or told.high is None:
        return ""
    more = numbers.decimals_distinct((told.low, told.high), indicator.decimals)
    decimals = min(indicator.decimals + more, indicator.decimals + 1)
    low, high = (numbers.number(end, decimals, language) for end in (told.low, told.high))
    return f"{low}–{high}"


def level_words(criteria: Criteria, pack: Pack, language: str) -> Mapping[int, str]:
    """The word of every level there is."""
    steps = range(1, criteria.levels + 1)
    return {level: pack.text(language, f"level.{level}.word") for level in steps}
