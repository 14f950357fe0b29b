"""Which patterns of answers occur in each leaf group, and how often: the one pass.

Everything that is kept about a construct follows from how many respondents of a leaf have which
code (`puls.analysis.coding`), so codes are all that an engine is asked for, and on a cluster also
to count them. Codes are written once, as narwhals expressions.

On this machine the codes, two bytes a construct and respondent, are held in memory, and counted
where they are added up (`puls.analysis.folding`). On a cluster they stay there, and only how often
each occurs comes back; there, too, the products of the scores of two constructs are summed. Both
ways give the same to the last integer.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from puls.analysis import coding
from puls.content.definitions import MOST_ITEMS, Background, Survey
from puls.errors import ContentError

PART = "part"
"""Column of the option of a background question, 0 for not said."""

PRODUCT_SUMS = ("n", "sum_a", "sum_b", "sum_aa", "sum_bb", "sum_ab")

OFF = "off"
"""Column that is true where an answer is none that there is."""

Ints: TypeAlias = NDArray[np.int64]
Frame: TypeAlias = "nw.LazyFrame[Any]"


class Ways(NamedTuple):
    """Ways in which a construct was answered: a row for each group and code, or respondent.

    number: of the group, rising. code: whole numbers of any width. people: how many, as floats,
    which hold whole numbers to 2**53 and are what np.bincount adds; None for one each.
    """

    number: Ints
    code: NDArray[Any]
    people: NDArray[np.float64] | None


@dataclass(frozen=True)
class Patterns:
    """What the pass over the answers found.

    groups: a row for each group, sorted: `leaf`, and `part` when told apart by a background
        question. A group's number is its row.
    ways: by construct.
    products: for each of the survey's pairs the sums in `PRODUCT_SUMS`, (groups, 6); None where
        they are still to be made because the rows of `ways` are the respondents.
    """

    groups: pl.DataFrame
    ways: dict[str, Ways]
    products: tuple[Ints, ...] | None

    @property
    def leaves(self) -> pl.Series:
        """The leaf of each group, sorted."""
        return self.groups["leaf"]


def find_patterns(sealed: Any, survey: Survey, background: Background | None = None) -> Patterns:
    """The codes of all constructs, from one pass over the answers.

    sealed: anything lazy that narwhals takes (a polars LazyFrame, a DuckDB relation, a Spark
        DataFrame ...), with `leaf` and a column per item.
    background: a question that tells the respondents of a leaf apart; then without products.

    Raises ContentError for a construct without items or with more than six.
    """
    frame = _checked(sealed, survey)
    if frame.implementation.is_pyspark():
        return counted_there(frame, survey, background)
    return held_here(frame, survey, background)


def held_here(frame: Frame, survey: Survey, background: Background | None = None) -> Patterns:
    """A row for each respondent, on this machine; errors as below."""
    frame, key = _keyed(frame, background)
    scales = _scales(survey, background)
    held = collect(
        frame.select(
            *key,
            coding.off_scale(scales).alias(OFF),
            *(coding.code(construct, survey.scale) for construct in survey.constructs),
        )
    )
    _refuse_off(bool(held[OFF].any()), frame, scales)
    number, groups = _numbered(held.select(key))
    # In the order of groups, for their sake who counts: each group's counts stay in the cache.
    order = np.argsort(number, kind="stable")
    number = number[order].astype(np.int64)
    ways = {
        construct.key: Ways(number, held[construct.key].to_numpy()[order], None)
        for construct in survey.constructs
    }
    return Patterns(groups, ways, None)


def counted_there(frame: Frame, survey: Survey, background: Background | None = None) -> Patterns:
    """Counts of codes, made by the engine; it is asked for as little as it can do at once.

    AssertionError for an answer without a leaf, and for one off the scale.
    """
    frame, key = _keyed(frame, background)
    scales = _scales(survey, background)
    # Not unique(), which numbers all rows on some engines.
    found = frame.group_by(*key).agg(size=nw.len())
    numbers = found.with_row_index("number", order_by=key).select(*key, "number")
    groups = collect(numbers).sort("number").select(key)
    assert not groups["leaf"].has_nulls(), WITHOUT_LEAF
    sizes = [coding.codes(construct, survey.scale) for construct in survey.constructs]
    begins = np.cumsum([0, *sizes]).tolist()
    pairs = survey.pairs if background is None else ()
    constructs = {construct.key: construct for construct in survey.constructs}
    scored = {name: constructs[name] for pair in pairs for name in pair}
    numbered = frame.join(_to_all_workers(numbers), on=key)
    # Number, construct and code in one whole number, which all engines group by fastest.
    places = {
        construct.key: nw.col("number").cast(nw.Int64) * begins[-1]
        + (coding.code(construct, survey.scale).cast(nw.Int64) + begin)
        for construct, begin in zip(survey.constructs, begins, strict=False)
    }
    off = nw.when(coding.off_scale(scales)).then(nw.lit(-1)).otherwise(nw.lit(-2))
    coded = numbered.select(
        nw.col("number").cast(nw.Int64),
        off.cast(nw.Int64).alias(OFF),
        **places,
        **{_score_of(key): coding.score(each, survey.scale) for key, each in scored.items()},
    )
    with _kept(coded, once=not pairs) as kept:
        long = kept.select(*places, OFF).unpivot([*places, OFF], value_name="place")
        counted = collect(long.group_by("place").agg(people=nw.len())).sort("place")
        place, people = counted.select("place", "people").to_numpy().T
        _refuse_off(bool((place == -1).any()), frame, scales)
        products = tuple(_product(kept, a, b, len(groups)) for a, b in pairs)
    number, rest = np.divmod(place, begins[-1])
    of = np.where(place < 0, -1, np.searchsorted(begins, rest, side="right") - 1)
    ways = {}
    for at, construct in enumerate(survey.constructs):
        mine = np.flatnonzero(of == at)
        ways[construct.key] = Ways(
            number[mine], rest[mine] - begins[at], people[mine].astype(np.float64)
        )
    return Patterns(groups, ways, products)


WITHOUT_LEAF = "sealed answers without a leaf group"


def collect(frame: Frame) -> pl.DataFrame:
    """Run a query on its engine, and bring its rows here."""
    collected = frame.collect("polars").to_native()
    assert isinstance(collected, pl.DataFrame)
    return collected


def _checked(sealed: Any, survey: Survey) -> Frame:
    for construct in survey.constructs:
        if not 1 <= len(construct.items) <= MOST_ITEMS:
            raise ContentError(
                f"survey {survey.key}.v{survey.version}",
                construct.key,
                f"a construct with {len(construct.items)} items cannot be scored exactly",
                f"1 to {MOST_ITEMS} items",
            )
    frame: Frame = nw.from_native(sealed).lazy()
    missing = {"leaf", *(item.key for item in survey.items)} - set(frame.collect_schema().names())
    assert not missing, f"sealed answers to {survey.key} lack the columns {sorted(missing)}"
    return frame


def _keyed(frame: Frame, background: Background | None) -> tuple[Frame, list[str]]:
    """With the option of a background question in `part`; 0 for all where it was not asked."""
    if background is None:
        return frame, ["leaf"]
    asked = background.key in frame.collect_schema().names()
    option = nw.col(background.key).fill_null(0) if asked else nw.lit(0)
    return frame.with_columns(option.cast(nw.Int8).alias(PART)), ["leaf", PART]


def _scales(survey: Survey, background: Background | None) -> dict[str, tuple[int, int]]:
    """The lowest and the highest answer there is, by column."""
    ends = {item.key: (survey.scale.low, survey.scale.high) for item in survey.items}
    return ends if background is None else {**ends, PART: (0, len(background.options))}


def _refuse_off(off: bool, frame: Frame, scales: Mapping[str, tuple[int, int]]) -> None:
    """Answers are checked when they come in; this finds a table that went around the check."""
    if not off:
        return
    wrong = [
        f"{name} has {answer}, off the scale {low} to {high}"
        for name, (low, high) in scales.items()
        for answer in _ends(frame, name)
        if answer is not None and not low <= answer <= high
    ]
    raise AssertionError(f"sealed answers: {', '.join(wrong)}")


def _ends(frame: Frame, column: str) -> set[int | None]:
    answer = nw.col(column)
    return set(collect(frame.select(answer.min().alias("min"), answer.max().alias("max"))).row(0))


def _numbered(key: pl.DataFrame) -> tuple[NDArray[Any], pl.DataFrame]:
    """The number of each row's group, and the groups sorted. key: `leaf`, perhaps `part`.

    Numbers are as short as can be: two bytes are sorted by far the fastest.
    """
    assert not key["leaf"].has_nulls(), WITHOUT_LEAF
    leaves = key["leaf"].unique().sort()
    number = key["leaf"].cast(pl.Enum(leaves)).to_physical().to_numpy()
    if PART not in key.columns:
        return number, leaves.to_frame()
    part = key[PART].to_numpy()
    parts = int(part.max(initial=0)) + 1
    number = number.astype(np.int64) * parts + part
    there = np.flatnonzero(np.bincount(number, minlength=len(leaves) * parts))
    groups = pl.DataFrame(
        [leaves.gather(there // parts), pl.Series(PART, there % parts, dtype=pl.Int8)]
    )
    return np.searchsorted(there, number), groups


def _to_all_workers(few: Frame) -> Frame:
    """Else a cluster would send all answers around to join them with their groups' numbers."""
    if not few.implementation.is_pyspark():
        return few
    sent: Frame = nw.from_native(few.to_native().hint("broadcast"))
    return sent


@contextmanager
def _kept(coded: Frame, once: bool) -> Iterator[Frame]:
    """Keep what several queries need where it is, so that the answers are read once."""
    if once or not coded.implementation.is_pyspark():
        yield coded
        return
    native = coded.to_native().persist()
    try:
        yield nw.from_native(native)
    finally:
        native.unpersist()


def _score_of(construct: str) -> str:
    return f"{construct} score"


def _product(kept: Frame, one: str, other: str, groups: int) -> Ints:
    a, b = nw.col(_score_of(one)), nw.col(_score_of(other))
    both = kept.filter(~a.is_null(), ~b.is_null()).select(
        "number", sum_a=a, sum_b=b, sum_aa=a * a, sum_bb=b * b, sum_ab=a * b
    )
    sums = both.group_by("number").agg(
        nw.len().alias("n"), *(nw.col(name).sum() for name in PRODUCT_SUMS[1:])
    )
    found = collect(sums.select(nw.col("number", *PRODUCT_SUMS).cast(nw.Int64)))
    product = np.zeros((groups, len(PRODUCT_SUMS)), dtype=np.int64)
    product[found["number"].to_numpy()] = found.select(PRODUCT_SUMS).to_numpy()
    return product
