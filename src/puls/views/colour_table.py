"""The colour table: units by indicators, each cell a value, a word, a symbol and a colour.

Released cells in, the frozen parts of `puls.views.tables` out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from puls import periods
from puls.cells import ReleasedCell, ReleasedMark, Status
from puls.content.definitions import Indicator, Pack, Role
from puls.views import marks as marking
from puls.views import names, numbers, symbols
from puls.views.judging import judged, levels_of
from puls.views.legend import LOOKS, legend
from puls.views.reasons import levels_touched, measured_above, reason, source_name
from puls.views.tables import (
    ColourTable,
    Column,
    Group,
    Kind,
    Row,
    RowUnit,
    Sort,
    TableCell,
)


def colour_table(
    cells: Iterable[ReleasedCell],
    indicators: Sequence[Indicator],
    units: Sequence[RowUnit],
    pack: Pack,
    language: str,
    *,
    period: int,
    sort: Sort | None = None,
    with_reasons: bool = False,
    k: int = 0,
    unit_names: Mapping[str, str] | None = None,
    with_setter: bool = True,
    marks: Iterable[ReleasedMark] = (),
    pooled: Iterable[ReleasedCell] = (),
    first: Iterable[ReleasedCell] = (),
    reasons: Mapping[tuple[str, str], str] | None = None,
) -> ColourTable:
    """Lay released cells out as a table.

    cells: of any units and indicators, at most one per pair; what has no row or column is left
        out, a pair without a cell is shown as "no data".
    indicators: the columns, in the order wanted within each role.
    units: the rows, in the order wanted; the default order says nothing about who is best.
    sort: by one column on the reader's own wish. What is hidden or not measured comes last both
        ways; the unit itself stays first and comparison rows stay below.
    with_reasons, k, unit_names, with_setter: as in `puls.views.reasons.reason`.
    marks: of any units and indicators in this period; they stand beside values and order nothing.
    pooled: cells of several years together; one stands where the year's own is hidden.
    first: cells as they were before they were corrected; the reasons of those tell both numbers.
    reasons: by row and indicator, of cells that are not one unit's and have a reason of their own.
    """
    released = {(cell.unit, cell.indicator): cell for cell in cells}
    together = {(cell.unit, cell.indicator): cell for cell in pooled}
    before = {(cell.unit, cell.indicator): cell for cell in first}
    marked = marks_by_cell(marks, period)
    ordered = [i for role in Role for i in indicators if i.role is role]
    columns = _columns(ordered, pack, language)
    words = _Words(pack, language)
    rows = []
    for unit in units:
        drawn = []
        for indicator, column in zip(ordered, columns, strict=True):
            cell = released.get((unit.key, indicator.key)) or ReleasedCell(
                unit.key, indicator.key, indicator.version, period, Status.NO_DATA
            )
            assert cell.period == period, f"a cell of {cell.period} in the table of {period}"
            year, cell = cell, standing_in(cell, together)
            table_cell = words.cell(cell, indicator, column, unit)
            signs = words.signs(marking.by_cell(marked, cell), cell, indicator)
            if signs:
                told = "".join(f", {sign.word}" for sign in signs if sign.mark)
                table_cell = replace(table_cell, signs=signs, label=table_cell.label + told)
            own_reason = (reasons or {}).get((unit.key, indicator.key))
            if own_reason:
                table_cell = replace(table_cell, reason=own_reason)
            elif with_reasons:
                sentence = reason(
                    cell,
                    indicator,
                    pack,
                    language,
                    k=k,
                    unit_names=unit_names or {},
                    tier=unit.tier,
                    with_setter=with_setter,
                    instead_of=year.status,
                    first=before.get((unit.key, indicator.key)),
                )
                table_cell = replace(table_cell, reason=sentence)
            drawn.append(table_cell)
        rows.append(Row(unit.key, unit.name, unit.kind, unit.href, tuple(drawn)))
    own = [row for row in rows if row.kind is not Kind.COMPARISON]
    comparison = [row for row in rows if row.kind is Kind.COMPARISON]
    table = ColourTable(
        period=period,
        period_label=periods.label(period),
        columns=columns,
        groups=_groups(columns, pack, language),
        rows=tuple(_in_order(own, sort, language)),
        comparison=tuple(comparison),
        legend=(),
        sort=sort,
    )
    return replace(table, legend=legend(table, pack, language))


def standing_in(own: ReleasedCell, pooled: Mapping[tuple[str, str], ReleasedCell]) -> ReleasedCell:
    """The cell to show: the own one, or several years together where the year alone is hidden."""
    other = pooled.get((own.unit, own.indicator))
    hidden = own.status in (Status.FEW, Status.LINKED)
    return other if hidden and other is not None and other.status is Status.SHOWN else own


def marks_by_cell(
    marks: Iterable[ReleasedMark], period: int
) -> Mapping[tuple[str, str], tuple[ReleasedMark, ...]]:
    """The marks of a period by unit and indicator."""
    found: dict[tuple[str, str], tuple[ReleasedMark, ...]] = {}
    for mark in marks:
        if mark.period == period:
            key = (mark.unit, mark.indicator)
            found[key] = (*found.get(key, ()), mark)
    return found


def _columns(indicators: Sequence[Indicator], pack: Pack, language: str) -> tuple[Column, ...]:
    columns = []
    before = None
    for indicator in indicators:
        columns.append(
            Column(
                key=indicator.key,
                name=pack.text(language, f"indicator.{indicator.key}.name"),
                short=pack.text(language, f"indicator.{indicator.key}.short"),
                about=pack.text(language, f"indicator.{indicator.key}.about"),
                role=indicator.role,
                source=source_name(indicator, pack, language),
                unit=pack.text(language, f"unit.{indicator.unit}.name"),
                decimals=indicator.decimals,
                levels=indicator.criteria.levels if indicator.criteria else 0,
                first=indicator.role is not before,
            )
        )
        before = indicator.role
    return tuple(columns)


def _groups(columns: Sequence[Column], pack: Pack, language: str) -> tuple[Group, ...]:
    groups = []
    for role in Role:
        span = sum(column.role is role for column in columns)
        if span:
            groups.append(Group(role, pack.text(language, f"role.{role}.name"), span))
    return tuple(groups)


class _Words:
    """The pack's words that every cell needs, looked up once per table."""

    def __init__(self, pack: Pack, language: str) -> None:
        self.pack, self.language = pack, language
        self.uncertain = pack.text(language, "uncertain.word")
        self.between = pack.text(language, "uncertain.between")
        self.elsewhere = pack.text(language, "elsewhere.word")
        self.status: dict[Status, str] = {
            status: pack.text(language, f"status.{status}.word")
            for status in Status
            if status is not Status.SHOWN
        }

    def text(self, key: str) -> str:
        return self.pack.text(self.language, key)

    def level(self, level: int) -> str:
        return self.text(f"level.{level}.word")

    def cell(
        self, cell: ReleasedCell, indicator: Indicator, column: Column, unit: RowUnit
    ) -> TableCell:
        name = f"{column.name}, {unit.name}: "
        if measured_above(cell, indicator, unit.tier, self.pack):
            word = self.elsewhere
            return TableCell(cell.unit, cell.indicator, cell.status, "elsewhere", word, name + word)
        if cell.status is not Status.SHOWN:
            word = self.status[cell.status]
            look = LOOKS[cell.status]
            return TableCell(cell.unit, cell.indicator, cell.status, look, word, name + word)
        indicator = judged(cell, indicator, self.pack)
        cell, indicator = numbers.readable(cell, indicator, self.pack)
        assert cell.value is not None
        text = numbers.quantity(cell.value, indicator, self.pack, self.language)
        levels = levels_of(cell, indicator, self.pack)
        if not levels or cell.level_low is None:
            look, word, symbol, told = "plain", "", "", ""
        elif cell.level is not None:
            look, word = f"l{cell.level}of{levels}", self.level(cell.level)
            symbol, told = symbols.bars_name(cell.level, levels), word
        else:
            look, word, symbol = "uncertain", self.uncertain, "dots"
            told = self.between.format(levels=levels_touched(cell, self.pack, self.language))
        tag = ""
        if cell.years > 1:
            tag = self.text("pooled.tag").format(years=cell.years)
            span = numbers.span(cell.period, cell.years)
            together = self.text("pooled.label").format(span=span)
            told = " ".join(part for part in (tag, told, f"({together})") if part)
        return TableCell(
            unit=cell.unit,
            indicator=cell.indicator,
            status=cell.status,
            look=look,
            word=word,
            label=name + " ".join(part for part in (text, told) if part),
            text=text,
            symbol=symbol,
            level=cell.level,
            level_low=cell.level_low,
            level_high=cell.level_high,
            levels=levels,
            value=cell.value,
            low=cell.low,
            high=cell.high,
            n=cell.n,
            provisional=cell.provisional,
            years=cell.years,
            tag=tag,
            judged_by=cell.judged_by,
        )

    def signs(
        self, marks: Iterable[ReleasedMark], cell: ReleasedCell, indicator: Indicator
    ) -> tuple[marking.Sign, ...]:
        criteria = judged(cell, indicator, self.pack).criteria
        return tuple(marking.sign(mark, criteria, self.pack, self.language) for mark in marks)


def _in_order(rows: list[Row], sort: Sort | None, language: str) -> list[Row]:
    if sort is None:
        return rows
    first = [row for row in rows if row.kind is Kind.SELF]
    others = [row for row in rows if row.kind is not Kind.SELF]
    if sort.column == "name":
        others.sort(key=lambda row: names.sort_key(row.name, language), reverse=sort.descending)
        return first + others
    valued: list[tuple[float, Row]] = []
    silent: list[Row] = []
    for row in others:
        value = next((cell.value for cell in row.cells if cell.indicator == sort.column), None)
        if value is None:
            silent.append(row)
        else:
            valued.append((value, row))
    # Sorting twice keeps rows of the same value in their own order in both directions.
    valued.sort(key=lambda pair: -pair[0] if sort.descending else pair[0])
    return first + [row for _, row in valued] + silent
