"""What an indicator measures: which cells count the same answers, whatever they are called.

Answers are those to a construct of a survey. Its indicator may get another name, and its old name
may be given to something else; what was released of the answers stays out under every name. So
whoever looks back goes by what a cell measured when it was released, and gives it the name of today
with a version that no indicator has.

    FORMER    released under another name. It counts as an older version's cell does: it is decided
              what of these answers is shown, and the cells of today's name follow.
    UNKNOWN   released under a name of which nobody remembers what it measured. It counts wherever
              its number and mean are those of the answers.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from puls.cells import ReleasedCell, Status
from puls.content.definitions import Indicator, SurveySource

FORMER, UNKNOWN = -1, -2

Measured = Mapping[str, Sequence[str] | None]
"""By indicator fed by answers [survey, construct]; None where nobody remembers."""


def measured(indicators: Mapping[str, Indicator]) -> dict[str, list[str]]:
    """What a release made with these indicators remembers of them."""
    return {
        key: [each.source.survey, each.source.construct]
        for key, each in sorted(indicators.items())
        if isinstance(each.source, SurveySource)
    }


def as_called_now(
    cell: ReleasedCell, then: Measured, now: Mapping[str, Sequence[str]]
) -> Iterator[ReleasedCell]:
    """A cell of answers under the names of those indicators that count the same answers today.

    then: what the cell's release remembers; now: what today's indicators measure. Nothing where
    none of them counts these answers; one cell for each that might where nobody remembers.
    """
    source = then.get(cell.indicator)
    if source is None:
        for key in now:
            yield replace(cell, indicator=key, version=UNKNOWN)
    elif list(now.get(cell.indicator, ())) == list(source):
        yield cell
    else:
        name = next((key for key, each in now.items() if list(each) == list(source)), None)
        if name is not None:
            yield replace(cell, indicator=name, version=FORMER)


def of_same_answers(
    cells: Iterable[ReleasedCell], indicator: Indicator, indicators: Mapping[str, Indicator]
) -> list[ReleasedCell]:
    """The cells that count the indicator's answers, under its own name.

    indicators: by key, those that the cells may be of. Should two count the same answers, what is
    released of one of them is known of the other.
    """
    twins = {key for key, each in indicators.items() if each.source == indicator.source}
    return [
        cell
        if cell.indicator == indicator.key
        else replace(cell, indicator=indicator.key, version=FORMER)
        for cell in cells
        if cell.indicator == indicator.key or cell.indicator in twins
    ]


def decided_by_unit(
    same: Iterable[ReleasedCell], counts: Callable[[ReleasedCell], bool]
) -> dict[str, ReleasedCell]:
    """By unit what is decided of the same answers; of two cells the one that shows more.

    counts: whether a shown cell was released with the answers as they are; asked only of cells
        of which nobody remembers what they measured. Where such cells are hidden, nothing more is
        shown: what came after them was chosen beside them.
    """
    found: dict[str, ReleasedCell] = {}
    for cell in same:
        if cell.version == UNKNOWN and cell.status is Status.SHOWN and not counts(cell):
            continue
        before = found.get(cell.unit)
        if before is None or _shows(before) < _shows(cell):
            found[cell.unit] = cell
    return found


def _shows(cell: ReleasedCell) -> tuple[bool, bool]:
    return cell.status is Status.SHOWN, cell.public
