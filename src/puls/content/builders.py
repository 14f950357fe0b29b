"""From the fields of one definition file to one frozen object, checked as far as the file goes.

What one file promises about another (an indicator's construct, its area, its criteria) is
checked in `puls.content.loading`, which knows them all.
"""

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from puls.content.bindings import Provisional, RegisterBinding
from puls.content.definitions import (
    MOST_ITEMS,
    Background,
    Construct,
    Criteria,
    Framework,
    Indicator,
    Item,
    RegisterSource,
    Role,
    Rubric,
    Scale,
    Survey,
    SurveySource,
)
from puls.content.reading import KEY, Fields, same_as_file

AUDIENCES = ("student", "parent", "teacher", "leader")
READERS = ("ssb", "gsi", "population")
KINDS = ("unit", "correction", "pooled")
"""Kinds of released cells beside breakdowns, as `Pack.admission` names them."""
TAKEN = ("leaf", *KINDS)
"""Words that stand beside background questions: columns of answers, and kinds of cells."""
MOST_OPTIONS = 20
"""Of a background question: more would single people out long before a file ran out of numbers."""


def scale(fields: Fields, stem: str) -> Scale:
    key = fields.key("key")
    same_as_file(fields, "key", key, stem)
    low = fields.whole("low", 0, 10)
    return Scale(key, low, fields.whole("high", low + 1, 10))


def survey(fields: Fields, stem: str, scales: dict[str, Scale]) -> Survey:
    key, version = fields.key("key"), fields.whole("version", 1, 999)
    same_as_file(fields, "version", f"{key}.v{version}", stem)
    audience = fields.choice("audience", AUDIENCES)
    its_scale = scales[fields.choice("scale", scales)]
    constructs: list[Construct] = []
    items_before: set[str] = set()
    for row in fields.rows("constructs"):
        made = _construct(row, items_before)
        if made.key in {construct.key for construct in constructs}:
            raise row.wrong("key", f"'{made.key}' stands twice", "each construct once")
        constructs.append(made)
    if not constructs:
        raise fields.wrong("constructs", "is empty", "at least one construct")
    asked = _background(fields, items_before) if fields.offers("background") else ()
    return Survey(key, version, audience, its_scale, tuple(constructs), asked)


def _background(fields: Fields, items: Collection[str]) -> tuple[Background, ...]:
    """Questions about the respondent; their keys are columns beside the items'."""
    found: list[Background] = []
    for row in fields.rows("background"):
        key, options = row.key("key"), row.texts("options")
        row.done()
        if key in {each.key for each in found}:
            raise row.wrong("key", f"'{key}' stands twice", "each question once")
        if key in items or key in TAKEN:
            problem = f"'{key}' is " + ("an item too" if key in items else "a word of Puls")
            raise row.wrong("key", problem, f"a key of its own, not {', '.join(TAKEN)}")
        for option in options:
            if not KEY.fullmatch(option):
                raise row.wrong("options", f"'{option}' is no key", "small letters, digits and _")
        if not 2 <= len(options) <= MOST_OPTIONS:
            allowed = f"2 to {MOST_OPTIONS} options"
            raise row.wrong("options", f"has {len(options)} options", allowed)
        found.append(Background(key, options))
    return tuple(found)


def _construct(row: Fields, items_before: set[str]) -> Construct:
    key = row.key("key")
    items = []
    for line in row.rows("items"):
        item = Item(line.key("key"), line.truth("reversed", default=False))
        line.done()
        if item.key in items_before:
            raise line.wrong("key", f"'{item.key}' stands twice", "each item once in a survey")
        items_before.add(item.key)
        items.append(item)
    if not 1 <= len(items) <= MOST_ITEMS:
        raise row.wrong("items", f"has {len(items)} items", f"1 to {MOST_ITEMS} items")
    row.done()
    return Construct(key, tuple(items))


def framework(fields: Fields, stem: str) -> Framework:
    key = fields.key("key")
    same_as_file(fields, "key", key, stem)
    name = fields.text("name")
    begins, ends = fields.day("valid_from"), fields.maybe_day("valid_to")
    if ends is not None and ends <= begins:
        raise fields.wrong("valid_to", f"{ends} is not after {begins}", f"a day after {begins}")
    return Framework(key, name, begins, ends, fields.texts("areas"))


def criteria(
    fields: Fields, stem: str, levels: int, units: Sequence[str], languages: Sequence[str]
) -> Criteria:
    """One version of cut points, in a file of its own: the versions before it stay as they are."""
    key, version = fields.key("key"), fields.whole("version", 1, 999)
    same_as_file(fields, "version", f"{key}.v{version}", stem)
    unit = fields.choice("unit", units)
    cuts = fields.numbers("cuts")
    if len(cuts) != levels - 1:
        allowed = f"{levels - 1} cut points between {levels} levels"
        raise fields.wrong("cuts", f"has {len(cuts)} cut points", allowed)
    if any(later <= earlier for earlier, later in pairwise(cuts)):
        raise fields.wrong("cuts", f"{list(cuts)} does not ascend", "each cut above the one before")
    return Criteria(
        key=key,
        version=version,
        levels=levels,
        cuts=cuts,
        higher_is_better=fields.truth("higher_is_better"),
        set_by=fields.every("set_by", languages),
        set_on=fields.day("set_on"),
        why=fields.every("why", languages),
        unit=unit,
    )


def indicator(
    fields: Fields,
    stem: str,
    areas: Collection[str],
    units: Collection[str],
    criteria_by_key: dict[str, Criteria],
) -> Indicator:
    key = fields.key("key")
    same_as_file(fields, "key", key, stem)
    unit = fields.choice("unit", units)
    judged_by = None
    if fields.offers("criteria"):
        judged_by = criteria_by_key[fields.choice("criteria", criteria_by_key)]
        if judged_by.unit != unit:
            same = [each.key for each in criteria_by_key.values() if each.unit == unit]
            problem = f"'{judged_by.key}' is in {judged_by.unit}, the indicator in {unit}"
            raise fields.wrong("criteria", problem, ", ".join(same) or f"criteria in {unit}")
    return Indicator(
        key=key,
        version=fields.whole("version", 1, 999),
        area=fields.choice("area", areas),
        role=Role(fields.choice("role", list(Role))),
        source=_source(fields.fields("from")),
        unit=unit,
        decimals=fields.whole("decimals", 0, 4),
        criteria=judged_by,
        prerequisites=fields.texts("prerequisites") if fields.offers("prerequisites") else (),
    )


def _source(fields: Fields) -> SurveySource | RegisterSource:
    made: SurveySource | RegisterSource
    if fields.offers("survey"):
        made = SurveySource(fields.key("survey"), fields.key("construct"))
    elif fields.offers("register"):
        made = RegisterSource(fields.key("register"), fields.truth("additive"))
    else:
        allowed = "survey with construct, or register with additive"
        raise fields.wrong("survey", "an indicator needs a source", allowed)
    fields.done()
    return made


def rubric(fields: Fields, stem: str, areas: Collection[str]) -> Rubric:
    key = fields.key("key")
    same_as_file(fields, "key", key, stem)
    area, number = fields.choice("area", areas), fields.text("number")
    return Rubric(key, area, number, fields.whole("questions", 1, 5))


def source(fields: Fields, stem: str) -> list[RegisterBinding]:
    """One register: what holds for all of its tables, then table by table."""
    key = fields.key("key")
    same_as_file(fields, "key", key, stem)
    reader = fields.choice("reader", READERS)
    licence, cadence = fields.text("licence"), fields.text("cadence")
    pattern = fields.text("region_pattern", default="")
    address = fields.text("address", default="").rstrip("/")
    if address and not address.startswith("https://"):
        raise fields.wrong("address", f"'{address}' is no safe address", "https://...")
    _check_pattern(fields, pattern)
    regions = fields.words("regions", optional=True)
    skip = fields.words("skip", optional=True)
    for code in regions.keys() & skip.keys():
        raise fields.wrong(f"skip.{code}", "is also in regions", "each region code once")
    provisional = None
    if fields.offers("provisional"):
        rule = fields.fields("provisional")
        provisional = Provisional(rule.month_day("final"), rule.whole("years_after", 0, 5))
        rule.done()
    bindings = []
    for row in fields.rows("tables"):
        cells = row.words("cells")
        if not cells:
            raise row.wrong("cells", "is empty", "a register's code: an indicator")
        for indicator_key in cells.values():
            if list(cells.values()).count(indicator_key) > 1:
                problem = f"two codes feed '{indicator_key}'"
                raise row.wrong("cells", problem, "one code for an indicator in a table")
        binding = RegisterBinding(
            source=key,
            table=row.text("table"),
            region=row.text("region"),
            time=row.text("time"),
            cells=cells,
            skip=skip,
            fixed=row.words("fixed", optional=True),
            licence=licence,
            cadence=cadence,
            region_pattern=pattern,
            reader=reader,
            regions=regions,
            provisional=provisional,
            address=address,
            codelists=row.words("codelists", optional=True),
            report=row.text("report", default=""),
        )
        row.done()
        bindings.append(binding)
    return bindings


def _check_pattern(fields: Fields, pattern: str) -> None:
    try:
        groups = re.compile(pattern).groups
    except re.error as slip:
        allowed = "a regular expression with one group"
        raise fields.wrong("region_pattern", f"'{pattern}': {slip}", allowed) from None
    if pattern and groups != 1:
        raise fields.wrong("region_pattern", f"has {groups} groups", "one group: the unit's code")
