"""A school's own items beside the pack's: at most four, never compared, never scored.

Their answers lie behind the pack's in the same encrypted row. Sealing counts them for the round as
a whole; no row of them is kept, so nothing ties them to the other answers of the same person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST = 4
LONGEST = 400
"""Letters of a written answer."""
WORDS_BYTES = 4 * LONGEST
"""Set aside for a written answer, however long it is: a length tells nothing."""


class Kind(StrEnum):
    SCALE = "scale"
    """The survey's own scale."""
    WORDS = "words"
    """A written answer, never asked of children."""


@dataclass(frozen=True)
class OwnItem:
    """text: by language of the pack."""

    kind: Kind
    text: Mapping[str, str]

    def in_language(self, language: str) -> str:
        """Its words, in another language where there are none in this one."""
        return self.text.get(language) or next(iter(self.text.values()))


def read(rows: Sequence[Mapping[str, Any]]) -> tuple[OwnItem, ...]:
    """From what a plan keeps."""
    return tuple(OwnItem(Kind(row["kind"]), dict(row["text"])) for row in rows)


def as_rows(items: Sequence[OwnItem]) -> list[dict[str, Any]]:
    """What a plan keeps."""
    return [{"kind": str(each.kind), "text": dict(each.text)} for each in items]


def to_bytes(items: Sequence[OwnItem], answers: Sequence[int | str]) -> bytes:
    """Answers to own items as they are stored; 0 and "" for skipped. Always as many bytes."""
    made = b""
    for item, answer in zip(items, answers, strict=True):
        if item.kind is Kind.SCALE:
            assert isinstance(answer, int)
            made += bytes([answer])
        else:
            made += str(answer).encode().ljust(WORDS_BYTES, b"\0")
    return made


def from_bytes(items: Sequence[OwnItem], stored: bytes) -> list[int | str]:
    """The other way round. Nothing stored, as of answers from a file, is skipped."""
    found: list[int | str] = []
    for item in items:
        if item.kind is Kind.SCALE:
            found.append(stored[0] if stored else 0)
            stored = stored[1:]
        else:
            found.append(stored[:WORDS_BYTES].rstrip(b"\0").decode())
            stored = stored[WORDS_BYTES:]
    return found
