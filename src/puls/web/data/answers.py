"""What each endpoint answers, from released cells within the key's reach."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils import timezone

from puls import periods
from puls.cells import ReleasedCell, ReleasedMark, Status
from puls.content.definitions import Indicator, Pack
from puls.web.assess import gates
from puls.web.assess import queries as assess
from puls.web.data.opened import source_of
from puls.web.data.problems import Problem
from puls.web.packs import pack
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Unit

NUMBERS = ("value", "n", "low", "high", "level_low", "level_high", "level")


@dataclass(frozen=True)
class Asked:
    """A request that was found to be well formed. values: of path and query, by name."""

    reach: Reach
    values: Mapping[str, str]

    @property
    def as_of(self) -> int | None:
        return int(self.values["release"]) if "release" in self.values else None

    @property
    def period(self) -> int:
        return year_of(self.values["period"])


@dataclass(frozen=True)
class Answer:
    """entries: a list, or the one thing itself. release: the newest that it may come from."""

    entries: Any
    release: int = 0


def units(asked: Asked) -> Answer:
    tree = tenants.unit_tree()
    below = asked.values.get("below", "")
    top = f"{tenants.unit_or_404(asked.reach, below).path}/" if below else ""
    tier = asked.values.get("tier", "")
    keys = sorted(tree.units, key=tree.path)
    found = [tree.units[key] for key in keys if tree.path(key).startswith(top)]
    return Answer([_unit(each) for each in found if not tier or each.tier == tier])


def unit(asked: Asked) -> Answer:
    found = tenants.unit_or_404(asked.reach, asked.values["unit"])
    return Answer(_unit(tenants.plain(found)))


def indicators(asked: Asked) -> Answer:
    content = pack()
    return Answer([_indicator(each, content, asked) for each in content.indicators.values()])


def indicator(asked: Asked) -> Answer:
    content = pack()
    found = content.indicators.get(asked.values["indicator"])
    if found is None:
        raise Http404
    return Answer(_indicator(found, content, asked))


def periods_(asked: Asked) -> Answer:
    found = assess.periods()
    return Answer([{"period": periods.slug(each), "starts": each} for each in found])


def releases(asked: Asked) -> Answer:
    notes = _notes(asked)
    return Answer([_release(each) for each in notes], notes[0].id)


def cells(asked: Asked) -> Answer:
    """Reading a school's cells is reading them: what its gate let through counts as used."""
    notes = _notes(asked)
    own = tenants.unit_or_404(asked.reach, asked.values["unit"])
    rows = _rows(own, asked, notes)
    gates.received(asked.reach, rows, asked.period)
    kind = asked.values.get("kind", "year")
    if kind == "part":
        found = _parts(own, asked)
    else:
        read = assess.pooled if kind == "pooled" else assess.cells
        found = read(rows, asked.period, asked.as_of)
    return Answer([cell_told(each) for each in _only(found, asked)], notes[0].id)


def marks(asked: Asked) -> Answer:
    notes = _notes(asked)
    own = tenants.unit_or_404(asked.reach, asked.values["unit"])
    gates.received(asked.reach, [own.key], asked.period)
    found = assess.marks([own.key], asked.period, asked.as_of)
    return Answer([_mark(each) for each in _only(found, asked)], notes[0].id)


def findings(asked: Asked) -> Answer:
    """Only what pages tell of it: not what the model was fitted on."""
    notes = _notes(asked)
    found = assess.findings(asked.period, asked.as_of)
    told = {
        "associations": [
            {key: each.get(key) for key in ASSOCIATION} for each in found.get("associations", [])
        ],
        "fits": {
            key: {name: fit.get(name) for name in FIT} for key, fit in found.get("fits", {}).items()
        },
        "reliability": {
            survey: [{name: each.get(name) for name in SCORE} for each in constructs]
            for survey, constructs in found.get("reliability", {}).items()
        },
    }
    return Answer(told, notes[0].id)


ASSOCIATION = ("kind", "tier", "a", "b", "strength", "low", "high", "together")
FIT = ("tier", "units", "intercept", "coefficients", "explained")
SCORE = ("construct", "alpha", "low", "high", "omega", "tiers")
ANSWERS: Mapping[str, Callable[[Asked], Answer]] = {
    "units": units,
    "unit": unit,
    "indicators": indicators,
    "indicator": indicator,
    "periods": periods_,
    "releases": releases,
    "cells": cells,
    "marks": marks,
    "findings": findings,
}
"""By the name of the endpoint."""


def year_of(text: str) -> int:
    """A school year as the API writes it, or 404: each has one address only."""
    try:
        found = periods.parse(text)
    except ValueError:
        raise Http404 from None
    if periods.slug(found) != text:
        raise Http404
    return found


def _notes(asked: Asked) -> Sequence[assess.ReleaseNote]:
    """The releases of the school year that the reader sees, up to the one asked for."""
    every = assess.releases(asked.period)
    if not every:
        raise Http404
    if asked.as_of is None:
        return every
    if asked.as_of not in {note.id for note in every}:
        raise Problem(
            400,
            "bad-request",
            f"Release {asked.as_of} is no release of {asked.values['period']} that this key sees.",
            "query parameter release",
            f"Take a number from /api/v1/periods/{asked.values['period']}/releases.",
        )
    return [note for note in every if note.id <= asked.as_of]


def _rows(own: Unit, asked: Asked, notes: Sequence[assess.ReleaseNote]) -> list[str]:
    tier = asked.values.get("rows", "")
    if not tier:
        return [own.key]
    day = notes[0].tree_day if notes else timezone.localdate()
    return [own.key, *(each.key for each in tenants.below(asked.reach, own, tier, day))]


def _parts(own: Unit, asked: Asked) -> list[ReleasedCell]:
    if "indicator" not in asked.values:
        raise Problem(
            400,
            "bad-request",
            "kind=part needs an indicator.",
            "query parameter indicator",
            "Name one indicator, such as indicator=student_wellbeing.",
        )
    return assess.parts(own.key, asked.values["indicator"], asked.period, asked.as_of)


def _only(found: Sequence[Any], asked: Asked) -> list[Any]:
    wanted = asked.values.get("indicator", "")
    return [each for each in found if not wanted or each.indicator == wanted]


def cell_told(cell: ReleasedCell) -> dict[str, Any]:
    """A cell as JSON. One that is not shown says why, and has no numbers at all."""
    told: dict[str, Any] = {
        "unit": cell.unit,
        "indicator": cell.indicator,
        "indicator_version": cell.version,
        "period": periods.slug(cell.period),
        "part": cell.part,
        "years": cell.years,
        "status": cell.status.value,
        "note": cell.note,
        "correction": cell.correction,
        "public": cell.public,
    }
    if cell.status is Status.SHOWN:
        told |= {name: getattr(cell, name) for name in NUMBERS}
        told |= {
            "judged_by": cell.judged_by,
            "provisional": cell.provisional,
            "of_unit": cell.of_unit,
        }
    return told


def _mark(mark: ReleasedMark) -> dict[str, Any]:
    return {
        "unit": mark.unit,
        "indicator": mark.indicator,
        "period": periods.slug(mark.period),
        "against": mark.against.value,
        "since": None if mark.since is None else periods.slug(mark.since),
        "expected": mark.expected,
        "estimate": mark.estimate,
        "low": mark.low,
        "high": mark.high,
        "mark": mark.mark.value,
    }


def _release(note: assess.ReleaseNote) -> dict[str, Any]:
    return {
        "release": note.id,
        "made_at": note.made_at.isoformat(timespec="seconds"),
        "period": periods.slug(note.period),
        "unit": note.root,
        "smallest_group": note.k,
        "pack_version": note.pack_version,
        "units_of": note.tree_day.isoformat(),
        "synthetic": note.synthetic,
        "sources": [{name: each.get(name) for name in SOURCE} for each in note.sources],
    }


SOURCE = ("source", "table", "label", "licence", "updated", "checksum")


def _unit(found: Any) -> dict[str, Any]:
    """found: a `puls.units.Unit`."""
    return {
        "unit": found.key,
        "name": found.name,
        "tier": found.tier,
        "parent": found.parent,
        "code": found.code,
        "valid_from": found.valid_from and found.valid_from.isoformat(),
        "valid_to": found.valid_to and found.valid_to.isoformat(),
    }


def _indicator(found: Indicator, content: Pack, asked: Asked) -> dict[str, Any]:
    language = asked.values.get("language", content.languages[0])
    criteria = found.criteria
    return {
        "indicator": found.key,
        "version": found.version,
        "name": content.text(language, f"indicator.{found.key}.name"),
        "about": content.text(language, f"indicator.{found.key}.about"),
        "area": found.area,
        "role": found.role.value,
        "source": source_of(found),
        "measured_in": content.text(language, f"unit.{found.unit}.name"),
        "decimals": found.decimals,
        "criteria": criteria
        and {
            "id": criteria.id,
            "levels": criteria.levels,
            "cuts": list(criteria.cuts),
            "higher_is_better": criteria.higher_is_better,
            "set_by": criteria.set_by[language],
            "set_on": criteria.set_on.isoformat(),
        },
    }
