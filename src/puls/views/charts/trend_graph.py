"""The trend graph: one indicator of one unit over the years, against criteria and comparison."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from puls import periods
from puls.analysis.trends import Note
from puls.cells import ReleasedCell, ReleasedMark
from puls.content.definitions import Indicator, Pack
from puls.views import line_notes, numbers
from puls.views.charts import trend_ends, trend_flags, trend_goal, trend_ground, trend_lines
from puls.views.charts.lettering import wrapped
from puls.views.charts.reading import Spot, estimate, level_words, spots
from puls.views.charts.scene import Chart, Scene, Shape, Table, block, fitted
from puls.views.charts.trend_parts import (
    DrawnGoal,
    Flag,
    GoalLine,
    Line,
    Told,
    Trend,
    axis,
    place,
    pooled_drawn,
    remarks,
)
from puls.views.charts.trend_plot import NARROW, WIDE, Plot, Size
from puls.views.scales import answer_scale

WORDS = (
    "trend.title",
    "trend.two",
    "trend.one",
    "trend.none",
    "trend.new_version",
    "trend.split",
    "trend.merger",
    "trend.grown",
    "trend.new_criteria",
    "trend.provisional",
    "trend.goal",
    "trend.goal_due",
    "trend.goal_row",
    "trend.by",
    "trend.year",
    "trend.estimate",
    "trend.answers",
    "trend.notes",
    "trend.actions",
    "trend.action",
    "trend.day",
)
"""Keys of the words it needs beside the pack's own, and what they may put in.

trend.title {indicator} {unit} · trend.two {first} {first_period} {last} {last_period} · trend.one
{value} {period} · trend.none · short notes above the plot: trend.new_version, trend.split,
trend.merger, trend.grown, trend.new_criteria {period} · trend.provisional · trend.goal {value} ·
trend.goal_due {value} {day} · the goal's row of the table: trend.goal_row, trend.by {day} · heads
of the tables: trend.year, trend.estimate, trend.answers, trend.notes, trend.action, trend.day; and
trend.actions, the second table's caption.
"""


def trend_graph(
    own: Line,
    indicator: Indicator,
    pack: Pack,
    language: str,
    words: Mapping[str, str],
    *,
    comparisons: Sequence[Line] = (),
    pooled: Iterable[ReleasedCell] = (),
    notes: Iterable[Note] = (),
    marks: Iterable[ReleasedMark] = (),
    flags: Iterable[Flag] = (),
    goal: GoalLine | None = None,
    unit_names: Mapping[str, str] | None = None,
    tier: str = "",
    on_page: bool = True,
) -> Chart:
    """The chart of one line, wide and narrow, with its tables.

    own: the unit's line. comparisons: lines of units above, three at most can be told apart.
    pooled: cells of the own unit that count years together. notes: of the own line, as
    `puls.analysis.trends.notes` gives them. marks: of the own unit and this indicator. flags: what
    was done and when. goal: what the unit wants to reach, and by when. unit_names: of units that
    became this one. tier: of the own unit. words: see `WORDS`.
    on_page: False for a document, which has no use for the narrow picture and goes without.
    """
    notes, names = tuple(notes), unit_names or {}
    read = _read(own, indicator, pack, language, marks, tier)
    others = tuple(_read(line, indicator, pack, language) for line in comparisons)
    together = spots(
        [cell for cell in pooled if cell.years > 1], indicator, pack, language, tier=tier
    )
    dated = sorted(((place(f.day, pack.country), f) for f in flags), key=lambda pair: pair[0])
    aim = _aim(goal, indicator, pack, language, words) if goal else None
    every = [read.spots, *(other.spots for other in others)]
    years = axis(every, together, [at for at, _ in dated], aim.due if aim else None)
    short = remarks(notes, read.spots, words)
    trend = Trend(
        own=read,
        comparisons=others,
        pooled=pooled_drawn(together, read.spots),
        remarks=tuple(r for r in short if years and years[0] < r.at < years[-1]),
        flags=tuple(
            (at, flag) for at, flag in dated if years and years[0] - 0.5 <= at < years[-1] + 0.5
        ),
        periods=years,
        unit=pack.text(language, f"unit.{indicator.unit}.name"),
        goal=aim,
        scale=answer_scale(indicator, pack),
        smallest=indicator.smallest / numbers.reading_size(indicator, pack),
    )
    title = words["trend.title"].format(
        indicator=pack.text(language, f"indicator.{indicator.key}.name"), unit=own.name
    )
    told = title, _description(trend, words)
    caption = f"{title} ({trend.unit})"
    values = _values(trend, together, notes, caption, indicator, pack, language, words, names)
    tables = [_with_goal(values, goal, indicator, pack, language, words) if goal else values]
    if dated:
        rows = tuple((f.text, numbers.day(f.day, language)) for _, f in dated)
        head = words["trend.action"], words["trend.day"]
        tables.append(Table(words["trend.actions"], head, rows))

    def scene(size: Size) -> Scene:
        return _scene(trend, size, indicator, pack, language, words, told)

    return Chart(scene(WIDE), scene(NARROW) if on_page else None, tuple(tables))


def _read(
    line: Line,
    indicator: Indicator,
    pack: Pack,
    language: str,
    marks: Iterable[ReleasedMark] = (),
    tier: str = "",
) -> Told:
    for cell in line.cells:
        assert cell.indicator == indicator.key, f"a cell of {cell.indicator} on another's line"
        assert (cell.years, cell.part) == (1, ""), f"{cell} is not of a year's everybody"
    found = spots(line.cells, indicator, pack, language, marks, tier)
    return Told(line.name, found)


def _aim(
    goal: GoalLine, indicator: Indicator, pack: Pack, language: str, words: Mapping[str, str]
) -> DrawnGoal:
    told = _wanted(goal, indicator, pack, language)
    value = goal.value / numbers.reading_size(indicator, pack)
    if goal.due is None:
        return DrawnGoal(value, words["trend.goal"].format(value=told), goal.since)
    name = words["trend.goal_due"].format(value=told, day=numbers.day(goal.due, language))
    return DrawnGoal(value, name, goal.since, place(goal.due, pack.country))


def _wanted(goal: GoalLine, indicator: Indicator, pack: Pack, language: str) -> str:
    """The number that is aimed at, with all its decimals."""
    value = goal.value / numbers.reading_size(indicator, pack)
    more = numbers.decimals_of(value, indicator.decimals)
    return numbers.quantity(value, indicator, pack, language, more)


def _with_goal(
    values: Table,
    goal: GoalLine,
    indicator: Indicator,
    pack: Pack,
    language: str,
    words: Mapping[str, str],
) -> Table:
    """The table with the goal as its last row, under the own line; its day among the notes."""
    due = words["trend.by"].format(day=numbers.day(goal.due, language)) if goal.due else ""
    empty = ["" for _ in values.head[2:-1]]
    row = (words["trend.goal_row"], _wanted(goal, indicator, pack, language), *empty, due)
    return replace(values, rows=(*values.rows, row))


def _description(trend: Trend, words: Mapping[str, str]) -> str:
    shown = [spot for spot in trend.own.spots if spot.value is not None]
    if not shown:
        return words["trend.none"]
    first, last = shown[0], shown[-1]
    if first is last:
        return words["trend.one"].format(
            value=last.in_a_sentence, period=periods.label(last.period)
        )
    return words["trend.two"].format(
        first=first.in_a_sentence,
        first_period=periods.label(first.period),
        last=last.in_a_sentence,
        last_period=periods.label(last.period),
    )


def _scene(
    trend: Trend,
    size: Size,
    indicator: Indicator,
    pack: Pack,
    language: str,
    words: Mapping[str, str],
    told: tuple[str, str],
) -> Scene:
    if not trend.periods:
        lines = wrapped(words["trend.none"], size.width, size.letters)
        return fitted(size.width, told, block(0, 18, lines, size.letters))
    levels = level_words(trend.criteria, pack, language) if trend.criteria else {}
    ends = trend_ends.labels(trend, size, words["trend.provisional"])
    beside = max((end.width for end in ends), default=0.0)
    plot = Plot(trend, size, language, indicator.decimals, levels, beside)
    silent = trend_ground.silent(plot)
    taken = [(b.x, b.y, b.x + b.width, b.y + b.height) for b, _ in silent]
    taken += trend_goal.room(plot)
    shapes: list[Shape] = [
        *trend_ground.ground(plot),
        *trend_lines.estimates(plot),
        *(shape for pair in silent for shape in pair),
        *trend_ground.notes(plot),
        *trend_flags.flags(plot, language),
        *trend_ground.years(plot),
        *trend_lines.comparisons(plot),
        *trend_goal.goal(plot),
        *trend_ends.ends(plot, ends),
        *trend_lines.own(plot),
        *trend_lines.values(plot, taken),
    ]
    return fitted(size.width, told, shapes)


def _values(
    trend: Trend,
    together: Sequence[Spot],
    notes: Sequence[Note],
    caption: str,
    indicator: Indicator,
    pack: Pack,
    language: str,
    words: Mapping[str, str],
    unit_names: Mapping[str, str],
) -> Table:
    """A row a year, then one for each of the years together: the numbers of the picture."""
    own = {spot.period: spot for spot in trend.own.spots}
    others = [{spot.period: spot for spot in told.spots} for told in trend.comparisons]
    survey = any(spot.low is not None for spot in (*trend.own.spots, *together))

    def fields(spot: Spot | None) -> list[str]:
        if spot is None:
            return ["", "", ""] if survey else [""]
        answers = "" if spot.n is None else numbers.number(spot.n, 0, language)
        more = [estimate(spot, indicator, language), answers] if survey else []
        return [spot.told, *more]

    rows = []
    for period in trend.periods:
        spot = own.get(period)
        found = line_notes.sentences(notes, period, pack, language, unit_names=unit_names)
        found += [r.text for r in trend.remarks if r.criteria and r.at == period - 0.5]
        if spot is not None and spot.provisional:
            found.append(numbers.capitalised(words["trend.provisional"]))
        if spot is not None and spot.change:
            found.append(numbers.capitalised(spot.change))
        beside = [told[period].told if period in told else "" for told in others]
        if spot is None and not any(beside) and not found:
            continue
        rows.append((periods.label(period), *fields(spot), *beside, "; ".join(found)))
    for spot in together:
        empty = ["" for _ in others]
        label = numbers.span(spot.period, spot.years)
        rows.append((label, *fields(spot), *empty, spot.tag))
    more = [words["trend.estimate"], words["trend.answers"]] if survey else []
    names = [told.name for told in trend.comparisons]
    head = (words["trend.year"], trend.own.name, *more, *names, words["trend.notes"])
    return Table(caption, head, tuple(rows))
