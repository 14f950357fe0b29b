"""Where the numbers of a document come from, told in it: words, not database rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Source:
    """One source that the numbers rest on; dates are written in the reader's language."""

    name: str
    table: str = ""
    licence: str = ""
    updated: str = ""
    checksum: str = ""


def once(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Each table once, as it first comes: a survey has many rounds, and a reader needs one line.

    What is left out differs in its checksum and its day alone: a sheet lists them all.
    """
    found: dict[tuple[str, str, str], Source] = {}
    for each in sources:
        found.setdefault((each.name, each.table, each.licence), each)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a reader must know to use the numbers, and to find them again.

    address: leads back to exactly these numbers, also after a later release.
    release, made_at: of the newest release in the document. k: the smallest group shown.
    created: when that release was made, for programs; None where there is no release.
    synthetic: "" or the sentence that says the data are made up; it stands on every row.
    """

    title: str
    period: str
    address: str
    release: int
    made_at: str
    k: int
    pack: str
    synthetic: str
    sources: tuple[Source, ...]
    created: datetime | None = None

    def licences_of(self, source: str) -> str:
        """The different licences of a source's tables, in their order."""
        found = (s.licence for s in self.sources if s.name == source and s.licence)
        return ", ".join(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a sheet itself, in the reader's language.

    status: head of the column of codes, the same in every language. status_word: head of the
    column that says them in words; shown: the word of a shown cell there, the rest have theirs.
    """

    table: str
    values: str
    sources: str
    unit: str
    unit_key: str
    indicator: str
    indicator_key: str
    role: str
    period: str
    value: str
    measured_in: str
    status: str
    status_word: str
    shown: str
    level: str
    criteria: str
    years: str
    change: str
    given: str
    low: str
    high: str
    n: str
    provisional: str
    yes: str
    reason: str
    source: str
    source_table: str
    licence: str
    updated: str
    checksum: str
    release: str
    made_at: str
    smallest_group: str
    pack: str
    address: str
    synthetic: str
