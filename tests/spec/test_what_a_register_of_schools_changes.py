"""What a register of schools changes

A school is known by its number. The register tells of new schools, new names, closed and merged
ones; what it does not tell, or what a unit cannot do, is told and changes nothing.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from puls.content.bindings import SchoolRegister
from puls.content.loading import load_country, load_pack
from puls.registers import nsr
from puls.registers.nsr import School
from puls.registers.schools import Steps, steps
from puls.units import Change, Unit, UnitTree
from tests.shared_data import shared

NORWAY = load_country("norway")
KIND = SchoolRegister(("85.521",), ("Kulturskole",))
TODAY, AUGUST = date(2026, 11, 1), date(2026, 8, 1)


def municipality(code: str, name: str, ends: date | None = None) -> Unit:
    return Unit(f"no-{code}", "municipality", name, "no-11", None, ends, code)


def school(key: str, name: str, home: str, code: str = "", ends: date | None = None) -> Unit:
    return Unit(key, "school", name, home, None, ends, code)


TREE = UnitTree(
    [
        Unit("no", "country", "Norge", None, code="0"),
        Unit("no-11", "county", "Rogaland", "no", code="11"),
        municipality("1149", "Karmøy"),
        municipality("1106", "Haugesund"),
        municipality("1103", "Stavanger"),
        municipality("1141", "Finnøy", date(2020, 1, 1)),
        school("karmoy", "Karmøy kulturskole", "no-1149"),
        school("haugesund", "Haugesund kulturskole", "no-1106", "900000002"),
        school("finnoy", "Finnøy kulturskole", "no-1141", "900000003"),
        school("old", "Gamle kulturskole", "no-1106", "900000004", date(2022, 8, 1)),
        Unit("karmoy.dans", "department", "Dans", "karmoy"),
    ],
    [Change(date(2020, 1, 1), "no-1141", "no-1103")],
)


def entry(number: int, name: str, place: str = "1149", **more: Any) -> School:
    known: dict[str, Any] = {
        "number": f"90000000{number}", "name": name, "municipality": place, "owner": "",
        "industries": ("85.521",), "categories": (), "left": "", "left_on": None,
        "changed_on": date(2026, 9, 1),
    }  # fmt: skip
    return School(**known | more)


KARMOY = entry(1, "Karmøy kulturskole")
HAUGESUND = entry(2, "Haugesund kulturskole", "1106")
GONE = {"left": "S", "left_on": AUGUST}
# Why, what the register has, what is done ("+" added, "#" numbered, "=" renamed, "-" closed, ">"
# followed), what is said of the rest
RULES: list[tuple[str, list[School], str, str]] = [
    ("its number", [KARMOY], "#karmoy 900000001", ""),
    ("nothing new", [HAUGESUND], "", ""),
    ("another name", [entry(2, "Kulturskolen i Haugesund", "1106")],
     "=haugesund Kulturskolen i Haugesund", ""),
    ("a new school", [entry(5, "Åkra kulturskole")], "+no-1149 900000005", ""),
    ("a new school where nobody is", [entry(5, "Stavanger kulturskole", "1103")], "",
     "Stavanger has no place in Puls yet"),
    ("closed", [entry(2, "Haugesund kulturskole", "1106", **GONE)], "-haugesund 2026-08-01", ""),
    ("closed, by its last change", [entry(2, "H", "1106", left="S")], "-haugesund 2026-09-01", ""),
    ("closed at an unknown time", [entry(2, "H", "1106", left="S", changed_on=None)], "",
     "does not say since when"),
    ("merged", [entry(2, "H", "1106", **GONE | {"left": "F"})], "-haugesund 2026-08-01",
     "say into which: --into 900000002=NUMBER"),
    ("merged, and somebody says into which",
     [KARMOY, entry(2, "H", "1106", **GONE | {"left": "F"}), entry(8, "no", "1106", left="S")],
     "#karmoy 900000001; -haugesund 2026-08-01; >haugesund karmoy", ""),
    ("a new number", [entry(2, "Haugesund kulturskole", "1106", **GONE | {"left": "F"}),
                      entry(6, "Haugesund Kulturskole", "1106")], "#haugesund 900000006", ""),
    ("the same name twice", [entry(7, "Haugesund kulturskole", "1106"), HAUGESUND], "",
     "has the name of 900000002"),
    ("closed here already", [entry(4, "Gamle kulturskole", "1106", **GONE)], "", ""),
    ("closed here, not there", [entry(4, "Gamle kulturskole", "1106")], "",
     "ended here on 2022-08-01; the register has it still"),
    ("its municipality was merged", [entry(3, "Finnøy kulturskole", "1103")], "", ""),
    ("it moved", [entry(2, "Haugesund kulturskole", "1149")], "", "units never move"),
    ("nowhere", [entry(5, "X", "2100")], "", "lies in 2100, which is no municipality here"),
    ("another kind", [entry(5, "Karmøy skole", industries=("85.201",))], "", "of another kind"),
    ("by category", [entry(5, "Ny", industries=(), categories=("Kulturskole",))],
     "+no-1149 900000005", ""),
    ("closed long ago and never here", [entry(9, "Y", **GONE)], "", ""),
    ("run by another municipality", [entry(5, "Ny", "1106", owner="964000001")],
     "+no-1149 900000005", ""),
]  # fmt: skip


def found_for(schools: list[School], **more: Any) -> Steps:
    known: dict[str, Any] = {
        "tenants": {"no-1149", "no-1106"},
        "owners": {"964000001": "1149"},
        "into": {"900000002": "900000001"} if len(schools) == 3 else {},
    }
    return steps(TREE, NORWAY, KIND, schools, TODAY, **known | more)


def as_text(found: Steps) -> set[str]:
    return {
        *(f"+{home} {each.number}" for home, each in found.added),
        *(f"#{key} {number}" for key, number in found.numbered.items()),
        *(f"={key} {name}" for key, name in found.renamed.items()),
        *(f"-{key} {day}" for key, day in found.closed.items()),
        *(f">{old} {new}" for old, new in found.followed),
    }


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule[0])
def test_what_is_done(rule: tuple[str, list[School], str, str]) -> None:
    _, schools, done, said = rule
    found = found_for(schools)
    assert as_text(found) == {part.strip() for part in done.split(";") if part.strip()}
    why = "; ".join(each for _, each in found.left)
    assert said in why if said else not why


def test_a_school_with_an_open_round_is_not_closed() -> None:
    found = found_for([entry(2, "H", "1106", **GONE)], busy={"haugesund"})
    assert found.is_empty
    assert "not sealed yet" in found.left[0][1]


def test_the_real_unit() -> None:
    file = shared("gsi_nsr/nsr_v3_enhet_974738465.json")
    (found,) = nsr.read(file)
    assert found == School(
        "974738465", "Åstveit skole", "4601", "964338531", ("85.201",),
        ("Grunnskole", "Offentlig skole", "Kommunal", "Grunnopplæring"), "", None,
        date(2022, 9, 13),
    )  # fmt: skip
    kinds: Mapping[str, bool] = {"kulturskole": False, "skole": True}
    for key, expected in kinds.items():
        register = load_pack(key).school_register
        assert register is not None
        assert register.takes(found.industries, found.categories) is expected
