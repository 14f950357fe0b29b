"""The made-up answers: the same again by seed, and the truth put in can be found again."""

import numpy as np
import polars as pl
import pytest

from puls.analysis import synthetic
from puls.content.definitions import Construct, Item, Scale, Survey

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


def test_a_survey_on_another_scale_stays_on_it() -> None:
    asked = Survey("other", 1, "parent", Scale("four", 0, 3), survey().constructs)
    known = synthetic.truth(asked, schools(10), PERIODS, SEED)
    given = synthetic.answers(known, 2021, groups(schools(10), 60), SEED).drop("leaf")
    assert set(given.unpivot()["value"].drop_nulls().unique()) == {0, 1, 2, 3}
