"""What a key's program gets is what the release shows within the key's reach: nothing else, by any
address, of any unit, for any role. Counted again in plain words from the rows themselves."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from puls.web.assess.models import Cell, Release
from puls.web.data import answers, queries
from puls.web.data.models import Scope
from tests.web.cast import CAST, Cast
from tests.web.data import open_world
from tests.web.data.open_world import SLUG
from tests.web.data.test_api import ask, key_of

LOWEST = {"national": 2, "county": 2, "owner": 4, "leader": 4, "teacher": 4}
"""How deep each role reads: the national body and counties to municipalities."""
SHARED = {"no-1149": ["haugesund-kulturskole"]}
"""Schools that a municipality runs together with their host."""

Told = tuple[str, str, str, int, str, float | None, int | None]
"""Unit, indicator, part, years, status, value, number of answers."""


def told(row: Cell) -> Told:
    return (
        row.unit_id, row.indicator, row.part, row.years, row.status, row.value, row.n
    )  # fmt: skip


def may_be_told(unit: str, role: str, scope: Scope) -> set[Told]:
    """By the rule of who sees: the own unit and below, as deep as the role reads, and above."""
    rows = open_world.all_cells()
    if scope is Scope.NATIONAL:
        return {told(row) for row in rows.values() if row.unit_id == "no"}
    found = set()
    own = next(row.path for row in rows.values() if row.unit_id == unit).split("/")
    tops = [unit, *(SHARED.get(unit, []) if role == "owner" else [])]
    for row in rows.values():
        path = row.path.split("/")
        below = any(top in path for top in tops) and row.depth <= LOWEST[role]
        above = path == own[: len(path)]
        host = any(_above(row, rows, top) for top in tops)
        if below or above or host:
            found.add(told(row))
    return found


def _above(row: Cell, rows: dict[Any, Cell], top: str) -> bool:
    path = next(each.path for each in rows.values() if each.unit_id == top)
    return path == row.path or path.startswith(f"{row.path}/")


def addresses(secret: str) -> Iterator[str]:
    """Every address of cells, of every unit there is, whether the key reads it or not."""
    units = {row.unit_id for row in open_world.all_cells().values()}
    for unit in sorted(units):
        cells = f"units/{unit}/periods/{SLUG}/cells?limit=2000"
        yield from (cells, f"{cells}&kind=pooled")
        yield from (f"{cells}&rows={tier}" for tier in ("municipality", "school", "department"))
        yield f"{cells}&kind=part&indicator={open_world.FEEDBACK}"


def all_told(secret: str) -> set[Told]:
    found: set[Told] = set()
    for address in addresses(secret):
        answer = ask(secret, address)
        assert answer.status_code in (200, 404)
        for cell in answer.json().get("data", []):
            place = (cell["unit"], cell["indicator"], cell["part"], cell["years"])
            found.add((*place, cell["status"], cell.get("value"), cell.get("n")))
    return found


@pytest.fixture(autouse=True)
def _no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("puls.web.data.api.limits.wait", lambda key: 0)


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("name", CAST)
def test_a_program_gets_what_is_shown_within_reach_and_all_of_it(
    released: Release, cast: Cast, name: str, scope: Scope
) -> None:
    unit, role = CAST[name]
    assert all_told(key_of(getattr(cast, name), scope)) == may_be_told(unit, role, scope)


def test_caught_a_key_for_the_country_that_reads_as_its_person(
    released: Release, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = key_of(cast.alice, Scope.NATIONAL)
    wide = queries.access_of(key_of(cast.alice), timezone.localdate())
    assert isinstance(wide, queries.Access)
    monkeypatch.setattr(queries, "country_only", lambda: wide.reach)
    assert all_told(secret) - may_be_told("no-1149", "owner", Scope.NATIONAL)


def test_caught_numbers_of_a_hidden_figure(
    released: Release, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = key_of(cast.bob)
    real = answers.cell_told
    monkeypatch.setattr(answers, "cell_told", lambda cell: {"value": 3.3, "n": 3, **real(cell)})
    assert all_told(secret) - may_be_told(cast.bob.unit_id, "leader", Scope.TENANT)


def test_findings_are_those_that_pages_tell(released: Release, cast: Cast) -> None:
    found = ask(key_of(cast.tom), f"periods/{SLUG}/findings").json()["data"]
    assert {"associations", "fits", "reliability"} == set(found)
    for each in found["associations"]:
        assert set(each) == set(answers.ASSOCIATION)
