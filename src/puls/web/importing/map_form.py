"""The form in which somebody says what the columns and values of a file are.

It works without a script: each press of "look again" reads the file as it is now understood. What
goes without saying is filled in; what is only a guess is filled in too, and marked.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from puls.content.definitions import Pack
from puls.registers.exported import Column, Table
from puls.registers.known import UNIT, Known
from puls.registers.mapping import (
    LEAVE_OUT,
    MOST_KINDS,
    ColumnMap,
    Understood,
    Value,
    nearest,
    understand,
)
from puls.registers.matching import How

LONGEST_HEADING = 48
FIRST_ROWS = 3
MOST_LISTED = 60
"""Columns that stand in each question's own list. More are listed once for all questions, to type
a number from: a page with thousands times all questions is too heavy for a phone."""
_TYPED = re.compile(r"\s*([0-9]{1,6})(?:\s.*)?", re.DOTALL)
"""A place as a list sends it, or as somebody typed or chose it: "12", "12 · Trives du?"."""
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Line:
    """A question and its column. place: of the column, from 1, or 0. heading: as in the choice.

    first: what the first rows say. strange: how many cells nobody understands. found: how it was,
    where somebody should look at it.
    """

    target: str
    text: str
    place: int
    heading: str
    found: str
    understood: int
    missing: int
    strange: int
    first: tuple[str, ...]

    @property
    def sure(self) -> bool:
        """Whether nobody needs to look at it."""
        return self.place > 0 and not self.strange and not self.found and self.target != UNIT


@dataclass(frozen=True)
class Asked:
    """A value, and what it may mean. chosen: what is filled in. sure: whether it is understood."""

    field: str
    shown: str
    count: int
    chosen: str
    sure: bool


@dataclass(frozen=True)
class Values:
    """The values of one kind. more: how many are not shown, as they are too many."""

    title: str
    choices: Choices
    asked: tuple[Asked, ...]
    more: int = 0

    @property
    def open(self) -> bool:
        return self.more > 0 or any(not each.sure for each in self.asked)

    @property
    def guessed(self) -> int:
        """Cells that nobody understands, with a meaning filled in that somebody should check."""
        return sum(each.count for each in self.asked if each.chosen and not each.sure)


def chosen_from(sent: Mapping[str, str], table: Table, known: Known) -> ColumnMap:
    """The map that a sent form says. What is not as it must be counts as not said."""
    columns: dict[str, str] = {}
    for target in known.targets:
        place = _TYPED.fullmatch(sent.get(f"c-{target}", ""))
        at = int(place[1]) if place else 0
        if 1 <= at <= len(table.columns):
            name = table.columns[at - 1].name
            if name not in columns.values():
                columns[target] = name
    everybody = sent.get("everybody", "")
    plain = ColumnMap(columns=columns, everybody=everybody if everybody in known.leaves else "")
    points: dict[str, int | None] = {}
    options: dict[str, dict[str, int | None]] = {}
    units: dict[str, str] = {}
    for target, seen in understand(table, known, plain).seen.items():
        for value in seen.values:
            said = sent.get(_field(target, value, known), "")
            if target == UNIT:
                if said != value.means.meant and (said == LEAVE_OUT or said in known.leaves):
                    units[value.said] = said
                continue
            number = _number(said, target, known)
            itself = value.means.meant if value.means.understood else False
            if number is not False and (itself is False or number != itself):
                kept = options.setdefault(target, {}) if target in known.options else points
                kept[value.said] = number
    return ColumnMap(columns, points, options, units, plain.everybody)


def _number(said: str, target: str, known: Known) -> int | bool | None:
    """A step, the number of an option, None for no answer; False for anything else.

    Never to be compared by its worth: 0 is a step of some scales.
    """
    if said == LEAVE_OUT:
        return None
    allowed = {value for value, _word in _steps(target, known)}
    return int(said) if said in allowed else False


def _steps(target: str, known: Known) -> list[tuple[str, str]]:
    if target in known.options:
        asked = next(each for each in known.survey.background if each.key == target)
        return [(str(n), option) for n, option in enumerate(asked.options, start=1)]
    scale = known.survey.scale
    return [(str(n), str(n)) for n in range(scale.low, scale.high + 1)]


def _field(target: str, value: Value, known: Known) -> str:
    """The name of a value's field: items share their values, as they share their scale."""
    kind = target if target == UNIT or target in known.options else "p"
    return f"v-{kind}-{hashlib.sha256(value.said.encode()).hexdigest()[:12]}"


def lines(
    read: Understood, table: Table, known: Known, pack: Pack, language: str, how: Mapping[str, How]
) -> list[Line]:
    """Each thing that a column may be, in the survey's order."""
    places = {column.name: place for place, column in enumerate(table.columns, start=1)}
    found = {
        How.CLOSE: _("by a text that is nearly the same: please check"),
        How.ORDER: _("by its number: please check"),
        How.VALUES: _("recognised by what stands in it"),
    }
    made = []
    head, headings = read.frame.head(FIRST_ROWS), dict(headed(table.columns))
    for target in known.targets:
        seen = read.seen[target]
        shown = tuple(_shown(each, target, known) for each in head[target]) if seen.column else ()
        made.append(
            Line(
                target,
                _text(target, known, pack, language),
                places[seen.column.name] if seen.column else 0,
                headings[places[seen.column.name]] if seen.column else "",
                found.get(how[target], "") if seen.column and target in how else "",
                seen.understood,
                seen.missing,
                sum(value.count for value in seen.strange),
                shown,
            )
        )
    return made


def _text(target: str, known: Known, pack: Pack, language: str) -> str:
    if target == UNIT:
        return _("Department")
    if target in known.options:
        return pack.text(language, f"background.{target}.name")
    return pack.text(language, f"item.{known.survey.key}.{target}")


def _shown(meant: int | str | None, target: str, known: Known) -> str:
    if meant is None:
        return "–"
    return known.leaves[str(meant)] if target == UNIT else str(meant)


def values(read: Understood, known: Known, pack: Pack, language: str) -> list[Values]:
    """What may be asked about values, one kind after the other, as far as there are any."""
    scale = known.survey.scale
    words = [
        (str(n), f"{n} · {pack.text(language, f'scale.{scale.key}.{n}')}")
        for n in range(scale.low, scale.high + 1)
    ]
    nothing = (LEAVE_OUT, _("no answer"))
    of_items = [value for item in known.items for value in read.seen[item].values]
    made = [
        _units(read, known),
        _asked(_("Answers"), "p", of_items, [*words, nothing]),
    ]
    for asked in known.survey.background:
        stem = f"background.{asked.key}"
        options = [
            (str(n), pack.text(language, f"{stem}.one_{option}"))
            for n, option in enumerate(asked.options, start=1)
        ]
        found = read.seen[asked.key].values
        title = pack.text(language, f"{stem}.name")
        made.append(_asked(title, asked.key, found, [*options, nothing]))
    return [each for each in made if each.asked]


def _units(read: Understood, known: Known) -> Values:
    leaves = sorted(known.leaves.items(), key=lambda each: each[1])
    choices = [*leaves, (LEAVE_OUT, _("leave these rows out"))]
    guessed = [
        replace(value, means=value.means._replace(guess=nearest(value.said, known)))
        if not value.means.understood
        else value
        for value in read.seen[UNIT].values[:MOST_KINDS]
    ]
    left = max(0, len(read.seen[UNIT].values) - MOST_KINDS)
    return replace(_asked(_("Departments"), UNIT, guessed, choices), more=left)


def _asked(title: str, kind: str, found: Sequence[Value], choices: Choices) -> Values:
    together: dict[str, Value] = {}
    for value in found:
        before = together.get(value.said)
        count = value.count + (before.count if before else 0)
        together[value.said] = replace(before or value, count=count)
    ordered = sorted(together.values(), key=lambda each: (each.means.understood, -each.count))
    asked = tuple(
        Asked(
            f"v-{kind}-{hashlib.sha256(value.said.encode()).hexdigest()[:12]}",
            value.shown or _("(empty)"),
            value.count,
            _filled_in(value),
            value.means.understood,
        )
        for value in ordered[:MOST_KINDS]
    )
    return Values(title, choices, asked, max(0, len(ordered) - MOST_KINDS))


def _filled_in(value: Value) -> str:
    meant = value.means.meant if value.means.understood else value.means.guess
    if meant is None:
        return LEAVE_OUT if value.means.understood else ""
    return str(meant)


def headed(columns: Sequence[Column]) -> list[tuple[int, str]]:
    """Columns as a choice: their places, and what stands on top of them."""
    return [
        (place, f"{place} · {_short(column.label or column.name)}")
        for place, column in enumerate(columns, start=1)
    ]


def unread(table: Table, chosen: ColumnMap) -> list[str]:
    """Headings of the columns that are not read."""
    taken = set(chosen.columns.values())
    return [_short(column.name) for column in table.columns if column.name not in taken]


def _short(heading: str) -> str:
    return heading if len(heading) <= LONGEST_HEADING else f"{heading[: LONGEST_HEADING - 1]}…"
