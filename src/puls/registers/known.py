"""What a table of answers is read against: a survey in all words it has, and the units.

Words are compared without regard to capitals, blanks and signs, as people and programs spell
them differently: "Jeg trives i kulturskolen." is "jeg trives i kulturskolen".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from puls.content.definitions import Pack, Survey

UNIT = "unit"
"""The target of the column that says where somebody belongs."""
NOBODY_SAID = frozenset((
    "", "vet ikke", "veit ikkje", "ikke aktuelt", "ikkje aktuelt", "ikke relevant",
    "ikke besvart", "ubesvart", "ingen svar", "ikke svart", "vil ikke svare", "usikker",
    "dont know", "do not know", "not applicable", "not relevant", "no answer", "prefer not to say",
    "unsure", "na", "n a", "nan", "null", "none",
))  # fmt: skip
"""What stands for no answer in the files of other programs, beside the pack's own words."""
_HEADINGS = {
    UNIT: ("unit", "enhet", "avdeling", "gruppe", "group", "department", "fag", "skole", "school",
           "klasse", "class", "disiplin", "kulturskole"),
}  # fmt: skip
"""How columns are often called that no item is."""
_SOFT = str.maketrans("", "", "\u00ad\u200b'’`")
_SIGNS = re.compile(r"[\W_]+")


def alike(text: str) -> str:
    """What two texts have in common that differ in capitals, blanks and signs only."""
    return _SIGNS.sub(" ", text.translate(_SOFT).casefold()).strip()


@dataclass(frozen=True)
class Known:
    """survey: its keys and its scale.

    leaves: names of the units that may answer, by key. others: further names of them, such as
    those of the groups that got their codes together, by `alike`, with the unit's key.
    texts: how each target's column may be headed, by target; all `alike`.
    points: points of the scale by their words; options: numbers of options by their words, by
    background question. Both `alike`, None for words that say nothing.
    """

    survey: Survey
    leaves: Mapping[str, str]
    others: Mapping[str, str]
    texts: Mapping[str, tuple[str, ...]]
    points: Mapping[str, int | None]
    options: Mapping[str, Mapping[str, int | None]]

    @property
    def items(self) -> tuple[str, ...]:
        return tuple(item.key for item in self.survey.items)

    @property
    def backgrounds(self) -> tuple[str, ...]:
        return tuple(each.key for each in self.survey.background)

    @property
    def targets(self) -> tuple[str, ...]:
        """What a column may be, in the order in which it is asked for."""
        return (UNIT, *self.items, *self.backgrounds)


def known(
    pack: Pack, survey: Survey, leaves: Mapping[str, str], others: Mapping[str, str]
) -> Known:
    """A survey of a pack in all languages that the pack has.

    leaves: names of units by key. others: further names, as they are written, with a unit's key.
    """
    words = [pack.texts[language] for language in pack.languages]
    texts = {key: tuple(map(alike, headings)) for key, headings in _HEADINGS.items()}
    for item in survey.items:
        key = f"item.{survey.key}.{item.key}"
        texts[item.key] = tuple(dict.fromkeys(alike(each[key]) for each in words))
    points: dict[str, int | None] = dict.fromkeys(NOBODY_SAID)
    scale = survey.scale
    for each in words:
        points[alike(each[f"scale.{scale.key}.skip"])] = None
        for point in range(scale.low, scale.high + 1):
            points[alike(each[f"scale.{scale.key}.{point}"])] = point
    options: dict[str, dict[str, int | None]] = {}
    for asked in survey.background:
        stem = f"background.{asked.key}"
        texts[asked.key] = tuple(
            dict.fromkeys(alike(each[f"{stem}.{part}"]) for each in words
                          for part in ("name", "question"))
        )  # fmt: skip
        found: dict[str, int | None] = dict.fromkeys(NOBODY_SAID)
        for number, option in enumerate(asked.options, start=1):
            said = [each[f"{stem}.{part}{option}"] for each in words for part in ("", "one_")]
            found |= dict.fromkeys(map(alike, (option, *said)), number)
        options[asked.key] = found
    written = {alike(name): key for name, key in others.items()}
    return Known(survey, leaves, written, texts, points, options)
