"""The profile of a rubric: its four levels, and how a staff's own placements spread over them.

Never one number: a mean of placements would hide just what is worth talking about.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from puls.cells import ReleasedCell, ReleasedMark
from puls.content.definitions import Pack, Rubric
from puls.views import numbers
from puls.views.charts import rubric_drawing
from puls.views.charts.reading import spot
from puls.views.charts.rubric_drawing import Spread
from puls.views.charts.scene import Chart, Table, fitted

LEVELS = 4
WORDS = (
    "card.n",
    "card.provisional",
    "rubric.title",
    "rubric.told",
    "rubric.at",
    "rubric.hidden",
    "rubric.none",
    "rubric.level",
    "rubric.beside",
    "rubric.value",
)
"""Keys of the words it needs beside the pack's own, and what they may put in.

card.n {n} · card.provisional · rubric.title {number} {title} {unit} · rubric.told {count} {label}
{spread} · rubric.at {count} {level}: one part of the spread · rubric.hidden {label} {k} ·
rubric.none · rubric.level, rubric.value: heads · rubric.beside: over what students and parents
answered
"""


@dataclass(frozen=True, slots=True)
class Placements:
    """How many placed the school on which level, one time they were asked.

    label: when that was, in words. counts: of level 1, 2, 3 and 4.
    """

    label: str
    counts: tuple[int, ...]

    def __post_init__(self) -> None:
        assert len(self.counts) == LEVELS, f"{self.label}: a rubric has {LEVELS} levels"
        assert min(self.counts) >= 0, f"{self.label}: fewer than nobody"

    @property
    def total(self) -> int:
        return sum(self.counts)


def rubric_profile(
    rubric: Rubric,
    rounds: Sequence[Placements],
    pack: Pack,
    language: str,
    words: Mapping[str, str],
    *,
    unit_name: str,
    k: int,
    beside: Iterable[ReleasedCell] = (),
    marks: Iterable[ReleasedMark] = (),
    tier: str = "",
) -> Chart:
    """The spread of placements over the levels, round by round, the newest last.

    k: the smallest number of people whose spread may be seen; of fewer only the word is left.
    beside: cells of indicators of the same area in one period, of one unit. marks: of these.
    words: see `WORDS`.
    """
    spreads = [
        Spread(each.label, each.counts if each.total >= max(k, 1) else None) for each in rounds
    ]
    texts = {
        level: (
            pack.text(language, f"rubric_level.{level}.word"),
            pack.text(language, f"rubric.{rubric.key}.level_{level}"),
        )
        for level in range(LEVELS, 0, -1)
    }
    hidden = pack.text(language, "status.few.word")
    marked = list(marks)
    read = []
    for cell in beside:
        indicator = pack.indicators[cell.indicator]
        own = [mark for mark in marked if mark.indicator == cell.indicator]
        told_spot = spot(cell, indicator, pack, language, own, tier)
        read.append((pack.text(language, f"indicator.{indicator.key}.name"), told_spot))
    title = words["rubric.title"].format(
        number=rubric.number,
        title=pack.text(language, f"rubric.{rubric.key}.title"),
        unit=unit_name,
    )
    told = title, _description(spreads, texts, k, language, words)
    wide, narrow = (
        fitted(
            size.width,
            told,
            rubric_drawing.profile(spreads, texts, hidden, read, size, words, language),
        )
        for size in (rubric_drawing.WIDE, rubric_drawing.NARROW)
    )
    head = (words["rubric.level"], *(each.label for each in spreads))
    rows = [
        (
            f"{numbers.capitalised(word)}: {says}",
            *(
                numbers.number(each.counts[level - 1], 0, language) if each.counts else hidden
                for each in spreads
            ),
        )
        for level, (word, says) in texts.items()
    ]
    tables = [Table(title, head, tuple(rows))]
    if read:
        tables.append(
            Table(
                words["rubric.beside"],
                (words["rubric.beside"], words["rubric.value"]),
                tuple((name, each.told) for name, each in read),
            )
        )
    return Chart(wide, narrow, tuple(tables))


def _description(
    spreads: Sequence[Spread],
    texts: Mapping[int, tuple[str, str]],
    k: int,
    language: str,
    words: Mapping[str, str],
) -> str:
    """The newest spread in one sentence."""
    if not spreads:
        return words["rubric.none"]
    newest = spreads[-1]
    if newest.counts is None:
        return words["rubric.hidden"].format(label=newest.label, k=k)
    parts = [
        words["rubric.at"].format(
            count=numbers.number(newest.counts[level - 1], 0, language), level=word
        )
        for level, (word, _) in texts.items()
    ]
    return words["rubric.told"].format(
        count=numbers.number(sum(newest.counts), 0, language),
        label=newest.label,
        spread=numbers.all_of(parts, language),
    )
