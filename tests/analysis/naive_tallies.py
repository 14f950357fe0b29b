"""What is kept of a round, a respondent at a time and in plain loops."""

from collections import Counter
from fractions import Fraction

import polars as pl

from puls.analysis import scoring
from puls.content.definitions import Background, Construct, Survey

Row = dict[str, int | str | None]
Rows = list[Row]


def tallies(rows: Rows, of: Survey) -> scoring.Tallies:
    return scoring.Tallies(
        answers(rows, of), items(rows, of), products(rows, of), missing(rows, of)
    )


def answers(rows: Rows, of: Survey) -> pl.DataFrame:
    counts: Counter[tuple[str, str, int, int]] = Counter()
    for row in rows:
        for construct in of.constructs:
            given = aligned(row, construct, of)
            counts[str(row["leaf"]), construct.key, len(given), sum(given.values())] += 1
    return _table(counts, ["leaf", "construct"], ["answered", "total", "count"])


def parts(rows: Rows, of: Survey, background: Background) -> pl.DataFrame:
    counts: Counter[tuple[str, str, str, int, int]] = Counter()
    for row in rows:
        said = row.get(background.key)
        option = background.options[said - 1] if isinstance(said, int) else ""
        for construct in of.constructs:
            given = aligned(row, construct, of)
            part = f"{background.key}.{option}"
            key = (str(row["leaf"]), part, construct.key, len(given), sum(given.values()))
            counts[key] += 1
    return _table(counts, ["leaf", "part", "construct"], ["answered", "total", "count"])


def missing(rows: Rows, of: Survey) -> pl.DataFrame:
    counts: Counter[tuple[str, str, int]] = Counter()
    for row in rows:
        for construct in of.constructs:
            pattern = 0
            for bit, item in enumerate(construct.items):
                if row[item.key] is not None:
                    pattern += 2**bit
            counts[str(row["leaf"]), construct.key, pattern] += 1
    return _table(counts, ["leaf", "construct"], ["pattern", "count"])


def items(rows: Rows, of: Survey) -> pl.DataFrame:
    table = []
    for leaf in sorted({str(row["leaf"]) for row in rows}):
        for construct in of.constructs:
            for at, a in enumerate(construct.items):
                for b in construct.items[at:]:
                    n = sum_a = sum_b = sum_ab = 0
                    for row in rows:
                        given = aligned(row, construct, of)
                        if row["leaf"] == leaf and a.key in given and b.key in given:
                            n += 1
                            sum_a += given[a.key]
                            sum_b += given[b.key]
                            sum_ab += given[a.key] * given[b.key]
                    key = (leaf, construct.key, a.key, b.key)
                    table.append((*key, n, sum_a, sum_b, sum_ab))
    words = dict.fromkeys(["leaf", "construct", "item_a", "item_b"], pl.String)
    sums = dict.fromkeys(["n", "sum_a", "sum_b", "sum_ab"], pl.Int64)
    return pl.DataFrame(table, schema={**words, **sums}, orient="row")


def products(rows: Rows, of: Survey) -> pl.DataFrame:
    table = []
    constructs = {construct.key: construct for construct in of.constructs}
    for leaf in sorted({str(row["leaf"]) for row in rows}):
        for a, b in of.pairs:
            sums = [0] * 6
            for row in rows:
                one, other = (score60(row, constructs[key], of) for key in (a, b))
                if row["leaf"] == leaf and one is not None and other is not None:
                    terms = (1, one, other, one * one, other * other, one * other)
                    sums = [old + new for old, new in zip(sums, terms, strict=True)]
            table.append((leaf, a, b, *sums))
    words = dict.fromkeys(["leaf", "a", "b"], pl.String)
    whole = dict.fromkeys(["n", "sum_a", "sum_b", "sum_aa", "sum_bb", "sum_ab"], pl.Int64)
    return pl.DataFrame(table, schema={**words, **whole}, orient="row")


def score60(row: Row, construct: Construct, of: Survey) -> int | None:
    """A respondent's score in sixtieths: the mean, where half of the items were answered."""
    given = aligned(row, construct, of)
    if not given or len(given) < Fraction(len(construct.items), 2):
        return None
    score = Fraction(60 * sum(given.values()), len(given))
    assert score.denominator == 1, "a score that is not a whole number of sixtieths"
    return int(score)


def aligned(row: Row, construct: Construct, of: Survey) -> dict[str, int]:
    """The answers that were given, by item, mirrored where the item is reversed."""
    given = {}
    for item in construct.items:
        answer = row[item.key]
        if isinstance(answer, int):
            given[item.key] = of.scale.low + of.scale.high - answer if item.reversed else answer
    return given


def _table(counts: Counter[tuple[object, ...]], words: list[str], whole: list[str]) -> pl.DataFrame:
    rows = [(*key, count) for key, count in sorted(counts.items())]
    schema = dict.fromkeys(words, pl.String) | dict.fromkeys(whole, pl.Int64)
    return pl.DataFrame(rows, schema=schema, orient="row")
