"""What a dialogue map is about: indicators, what goes together, and what a team itself thinks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from puls.content.definitions import Pack, Role
from puls.views.charts.reading import Spot
from puls.views.charts.scene import Chart


@dataclass(frozen=True, slots=True)
class OwnLine:
    """What a team thinks hangs together: two indicators, and a note in its own words or "".

    b: "" for a note on one indicator, which is no line. number: as it stands in a list beside the
    picture; 0 for its place among those on the map.
    """

    a: str
    b: str
    note: str = ""
    number: int = 0

    @property
    def ends(self) -> set[str]:
        """Keys of the indicators that it is about."""
        return {key for key in (self.a, self.b) if key}


@dataclass(frozen=True, slots=True)
class Tie:
    """What data show of two indicators.

    strength: -1 to 1, with low and high. sure: it may be told; otherwise the figures do not
    settle whether there is anything.
    """

    a: str
    b: str
    strength: float
    low: float
    high: float
    sure: bool


@dataclass(frozen=True, slots=True)
class Node:
    """One indicator of the map.

    href: where the reader chooses it, or "". told: what goes together with it: a sentence that
    names all; beside a chosen one a sentence about the two. unclear: names of those of which the
    figures do not tell. thought: the team's own notes. neighbours: keys of all of these.
    """

    key: str
    name: str
    role: Role
    spot: Spot
    href: str = ""
    chosen: bool = False
    told: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    thought: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """The indicators of one role, in the order of the pack."""

    role: Role
    name: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class DialogueMap:
    """chart: the picture and its table. columns: the same as a list, for screen readers and phones.

    questions: to talk about, for the chosen pair, or none.
    """

    chart: Chart
    columns: tuple[Column, ...]
    chosen: str = ""
    questions: tuple[str, ...] = ()

    @property
    def nodes(self) -> tuple[Node, ...]:
        return tuple(node for column in self.columns for node in column.nodes)


def telling(
    rows: Iterable[Mapping[str, Any]], keys: Iterable[str]
) -> dict[frozenset[str], Mapping[str, Any]]:
    """Of each pair of the keys that anything is known of, the row that says most, in their order.

    rows: as `puls.analysis.findings` tells associations. Of a pair that was looked at in two ways,
    among units and among respondents, what may be told comes first, then what is stronger.
    """
    known = set(keys)
    found: dict[frozenset[str], Mapping[str, Any]] = {}

    def says(row: Mapping[str, Any]) -> tuple[bool, float]:
        return bool(row["together"]), abs(float(row["strength"]))

    for row in rows:
        if row["strength"] is None or not {row["a"], row["b"]} <= known:
            continue
        pair = frozenset((row["a"], row["b"]))
        if pair not in found or says(row) > says(found[pair]):
            found[pair] = row
    return found


def ties(rows: Iterable[Mapping[str, Any]], keys: Iterable[str]) -> list[Tie]:
    """One tie for each pair of the keys that anything is known of: what `telling` picks."""
    found = []
    for row in telling(rows, keys).values():
        strength, low, high = (float(row[name]) for name in ("strength", "low", "high"))
        found.append(Tie(row["a"], row["b"], strength, low, high, bool(row["together"])))
    return found


def neighbours(key: str, lines: Iterable[Tie | OwnLine]) -> set[str]:
    """Keys of everything that a line connects with this indicator."""
    return {line.b if line.a == key else line.a for line in lines if key in (line.a, line.b)}


def own_words(own: OwnLine, pack: Pack, language: str, words: Mapping[str, str]) -> str:
    """A line or a note of the team in one sentence, which says whose it is."""
    names = [pack.text(language, f"indicator.{key}.name") for key in (own.a, own.b) if key]
    if not own.b:
        return words["map.thought_of"].format(a=names[0], note=own.note)
    return words["map.thought"].format(a=names[0], b=names[1], note=own.note).strip()


def questions(pack: Pack, language: str, a: str, b: str) -> tuple[str, ...]:
    """The pack's reflection questions for a pair of indicators, or none.

    Texts pair.<a>.<b>.question_1, question_2 ... where the pack has its own for the pair, in either
    order; else pair.<role of a>_<role of b>.question_1 ..., which may name {a} and {b}.
    """
    texts = pack.texts[language]
    first, second = pack.indicators[a], pack.indicators[b]
    if list(Role).index(first.role) > list(Role).index(second.role):
        first, second = second, first
    names = {
        "a": pack.text(language, f"indicator.{first.key}.name"),
        "b": pack.text(language, f"indicator.{second.key}.name"),
    }
    own = [f"pair.{a}.{b}", f"pair.{b}.{a}"]
    for stem in (*own, f"pair.{first.role}_{second.role}"):
        found = _numbered(texts, stem)
        if found:
            return tuple(question.format(**names) for question in found)
    return ()


def _numbered(texts: Mapping[str, str], stem: str) -> Sequence[str]:
    found: list[str] = []
    while (key := f"{stem}.question_{len(found) + 1}") in texts:
        found.append(texts[key])
    return found
