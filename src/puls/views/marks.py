"""What a mark says in words: a change over time, and a result given the prerequisites.

Up is not always good. Where somebody has set criteria a difference is told as better or weaker,
else as higher or lower; the sign beside the value always points the way the number went.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from puls import periods
from puls.cells import Against, Mark, ReleasedCell, ReleasedMark
from puls.content.definitions import Criteria, Indicator, Pack
from puls.views import numbers
from puls.views.judging import judged


@dataclass(frozen=True, slots=True)
class Sign:
    """A mark as it stands beside a value, or that there is none (`mark` is then Mark.NONE).

    word: "økning siden 2023–24", for accessible names, sheets and the legend.
    """

    against: Against
    mark: Mark
    word: str

    @property
    def symbol(self) -> str:
        """Id of its symbol in the sprite: "change-up"; "" without a mark."""
        return f"{self.against}-{self.mark}" if self.mark else ""


def sign(mark: ReleasedMark, criteria: Criteria | None, pack: Pack, language: str) -> Sign:
    """The mark of a cell that was judged by these criteria, or by none."""
    words = {"how": how(mark.mark, criteria, pack, language)}
    if mark.since is not None:
        words["since"] = periods.label(mark.since)
    key = f"mark.{mark.against}.{mark.mark or 'none'}.word"
    return Sign(mark.against, mark.mark, pack.text(language, key).format(**words))


def sentence(
    mark: ReleasedMark, cell: ReleasedCell, indicator: Indicator, pack: Pack, language: str
) -> str:
    """The mark of a shown cell in one sentence, with what it is held against and by how much.

    >>> sentence(...)
    "Økt siden 2023–24, til det bedre: fra 3,7 til 4,0; praksisen har trolig økt med 0,2 til 0,4."
    """
    assert cell.value is not None, "a mark on a cell that is not shown"
    criteria = judged(cell, indicator, pack).criteria
    words = _amounts(mark, cell.value, indicator, pack, language)
    words["how"] = how(mark.mark, criteria, pack, language)
    if mark.against is Against.CHANGE:
        assert mark.since is not None, "a change since when?"
        words["since"] = periods.label(mark.since)
        verdict = _verdict(mark.mark, criteria)
        words["so"] = pack.text(language, f"mark.change.{verdict}") if verdict else ""
    else:
        names = [pack.text(language, f"indicator.{key}.name") for key in indicator.prerequisites]
        words["prerequisites"] = numbers.all_of(names, language)
    told = pack.text(language, f"mark.{mark.against}.{mark.mark or 'none'}.told")
    return numbers.capitalised(told.format(**words))


def how(mark: Mark, criteria: Criteria | None, pack: Pack, language: str) -> str:
    """ "bedre", "svakere", or without criteria "høyere", "lavere"; "" without a mark."""
    if not mark:
        return ""
    plain = "higher" if mark is Mark.UP else "lower"
    return pack.text(language, f"mark.how.{_verdict(mark, criteria) or plain}")


def _verdict(mark: Mark, criteria: Criteria | None) -> str:
    """ "better" or "weaker"; "" without a mark or without anybody's word on which way is up."""
    if not mark or criteria is None:
        return ""
    return "better" if (mark is Mark.UP) == criteria.higher_is_better else "weaker"


def _amounts(
    mark: ReleasedMark, value: float, indicator: Indicator, pack: Pack, language: str
) -> dict[str, str]:
    """Value, what it is held against, and the ends of the difference, as written.

    The difference is told by its size in the direction of the mark, so that only an end that lies
    in the other direction has a sign. Enough decimals for a reader to see the two values differ.
    """
    per = numbers.reading_size(indicator, pack)
    value, expected = value / per, mark.expected / per
    low, high = mark.low / per, mark.high / per
    if mark.mark is Mark.DOWN:
        low, high = -high, -low
    decimals = indicator.decimals
    more = numbers.decimals_distinct((value, expected), decimals) if mark.mark else 0

    def quantity(amount: float) -> str:
        return numbers.quantity(amount, indicator, pack, language, more)

    return {
        "value": quantity(value),
        "expected": quantity(expected),
        "low": numbers.number(low, decimals + more, language),
        "high": quantity(high),
    }


def by_cell(
    marks: Mapping[tuple[str, str], tuple[ReleasedMark, ...]], cell: ReleasedCell
) -> tuple[ReleasedMark, ...]:
    """The marks of a shown cell, the change before the prerequisites; of others none."""
    if cell.value is None or cell.years != 1 or cell.part:
        return ()
    found = marks.get((cell.unit, cell.indicator), ())
    return tuple(sorted(found, key=lambda mark: list(Against).index(mark.against)))
