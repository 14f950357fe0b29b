"""What an import would change: its figures beside those that count now."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connections

from puls.figures import Figure


@dataclass(frozen=True)
class Difference:
    """How many figures are there for the first time, are other than before, or the same."""

    new: int
    changed: int
    same: int


def difference(figures: Sequence[Figure], using: str = "intake") -> Difference:
    """Compare with what was imported before, by indicator, unit and school year.

    Needs a transaction on the whole tree. Of two earlier imports the one counts whose source was
    changed later, else the later import, as in a release.
    """
    before = _counting(sorted({figure.indicator for figure in figures}), using)
    new = same = 0
    for each in figures:
        key = (each.indicator, each.unit, each.period)
        if key not in before:
            new += 1
        elif before[key] == (each.value, each.note, each.provisional):
            same += 1
    return Difference(new, len(figures) - new - same, same)


def _counting(
    indicators: Sequence[str], using: str
) -> dict[tuple[str, str, int], tuple[float | None, str, bool]]:
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (f.indicator, f.unit_id, f.period)"
            " f.indicator, f.unit_id, f.period, f.value, f.note, f.provisional"
            " FROM collect_figure f JOIN collect_importrecord r ON r.id = f.record_id"
            " WHERE f.indicator = ANY(%s)"
            " ORDER BY f.indicator, f.unit_id, f.period, r.updated DESC NULLS LAST,"
            " f.record_id DESC",
            [list(indicators)],
        )
        return {(row[0], row[1], row[2]): (row[3], row[4], row[5]) for row in cursor.fetchall()}
