"""What became of a school's own items when a round was sealed: counts for the round as a whole.

No row of a person is kept, and no leaf group. Written answers are kept only where enough people
were asked, each by itself and in random order.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom

from puls.content.definitions import Scale
from puls.web.collect.durable import replacing
from puls.web.collect.own_items import Kind, OwnItem, from_bytes

ENOUGH_FOR_WORDS = 20
"""People who were asked own items, below which what somebody wrote is not kept. Those who came in
from a file were not: the leader knows how many they are, so they hide nobody."""
ENOUGH_FOR_SHARES = 10
SMALLEST = 3
"""Of answers that are shown as one: nobody, or at least so many."""


@dataclass(frozen=True)
class OwnCount:
    """counts: people by step of the scale, from the lowest. words: what people wrote."""

    item: OwnItem
    counts: list[int]
    words: list[str]


@dataclass(frozen=True)
class Band:
    """Neighbouring steps of the scale, shown as one: from, to, and how many people."""

    low: int
    high: int
    people: int


def write(file: Path, items: Sequence[OwnItem], scale: Scale, stored: Sequence[bytes]) -> None:
    """Count own items and keep the counts. stored: one a person, as `own_items.to_bytes`, or
    nothing of a person who came in from a file.
    """
    asked = sum(1 for each in stored if each)
    people = [from_bytes(items, each) for each in stored]
    told = []
    for place, item in enumerate(items):
        given = [person[place] for person in people]
        steps = range(1, scale.high - scale.low + 2)
        words = [each for each in given if isinstance(each, str) and each]
        SystemRandom().shuffle(words)
        counts = [given.count(step) for step in steps] if item.kind is Kind.SCALE else []
        told.append({"counts": counts, "words": words if asked >= ENOUGH_FOR_WORDS else []})
    with replacing(file) as draft:
        draft.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def read(file: Path, items: Sequence[OwnItem]) -> list[OwnCount]:
    """What was counted; nothing where a round had no own items."""
    if not file.exists():
        return []
    told = json.loads(file.read_text(encoding="utf-8"))
    return [
        OwnCount(item, each["counts"], each["words"])
        for item, each in zip(items, told, strict=True)
    ]


def bands(counts: Sequence[int]) -> list[Band]:
    """What may be shown: neighbours put together until each band has nobody or `SMALLEST`.

    Nothing with fewer than `ENOUGH_FOR_SHARES` answers, and nothing where all of them would be
    one band: that would say what everybody answered.
    """
    if sum(counts) < ENOUGH_FOR_SHARES:
        return []
    found: list[Band] = []
    for step, people in enumerate(counts, start=1):
        if found and 0 < found[-1].people < SMALLEST:
            found[-1] = Band(found[-1].low, step, found[-1].people + people)
        else:
            found.append(Band(step, step, people))
    while len(found) > 1 and 0 < found[-1].people < SMALLEST:
        last = found.pop()
        found[-1] = Band(found[-1].low, last.high, found[-1].people + last.people)
    return found if sum(each.people > 0 for each in found) > 1 else []
