"""What a reader must know about a period's place on its line: new questions, new borders."""

from collections.abc import Iterable, Mapping

from puls import periods
from puls.analysis.trends import Kind, Note
from puls.content.definitions import Pack
from puls.views import numbers

TOLD = (Kind.NEW_VERSION, Kind.SPLIT, Kind.MERGER, Kind.GROWN)
"""The other kinds are told by the reason of the cell itself."""


def sentences(
    notes: Iterable[Note],
    period: int,
    pack: Pack,
    language: str,
    *,
    since: int | None = None,
    unit_names: Mapping[str, str],
) -> list[str]:
    """The notes that concern a period and its change since an earlier one, each in a sentence.

    notes: of the line, as `puls.analysis.trends.notes` gives them. since: the period that a change
    is told from, if any. unit_names: of units that there were; one without a name keeps its key.
    """
    first = period if since is None else since + 1
    found = []
    for note in notes:
        if note.kind in TOLD and first <= note.since <= period:
            assert note.after is not None, f"a {note.kind} lies between two periods"
            was = sorted(unit_names.get(unit, unit) for unit in note.units)
            words = {
                "since": periods.label(note.since),
                "after": periods.label(note.after),
                "units": numbers.all_of(was, language),
            }
            found.append(pack.text(language, f"note.{note.kind}").format(**words))
    return found
