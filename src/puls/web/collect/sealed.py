"""The sealed file of a round: a row a respondent, leaf and items, in random order, nothing else."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from puls.content.definitions import Survey
from puls.web.collect.durable import replacing


def write(file: Path, answers: pl.DataFrame, survey: Survey) -> None:
    """Write a round's answers to their sealed Parquet file, shuffled.

    answers: `leaf` and one nullable Int8 column an item of the survey. Any other column is a
    mistake, since it might say who answered. The order is drawn from the operating system's
    randomness: nobody can draw it again, from a seed or otherwise.
    """
    items = [item.key for item in survey.items]
    assert answers.columns == ["leaf", *items], f"not sealed: columns {answers.columns}"
    assert all(answers.schema[item] == pl.Int8 for item in items), "items are small integers"
    shuffled = answers[_random_order(answers.height)]
    with replacing(file) as draft:
        # No statistics and no metadata of our own: nothing in the file but the answers.
        shuffled.write_parquet(draft, compression="zstd", statistics=False)


def read_rows(rows: Sequence[tuple[str, bytes]], survey: Survey) -> pl.DataFrame:
    """Decrypted answers (leaf, a byte an item, 0 = skipped) as the table that `write` takes."""
    items = [item.key for item in survey.items]
    leaves = pl.Series("leaf", [leaf for leaf, _ in rows], dtype=pl.String)
    given = np.frombuffer(b"".join(given for _, given in rows), dtype=np.uint8)
    table = given.reshape(len(rows), len(items)).astype(np.int8) + np.int8(survey.scale.low - 1)
    frame = pl.DataFrame({key: table[:, column] for column, key in enumerate(items)})
    answered = [pl.when(pl.col(key) >= survey.scale.low).then(pl.col(key)) for key in items]
    return frame.select(leaves, *answered)


def as_rows(answers: pl.DataFrame, survey: Survey) -> list[tuple[str, bytes]]:
    """The other way round: one (leaf, bytes) a respondent, 0 where an item was skipped."""
    items = [item.key for item in survey.items]
    moved = answers.select(
        (pl.col(key) - (survey.scale.low - 1)).fill_null(0).cast(pl.UInt8) for key in items
    )
    table = np.ascontiguousarray(moved.to_numpy())
    return [(leaf, row.tobytes()) for leaf, row in zip(answers["leaf"], table, strict=True)]


def _random_order(rows: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """A permutation by the rank of random 64-bit numbers from the operating system."""
    return np.argsort(np.frombuffer(os.urandom(8 * rows), dtype=np.uint64))
