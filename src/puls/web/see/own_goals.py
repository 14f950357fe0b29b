"""The goals that hold for a unit, and how far it is: for the front page and the page of goals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from puls import periods
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Pack
from puls.views import goals, numbers
from puls.views.tables import ColourTable, TableCell
from puls.web.assess import lines
from puls.web.assess.goals import GoalNote, rubric_goals
from puls.web.assess.goals import goals as goals_of
from puls.web.quality import queries as quality
from puls.web.see import pages, queries
from puls.web.see.choices import ALL, Choice
from puls.web.see.queries import Seen
from puls.web.tenants.access import Reach
from puls.web.tenants.permissions import can, own_place


@dataclass(frozen=True, slots=True)
class OwnGoal:
    """A goal and how far it is.

    cell: how it stands now; None of a rubric, and where nothing is known. left: the distance of
    the number. href: where its reason stands. change: where the reader sets it anew, or "".
    inherited: it is the goal of a unit above. year: of the number; "" where there is none.
    """

    name: str
    cell: TableCell | None
    sentence: str
    left: str
    href: str
    change: str
    why: str = ""
    inherited: bool = False
    year: str = ""


def own_goals(
    seen: Seen, table: ColourTable, reach: Reach, content: Pack, language: str
) -> list[OwnGoal]:
    """Those for indicators in the order of the pack, then those for rubrics.

    Each is held against the newest school year that shows its own indicator, up to the one of
    `seen`: a round of one survey leaves what the others measured last year as it was.
    table: the unit's own row, with every column that there is.
    """
    unit = seen.family.unit.key
    cells = {cell.indicator: cell for cell in seen.cells if cell.unit == unit}
    wanted = goals_of(unit)
    keys = [key for key in content.indicators if key in wanted]
    without = [key for key in keys if key not in cells or cells[key].status is not Status.SHOWN]
    earlier = _newest_shown(unit, without, seen.period)
    cells |= earlier
    tables = {seen.period: table}
    for period in {cell.period for cell in earlier.values()}:
        before = queries.seen(reach, unit, period)
        tables[period] = pages.own_row(before, content, language)[0]
    found = []
    for key in keys:
        cell = cells.get(key) or _nothing(unit, key, seen.period, content)
        drawn = _drawn(tables[cell.period], cell)
        found.append(_of_indicator(wanted[key], cell, drawn, reach, content, language))
    return [*found, *of_rubrics(rubric_goals(unit), reach, content, language)]


def _newest_shown(unit: str, keys: Iterable[str], until: int) -> dict[str, ReleasedCell]:
    """By indicator, the unit's cell of the newest school year that shows it; none where none."""
    asked = list(keys)
    known = lines.several([unit], asked, until) if asked else {}
    return {
        key: cell
        for (_unit, key), line in known.items()
        for cell in line
        if cell.status is Status.SHOWN
    }


def _drawn(table: ColourTable, cell: ReleasedCell) -> TableCell | None:
    """The cell as its school year's table draws it; None where nothing is known there."""
    columns = {column.key for column in table.columns}
    return table.cell(cell.unit, cell.indicator) if cell.indicator in columns else None


def of_rubrics(
    wanted: Mapping[str, GoalNote], reach: Reach, content: Pack, language: str
) -> list[OwnGoal]:
    """Goals for rubrics, in the order of their numbers, with how many of the staff see it there."""
    may = can("goal_set", reach, own_place(reach))
    placed = quality.placed(reach, content.country) if wanted else {}
    found = []
    for rubric in sorted(content.rubrics.values(), key=lambda each: each.number):
        note = wanted.get(rubric.key)
        if note is None:
            continue
        level = content.text(language, f"rubric_level.{note.wish.rubric_level}.word")
        words = {
            "goal": level,
            "set_by": note.decided_by or note.set_by,
            "year": str(note.set_on.year),
        }
        if note.due:
            words["due"] = numbers.day(note.due, language).replace(" ", "\N{NO-BREAK SPACE}")
        told = content.text(language, "goal.rubric_due" if note.due else "goal.rubric")
        found.append(
            OwnGoal(
                name=f"{rubric.number} {content.text(language, f'rubric.{rubric.key}.title')}",
                cell=None,
                sentence=told.format(**words),
                left=how_far(placed.get(rubric.key), note.wish.rubric_level),
                href=f"{reverse('see:whither')}#{rubric.key}"
                if rubric.in_force
                else reverse("own:definition", args=[rubric.key]),
                change=reverse("see:rubric_goal", args=[rubric.key]) if may else "",
                why=note.why,
                inherited=note.unit != reach.unit,
            )
        )
    return found


def how_far(placed: quality.Placed | None, level: int | None) -> str:
    """ "7 of 11 place us there or higher (2025–26)."; a word where nothing is counted."""
    if placed is None or level is None:
        return _("No placing is counted yet.")
    words = {
        "n": placed.at_least(level),
        "of": sum(placed.counts),
        "year": periods.label(placed.period),
        "schools": placed.schools,
    }
    if placed.schools == 1:
        return _("%(n)s of %(of)s place us there or higher (%(year)s).") % words
    return (
        _("%(n)s of %(of)s at %(schools)s schools place themselves there or higher (%(year)s).")
        % words
    )


def _of_indicator(
    note: GoalNote,
    cell: ReleasedCell,
    drawn: TableCell | None,
    reach: Reach,
    content: Pack,
    language: str,
) -> OwnGoal:
    key, unit = note.wish.indicator, cell.unit
    indicator = content.indicators[key]
    show = "" if key in content.default_columns else ALL
    may = can("goal_set", reach, own_place(reach))
    query = Choice(show=show, cell=(unit, key)).query()
    return OwnGoal(
        name=content.text(language, f"indicator.{key}.name"),
        cell=drawn,
        sentence=goals.sentence(cell, note.wanted, indicator, content, language),
        left=goals.distance(cell, note.wanted, indicator, content, language),
        href=f"{pages.unit_address(unit, cell.period)}{query}#forklaring",
        change=reverse("see:goal", args=[key, periods.slug(cell.period)]) if may else "",
        why=note.why,
        inherited=note.unit != unit,
        year=periods.label(cell.period) if cell.status is Status.SHOWN else "",
    )


def _nothing(unit: str, key: str, period: int, content: Pack) -> ReleasedCell:
    return ReleasedCell(unit, key, content.indicators[key].version, period, Status.NO_DATA)
