"""Everything that packs define loads, and keeps the promises of the domain."""

import re
import time
from datetime import date
from pathlib import Path

import pytest

from puls.content.definitions import Pack, RegisterSource
from puls.content.loading import BUILT_IN, load_country, load_pack
from puls.content.order import named_by_area
from puls.content.texts import REASONS

FOREIGN = Path(__file__).parent.parent / "packs"

STUDENT = {
    "support_home": "Støtte hjemmefra",
    "intrinsic_motivation": "Indre motivasjon",
    "teacher_relation": "Elev-lærer-relasjon",
    "formative_assessment": "Formativ vurdering",
    "feedback": "Tilbakemeldinger",
    "wellbeing": "Trivsel",
    "self_assessment": "Egenvurdering",
    "mastery_expectation": "Forventning om mestring",
    "creativity": "Lærernes oppmuntring til kreativitet",
    "empowerment": "Kulturskolens myndiggjøring",
}
PARENT = {
    "support_home": "Støtte hjemmefra",
    "intrinsic_motivation": "Indre motivasjon",
    "wellbeing": "Trivsel",
    "empowerment": "Kulturskolens myndiggjøring",
    "course_range": "Undervisningstilbud",
    "feedback_home": "Tilbakemeldinger kulturskole–hjem",
    "dialogue_home": "Dialog hjem–kulturskole",
    "learning_arena": "Læringsarena",
    "information_channels": "Informasjonskanaler",
}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("kulturskole")


@pytest.mark.parametrize(
    "folder", sorted(BUILT_IN.glob("*/pack.yaml")), ids=lambda p: p.parent.name
)
def test_every_pack_that_comes_with_puls_loads(folder: Path) -> None:
    assert load_pack(folder.parent.name).key == folder.parent.name


def test_a_pack_loads_fast(pack: Pack) -> None:
    """0.05 s when measured; the bound leaves room for a busy machine."""
    before = time.process_time()
    load_pack(pack.key)
    assert time.process_time() - before < 0.3


@pytest.mark.parametrize(("survey", "constructs"), [("student", STUDENT), ("parent", PARENT)])
def test_a_survey_asks_its_constructs(pack: Pack, survey: str, constructs: dict[str, str]) -> None:
    asked = pack.surveys[survey, 1]
    names = {each.key: pack.text("nb", f"construct.{each.key}.name") for each in asked.constructs}
    assert names == constructs
    assert all(3 <= len(each.items) <= 5 for each in asked.constructs)
    # Reverse-worded items keep answering honest; too many make a child lose the thread.
    turned = [each for each in asked.constructs if any(item.reversed for item in each.items)]
    assert len(constructs) / 3 <= len(turned) <= len(constructs) * 2 / 3
    assert all(sum(item.reversed for item in each.items) <= 1 for each in asked.constructs)
    assert (asked.scale.low, asked.scale.high) == (1, 5)


def test_cut_points_that_we_made_up_say_so(pack: Pack) -> None:
    criteria = [each.criteria for each in pack.indicators.values() if each.criteria]
    assert criteria
    for each in criteria:
        assert each.set_by["nb"] == "Puls, startforslag som ingen har vedtatt"
        assert each.set_by["en"] == "Puls, starting proposal, agreed by nobody"
        assert each.set_on == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "plan"),
    [
        (date(2016, 1, 1), "mangfold_og_fordypning"),
        (date(2024, 9, 30), "mangfold_og_fordypning"),
        (date(2024, 10, 1), "kulturskole_for_alle"),
        (date(2026, 11, 23), "kulturskole_for_alle"),
    ],
)
def test_one_framework_plan_counts_on_a_day(pack: Pack, day: date, plan: str) -> None:
    counting = [
        each.key
        for each in pack.frameworks
        if each.valid_from <= day and (each.valid_to is None or day < each.valid_to)
    ]
    assert counting == [plan]


def test_in_each_area_forms_offer_what_people_answer_before_what_registers_know(
    pack: Pack,
) -> None:
    """Caught: register figures of the first table before questions that are not in it."""
    offered = named_by_area(pack, "nb")
    assert sum(len(group) for _area, group in offered) == len(pack.indicators)
    for area, group in offered:
        registers = [
            isinstance(pack.indicators[key].source, RegisterSource) for key, _name in group
        ]
        assert registers == sorted(registers), area


def test_the_six_rubrics_in_order(pack: Pack) -> None:
    numbers = [(each.number, each.area) for each in pack.rubrics.values()]
    assert numbers == [
        ("1.1", "organisational_quality"),
        ("1.2", "organisational_quality"),
        ("1.3", "organisational_quality"),
        ("1.4", "organisational_quality"),
        ("2.1", "teaching_and_learning"),
        ("2.2", "teaching_and_learning"),
    ]
    assert all(2 <= each.questions <= 3 for each in pack.rubrics.values())


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_reason_can_be_filled_and_leaves_no_brace(pack: Pack, language: str) -> None:
    for key, places in REASONS.items():
        sentence = pack.text(language, f"reason.{key}").format(**dict.fromkeys(places, "x"))
        assert not {"{", "}"} & set(sentence), key


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_reason_uses_what_it_gets(pack: Pack, language: str) -> None:
    """A reader is told value, cut, who set it, interval and n: none may be left out."""
    for key, places in REASONS.items():
        sentence = pack.text(language, f"reason.{key}")
        assert [place for place in places if f"{{{place}}}" not in sentence] == [], key


@pytest.mark.parametrize(
    ("code", "unit_code"),
    [("4601", "4601"), ("EKA46", "46"), ("EAK46", "46"), ("EKA03", "03"), ("EKG01", None)],
)
def test_a_kostra_region_gives_the_code_of_a_unit(
    pack: Pack, code: str, unit_code: str | None
) -> None:
    (binding,) = (each for each in pack.bindings if each.table == "13135")
    found = re.fullmatch(binding.region_pattern, code)
    assert (found.group(1) if found else None) == unit_code


@pytest.mark.parametrize(
    ("updated", "provisional"),
    [
        (date(2026, 3, 15), True),  # published
        (date(2026, 6, 14), True),  # the day before the revision
        (date(2026, 6, 15), False),  # revised
        (date(2027, 3, 15), False),  # published again with the next year
    ],
)
def test_kostra_figures_are_provisional_until_june(
    pack: Pack, updated: date, provisional: bool
) -> None:
    (binding,) = (each for each in pack.bindings if each.table == "13135")
    assert binding.provisional is not None
    assert binding.provisional.is_provisional(2025, updated) is provisional


def test_norway() -> None:
    norway = load_country("norway")
    weights = {tier.key: tier.weight for tier in norway.tiers}
    assert weights == {
        "country": 1_000_000,
        "county": 10_000,
        "municipality": 600,
        "school": 60,
        "department": 1,
    }
    assert norway.root == "no"  # and not the false of YAML 1.1
    assert norway.school_year_starts == (8, 1)


def test_a_foreign_country_is_only_data() -> None:
    pack = load_pack("maison_musique", (FOREIGN,))
    assert pack.country.tier_keys == ("country", "island", "school")
    assert pack.country.tenant_tier == "island"
    assert pack.country.school_year_starts == (2, 1)
    assert pack.languages == ("fr",)
    assert pack.levels == 4
    joy = pack.indicators["student_joy"].criteria
    assert joy is not None
    assert (joy.levels, joy.cuts) == (4, (1.5, 2.0, 2.5))
    assert pack.text("fr", "tier.island.name") == "île"
    assert pack.bindings[0].regions == {"TOTAL": "co"}
    assert pack.indicators["student_joy"].smallest == 0.15
    assert pack.indicators["student_joy"].prerequisites == ("share_playing",)
    assert pack.breakdowns == {"years_here": ("country", "island")}
    assert pack.admission[0] == "years_here"
    assert pack.text("fr", "background.years_here.first") == "Première année"
    assert pack.bindings[0].fixed == {"sexe": "T"}


def test_own_packs_stand_beside_those_of_puls() -> None:
    assert load_pack("kulturskole", (FOREIGN, BUILT_IN)).country.key == "norway"
    assert load_pack("maison_musique", (FOREIGN, BUILT_IN)).country.key == "corail"
