"""Everything that packs define loads, and keeps the promises of the domain."""

import re
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from puls.content.definitions import Pack, RegisterSource, Role, SurveySource
from puls.content.loading import BUILT_IN, load_country, load_pack
from puls.content.process_steps import StepKind
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


@pytest.mark.parametrize("language", ["nb", "en"])
def test_an_item_is_short_and_asked_once(pack: Pack, language: str) -> None:
    for survey in pack.surveys.values():
        items = [pack.text(language, f"item.{survey.key}.{item.key}") for item in survey.items]
        assert [item for item in items if len(item) > 90] == []
        assert [item for item, times in Counter(items).items() if times > 1] == []
        assert all(item.endswith(".") and item.count(".") == 1 for item in items)


NEGATIONS = {
    "nb": {"ikke", "aldri", "ingen", "uten", "ikkje"},
    "en": {"not", "never", "no", "nobody"},
}


@pytest.mark.parametrize("language", ["nb", "en"])
def test_no_item_is_negated(pack: Pack, language: str) -> None:
    """Disagreeing with a negation is a double negative, and not for a ten-year-old."""
    for survey in pack.surveys.values():
        for item in survey.items:
            words = pack.text(language, f"item.{survey.key}.{item.key}").lower().strip(".").split()
            assert not NEGATIONS[language] & set(words), item.key


def test_every_construct_has_its_indicator(pack: Pack) -> None:
    from_surveys = {
        each.key: each.source
        for each in pack.indicators.values()
        if isinstance(each.source, SurveySource)
    }
    asked = {
        f"{survey.key}_{construct.key}": SurveySource(survey.key, construct.key)
        for survey in pack.surveys.values()
        for construct in survey.constructs
    }
    assert from_surveys == asked


def test_only_counts_may_be_summed_and_counts_are_not_judged(pack: Pack) -> None:
    for each in pack.indicators.values():
        if isinstance(each.source, RegisterSource):
            assert each.source.additive == (each.unit not in ("percent", "kroner")), each.key
            assert not (each.source.additive and each.criteria), each.key


def test_cut_points_that_we_made_up_say_so(pack: Pack) -> None:
    criteria = [each.criteria for each in pack.indicators.values() if each.criteria]
    assert criteria
    for each in criteria:
        assert each.set_by["nb"] == "Puls, startforslag som ingen har vedtatt"
        assert each.set_by["en"] == "Puls, starting proposal, agreed by nobody"
        assert each.set_on == date(2026, 11, 23)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_column_name_fits_its_column(pack: Pack, language: str) -> None:
    for key in pack.indicators:
        short = pack.text(language, f"indicator.{key}.short").replace("\N{SOFT HYPHEN}", "")
        assert len(short.split()) <= 4, short
        assert max(map(len, short.split())) <= 20, short


def test_the_first_colour_table_mixes_the_roles_and_keeps_them_together(pack: Pack) -> None:
    roles = [pack.indicators[key].role for key in pack.default_columns]
    assert 10 <= len(roles) <= 12
    assert roles == sorted(roles, key=list(Role).index)
    assert all(roles.count(role) >= 3 for role in Role)


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


def test_processes_go_from_what_is_known_to_the_same_question_again(pack: Pack) -> None:
    assert len(pack.processes) >= 6
    assert [each.number for each in pack.processes.values()] == [*range(1, len(pack.processes) + 1)]
    for process in pack.processes.values():
        kinds = [step.kind for step in process.steps]
        assert (kinds[0], kinds[-1]) == (StepKind.DATA, StepKind.EVALUATE), process.key
        assert {StepKind.PROBLEM, StepKind.REFLECT, StepKind.DECIDE, StepKind.ACT} <= set(kinds)
        assert process.steps[0].indicators, process.key
        assert sum(step.has_problem for step in process.steps) == 1, process.key
        for step in process.steps:
            # A meeting of tired people: at most an hour.
            assert step.minutes_alone + step.minutes_group + step.minutes_together <= 60
            # Nobody thinks together well who has not thought alone first, or in a group.
            assert step.minutes_alone or step.minutes_group or step.kind is not StepKind.REFLECT


def test_every_rubric_and_role_has_a_process_that_works_with_it(pack: Pack) -> None:
    steps = [step for process in pack.processes.values() for step in process.steps]
    assert {key for step in steps for key in step.rubrics} == set(pack.rubrics)
    looked_at = {pack.indicators[key].role for step in steps for key in step.indicators}
    assert looked_at == set(Role)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_process_asks_questions_and_fits_its_line(pack: Pack, language: str) -> None:
    for process in pack.processes.values():
        for number, step in enumerate(process.steps, start=1):
            stem = f"process.{process.key}.step_{number}"
            asked = [f"{stem}.question_{n}" for n in range(1, step.questions + 1)]
            asked += [f"{stem}.problem"] if step.has_problem else []
            for key in asked:
                sentence = pack.text(language, key)
                assert "?" in sentence, key
                assert len(sentence) <= 160, key
            assert len(pack.text(language, f"{stem}.title")) <= 36, stem
            assert "@" not in pack.text(language, f"{stem}.who"), stem


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


def test_languages_say_the_same_amount(pack: Pack) -> None:
    assert pack.texts["nb"].keys() == pack.texts["en"].keys()


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
