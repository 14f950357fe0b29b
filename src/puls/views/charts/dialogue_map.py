"""The dialogue map: prerequisite, process, result, and what hangs together, to talk about.

Lines say what goes together in the country; never what causes what. What a team itself thinks has
lines of its own, which no figure stands behind, and they look different.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from puls.cells import ReleasedCell, ReleasedMark, Status
from puls.content.definitions import Indicator, Pack, Role
from puls.views import marks as marking
from puls.views import numbers
from puls.views.charts import dialogue_drawing
from puls.views.charts.dialogue_parts import (
    Column,
    DialogueMap,
    Node,
    OwnLine,
    Tie,
    neighbours,
    own_words,
    questions,
    telling,
    ties,
)
from puls.views.charts.reading import spot
from puls.views.charts.scene import Chart, Table
from puls.views.colour_table import marks_by_cell, standing_in
from puls.views.together import together

WORDS = (
    "card.n",
    "card.provisional",
    "map.title",
    "map.description",
    "map.chosen",
    "map.sure",
    "map.unsure",
    "map.own",
    "map.thought",
    "map.thought_of",
    "map.role",
    "map.indicator",
    "map.value",
    "map.goes_with",
    "map.with",
    "map.opposite",
    "map.unclear",
)
"""Keys of the words it needs beside the pack's own, and what they may put in.

card.n {n} · card.provisional · map.title {unit} {period} · map.description {nodes} {lines}: how
many · map.chosen {indicator} {count} · what lines mean: map.sure, map.unsure, map.own ·
map.thought {a} {b} {note} · map.thought_of {a} {note}: on one indicator · heads of the table:
map.role, map.indicator, map.value, map.goes_with · map.with {others}: names, those that go the
other way as map.opposite {name} · map.unclear {others}
"""


def dialogue_map(
    cells: Iterable[ReleasedCell],
    indicators: Sequence[Indicator],
    associations: Iterable[Mapping[str, Any]],
    pack: Pack,
    language: str,
    words: Mapping[str, str],
    *,
    unit: str,
    unit_name: str,
    period: int,
    period_label: str,
    chosen: str = "",
    beside: str = "",
    own: Sequence[OwnLine] = (),
    hrefs: Mapping[str, str] | None = None,
    marks: Iterable[ReleasedMark] = (),
    pooled: Iterable[ReleasedCell] = (),
    tier: str = "",
) -> DialogueMap:
    """The map of one unit in one period.

    cells: of the unit, at most one per indicator; what has none is "no data". indicators: in the
    order wanted within each role. associations: rows as `puls.analysis.findings` tells them.
    chosen: key of the indicator whose neighbours alone stay; one that is not on the map chooses
    nothing. beside: key of the other of a chosen pair, for its questions. own: the team's own
    lines and notes; those on indicators that are not on the map are left out. hrefs: where each
    indicator is chosen. marks, pooled: as for the colour table. words: see `WORDS`.
    """
    by_key = {indicator.key: indicator for indicator in indicators}
    rows = list(telling(associations, by_key).values())
    drawn = ties(rows, by_key)
    thought = [o for o in own if o.ends <= by_key.keys() and o.a != o.b]
    lines: list[Tie | OwnLine] = [*drawn, *(o for o in thought if o.b)]
    chosen = chosen if chosen in by_key else ""
    if chosen:
        stay = neighbours(chosen, lines) | {chosen}
        drawn = [tie for tie in drawn if chosen in (tie.a, tie.b)]
        thought = [o for o in thought if chosen in o.ends]
        indicators = [indicator for indicator in indicators if indicator.key in stay]
        rows = [row for row in rows if chosen in (row["a"], row["b"])]
    released = {cell.indicator: cell for cell in cells if cell.unit == unit}
    together_ = {(cell.unit, cell.indicator): cell for cell in pooled}
    marked = marks_by_cell(marks, period)
    nodes = []
    for indicator in indicators:
        cell = released.get(indicator.key) or ReleasedCell(
            unit, indicator.key, indicator.version, period, Status.NO_DATA
        )
        cell = standing_in(cell, together_)
        found = together(rows, indicator.key, pack, language)
        told = found.told
        if told and (not chosen or indicator.key == chosen):
            told = (_with(indicator.key, drawn, pack, language, words),)
        nodes.append(
            Node(
                key=indicator.key,
                name=pack.text(language, f"indicator.{indicator.key}.name"),
                role=indicator.role,
                spot=spot(cell, indicator, pack, language, marking.by_cell(marked, cell), tier),
                href=(hrefs or {}).get(indicator.key, ""),
                chosen=indicator.key == chosen,
                told=told,
                unclear=found.unclear,
                thought=tuple(
                    own_words(o, pack, language, words) for o in thought if indicator.key in o.ends
                ),
                neighbours=tuple(k for k in by_key if k in neighbours(indicator.key, lines)),
            )
        )
    columns = tuple(
        Column(role, pack.text(language, f"role.{role}.name"), own_nodes)
        for role in Role
        if (own_nodes := tuple(node for node in nodes if node.role is role))
    )
    title = words["map.title"].format(unit=unit_name, period=period_label)
    told = title, _description(nodes, drawn, chosen, words)
    scene = dialogue_drawing.scene(columns, drawn, thought, chosen, told, words, language)
    table = _table(columns, title, words)
    asked: tuple[str, ...] = ()
    if chosen and beside in by_key and beside != chosen:
        asked = questions(pack, language, chosen, beside)
    return DialogueMap(Chart(scene, None, (table,)), columns, chosen, asked)


def _with(
    key: str, drawn: Iterable[Tie], pack: Pack, language: str, words: Mapping[str, str]
) -> str:
    """All that an indicator clearly goes together with, by name, the strongest first."""
    sure = [tie for tie in drawn if tie.sure and key in (tie.a, tie.b)]
    names = []
    for tie in sorted(sure, key=lambda tie: -abs(tie.strength)):
        other = tie.b if tie.a == key else tie.a
        name = pack.text(language, f"indicator.{other}.name")
        names.append(name if tie.strength > 0 else words["map.opposite"].format(name=name))
    return words["map.with"].format(others=numbers.all_of(names, language))


def _description(
    nodes: Sequence[Node], drawn: Sequence[Tie], chosen: str, words: Mapping[str, str]
) -> str:
    sure = [tie for tie in drawn if tie.sure]
    if not chosen:
        return words["map.description"].format(nodes=len(nodes), lines=len(sure))
    name = next(node.name for node in nodes if node.chosen)
    return words["map.chosen"].format(indicator=name, count=len(sure))


def _table(columns: Sequence[Column], title: str, words: Mapping[str, str]) -> Table:
    """A row for each indicator: where it stands, its value, and what it goes together with."""
    rows = []
    for column in columns:
        for node in column.nodes:
            said = [*node.told, *node.thought]
            if node.unclear:
                said.append(words["map.unclear"].format(others=", ".join(node.unclear)))
            value = " ".join(part for part in (node.spot.told, node.spot.tag) if part)
            rows.append((node.name, column.name, value, " ".join(said)))
    head = words["map.indicator"], words["map.role"], words["map.value"], words["map.goes_with"]
    return Table(title, head, tuple(rows))
