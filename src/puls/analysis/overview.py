"""All figures of all units at once, from kept sums: what it costs does not depend on respondents.

`puls.analysis.condensing` turns a round's counts into sums of which there is a fixed number for
each leaf group and construct. `overview` adds them up the tree and gives every unit's figures. For
a statistician who looks at a whole country; what others may see is made by `puls.analysis.release`,
with partial pooling and what was released before in mind.

Leaves are put in the order of the tree, so that each unit is a stretch of them and its sums are
the difference of two running sums: whole numbers, exact whatever the order.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from puls.analysis import suppression
from puls.analysis.coding import Ints
from puls.analysis.condensing import MOMENTS, Condensed, points
from puls.analysis.consistency import alphas, covariance
from puls.analysis.evidence import WITHIN_80
from puls.analysis.exposure import Answers, ends60, quarter60
from puls.analysis.tallies import SIXTY, lineage
from puls.content.definitions import Scale, Survey

Floats = NDArray[np.float64]

ENDS = (0, 1, 3, 4)
"""Where n, total60, min60 and max60 stand: what tells whether a group is safe."""


def overview(
    condensed: Condensed, survey: Survey, parents: Mapping[str, str | None], k: int
) -> pl.DataFrame:
    """The figures of every unit that holds leaves, by construct.

    parents: the unit above each leaf and unit, None for the country.
    k: the smallest number of answers that may be seen; units hold equal weight in what is hidden.

    Gives a row per unit and construct, in the order of the tree: `unit`, `construct`, `shown`
    (safe by `suppression.choose`), and where shown, else null: `n`, `mean` and `sd` (points of
    the scale; n - 1), `low` and `high` (80 % sampling interval of the mean, mean -+ 1.2816 sd /
    sqrt(n) within the scale, as for a random sample of very many), `share_<point>` (0 to 1, of
    scores nearest to it), `alpha` (null where it is not defined). KeyError for a leaf or unit that
    is not among the parents.
    """
    lines = {leaf: tuple(reversed(lineage(leaf, parents))) for leaf in condensed.leaves}
    order = sorted(range(len(lines)), key=lambda at: lines[condensed.leaves[at]])
    stretches: dict[str, list[int]] = {}
    for at, number in enumerate(order):
        for unit in lines[condensed.leaves[number]]:
            stretches.setdefault(unit, [at, at])[1] = at + 1
    first, end = np.array(list(stretches.values()), dtype=np.int64).reshape(-1, 2).T
    own = condensed.moments[order]
    moments = _stretched(own, first, end)
    n, total, squares = moments[..., 0], moments[..., 1], moments[..., 2]
    shown = n > 0
    for place in np.flatnonzero(~_all_safe(own, survey.scale, k)):
        answers = dict(zip((condensed.leaves[at] for at in order), own[:, place], strict=True))
        published = _published(answers, stretches, parents, survey.scale, k)
        shown[:, place] = [unit in published for unit in stretches]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / n / SIXTY
        sd = np.sqrt((squares - total / n * total) / (n - 1)) / SIXTY
        half = WITHIN_80 * sd / np.sqrt(n)
        shares = moments[..., len(MOMENTS) :] / n[..., None]
    figures = {
        "mean": mean,
        "sd": sd,
        "low": np.maximum(mean - half, survey.scale.low),
        "high": np.minimum(mean + half, survey.scale.high),
        **{f"share_{point}": shares[..., at] for at, point in enumerate(points(survey.scale))},
        "alpha": _all_alphas(_stretched(condensed.pairs[order], first, end), survey),
    }
    names = [construct.key for construct in survey.constructs]
    table = pl.DataFrame(
        {
            "unit": pl.Series(list(stretches)).gather(np.repeat(np.arange(len(first)), len(names))),
            "construct": pl.Series(names).gather(np.tile(np.arange(len(names)), len(first))),
            "shown": shown.ravel(),
            "n": n.ravel(),
            **{name: values.ravel() for name, values in figures.items()},
        }
    )
    return table.with_columns(
        pl.when("shown").then(pl.col("n")),
        *(pl.when(pl.col("shown") & pl.col(each).is_finite()).then(each) for each in figures),
    )


def _stretched(sums: Ints, first: Ints, end: Ints) -> Ints:
    """The sums over each stretch of leaves: (units, ...)."""
    running = np.zeros((len(sums) + 1, *sums.shape[1:]), dtype=np.int64)
    np.cumsum(sums, axis=0, out=running[1:])
    return np.asarray(running[end] - running[first])


def _all_alphas(pairs: Ints, survey: Survey) -> Floats:
    """Cronbach's alpha: (units, constructs), nan where it is not defined."""
    found, begin = [], 0
    for construct in survey.constructs:
        a, b = np.triu_indices(len(construct.items))
        sums = np.moveaxis(pairs[:, begin : begin + len(a)], -1, 0)
        begin += len(a)
        values = np.empty((len(pairs), len(construct.items), len(construct.items)))
        values[:, a, b] = values[:, b, a] = covariance(*sums)
        found.append(alphas(values))
    return np.stack(found, axis=1)


def _all_safe(own: Ints, scale: Scale, k: int) -> NDArray[np.bool_]:
    """By construct, whether every leaf may stand alone: then nothing gives anything away.

    own: int, (leaves, constructs, moments). The rule is that of `exposure.Answers.safe`, for all
    leaves at once; a test holds the two together.
    """
    low60, high60 = ends60(scale)
    narrow60 = quarter60(scale)
    n, total, least, most = (own[..., at] for at in ENDS)
    safe = (
        (n >= k)
        & (total - n * low60 > narrow60)
        & (n * high60 - total > narrow60)
        & (least != most)
    )
    return np.asarray((safe | (n == 0)).all(axis=0))


def _published(
    answers: Mapping[str, Ints],
    units: Iterable[str],
    parents: Mapping[str, str | None],
    scale: Scale,
    k: int,
) -> frozenset[str]:
    """The units of one construct that can be shown together. answers: moments by leaf."""
    low60, high60 = ends60(scale)
    own = {
        leaf: Answers.of_scores(*map(int, moments[list(ENDS)]), low60=low60, high60=high60)
        for leaf, moments in answers.items()
    }
    nodes = (suppression.Node(unit, parents[unit], own.get(unit, Answers(0)), 1) for unit in units)
    return suppression.choose(nodes, k, quarter60(scale))
