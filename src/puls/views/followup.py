"""What a follow-up says, in a sentence and in a word."""

from puls import periods
from puls.analysis.followup import FollowUp, Outcome
from puls.cells import ReleasedCell
from puls.content.definitions import Indicator, Pack
from puls.views import numbers


def word(found: FollowUp, pack: Pack, language: str) -> str:
    """The outcome alone: "ingen tegn til endring ennå"."""
    return pack.text(language, f"followup.word.{found.outcome}")


def sentence(
    found: FollowUp, indicator: Indicator, pack: Pack, language: str, wanted: str = ""
) -> str:
    """What is known, and what it rests on.

    wanted: "up" or "down" where the action set out to move it so; then a clear change says
    whether it went the way that was wanted.
    """
    words: dict[str, str] = {}
    if found.baseline is not None:
        words |= {
            "before": value(found.baseline, indicator, pack, language),
            "since": periods.label(found.baseline.period),
        }
    if found.cell is not None:
        words |= {
            "value": value(found.cell, indicator, pack, language),
            "period": periods.label(found.cell.period),
        }
    key = str(found.outcome)
    if found.outcome is Outcome.NOT_COMPARABLE and found.cell is None:
        key = "not_comparable_at_all"
    told = pack.text(language, f"followup.told.{key}").format(**words)
    if not (wanted and found.is_clear):
        return told
    way = "as_wanted" if found.outcome == wanted else "other_way"
    return f"{told} {pack.text(language, f'followup.{way}')}"


def value(cell: ReleasedCell, indicator: Indicator, pack: Pack, language: str) -> str:
    """A shown cell's value with its number of answers: "3,4 (148 svarte)"."""
    sized, known = numbers.readable(cell, indicator, pack)
    assert sized.value is not None, "a shown cell has no value"
    text = numbers.quantity(sized.value, known, pack, language)
    if cell.n is None:
        return text
    return pack.text(language, "followup.answered").format(
        value=text, n=numbers.number(cell.n, 0, language)
    )
