"""What holds for every pack that comes with Puls, whatever kind of school it is for."""

from collections import Counter
from datetime import date

import pytest

from puls.content.definitions import Pack, RegisterSource, Role, SurveySource
from puls.content.loading import BUILT_IN, load_pack
from puls.content.opening import open_data
from puls.content.process_steps import StepKind

PACKS = sorted(found.parent.name for found in BUILT_IN.glob("*/pack.yaml"))
SURVEYS = {
    "barnehage": {"parent", "staff"},  # children do not answer
    "kulturskole": {"parent", "student"},
    "skole": {"parent", "staff", "student"},
}
NEGATIONS = {
    "nb": {"ikke", "aldri", "ingen", "uten", "ikkje"},
    "en": {"not", "never", "no", "nobody"},
}
LANGUAGES = pytest.mark.parametrize("language", ["nb", "en"])


@pytest.fixture(scope="module", params=PACKS)
def pack(request: pytest.FixtureRequest) -> Pack:
    return load_pack(request.param)


def test_it_asks_the_surveys_that_are_meant(pack: Pack) -> None:
    assert {key for key, _ in pack.surveys} == SURVEYS[pack.key]


def test_languages_say_the_same_amount(pack: Pack) -> None:
    assert pack.texts["nb"].keys() == pack.texts["en"].keys()


def test_constructs_have_three_to_five_items_and_surveys_reversed_ones(pack: Pack) -> None:
    for survey in pack.surveys.values():
        assert all(3 <= len(each.items) <= 5 for each in survey.constructs), survey.key
        turned = [sum(item.reversed for item in each.items) for each in survey.constructs]
        # Reverse-worded items keep answering honest; too many make a child lose the thread.
        assert max(turned) == 1
        assert len(turned) / 3 <= sum(turned) <= len(turned) * 4 / 5, survey.key


@LANGUAGES
def test_an_item_is_short_asked_once_and_not_negated(pack: Pack, language: str) -> None:
    for survey in pack.surveys.values():
        items = [pack.text(language, f"item.{survey.key}.{item.key}") for item in survey.items]
        assert [item for item in items if len(item) > 90] == []
        assert [item for item, times in Counter(items).items() if times > 1] == []
        assert all(item.endswith(".") and item.count(".") == 1 for item in items)
        for item in items:
            assert not NEGATIONS[language] & set(item.lower().strip(".").split()), item


def test_every_construct_has_its_indicator(pack: Pack) -> None:
    from_surveys = {
        each.source for each in pack.indicators.values() if isinstance(each.source, SurveySource)
    }
    assert from_surveys == {
        SurveySource(survey.key, construct.key)
        for survey in pack.surveys.values()
        for construct in survey.constructs
    }


def test_an_indicator_is_judged_or_says_why_not(pack: Pack) -> None:
    for each in pack.indicators.values():
        if isinstance(each.source, SurveySource):
            assert each.criteria, each.key
        elif not each.criteria and pack.key != "kulturskole":
            assert "ingen grenser" in pack.text("nb", f"indicator.{each.key}.about"), each.key
            assert "no cut points" in pack.text("en", f"indicator.{each.key}.about"), each.key


def test_only_counts_may_be_summed_and_counts_are_not_judged(pack: Pack) -> None:
    for each in pack.indicators.values():
        if isinstance(each.source, RegisterSource):
            assert each.source.additive == (each.unit not in ("percent", "kroner")), each.key
            assert not (each.source.additive and each.criteria), each.key


def test_cut_points_that_we_made_up_say_so(pack: Pack) -> None:
    for each in pack.criteria.values():
        assert each.set_by["nb"] == "Puls, startforslag som ingen har vedtatt"
        assert each.set_by["en"] == "Puls, starting proposal, agreed by nobody"


@LANGUAGES
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


def test_one_framework_plan_counts_today_and_every_area_is_used(pack: Pack) -> None:
    today = date(2026, 11, 30)
    counting = [
        plan
        for plan in pack.frameworks
        if plan.valid_from <= today and (plan.valid_to is None or today < plan.valid_to)
    ]
    assert len(counting) == 1
    assert {each.area for each in pack.indicators.values()} == set(counting[0].areas)


def test_processes_go_from_what_is_known_to_the_same_question_again(pack: Pack) -> None:
    assert len(pack.processes) >= 3
    assert [each.number for each in pack.processes.values()] == [*range(1, len(pack.processes) + 1)]
    for process in pack.processes.values():
        kinds = [step.kind for step in process.steps]
        assert (kinds[0], kinds[-1]) == (StepKind.DATA, StepKind.EVALUATE), process.key
        assert {StepKind.PROBLEM, StepKind.REFLECT, StepKind.DECIDE, StepKind.ACT} <= set(kinds)
        assert process.steps[0].indicators, process.key
        assert set(process.steps[-1].indicators) <= set(process.steps[0].indicators), process.key
        assert sum(step.has_problem for step in process.steps) == 1, process.key
        for step in process.steps:
            # A meeting of tired people: at most an hour.
            assert step.minutes_alone + step.minutes_group + step.minutes_together <= 60
            # Nobody thinks together well who has not thought alone first, or in a group.
            assert step.minutes_alone or step.minutes_group or step.kind is not StepKind.REFLECT


def test_every_rubric_and_role_has_a_process_that_works_with_it(pack: Pack) -> None:
    steps = [step for process in pack.processes.values() for step in process.steps]
    assert {key for step in steps for key in step.rubrics} == set(pack.rubrics)
    assert {pack.indicators[key].role for step in steps for key in step.indicators} == set(Role)


@LANGUAGES
def test_a_process_asks_questions_and_fits_its_line(pack: Pack, language: str) -> None:
    for process in pack.processes.values():
        for number, step in enumerate(process.steps, start=1):
            stem = f"process.{process.key}.step_{number}"
            asked = [f"{stem}.question_{n}" for n in range(1, step.questions + 1)]
            asked += [f"{stem}.problem"] if step.has_problem else []
            for key in asked:
                assert "?" in pack.text(language, key), key
                assert len(pack.text(language, key)) <= 160, key
            assert len(pack.text(language, f"{stem}.title")) <= 36, stem


def test_examples_of_good_practice_tell_the_way_of_a_process(pack: Pack) -> None:
    assert len(pack.examples) >= 4
    assert {each.process for each in pack.examples.values()} <= set(pack.processes)
    for each in pack.examples.values():
        if each.rubric:
            assert pack.rubrics[each.rubric].area == each.area, each.key


def test_it_names_a_licence_for_what_everybody_may_have(pack: Pack) -> None:
    opened = open_data(pack)
    assert opened is not None
    sources = [each.source for each in pack.indicators.values()]
    assert set(opened.registers) == {
        each.source for each in sources if isinstance(each, RegisterSource)
    }


OTHERS = {
    "kulturskole": (),  # its registers count positions lent to the others
    "skole": ("kulturskole", "culture school", "barnehage", "kindergarten"),
    "barnehage": ("kulturskole", "culture school", "skole", "school", "elev", "student", "pupil"),
}


@LANGUAGES
def test_no_pack_speaks_of_anothers_kind_of_school(pack: Pack, language: str) -> None:
    for key, sentence in pack.texts[language].items():
        for other in OTHERS[pack.key]:
            assert other not in sentence.lower(), (key, sentence)
