"""Answers with codes beside answers from a file, which somebody has and can subtract.

What is published is chosen so that it isolates nobody from the rest of the round. Whoever has the
file knows a part of that rest: of thirty from a file and one child with a code, the published mean
less the file is the child's own answer. So answers with codes count beside a file only where those
of a department could stand alone (`puls.analysis.exposure`): enough people, not all alike, not at
an end of the scale. That holds theme by theme, and for each group that the round is broken down by.
Departments that could stand alone can do so together.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import polars as pl

from puls.analysis import scoring
from puls.analysis.exposure import Answers, ends60, quarter60
from puls.analysis.tallies import with_score
from puls.content.definitions import Survey


class Kept(NamedTuple):
    """What counts of a round's answers.

    answers: as `sealed.read_rows` gives them. stays: which rows they were. whole: nothing was left
    out, neither a row nor a part of one.
    """

    answers: pl.DataFrame
    stays: list[bool]
    whole: bool


def kept_beside_files(
    answers: pl.DataFrame, from_file: Sequence[bool], survey: Survey, k: int
) -> Kept:
    """The answers that count; all, where there are no files or no codes.

    Themes and background that would give somebody away are emptied; a row goes where fewer than k
    have answered with codes in its department.
    """
    told = pl.Series("from_file", list(from_file), dtype=pl.Boolean)
    if not told.any() or told.all():
        return Kept(answers, [True] * answers.height, whole=True)
    people = answers.filter(~told)["leaf"].value_counts()
    few = people.filter(pl.col("count") < k)["leaf"].to_list()
    stays = told | ~answers["leaf"].is_in(few)
    answers, told = answers.filter(stays), told.filter(stays)
    whole = stays.all()
    if not told.all():
        for unsafe in (_unsafe_constructs, _unsafe_background):
            for columns, leaves in unsafe(answers.filter(~told), survey, k):
                answers = _emptied(answers, told, leaves, columns)
                whole = False
    return Kept(answers, stays.to_list(), whole)


Unsafe = Iterable[tuple[list[str], list[str]]]
"""Columns of answers, and the departments where they would give somebody away."""


def _unsafe_constructs(answers: pl.DataFrame, survey: Survey, k: int) -> Unsafe:
    tally = scoring.tally_answers(answers.lazy(), survey)
    safe = _safe(tally, ["leaf", "construct"], survey, k)
    said = {(leaf, construct) for leaf, construct, answered, *_ in tally.rows() if answered}
    for construct in survey.constructs:
        leaves = sorted(leaf for leaf, of in said - safe if of == construct.key)
        if leaves:
            yield [item.key for item in construct.items], leaves


def _unsafe_background(answers: pl.DataFrame, survey: Survey, k: int) -> Unsafe:
    for each in survey.background:
        tally = scoring.tally_parts(answers.lazy(), survey, each.key)
        safe = _safe(tally, ["leaf", "part", "construct"], survey, k)
        said = {row[:3] for row in tally.rows() if row[3]}
        leaves = sorted({leaf for leaf, _part, _construct in said - safe})
        if leaves:
            yield [each.key], leaves


def _safe(tally: pl.DataFrame, key: list[str], survey: Survey, k: int) -> set[tuple[str, ...]]:
    low, high = ends60(survey.scale)
    scored, n = with_score(tally, survey), pl.col("count")
    moments = scored.group_by(key).agg(
        n.sum(),
        (pl.col("score60") * n).sum().alias("total"),
        pl.col("score60").min().alias("min"),
        pl.col("score60").max().alias("max"),
    )
    return {
        tuple(row[: len(key)])
        for row in moments.rows()
        if Answers.of_scores(*row[len(key) :], low60=low, high60=high).safe(
            k, quarter60(survey.scale)
        )
    }


def _emptied(
    answers: pl.DataFrame, from_file: pl.Series, leaves: list[str], columns: list[str]
) -> pl.DataFrame:
    these = answers["leaf"].is_in(leaves) & ~from_file
    nothing = pl.lit(None, pl.Int8)
    return answers.with_columns(
        pl.when(these).then(nothing).otherwise(pl.col(column)).alias(column) for column in columns
    )
