"""Tallies add up: from leaf groups to every unit above, without a second pass over answers.

Scores are whole sixtieths of a scale point (`puls.analysis.scoring` says why), so a unit's sums
are exact and do not depend on the order in which they were added.

    tallies     leaf, construct, answered, total, count          as scored
    moments     unit, construct, n, total60, total60_sq, min60, max60

n is the number of respondents *with a score*: those who answered at least half of the
construct's items. Who answered less is in the tally, for the response rate, and nowhere else.
"""

from collections.abc import Mapping

import polars as pl

from puls.content.definitions import Survey

SIXTY = 60

ADDING = (
    pl.col("n", "total60", "total60_sq").sum(),
    pl.col("min60").min(),
    pl.col("max60").max(),
)
"""How moments of disjoint groups become the moments of all of them together."""


def at_home(tallies: pl.DataFrame, survey: Survey, home: Mapping[str, str]) -> pl.DataFrame:
    """The moments of the answers that count directly for a unit, not for a unit below it.

    home: the unit that each leaf's answers count for (the leaf itself, or its successor); leaves
    of a round are put together where two of them have the same.

    Gives one row per (unit, construct) with at least one score, sorted. Units and constructs
    without any score have no row: they are `no_data`, not 0. AssertionError for a leaf without a
    home, and for a construct that the survey has not.
    """
    lost = set(tallies["leaf"].unique()) - home.keys()
    assert not lost, f"leaves without a unit to count for: {sorted(lost)[:5]}"
    homes = pl.DataFrame(
        {"leaf": list(home), "unit": list(home.values())}, schema={"leaf": str, "unit": str}
    )
    n = pl.col("count")
    return (
        with_score(tallies, survey)
        .join(homes, on="leaf", how="left")
        .group_by("unit", "construct")
        .agg(
            n.sum().alias("n"),
            (pl.col("score60") * n).sum().alias("total60"),
            (pl.col("score60") ** 2 * n).sum().alias("total60_sq"),
            pl.col("score60").min().alias("min60"),
            pl.col("score60").max().alias("max60"),
        )
        .sort("unit", "construct")
    )


def lift(moments: pl.DataFrame, parents: Mapping[str, str | None]) -> pl.DataFrame:
    """Add every unit's own moments to itself and to all units above it.

    moments: what `at_home` gave; the result has the same columns, and a row for every unit that
    holds answers, itself or below it. parents: the unit above each unit, None for the country.
    Errors as for `lineage`.
    """
    pairs = [
        (unit, above)
        for unit in moments["unit"].unique().to_list()
        for above in lineage(unit, parents)
    ]
    climb = pl.DataFrame(pairs, schema={"unit": str, "above": str}, orient="row")
    return (
        moments.join(climb, on="unit")
        .group_by(pl.col("above").alias("unit"), "construct")
        .agg(*ADDING)
        .sort("unit", "construct")
    )


def lineage(unit: str, parents: Mapping[str, str | None]) -> list[str]:
    """The unit, the one above it, and so on up to the country.

    KeyError for a unit that is not among the parents, AssertionError for one above itself.
    """
    found = [unit]
    while (above := parents[found[-1]]) is not None:
        assert above not in found, f"unit {above} lies above itself"
        found.append(above)
    return found


def with_score(tallies: pl.DataFrame, survey: Survey) -> pl.DataFrame:
    """The rows of respondents with a score, and that score in sixtieths.

    tallies: as `scoring.tally_answers`; other columns, such as `part`, stay. Adds `score60`.
    AssertionError for a construct that the survey has not.
    A score takes half of the items: Fairclough & Cella (1996), Quality of Life Research 5, 321-329.
    """
    asked = {construct.key: len(construct.items) for construct in survey.constructs}
    key = tallies["construct"].cast(pl.Enum(list(asked)), strict=False)
    strangers = set(tallies["construct"].filter(key.is_null()))
    assert not strangers, f"survey {survey.key} has no constructs {sorted(strangers)}"
    items = pl.Series(list(asked.values()), dtype=pl.Int64).gather(key.to_physical())
    enough = (pl.col("answered") > 0) & (2 * pl.col("answered") >= items)
    # Status before division: only rows with answers are divided, and the division is exact.
    return tallies.filter(enough).with_columns(
        score60=pl.col("total") * SIXTY // pl.col("answered")
    )
