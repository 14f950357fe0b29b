"""Column maps: what a file is read against, and maps that are kept for the next one like it."""

import hashlib
from collections.abc import Mapping
from typing import Any

from puls.content.definitions import Pack
from puls.errors import PulsError
from puls.registers.exported import Table
from puls.registers.known import Known, known
from puls.registers.mapping import LEAVE_OUT, ColumnMap
from puls.web.collect.intake import INTAKE
from puls.web.collect.models import Group, Plan, SavedMap
from puls.web.collect.rounds import leaves, survey_asked, tenant_of
from puls.web.tenants.access import Reach, as_whole_tree
from puls.web.tenants.permissions import Place, check
from puls.web.tenants.queries import unit_tree

OWNER = "owner"
MOST_SAVED = 100
"""Of one survey in one administration."""


def known_of(plan: Plan, pack: Pack) -> Known:
    """What answers to a plan's round are read against: its survey, units and groups."""
    survey = pack.surveys[plan.survey, plan.survey_version]
    with as_whole_tree(INTAKE):
        tree = unit_tree(INTAKE)
        below = leaves(tree, pack, plan.unit_id, plan.period)
        groups = Group.objects.using(INTAKE).filter(plan=plan).values_list("name", "unit_id")
        others = {name: unit for name, unit in groups if unit in below}
    names = {key: tree.units[key].name for key in sorted(below)}
    return known(pack, survey, names, others)


def known_at(survey_key: str, period: int, unit: str, pack: Pack) -> Known:
    """The same for a command, which names survey, school year and unit."""
    with as_whole_tree(INTAKE):
        tree = unit_tree(INTAKE)
        if unit not in tree:
            raise PulsError(f"There is no unit '{unit}'. Its key stands in its page's address.")
        survey = survey_asked(pack, survey_key, period, INTAKE)
        below = leaves(tree, pack, unit, period)
        groups = Group.objects.using(INTAKE).filter(
            plan__survey=survey_key, plan__period=period, plan__unit_id=unit
        )
        others = {name: at for name, at in groups.values_list("name", "unit_id") if at in below}
    return known(pack, survey, {key: tree.units[key].name for key in sorted(below)}, others)


def header_of(table: Table) -> str:
    """What files with the same headings have in common."""
    return hashlib.sha256("\x1f".join(c.name for c in table.columns).encode()).hexdigest()


def saved(survey: str, table: Table) -> list[SavedMap]:
    """The administration's maps for files of this kind, the newest first."""
    found = SavedMap.objects.filter(survey=survey, header=header_of(table))
    return list(found.order_by("-changed_at"))


def map_save(by: Reach, plan: Plan, table: Table, name: str, chosen: ColumnMap) -> None:
    """Keep a map under a name; one of that name becomes this one."""
    check("round_run", by, Place(plan.tenant_id, plan.path))
    if SavedMap.objects.filter(survey=plan.survey).count() >= MOST_SAVED:
        oldest = SavedMap.objects.filter(survey=plan.survey).order_by("changed_at")
        oldest[0].delete()
    SavedMap.objects.update_or_create(
        tenant_id=by.tenant_key,
        survey=plan.survey,
        name=name,
        defaults={"header": header_of(table), "content": as_json(chosen)},
    )


def named_at(survey: str, unit: str, name: str) -> ColumnMap:
    """The map of this name of the administration that a unit belongs to. PulsError: which are."""
    with as_whole_tree(INTAKE):
        lineage = unit_tree(INTAKE).lineage(unit)
    tenant = tenant_of(lineage)
    with as_whole_tree(OWNER):
        maps = SavedMap.objects.using(OWNER).filter(
            survey=survey, tenant_id=tenant.unit_id if tenant else None
        )
        names = {each.name: each for each in maps}
    if name not in names:
        there = ", ".join(f"'{each}'" for each in sorted(names)) or "none"
        raise PulsError(
            f"There is no map '{name}' for the survey {survey}. Kept: {there}. They are made on "
            "the page of a round, under 'Answers from a file'."
        )
    return from_json(names[name].content)


def as_json(chosen: ColumnMap) -> dict[str, Any]:
    """What is kept of a map: only values that stand for something in the survey.

    What somebody leaves out may be anything, also a name in a column that was taken for another:
    it is not kept, and asked about again.
    """
    options = {key: _telling(each) for key, each in chosen.options.items()}
    return {
        "columns": dict(chosen.columns),
        "points": _telling(chosen.points),
        "options": options,
        "units": _telling(chosen.units),
        "everybody": chosen.everybody,
    }


def _telling(values: Mapping[str, Any]) -> dict[str, Any]:
    return {said: meant for said, meant in values.items() if meant not in (None, LEAVE_OUT)}


def from_json(content: Mapping[str, Any]) -> ColumnMap:
    return ColumnMap(
        columns=content["columns"],
        points=content["points"],
        options=content["options"],
        units=content["units"],
        everybody=content["everybody"],
    )


def fitting(chosen: ColumnMap, known: Known) -> ColumnMap:
    """Without units that may not answer here: a map may come from another school or year."""
    units = {said: key for said, key in chosen.units.items() if key in {*known.leaves, "-"}}
    everybody = chosen.everybody if chosen.everybody in known.leaves else ""
    if not everybody and "unit" not in chosen.columns and len(known.leaves) == 1:
        everybody = next(iter(known.leaves))
    return ColumnMap(chosen.columns, chosen.points, chosen.options, units, everybody)
