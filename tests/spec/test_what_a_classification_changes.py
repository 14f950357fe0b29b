"""What a classification changes

Each New Year some municipalities merge, fall apart or get other names. A list of codes and a list
of changes say so, and the units follow without a line of program. What nobody can settle from the
lists alone is told, not guessed.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from puls.content.countries import load_units
from puls.content.loading import load_country
from puls.errors import PulsError
from puls.registers import borders, klass
from puls.registers.borders import News, news
from puls.registers.klass import Code, CodeChange
from puls.units import Unit, UnitTree
from tests.shared_data import shared

NORWAY = load_country("norway")
TREE = load_units("norway")
DAY, LATER = date(2027, 1, 1), date(2028, 1, 1)

BEFORE = UnitTree(
    [
        Unit("no", "country", "Norge", None, code="0"),
        Unit("no-31", "county", "Østfold", "no", code="31"),
        Unit("no-32", "county", "Akershus", "no", code="32"),
        *(
            Unit(f"no-{code}", "municipality", name, f"no-{code[:2]}", code=code)
            for code, name in {"3101": "Halden", "3103": "Moss", "3105": "Sarpsborg",
                               "3207": "Ås", "3216": "Vestby", "3220": "Enebakk"}.items()
        ),
    ]
)  # fmt: skip

# Why; what happens on 1 January 2027; which codes live after it; what the units learn.
# "+" begins, "-" ends, "3101>3109" follows, "=" a name, "~" is told and changes nothing.
RULES = [
    ("nothing happens", "", "", ""),
    ("a new code", "3101>3109 Halden", "3109 Halden; not 3101",
     "+3109 Halden; -3101; 3101>3109"),
    ("taken in", "3101>3103 Moss", "not 3101", "-3101; 3101>3103"),
    ("merged", "3101>3109 Nye; 3103>3109 Nye", "3109 Nye; not 3101; not 3103",
     "+3109 Nye; -3101; -3103; 3101>3109; 3103>3109"),
    ("split", "3101>3109 A; 3101>3111 B", "3109 A; 3111 B; not 3101",
     "+3109 A; +3111 B; -3101; 3101>3109; 3101>3111"),
    ("only a name", "3101>3101 Fredrikshald", "3101 Fredrikshald", "=3101 Halden>Fredrikshald"),
    ("one language more", "3101>3101 Halden - Haldve", "3101 Halden - Haldve", ""),
    ("parts of one that lives on", "3103>3207 Ås; 3103>3216 Vestby", "", "~3103"),
    ("to another county", "3105>3230 Sarpsborg", "3230 Sarpsborg; not 3105",
     "+3230 Sarpsborg; -3105; 3105>3230; 31>32"),
    ("the last of a county", "3101>3231 X; 3103>3231 X; 3105>3231 X",
     "3231 X; not 3101; not 3103; not 3105",
     "+3231 X; -3101; -3103; -3105; 3101>3231; 3103>3231; 3105>3231; 31>32; -31"),
    ("the name that people use", "3101>3109 Háldi - Halden", "3109 Háldi - Halden; not 3101",
     "+3109 Halden; -3101; 3101>3109"),
    ("a code from nowhere", "", "9999 Uoppgitt", "~9999"),
    ("gone without a word", "", "not 3220", "~3220"),
]  # fmt: skip


def parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def codes_after(rule: str, tree: UnitTree = BEFORE) -> list[Code]:
    codes = {
        u.code: Code(u.code, u.name, None, None) for u in tree.units.values() if len(u.code) == 4
    }
    for part in parts(rule):
        if part.startswith("not "):
            codes[part[4:]] = replace(codes[part[4:]], ends=DAY)
        else:
            code, name = part.split(" ", 1)
            codes[code] = Code(code, name, DAY if code not in codes else None, None)
    return list(codes.values())


def changes_of(rule: str) -> list[CodeChange]:
    found = []
    for part in parts(rule):
        old, rest = part.split(">")
        new, name = rest.split(" ", 1)
        found.append(CodeChange(DAY, old, BEFORE[f"no-{old}"].name, new, name))
    return found


def as_text(found: News) -> set[str]:
    code = lambda key: key.removeprefix("no-")  # noqa: E731
    return {
        *(f"+{unit.code} {unit.name}" for unit in found.begun),
        *(f"-{code(key)}" for key in found.ended or {}),
        *(f"{code(each.old)}>{code(each.new)}" for each in found.changes),
        *(f"={code(key)} {before}>{now}" for key, (before, now) in (found.names or {}).items()),
        *(f"~{next(w for w in what.split() if w.isdigit())}" for what, _ in found.left),
    }


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule[0])
def test_what_the_units_learn(rule: tuple[str, str, str, str]) -> None:
    changes, codes = changes_of(rule[1]), codes_after(rule[2])
    found = news(BEFORE, NORWAY, changes, codes)
    assert as_text(found) == set(parts(rule[3]))
    assert all(unit.valid_from == DAY for unit in found.begun)
    assert set((found.ended or {}).values()) <= {DAY}
    # Once learned, it is no news; the whole list stays as it is.
    again = news(found.applied(BEFORE), NORWAY, changes, codes)
    assert again.is_empty
    assert again.left == found.left


REFUSED = [
    ("an unknown code", [CodeChange(DAY, "3199", "X", "3101", "Halden")], "",
     "the units have no 3199"),
    ("codes of another day", changes_of("3101>3109 Halden"), "",
     "the codes do not have on that day"),
    ("a new county", changes_of("3101>3301 Halden"), "3301 Halden; not 3101",
     "no county has a code that it begins with.*--above"),
]  # fmt: skip


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case[0])
def test_what_cannot_be_settled_is_refused(case: tuple[str, list[CodeChange], str, str]) -> None:
    _, changes, codes, sentence = case
    with pytest.raises(PulsError, match=sentence):
        news(BEFORE, NORWAY, changes, codes_after(codes))


def test_a_code_is_not_used_again_for_another_place() -> None:
    closed = News(ended={"no-3101": date(2020, 1, 1)}).applied(BEFORE)
    changes = [CodeChange(DAY, "3103", "Moss", "3101", "Ny")]
    codes = [*codes_after("not 3103; not 3101"), Code("3101", "Ny", DAY, None)]
    with pytest.raises(PulsError, match="the code 3101 Ny is used again from 2027-01-01"):
        news(closed, NORWAY, changes, codes)


def test_a_new_county_gets_its_name_from_the_codes_above() -> None:
    changes, codes = changes_of("3101>3301 Halden"), codes_after("3301 Halden; not 3101")
    found = news(BEFORE, NORWAY, changes, codes, [Code("33", "Buskerud", DAY, None)])
    assert as_text(found) == {
        "+3301 Halden", "+33 Buskerud", "-3101", "3101>3301", "31>33",
    }  # fmt: skip
    assert {unit.parent for unit in found.begun} == {"no", "no-33"}


def test_a_country_without_counties_follows_too() -> None:
    corail = load_country("corail", [Path(__file__).parents[1] / "packs"])
    tree = UnitTree(
        [Unit("co", "country", "Corail", None, code="0")]
        + [Unit(f"co-{c}", "island", c, "co", code=c) for c in ("NO", "ON")]
    )
    codes = [Code("OR", "Île d’Or", DAY, None)] + [Code(c, c, None, DAY) for c in ("NO", "ON")]
    changes = [CodeChange(DAY, old, old, "OR", "Île d’Or") for old in ("NO", "ON")]
    found = news(tree, corail, changes, codes)
    assert [(unit.key, unit.parent) for unit in found.begun] == [("co-OR", "co")]
    assert found.applied(tree).successor("co-ON", LATER) == "co-OR"


# -------------------------------------------------------------------------------------------------
# The real lists: what they say since 2013 is what Norway's tables have


def as_of(tree: UnitTree, day: date) -> UnitTree:
    """The tree as it was known before that day."""
    before = [u for u in tree.units.values() if u.valid_from is None or u.valid_from < day]
    return UnitTree(
        [replace(u, valid_to=None) if u.valid_to and u.valid_to >= day else u for u in before],
        [change for change in tree.changes if change.on < day],
    )


def counties(tree: UnitTree) -> list[Code]:
    return [
        Code(u.code, u.name, u.valid_from, u.valid_to)
        for u in tree.units.values()
        if u.tier == "county"
    ]


def real() -> tuple[Sequence[CodeChange], Sequence[Code]]:
    return (
        klass.read_changes(shared("klass/klass131_changes_1838_2025.csv")),
        klass.read_codes(shared("klass/klass131_codes_validity_1838_2025.csv")),
    )


def test_the_real_lists_hold_no_news() -> None:
    changes, codes = real()
    assert len(changes) == 2_164
    found = news(TREE, NORWAY, changes, codes, counties(TREE))
    assert found.is_empty
    assert [what for what, _ in found.left] == ["9999 Uoppgitt"]


@pytest.mark.parametrize("year", [2018, 2020, 2024])
def test_the_real_lists_make_the_tables_of_today(year: int) -> None:
    changes, codes = real()
    then = as_of(TREE, date(year, 1, 1))
    found = news(then, NORWAY, changes, codes, counties(TREE))
    made = found.applied(then)
    assert set(made.changes) == set(TREE.changes)
    known = {u.key: (u.parent, u.valid_from, u.valid_to) for u in TREE.units.values()}
    assert {u.key: (u.parent, u.valid_from, u.valid_to) for u in made.units.values()} == known
    split = [(c.old, c.new) for c in found.changes if c.old in ("no-5012", "no-1850", "no-1507")]
    assert len(split) == {2018: 7, 2020: 7, 2024: 2}[year]
    # Names with several languages are told short; a few differ from ours and are told as names.
    ours = {u.key: u.name for u in TREE.units.values()}
    differ = {k: (u.name, ours[k]) for k, u in made.units.items() if u.name != ours[k]}
    assert len(differ) <= 25
    assert all(name in official.split(" - ") or " - " in official
               for official, name in differ.values())  # fmt: skip


def test_the_rules_find_a_comparison_that_ends_whoever_gives_a_part_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (rule,) = (each for each in RULES if each[0] == "parts of one that lives on")
    monkeypatch.setattr(borders._Comparing, "_lives", lambda _, code, day: code != "3103")
    found = as_text(news(BEFORE, NORWAY, changes_of(rule[1]), codes_after(rule[2])))
    assert found == {"-3103", "3103>3207", "3103>3216", "31>32"} != set(parts(rule[3]))
