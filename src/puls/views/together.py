"""What an indicator goes together with, in plain words: never what causes what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from puls.content.definitions import Pack
from puls.views import numbers

STRONG, CLEAR = 0.5, 0.3


@dataclass(frozen=True, slots=True)
class Together:
    """told: a sentence for each that goes together with it. unclear: names of the rest asked of."""

    told: tuple[str, ...]
    unclear: tuple[str, ...]


def together(
    rows: Iterable[Mapping[str, Any]], indicator: str, pack: Pack, language: str
) -> Together:
    """What was found about one indicator, in the order of the pack's own list.

    rows: as `puls.analysis.findings` tells them: kind ("units" or "respondents"), a, b, strength
        with low and high, and together: whether it may be told.
    """
    told: list[str] = []
    silent: dict[str, None] = {}
    heard: set[str] = set()
    for row in rows:
        if indicator not in (row["a"], row["b"]):
            continue
        key = row["b"] if row["a"] == indicator else row["a"]
        other = pack.text(language, f"indicator.{key}.name")
        if row["together"]:
            heard.add(other)
            told.append(_sentence(row, other, pack, language))
        else:
            silent[other] = None
    return Together(tuple(told), tuple(name for name in silent if name not in heard))


def _sentence(row: Mapping[str, Any], other: str, pack: Pack, language: str) -> str:
    strength = float(row["strength"])
    way = "more" if strength > 0 else "less"
    size = abs(strength)
    word = "strong" if size >= STRONG else "clear" if size >= CLEAR else "weak"

    def written(value: float) -> str:
        return numbers.number(value, 2, language)

    said = pack.text(language, f"together.{word}").format(strength=written(strength))
    return pack.text(language, f"together.{row['kind']}.{way}").format(
        other=other, strength=said, low=written(row["low"]), high=written(row["high"])
    )
