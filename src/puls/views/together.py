"""What an indicator goes together with, in plain words: never what causes what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from puls.content.definitions import Pack
from puls.views import numbers

STRONG, CLEAR = 0.5, 0.3


@dataclass(frozen=True, slots=True)
class Together:
    """What goes together with one indicator.

    told: a sentence for each. unclear: names of the rest asked of. listed: the same as told, for a
    list: what is said of several stands once above their lines.
    """

    told: tuple[str, ...]
    unclear: tuple[str, ...]
    listed: tuple[tuple[str, tuple[str, ...]], ...] = ()


def together(
    rows: Iterable[Mapping[str, Any]], indicator: str, pack: Pack, language: str
) -> Together:
    """What was found about one indicator, in the order of the pack's own list.

    rows: as `puls.analysis.findings` tells them: kind ("units" or "respondents"), a, b, strength
        with low and high, and together: whether it may be told.
    """
    told: list[str] = []
    lines: dict[str, list[str]] = {}
    silent: dict[str, None] = {}
    heard: set[str] = set()
    for row in rows:
        if indicator not in (row["a"], row["b"]):
            continue
        key = row["b"] if row["a"] == indicator else row["a"]
        other = pack.text(language, f"indicator.{key}.name")
        if row["together"]:
            heard.add(other)
            told.append(_told(row, other, f"{row['kind']}.{_way(row)}", pack, language))
            head = pack.text(language, f"together.listed.{row['kind']}.{_way(row)}")
            lines.setdefault(head, []).append(_told(row, other, "listed.one", pack, language))
        else:
            silent[other] = None
    return Together(
        tuple(told),
        tuple(name for name in silent if name not in heard),
        tuple((head, tuple(under)) for head, under in lines.items()),
    )


def _way(row: Mapping[str, Any]) -> str:
    return "more" if row["strength"] > 0 else "less"


def _told(row: Mapping[str, Any], other: str, key: str, pack: Pack, language: str) -> str:
    strength = float(row["strength"])
    size = abs(strength)
    word = "strong" if size >= STRONG else "clear" if size >= CLEAR else "weak"

    def written(value: float) -> str:
        return numbers.number(value, 2, language)

    said = pack.text(language, f"together.{word}").format(strength=written(strength))
    return pack.text(language, f"together.{key}").format(
        other=other, strength=said, low=written(row["low"]), high=written(row["high"])
    )
