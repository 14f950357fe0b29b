"""The sealed file of a round: a row a respondent, in random order, and nothing about the person
but the leaf group, what the survey asked for as background, and the answers.

Until it is written the answers lie in the database, encrypted, a byte an item. The background
comes behind the items, so that a round that began before a question was asked reads as if nobody
had said anything to it.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from puls.content.definitions import Survey
from puls.web.collect.durable import replacing


def columns(survey: Survey) -> list[str]:
    """The columns of a sealed file, in order."""
    return ["leaf", *_background(survey), *_items(survey)]


def write(file: Path, answers: pl.DataFrame, survey: Survey) -> None:
    """Write a round's answers to their sealed Parquet file, shuffled.

    answers: `columns(survey)`: leaf, and one nullable Int8 column a background question (the
    number of its option) and an item. A background question may be missing, if it was not
    asked. Any other column is a mistake, since it might say who answered. The order is drawn
    from the operating system's randomness: nobody can draw it again, from a seed or otherwise.
    """
    unasked = set(_background(survey)) - set(answers.columns)
    expected = [each for each in columns(survey) if each not in unasked]
    assert answers.columns == expected, f"not sealed: columns {answers.columns}"
    numbers = answers.columns[1:]
    assert all(answers.schema[each] == pl.Int8 for each in numbers), "answers are small integers"
    shuffled = answers[_random_order(answers.height)]
    with replacing(file) as draft:
        # No statistics and no metadata of our own: nothing in the file but the answers.
        shuffled.write_parquet(draft, compression="zstd", statistics=False)


def read_rows(rows: Sequence[tuple[str, bytes]], survey: Survey) -> pl.DataFrame:
    """Decrypted answers as the table that `write` takes.

    rows: leaf, and a byte an item and a background question; 0, or none at the end, for not said.
    """
    asked = [*_items(survey), *_background(survey)]
    assert all(len(given) <= len(asked) for _, given in rows), f"not answers to {survey.key}"
    leaves = pl.Series("leaf", [leaf for leaf, _ in rows], dtype=pl.String)
    given = b"".join(given.ljust(len(asked), b"\0") for _, given in rows)
    table = np.frombuffer(given, dtype=np.uint8).reshape(len(rows), len(asked)).astype(np.int8)
    said = [
        pl.Series(key, table[:, place] + np.int8(_before_first(survey, key)))
        for place, key in enumerate(asked)
    ]
    frame = pl.DataFrame([leaves, *said])
    answered = (
        pl.when(pl.col(key) > _before_first(survey, key)).then(pl.col(key)) for key in asked
    )
    return frame.with_columns(answered).select(columns(survey))


def as_rows(answers: pl.DataFrame, survey: Survey) -> list[tuple[str, bytes]]:
    """The other way round: one (leaf, bytes) a respondent.

    Background questions at the end that nobody answered leave no bytes: the same file gives the
    same rows as it did before they were asked.
    """
    said = [key for key in _background(survey) if answers[key].count()]
    background = _background(survey)[: _background(survey).index(said[-1]) + 1] if said else []
    moved = answers.select(
        (pl.col(key) - _before_first(survey, key)).fill_null(0).cast(pl.UInt8)
        for key in [*_items(survey), *background]
    )
    table = np.ascontiguousarray(moved.to_numpy())
    return [(leaf, row.tobytes()) for leaf, row in zip(answers["leaf"], table, strict=True)]


def _items(survey: Survey) -> list[str]:
    return [item.key for item in survey.items]


def _background(survey: Survey) -> list[str]:
    return [each.key for each in survey.background]


def _before_first(survey: Survey, key: str) -> int:
    """The number before the first possible answer, which becomes 0."""
    return 0 if key in _background(survey) else survey.scale.low - 1


def _random_order(rows: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """A permutation by the rank of random 64-bit numbers from the operating system."""
    return np.argsort(np.frombuffer(os.urandom(8 * rows), dtype=np.uint64))
