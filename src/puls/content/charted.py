"""The words on charts and in their tables, and what each may put in.

Under `chart` in a pack's text. The modules of `puls.views.charts` say which of them each chart
needs. Values come in formatted: value "4,5 (god)", period "2025–26", unit and indicator names.
"""

from collections.abc import Mapping

CHARTED: Mapping[str, tuple[str, ...]] = {
    "card.n": ("n",),
    "card.provisional": (),
    "trend.title": ("indicator", "unit"),
    "trend.two": ("first", "first_period", "last", "last_period"),
    "trend.one": ("value", "period"),
    "trend.none": (),
    "trend.new_version": ("period",),
    "trend.split": ("period",),
    "trend.merger": ("period",),
    "trend.grown": ("period",),
    "trend.new_criteria": ("period",),
    "trend.provisional": (),
    "trend.goal": ("value",),
    "trend.goal_due": ("value", "day"),
    "trend.goal_row": (),
    "trend.by": ("day",),
    "trend.year": (),
    "trend.estimate": (),
    "trend.answers": (),
    "trend.notes": (),
    "trend.actions": (),
    "trend.action": (),
    "trend.day": (),
    "map.title": ("unit", "period"),
    "map.description": ("nodes", "lines"),
    "map.chosen": ("indicator", "count"),
    "map.sure": (),
    "map.unsure": (),
    "map.own": (),
    "map.thought": ("a", "b", "note"),
    "map.thought_of": ("a", "note"),
    "map.role": (),
    "map.indicator": (),
    "map.value": (),
    "map.goes_with": (),
    "map.with": ("others",),
    "map.opposite": ("name",),
    "map.unclear": ("others",),
    "rubric.title": ("number", "title", "unit"),
    "rubric.told": ("count", "label", "spread"),
    "rubric.at": ("count", "level"),
    "rubric.hidden": ("label", "k"),
    "rubric.none": (),
    "rubric.level": (),
    "rubric.beside": (),
    "rubric.value": (),
    "many.title": ("indicator",),
    "many.description": ("count", "first", "last"),
    "many.none": (),
    "many.unit": (),
}
"""By key, without the `chart.` before it.

`card`: an indicator on the map. `trend`: new_version, split, merger, grown and new_criteria stand
above a place of the time line and are short; provisional, goal and goal_due likewise at its end;
goal_row names the goal's row of the table, and by says its day there. `map`: sure, unsure and own
say what the three kinds of lines mean; thought is a line of the team's own, thought_of its note on
one indicator; opposite is a name in `with` where one is high when the other is low.
`rubric`: at is one part of the spread. The rest are titles, heads of tables and the sentence that
tells a picture to those who do not see it.
"""
