"""The made-up answers: the same again by seed, and the truth put in can be found again."""

import statistics
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from puls.analysis import synthetic
from puls.analysis.responding import Said
from puls.content.definitions import Background, Construct, Item, Scale, Survey

PERIODS = (2021, 2022, 2023)
SEED = 7


def survey(constructs: int = 4, items: int = 4) -> Survey:
    return Survey(
        key="student",
        version=1,
        audience="student",
        scale=Scale("agree", 1, 5),
        constructs=tuple(
            Construct(
                f"c{number}",
                tuple(Item(f"c{number}_{item}", reversed=item == 1) for item in range(items)),
            )
            for number in range(constructs)
        ),
    )


def schools(count: int = 150) -> pl.DataFrame:
    keys = [f"s{number}" for number in range(count)]
    return pl.DataFrame({"school": keys, "municipality": [f"m{n // 2}" for n in range(count)]})


def groups(frame: pl.DataFrame, asked: int) -> pl.DataFrame:
    return frame.select(
        pl.format("{}.music", "school").alias("leaf"), "school", pl.lit(asked).alias("asked")
    )


def scores(answers: pl.DataFrame, asked: Survey, construct: str) -> pl.DataFrame:
    """Leaf and mean of all aligned items, by the plainest way there is."""
    items = next(c for c in asked.constructs if c.key == construct).items
    top = asked.scale.low + asked.scale.high
    aligned = [top - pl.col(i.key) if i.reversed else pl.col(i.key) for i in items]
    return answers.select("leaf", score=pl.mean_horizontal(aligned)).drop_nulls()


def icc1(frame: pl.DataFrame) -> float:
    """ICC(1) from one-way analysis of variance, with the average group size."""
    by = frame.group_by("leaf").agg(
        n=pl.len(), mean=pl.col("score").mean(), var=pl.col("score").var()
    )
    n, mean, var = (by[name].to_numpy() for name in ("n", "mean", "var"))
    grand = float(np.average(mean, weights=n))
    between = float((n * (mean - grand) ** 2).sum()) / (len(n) - 1)
    within = float(((n - 1) * var).sum()) / (n.sum() - len(n))
    return (between - within) / (between + (n.sum() / len(n) - 1) * within)


def test_same_seed_gives_the_same_answers_and_another_seed_others() -> None:
    known = synthetic.truth(survey(), schools(20), PERIODS, SEED)
    first, again, other = (
        synthetic.answers(known, 2022, groups(schools(20), 10), seed) for seed in (1, 1, 2)
    )
    assert first.equals(again)
    assert not first.equals(other)


def test_a_year_is_the_same_whether_or_not_other_years_are_made() -> None:
    known = synthetic.truth(survey(), schools(20), PERIODS, SEED)
    alone = synthetic.answers(known, 2023, groups(schools(20), 10), SEED)
    synthetic.answers(known, 2021, groups(schools(20), 10), SEED)
    assert alone.equals(synthetic.answers(known, 2023, groups(schools(20), 10), SEED))


def test_answers_have_a_leaf_and_one_small_integer_column_an_item_on_the_scale() -> None:
    known = synthetic.truth(survey(), schools(30), PERIODS, SEED)
    found = synthetic.answers(known, 2021, groups(schools(30), 40), SEED)
    assert found.columns == ["leaf", *(item.key for item in survey().items)]
    given = found.drop("leaf")
    assert set(given.dtypes) == {pl.Int8}
    assert set(given.unpivot()["value"].drop_nulls().unique()) == {1, 2, 3, 4, 5}


def test_about_half_of_those_asked_answer_and_about_five_per_cent_of_items_are_skipped() -> None:
    known = synthetic.truth(survey(10), schools(400), PERIODS, SEED)
    found = synthetic.answers(known, 2021, groups(schools(400), 50), SEED)
    assert len(found) / (400 * 50) == pytest.approx(0.485, abs=0.03)
    given = found.drop("leaf")
    skipped = sum(given.null_count().row(0)) / (given.height * given.width)
    assert skipped == pytest.approx(0.05, abs=0.006)


def test_response_varies_between_schools_and_a_few_do_not_take_part() -> None:
    known = synthetic.truth(survey(), schools(400), PERIODS, SEED)
    assert 0.01 < (known.response == 0).mean() < 0.06
    assert known.response.std() > 0.1


def test_schools_explain_a_few_per_cent_of_the_variation_in_scores() -> None:
    asked = survey(10)
    known = synthetic.truth(asked, schools(400), PERIODS, SEED)
    found = synthetic.answers(known, 2021, groups(schools(400), 200), SEED)
    each = [icc1(scores(found, asked, construct.key)) for construct in asked.constructs]
    assert np.mean(each) == pytest.approx(0.05, abs=0.008)  # .04 of schools, .01 of municipalities


def test_the_mean_of_many_answers_is_the_truth() -> None:
    """Reversed items and skipped ones included: only the noise of sampling may be left."""
    asked, few = survey(), schools(4)
    known = synthetic.truth(asked, few, PERIODS, SEED, response=0.95)
    found = synthetic.answers(known, 2023, groups(few, 40_000), SEED)
    for construct in asked.constructs:
        means = dict(scores(found, asked, construct.key).group_by("leaf").mean().iter_rows())
        for school in few["school"]:
            assert means[f"{school}.music"] == pytest.approx(
                known.expected(school, 2023)[construct.key], abs=0.02
            )


def test_a_planted_change_starts_when_it_should_and_moves_only_its_construct() -> None:
    planted = [synthetic.Planted("s3", "c2", since=2022, shift=0.8)]
    plain = synthetic.truth(survey(), schools(10), PERIODS, SEED)
    lifted = synthetic.truth(survey(), schools(10), PERIODS, SEED, planted)
    difference = lifted.shift - plain.shift
    assert np.argwhere(difference).tolist() == [[3, 2, 1], [3, 2, 2]]
    assert lifted.expected("s3", 2022)["c2"] > plain.expected("s3", 2022)["c2"] + 0.25


def test_planted_schools_are_different_ones_lifted_and_lowered_at_once_or_later() -> None:
    offered = [f"s{number}" for number in range(60)]
    planted = synthetic.plant(survey(), offered, PERIODS, SEED, each=10)
    assert len({plant.school for plant in planted}) == 20
    assert sum(plant.shift > 0 for plant in planted) == 10
    assert sum(plant.since == PERIODS[0] for plant in planted) == 10


def test_constructs_go_together() -> None:
    asked = survey()
    known = synthetic.truth(asked, schools(50), PERIODS, SEED)
    found = synthetic.answers(known, 2021, groups(schools(50), 200), SEED)
    means = found.with_columns(
        (6 - pl.col(item.key)).alias(item.key) for item in asked.items if item.reversed
    ).select(
        pl.mean_horizontal(item.key for item in construct.items).alias(construct.key)
        for construct in asked.constructs
    )
    together = np.corrcoef(means.drop_nulls().to_numpy().T)
    apart = together[np.triu_indices_from(together, 1)]
    assert apart.min() > 0.15
    assert apart.max() < 0.6


def asking_sex(constructs: int = 4) -> Survey:
    return replace(survey(constructs), background=(Background("sex", ("girl", "boy", "other")),))


SEXES = Said("sex", (0.6, 0.37, 0.03), (0.0, 0.0, 0.0))


def test_background_questions_come_after_the_leaf_by_their_options_numbers() -> None:
    known = synthetic.truth(asking_sex(), schools(200), PERIODS, SEED, said=[SEXES])
    found = synthetic.answers(known, 2021, groups(schools(200), 200), SEED)
    assert found.columns == ["leaf", "sex", *(item.key for item in survey().items)]
    assert found.schema["sex"] == pl.Int8
    shares = dict(found["sex"].value_counts(normalize=True).iter_rows())
    assert shares[None] == pytest.approx(0.015, abs=0.004)
    for option, share in enumerate(SEXES.shares, start=1):
        assert shares[option] / (1 - shares[None]) == pytest.approx(share, abs=0.01)


def test_a_background_question_changes_no_other_answer() -> None:
    asked, plain = (
        synthetic.answers(
            synthetic.truth(each, schools(20), PERIODS, SEED), 2022, groups(schools(20), 30), SEED
        )
        for each in (asking_sex(), survey())
    )
    assert asked.drop("sex").equals(plain)
    assert set(asked["sex"].unique()) == {None, 1, 2, 3}  # equal shares where none are given


def test_what_those_who_said_one_thing_differ_by_is_the_truth() -> None:
    asked, few = asking_sex(1), schools(2)
    lifted = replace(SEXES, shares=(0.5, 0.4, 0.1), lifts=(0.3, -0.3, 0.0))
    known = synthetic.truth(asked, few, PERIODS, SEED, response=0.95, said=[lifted])
    found = synthetic.answers(known, 2023, groups(few, 80_000), SEED)
    for school in few["school"]:
        theirs = found.filter(pl.col("leaf") == f"{school}.music")
        for sex in (1, 2, 3):
            said = scores(theirs.filter(pl.col("sex") == sex), asked, "c0")["score"].mean()
            expected = known.expected(school, 2023, {"sex": sex})["c0"]
            assert said == pytest.approx(expected, abs=0.03), sex
        everybody = scores(theirs, asked, "c0")["score"].mean()
        assert everybody == pytest.approx(known.expected(school, 2023)["c0"], abs=0.02)
        girls, boys = (known.expected(school, 2023, {"sex": sex})["c0"] for sex in (1, 2))
        assert 0.35 < girls - boys < 0.6


def test_what_depends_on_a_prerequisite_follows_it_in_spreads_between_municipalities() -> None:
    money = pl.DataFrame({"municipality": [f"m{n}" for n in range(10)], "money": range(10)})
    unreported = pl.when(pl.col("municipality") != "m4").then("money")
    paid = schools(20).join(money, on="municipality", maintain_order="left")
    paid = paid.with_columns(money=unreported)
    plain = synthetic.truth(survey(), paid, PERIODS, SEED)
    depends = [synthetic.Depends("c2", "money", 0.3)]
    lifted = synthetic.truth(survey(), paid, PERIODS, SEED, depends=depends)
    difference = lifted.shift - plain.shift
    assert not difference[:, [0, 1, 3]].any()
    known = [0, 1, 2, 3, 5, 6, 7, 8, 9]
    mean, spread = statistics.fmean(known), statistics.pstdev(known)
    for row, (home, amount) in enumerate(paid.select("municipality", "money").iter_rows()):
        due = 0.0 if home == "m4" else 0.3 * (amount - mean) / spread
        assert difference[row, 2].tolist() == pytest.approx([due] * 3)


def test_planted_municipalities_are_off_in_all_their_schools() -> None:
    planted = synthetic.plant_homes(survey(), schools(60), ["c1", "c3"], 2021, SEED, count=4)
    homes = dict(schools(60).iter_rows())
    assert len({homes[plant.school] for plant in planted}) == 4
    assert len(planted) == 8  # two schools each
    assert {plant.construct for plant in planted} <= {"c1", "c3"}
    assert sum(plant.shift > 0 for plant in planted) == 4


def test_constructs_go_together_among_units_too_and_those_of_two_surveys() -> None:
    many = schools(3000)
    student = synthetic.truth(survey(), many, [2021], SEED).shift[:, :, 0]
    parent = synthetic.truth(replace(survey(), key="parent"), many, [2021], SEED).shift[:, :, 0]
    together = np.corrcoef(np.hstack([student, parent]).T)
    apart = together[np.triu_indices_from(together, 1)]
    assert 0.15 < apart.min() < apart.max() < 0.65
    assert student.var(axis=0) == pytest.approx(0.0625, rel=0.12)  # as without what is common


def test_a_survey_on_another_scale_stays_on_it() -> None:
    asked = Survey("other", 1, "parent", Scale("four", 0, 3), survey().constructs)
    known = synthetic.truth(asked, schools(10), PERIODS, SEED)
    given = synthetic.answers(known, 2021, groups(schools(10), 60), SEED).drop("leaf")
    assert set(given.unpivot()["value"].drop_nulls().unique()) == {0, 1, 2, 3}
