"""The explanation of one cell: why it shows what it shows, and what stands beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.urls import reverse

from puls import periods
from puls.analysis.trends import notes
from puls.cells import Against, ReleasedCell, ReleasedMark, Status
from puls.content.definitions import Indicator, Pack
from puls.units import UnitTree
from puls.views import goals, line_notes, marks, numbers, parts, similar
from puls.views.colour_table import marks_by_cell, standing_in
from puls.views.judging import judged
from puls.views.reasons import reason
from puls.views.ruler import ruler
from puls.views.scales import answer_scale
from puls.views.tables import ColourTable, Column, TableCell
from puls.web.assess import lines
from puls.web.assess import queries as assess
from puls.web.assess.goals import goals as goals_of
from puls.web.packs import country_units
from puls.web.see import pages
from puls.web.see.choices import Choice
from puls.web.see.over_time import trend_address
from puls.web.see.queries import Seen
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Unit
from puls.web.tenants.permissions import can, own_place


@dataclass(frozen=True, slots=True)
class Told:
    """A cell that is explained.

    beside: a sentence each: change, prerequisites, notes on its line, the own goal.
    parts: what it is broken down by, with its parts. about: the indicator's page. line: the
    page of its unit's indicator over time, or "".
    goal: where the reader may set an own goal, or "". pick: puts the cell among those to take
    to a meeting, or out of them where it is picked; take: then goes on with all of them.
    """

    cell: TableCell
    column: Column
    unit_name: str
    ruler: str
    close: str
    beside: tuple[str, ...]
    parts: tuple[tuple[str, list[str]], ...]
    about: str
    line: str
    goal: str
    pick: str
    take: str


def told(
    reach: Reach, seen: Seen, table: ColourTable, choice: Choice, pack: Pack, language: str
) -> Told | None:
    """The explanation of the chosen cell, or None when none is chosen or it is not there."""
    if choice.cell is None:
        return None
    key, of = choice.cell
    cell = table.cell(key, of)
    if cell is None:
        return None
    column = next(column for column in table.columns if column.key == of)
    if key == similar.KEY:
        return _of_similar(seen, table, cell, column, choice, pack, language)
    indicator, unit = pack.indicators[of], next(u for u in seen.family.all if u.key == key)
    year, shown = _released(seen, key, indicator)
    names = pages.names(seen, pack, language)
    sentence = reason(
        shown,
        indicator,
        pack,
        language,
        k=seen.k,
        unit_names=names,
        tier=unit.tier,
        instead_of=year.status,
        first=next((c for c in seen.first if (c.unit, c.indicator) == (key, of)), None),
    )
    found = marks.by_cell(marks_by_cell(seen.marks, seen.period), shown)
    # That everybody is hidden says it of the parts, too.
    whole = year.status is Status.SHOWN
    broken_down = assess.parts(key, of, seen.period, choice.release) if whole else []
    sized = numbers.readable(shown, judged(shown, indicator, pack), pack)[1]
    return Told(
        cell=replace(cell, reason=sentence),
        column=column,
        unit_name=names[key],
        ruler=ruler(cell, sized, pack, language, answer_scale(indicator, pack)),
        close=choice.query(cell=None),
        beside=(
            *(marks.sentence(mark, shown, indicator, pack, language) for mark in found),
            *_notes(seen, unit, indicator, _since(found), choice.release, pack, language),
            *_goal(seen, key, shown, indicator, pack, language),
        ),
        parts=tuple(parts.sentences(broken_down, indicator, pack, language, k=seen.k)),
        about=pages.indicator_address(of, seen.period),
        line=trend_address(key, of) + (f"?per={choice.release}" if seen.frozen else ""),
        goal=goal_address(reach, unit, of, seen.period),
        pick=choice.query(picked=_other(choice.picked, (key, of))),
        take=_take(seen, choice, (key, of)),
    )


def _of_similar(
    seen: Seen,
    table: ColourTable,
    cell: TableCell,
    column: Column,
    choice: Choice,
    pack: Pack,
    language: str,
) -> Told:
    """Of similar administrations: no line over the years, no goal, nothing that is one unit's."""
    indicator = pack.indicators[column.key]
    shown = next((c for c in pages.similar_cells(seen, [indicator], pack, language)[0]), None)
    sized = numbers.readable(shown, indicator, pack)[1] if shown else indicator
    name = next(row.name for row in table.comparison if row.key == similar.KEY)
    return Told(
        cell=cell if cell.reason else replace(cell, reason=pack.text(language, "similar.none")),
        column=column,
        unit_name=name,
        ruler=ruler(cell, sized, pack, language, answer_scale(indicator, pack)),
        close=choice.query(cell=None),
        beside=(),
        parts=(),
        about=pages.indicator_address(column.key, seen.period),
        line="",
        goal="",
        pick=choice.query(picked=_other(choice.picked, (cell.unit, cell.indicator))),
        take=_take(seen, choice, (cell.unit, cell.indicator)),
    )


def _other(
    picked: tuple[tuple[str, str], ...], cell: tuple[str, str]
) -> tuple[tuple[str, str], ...]:
    """The cells with this one, or without it where it was among them."""
    rest = tuple(each for each in picked if each != cell)
    return rest if len(rest) < len(picked) else (*picked, cell)


def _take(seen: Seen, choice: Choice, cell: tuple[str, str]) -> str:
    """Where the picked cells are taken to a meeting; "" while this one is not among them."""
    if cell not in choice.picked:
        return ""
    sheet = reverse("see:what", args=[seen.family.unit.key, periods.slug(seen.period)])
    return sheet + choice.query(cell=None, picking=False)


def goal_address(reach: Reach, unit: Unit, indicator: str, period: int) -> str:
    """Where the reader sets a goal for the unit's indicator; "" for those who may not."""
    own = own_place(reach)
    inside = unit.path == own.path or unit.path.startswith(f"{own.path}/")
    if not inside or not can("goal_set", reach, own):
        return ""
    return reverse("see:goal", args=[indicator, periods.slug(period)])


def _released(seen: Seen, unit: str, indicator: Indicator) -> tuple[ReleasedCell, ReleasedCell]:
    """The year's own cell, and the one that the table shows in its place or the same."""
    key = indicator.key
    found = (c for c in seen.cells if c.unit == unit and c.indicator == key)
    own = next(found, None) or ReleasedCell(
        unit, key, indicator.version, seen.period, Status.NO_DATA
    )
    return own, standing_in(own, {(c.unit, c.indicator): c for c in seen.pooled})


def _since(found: tuple[ReleasedMark, ...]) -> int | None:
    return next((mark.since for mark in found if mark.against is Against.CHANGE), None)


def _notes(
    seen: Seen,
    unit: Unit,
    indicator: Indicator,
    since: int | None,
    as_of: int | None,
    pack: Pack,
    language: str,
) -> list[str]:
    """What the reader must know about the period's place on the line, where it is measured."""
    line = lines.line(unit.key, indicator.key, as_of)
    measured = [cell for cell in line if cell.status is not Status.NO_DATA]
    if not any(cell.period == seen.period for cell in measured):
        return []
    tree = _tree(unit.key)
    found = notes(measured, tree, assess.tree_days()) if unit.key in tree else []
    names: Mapping[str, str] = {key: each.name for key, each in tree.units.items()}
    return line_notes.sentences(found, seen.period, pack, language, since=since, unit_names=names)


def _tree(unit: str) -> UnitTree:
    """The country's own tree also knows units that are gone; schools are only in the reader's."""
    country = country_units()
    return country if unit in country else tenants.unit_tree()


def _goal(
    seen: Seen, unit: str, cell: ReleasedCell, indicator: Indicator, pack: Pack, language: str
) -> Iterator[str]:
    """The goal that holds here; not on a page as it once was."""
    if not seen.frozen:
        found = goals_of(unit).get(indicator.key)
        if found is not None:
            yield goals.sentence(cell, found.wanted, indicator, pack, language)
