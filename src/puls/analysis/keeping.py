"""The counts of a round in one file, as they were counted: nothing is laid out to keep them.

The file is an .npz of plain arrays, which any numpy reads and which cannot hold code:

    leaf                        the groups' leaves, in order
    KEY.states, KEY.of_states, KEY.patterns, KEY.of_patterns
                                of the construct KEY, as `folding.Scored`; constructs in order
    KEY.pairs                   as in `scoring.Counts`
    products                    as in `scoring.Counts`, one under the other
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from puls.analysis.coding import Ints
from puls.analysis.folding import Scored
from puls.analysis.patterns import PRODUCT_SUMS
from puls.analysis.scoring import Counts

PAIRS = ".pairs"


def write(counts: Counts, file: Path) -> None:
    """Write what `scoring.count_round` gave, under exactly this name."""
    kept: dict[str, NDArray[np.str_] | Ints] = {
        "leaf": np.array(counts.groups["leaf"].to_list(), dtype=np.str_)
    }
    for key, scored in counts.scored.items():
        kept |= {f"{key}.{name}": _short(each) for name, each in scored._asdict().items()}
        kept[f"{key}{PAIRS}"] = _short(counts.pairs[key])
    empty = np.empty((0, len(counts.groups), len(PRODUCT_SUMS)), dtype=np.int64)
    kept["products"] = _short(np.concatenate([empty, *(each[None] for each in counts.products)]))
    # Given a name instead, numpy would add an ending of its own.
    with file.open("wb") as opened:
        np.savez(opened, allow_pickle=False, **kept)


def read(file: Path) -> Counts:
    """The counts that `write` has written, equal to the last integer."""
    with np.load(file) as opened:
        kept = {name: opened[name] for name in opened.files}
    leaves = pl.Series("leaf", kept.pop("leaf").tolist(), dtype=pl.String)
    sums = {name: each.astype(np.int64) for name, each in kept.items()}
    keys = [name.removesuffix(PAIRS) for name in sums if name.endswith(PAIRS)]
    return Counts(
        leaves.to_frame(),
        {key: _scored(sums, key) for key in keys},
        {key: sums[f"{key}{PAIRS}"] for key in keys},
        list(sums["products"]),
    )


def _scored(sums: Mapping[str, Ints], key: str) -> Scored:
    return Scored(*(sums[f"{key}.{name}"] for name in Scored._fields))


def _short(counts: Ints) -> Ints:
    """As few bytes a number as the largest needs: most groups are small."""
    below = counts.min(initial=0) < 0  # Sums may be, on a scale that begins there.
    return counts if below else counts.astype(np.min_scalar_type(counts.max(initial=0)))
