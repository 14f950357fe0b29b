"""What a pack's definitions promise about each other: kept by ours, and told when broken.

Slips within one file stand as rows in test_broken_packs.py; here are those that need several.
"""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from puls.content.definitions import Pack, RegisterSource, Role, SurveySource
from puls.content.loading import BUILT_IN, load_pack
from puls.errors import ContentError

FOREIGN = Path(__file__).parent.parent / "packs"
PACK = "maison_musique"
INDICATOR = f"{PACK}/indicators/student_joy.yaml"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("kulturskole")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOREIGN, tmp_path / "packs"))


def test_what_is_judged_given_is_told_by_registers_and_no_count(pack: Pack) -> None:
    """A count of children has one Oslo in it, which would bend any line drawn through all."""
    given = {key: each for key, each in pack.indicators.items() if each.prerequisites}
    results = {
        key for key, each in pack.indicators.items()
        if each.role is Role.RESULT and isinstance(each.source, SurveySource)
    }  # fmt: skip
    assert results <= given.keys()
    for each in given.values():
        assert 2 <= len(each.prerequisites) <= 3, each.key
        for key in each.prerequisites:
            source = pack.indicators[key].source
            assert isinstance(source, RegisterSource)
            assert not source.additive, (each.key, key)


def test_the_smallest_difference_is_the_packs(pack: Pack) -> None:
    points = {each.smallest for each in pack.indicators.values() if each.unit == "mean_1_5"}
    assert points == {0.2}


def test_associations_lead_from_prerequisite_to_process_to_result(pack: Pack) -> None:
    assert 20 <= len(pack.associations) <= 30
    order = list(Role)
    for one, other in pack.associations:
        first, second = pack.indicators[one], pack.indicators[other]
        assert order.index(first.role) <= order.index(second.role), (one, other)


def test_associations_within_a_survey_are_its_pairs(pack: Pack) -> None:
    for (key, version), survey in pack.surveys.items():
        within = [
            (one.construct, other.construct)
            for one, other in (
                (pack.indicators[a].source, pack.indicators[b].source) for a, b in pack.associations
            )
            if isinstance(one, SurveySource) and isinstance(other, SurveySource)
            if one.survey == other.survey == key
        ]
        assert survey.pairs == tuple(within), (key, version)
        # All against all is 45 and 36: each pair costs a pass, and would be a chance to be fooled.
        assert 5 <= len(survey.pairs) <= 15


def test_sex_is_asked_of_students_and_broken_down_where_many_answer(pack: Pack) -> None:
    (sex,) = pack.surveys["student", 1].background
    assert (sex.key, sex.options) == ("sex", ("girl", "boy", "other"))
    assert pack.surveys["parent", 1].background == ()
    assert pack.breakdowns == {"sex": ("country", "county", "municipality", "school")}
    assert pack.admission == ("unit", "correction", "sex")


def test_examples_in_the_readme_are_as_in_the_pack(pack: Pack) -> None:
    """Every example names its file in its first line, and says nothing that is not there."""
    readme = (BUILT_IN / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n# (\S+)\n(.*?)```", readme, re.DOTALL)
    assert [file for file, _ in examples] == [
        "surveys/student.v1.yaml", "indicators/student_wellbeing.yaml", "pack.yaml",
        "pack.yaml", "processes/feedback_used.yaml",
    ]  # fmt: skip
    for file, example in examples:
        there = yaml.safe_load((pack.folder / file).read_text(encoding="utf-8"))
        for key, value in yaml.safe_load(example).items():
            if key in ("associations", "pair_questions", "steps"):
                assert all(each in there[key] for each in value)
            else:
                assert there[key] == value, (file, key)


def test_criteria_are_found_by_the_id_that_cells_remember(pack: Pack) -> None:
    assert "many_agree.v1" in pack.criteria
    assert all(key == each.id for key, each in pack.criteria.items())
    for each in pack.indicators.values():
        assert each.criteria is None or pack.criteria[each.criteria.id] is each.criteria


def test_criteria_named_without_a_version_say_how_to_name_them(root: Path) -> None:
    file = root / PACK / "criteria/joy.v1.yaml"
    file.rename(file.with_name("joy.yaml"))
    with pytest.raises(ContentError, match=r"Allowed: joy\.v1\.yaml") as told:
        load_pack(PACK, (root,))
    assert (told.value.file, told.value.key) == (f"{PACK}/criteria/joy.yaml", "version")


# the number of the second version, what else changes in it, the key that is named, what is allowed
SECOND = [
    (3, "", "", "version", "Allowed: 2"),
    (2, "2024-05-02", "2024-05-01", "set_on", "Allowed: 2024-05-02 or later"),
    (2, "higher_is_better: true", "higher_is_better: false", "higher_is_better", "new key"),
    (2, "unit: mean_1_3", "unit: percent", "unit", "Allowed: mean_1_3"),
]


def second_criteria(root: Path, number: int, old: str = "", new: str = "") -> Path:
    first = root / PACK / "criteria/joy.v1.yaml"
    text = first.read_text(encoding="utf-8").replace("version: 1", f"version: {number}")
    after = first.with_name(f"joy.v{number}.yaml")
    after.write_text(text.replace(old, new), encoding="utf-8")
    return after


@pytest.mark.parametrize(("number", "old", "new", "key", "allowed"), SECOND)
def test_a_second_version_of_criteria_follows_the_first(
    number: int, old: str, new: str, key: str, allowed: str, root: Path
) -> None:
    after = second_criteria(root, number, old, new)
    with pytest.raises(ContentError, match=allowed) as told:
        load_pack(PACK, (root,))
    assert (told.value.file, told.value.key) == (f"{PACK}/criteria/{after.name}", key)


def test_criteria_begin_with_their_first_version(root: Path) -> None:
    second_criteria(root, 2)
    (root / PACK / "criteria/joy.v1.yaml").unlink()
    with pytest.raises(ContentError, match=r"Allowed: 1, in joy\.v1\.yaml") as told:
        load_pack(PACK, (root,))
    assert told.value.file == f"{PACK}/criteria/joy.v2.yaml"


def test_the_newest_criteria_are_in_force_and_the_old_ones_kept(root: Path) -> None:
    second_criteria(root, 2, "[1.5, 2, 2.5]", "[1.6, 2, 2.5]")
    for number in range(3, 11):  # ten comes after nine, though not in the alphabet
        second_criteria(root, number)
    pack = load_pack(PACK, (root,))
    assert list(pack.criteria) == [f"joy.v{number}" for number in range(1, 11)]
    assert pack.indicators["student_joy"].criteria == pack.criteria["joy.v10"]
    assert pack.criteria["joy.v2"].cuts[0] == 1.6
    assert pack.criteria["joy.v1"].cuts[0] == 1.5


def second_indicator(root: Path, construct: str, more: str) -> None:
    """Another indicator from the student survey: from the same construct, or from another."""
    folder = root / PACK
    text = (folder / "indicators/student_joy.yaml").read_text(encoding="utf-8")
    text = text.replace("student_joy", "student_ease").replace("prerequisites: [share_playing]", "")
    text = text.replace("construct: joy", f"construct: {construct}")
    (folder / "indicators/student_ease.yaml").write_text(text + more, encoding="utf-8")
    survey = folder / "surveys/student.v1.yaml"
    asked = survey.read_text(encoding="utf-8") + "  - key: ease\n    items: [{key: ease_1}]\n"
    survey.write_text(asked, encoding="utf-8")
    words = (
        "construct: {ease: {name: Calme}}\nitem: {student: {ease_1: Je suis calme.}}\n"
        "indicator: {student_ease: {name: Calme, short: Calme, about: Le calme.}}\n"
    )
    (folder / "text/fr/calme.yaml").write_text(words, encoding="utf-8")


def test_a_prerequisite_may_not_be_answered_by_the_same_respondents(root: Path) -> None:
    second_indicator(root, "ease", "prerequisites: [student_joy]\n")
    with pytest.raises(ContentError, match="answered by the same respondents") as told:
        load_pack(PACK, (root,))
    assert told.value.file == f"{PACK}/indicators/student_ease.yaml"
    assert told.value.key == "prerequisites"
    assert told.value.allowed == "an indicator from a register or another survey"


def associated(root: Path, pairs: str) -> None:
    file = root / PACK / "pack.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("associations:", f"associations:\n{pairs}"), encoding="utf-8")


def test_an_association_within_a_survey_is_a_pair_of_its_constructs(root: Path) -> None:
    second_indicator(root, "ease", "")
    associated(root, "  - [student_ease, student_joy]")
    pack = load_pack(PACK, (root,))
    assert pack.surveys["student", 1].pairs == (("ease", "joy"),)
    assert pack.associations[0] == ("student_ease", "student_joy")


def test_a_version_that_does_not_ask_a_construct_does_not_have_its_pair(root: Path) -> None:
    first = root / PACK / "surveys/student.v1.yaml"
    before = first.read_text(encoding="utf-8")
    second_indicator(root, "ease", "")
    newer = first.read_text(encoding="utf-8").replace("version: 1", "version: 2")
    first.with_name("student.v2.yaml").write_text(newer, encoding="utf-8")
    first.write_text(before, encoding="utf-8")
    associated(root, "  - [student_ease, student_joy]")
    surveys = load_pack(PACK, (root,)).surveys
    assert surveys["student", 1].pairs == ()
    assert surveys["student", 2].pairs == (("ease", "joy"),)


def test_a_construct_asked_by_other_items_draws_a_break(root: Path) -> None:
    first = root / PACK / "surveys/student.v1.yaml"
    same = first.read_text(encoding="utf-8").replace("version: 1", "version: 2")
    second, third = first.with_name("student.v2.yaml"), first.with_name("student.v3.yaml")
    second.write_text(same, encoding="utf-8")
    assert load_pack(PACK, (root,)).indicators["student_joy"].version == 1
    fewer = same.replace("      - {key: joy_1}\n", "")
    for file, text, least in (
        (second, fewer, 2),
        (third, same.replace("version: 2", "version: 3"), 3),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ContentError, match=f"Allowed: {least} or higher") as told:
            load_pack(PACK, (root,))
        assert (told.value.file, told.value.key) == (INDICATOR, "version")
        indicator = root / INDICATOR
        text = indicator.read_text(encoding="utf-8")
        indicator.write_text(text.replace(f"version: {least - 1}", f"version: {least}"))
        assert load_pack(PACK, (root,)).indicators["student_joy"].version == least


def test_two_indicators_of_one_construct_are_refused_and_both_named(root: Path) -> None:
    second_indicator(root, "joy", "")
    other = f"measured in {PACK}/indicators/student_ease.yaml, too"
    with pytest.raises(ContentError, match=other) as told:
        load_pack(PACK, (root,))
    place = (f"{PACK}/indicators/student_joy.yaml", "from.construct")
    assert (told.value.file, told.value.key) == place


def test_a_survey_is_broken_down_by_one_question(root: Path) -> None:
    for file, old, new in (
        ("surveys/student.v1.yaml", "constructs:", "  - {key: sex, options: [a, b]}\nconstructs:"),
        ("pack.yaml", "breakdowns: {", "breakdowns: {sex: [country], "),
    ):
        path = root / PACK / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError, match=r"student.v1 is broken down by years_here") as told:
        load_pack(PACK, (root,))
    assert (told.value.file, told.value.key) == (f"{PACK}/pack.yaml", "breakdowns.sex")
