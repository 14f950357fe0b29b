"""Schools out of the national register: added, numbered, renamed, closed and followed at once.

Everything happens in one transaction of the owner's, the record of it included, so that a register
half taken in never stands. A dry run goes the same way and keeps nothing.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import connections, transaction

from puls.content.definitions import Pack
from puls.errors import PulsError
from puls.registers import nsr
from puls.registers.klass import read_correspondence
from puls.registers.nsr import School
from puls.registers.schools import Steps, steps
from puls.units import UnitTree
from puls.web.collect.intake import LOCK
from puls.web.collect.models import ImportRecord, Round
from puls.web.importing import files
from puls.web.importing.registers import operator
from puls.web.tenants.access import as_whole_tree
from puls.web.tenants.models import Tenant, Unit, UnitChange
from puls.web.tenants.queries import unit_tree
from puls.web.tenants.tree import unit_add

OWNER = "owner"
SOURCE, TABLE, LICENCE = "nsr", "schools", "NLOD"


@dataclass(frozen=True)
class Taken:
    """told: a sentence for each thing done. record: None where nothing was to be kept."""

    steps: Steps
    told: tuple[str, ...]
    record: ImportRecord | None


def import_schools(
    file: Path,
    pack: Pack,
    today: date,
    owners: Path | None = None,
    into: Mapping[str, str] | None = None,
    dry: bool = False,
) -> Taken:
    """Compare the units with the register's file, and bring them up to date.

    owners: a correspondence of KLASS, municipality by organisation number. into: number of the
    school that a merged one became part of, by the merged one's number. dry: only say what would
    be done. ImportFileError for a wrong file, PulsError where the pack asks for no schools or
    `into` names something that is not there.
    """
    if pack.school_register is None:
        raise PulsError(f"The pack {pack.key} does not say which schools of the register are its.")
    for each in (file, owners):
        if each is not None:
            files.check_file(each)
    schools = nsr.read(file)
    known = read_correspondence(owners) if owners is not None else {}
    with as_whole_tree(OWNER):
        with connections[OWNER].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        tree = unit_tree(OWNER)
        _check_into(into or {}, tree, schools)
        found = steps(
            tree,
            pack.country,
            pack.school_register,
            schools,
            today,
            tenants=set(Tenant.objects.using(OWNER).values_list("unit_id", flat=True)),
            busy=_busy(tree),
            owners=known,
            into=into,
        )
        told = tuple(_sentences(found, tree))
        if dry or found.is_empty:
            return Taken(found, told, None)
        with transaction.atomic(using=OWNER):
            _do(found, tree)
            record = ImportRecord.objects.using(OWNER).create(
                source=SOURCE,
                table=TABLE,
                label="; ".join(told),
                licence=LICENCE,
                file_name=file.name,
                # Of what was done: a file that was taken in once may have more to say later.
                checksum=_digest(files.checksum(file), told),
                rows_in=len(schools),
                rows_refused=[list(each) for each in found.left],
                imported_by=operator(),
            )
        return Taken(found, told, record)


def _check_into(into: Mapping[str, str], tree: UnitTree, schools: tuple[School, ...]) -> None:
    numbers = {unit.code for unit in tree.units.values()} | {each.number for each in schools}
    for old, new in into.items():
        for number in (old, new):
            if number not in numbers:
                raise PulsError(f"--into {old}={new}: no school has the number {number}.")
        if old == new:
            raise PulsError(f"--into {old}={new}: a school is not merged into itself.")


def _busy(tree: UnitTree) -> set[str]:
    """Units with a round at them, above or below, that is not sealed."""
    asked = Round.objects.using(OWNER).exclude(state=Round.State.SEALED)
    found: set[str] = set()
    for key in asked.values_list("unit_id", flat=True):
        found |= set(tree.lineage(key))
        found |= {each for each in tree.units if key in tree.lineage(each)}
    return found


def _do(found: Steps, tree: UnitTree) -> None:
    units = Unit.objects.using(OWNER)
    numbers: dict[str, str] = {}
    # A number that a closed school had goes to its successor: free it first.
    for key, number in found.numbered.items():
        units.filter(pk=key).update(code=number)
    for key, name in found.renamed.items():
        units.filter(pk=key).update(name=name)
    for home, school in found.added:
        parent = units.get(pk=home)
        made = unit_add(parent, school.name, tenant_key=home, using=OWNER)
        units.filter(pk=made.pk).update(code=school.number)
        numbers[school.number] = made.pk
    for key, day in found.closed.items():
        below = f"{tree.path(key)}/"
        units.filter(pk=key).update(valid_to=day)
        units.filter(path__startswith=below, valid_to__isnull=True).update(valid_to=day)
    for old, new in found.followed:
        _follow(old, numbers.get(new, new), found.closed[old])


def _follow(old: str, new: str, day: date) -> None:
    """The school follows, and of its departments those that have their like there."""
    units = Unit.objects.using(OWNER)
    there = {unit.name.casefold(): unit.pk for unit in units.filter(parent_id=new)}
    pairs = [(old, new)]
    for unit in units.filter(parent_id=old):
        like = there.get(unit.name.casefold())
        if like is not None:
            pairs.append((unit.pk, like))
    UnitChange.objects.using(OWNER).bulk_create(
        [UnitChange(on=day, old_id=before, new_id=after) for before, after in pairs],
        ignore_conflicts=True,
    )


def _sentences(found: Steps, tree: UnitTree) -> list[str]:
    told = [
        f"{school.name} ({school.number}) is new in {tree[home].name}"
        for home, school in found.added
    ]
    told += [f"{tree[key].name} has the number {number}" for key, number in found.numbered.items()]
    told += [f"{tree[key].name} is called {name}" for key, name in found.renamed.items()]
    followers = dict(found.followed)
    names = {school.number: school.name for _, school in found.added}
    for key, day in found.closed.items():
        new = followers.get(key)
        name = "" if new is None else tree[new].name if new in tree else names.get(new, new)
        told.append(f"{tree[key].name} is closed from {day} on" + (f", into {name}" * bool(name)))
    return told


def _digest(checksum: str, told: tuple[str, ...]) -> str:
    return hashlib.sha256(json.dumps([checksum, *told]).encode()).hexdigest()
