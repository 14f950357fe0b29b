"""Ten million released values for `benchmarks.serve`: made up, loaded by COPY.

A country of 3,373 units with 300 indicators a year, 40 of them the pack's, so that a page of all
that is known reads past the others as past those that a pack has given up. All schools lie in 176
municipalities, 17 or a few more in each: with the three units above, a table of 20 rows.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import psycopg

from puls.content.definitions import Pack
from puls.units import Unit, UnitTree

COUNTIES, MUNICIPALITIES, SCHOOLS = 15, 357, 3000
WITH_SCHOOLS = 176
INDICATORS, COLUMNS = 300, 40
LAST = 2025
COPY = (
    "COPY assess_cell (release_id, unit_id, tier, path, depth, indicator, version, period,"
    " from_answers, status, value, n, low, high, level_low, level_high, note, provisional,"
    " of_unit, judged_by, part, years, correction, public) FROM STDIN"
)


def tree() -> UnitTree:
    """15 counties, 357 municipalities and 3,000 schools: with the country 3,373 units."""
    units = [Unit("no", "country", "The country", None)]
    units += [Unit(f"no-{at:02}", "county", f"County {at}", "no") for at in range(COUNTIES)]
    for at in range(MUNICIPALITIES):
        above = f"no-{at % COUNTIES:02}"
        units.append(Unit(municipality(at), "municipality", f"Municipality {at}", above))
    for at in range(SCHOOLS):
        units.append(
            Unit(f"school-{at:04}", "school", f"School {at}", municipality(at % WITH_SCHOOLS))
        )
    return UnitTree(units)


def municipality(at: int) -> str:
    return f"no-{at % COUNTIES:02}{at:03}"


def columns(pack: Pack) -> list[str]:
    """The indicators of the table: all of the pack that anything is known of."""
    return sorted(pack.indicators)[:COLUMNS]


def load(
    admin: psycopg.Connection[object], pack: Pack, releases: dict[int, int], units: UnitTree
) -> int:
    """Adds the cells of these years, whose releases are there. Returns how many.

    One cell in twelve is hidden, as small groups are, with its number of answers left out.
    """
    admin.execute("SET session_replication_role = replica")
    count = 0
    with admin.cursor() as cursor, cursor.copy(COPY) as copy:
        for key in sorted(units.units):
            for lines in _of_unit(units, key, pack, releases):
                copy.write("".join(lines))
                count += len(lines)
    admin.execute("SET session_replication_role = DEFAULT")
    return count


def _of_unit(
    units: UnitTree, key: str, pack: Pack, releases: dict[int, int]
) -> Iterator[Sequence[str]]:
    path = units.path(key)
    place = f"{key}\t{units[key].tier}\t{path}\t{path.count('/')}"
    known = {name: pack.indicators[name].version for name in columns(pack)}
    more = {f"zz_other_{at:03}": 1 for at in range(INDICATORS - len(known))}
    versions = sorted({**known, **more}.items())
    for period, release in sorted(releases.items()):
        chance = np.random.default_rng([period, *key.encode()])
        values = chance.uniform(1.5, 4.8, len(versions)).round(3).tolist()
        hidden = (chance.random(len(versions)) < 1 / 12).tolist()
        yield [
            f"{release}\t{place}\t{name}\t{version}\t{period}\tt\t"
            + (
                "few\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N"
                if few
                else f"shown\t{value}\t84\t{value - 0.1:.3f}\t{value + 0.1:.3f}\t{level}\t{level}"
            )
            + "\t\tf\t\t\t\t1\t0\tf\n"
            for (name, version), value, few in zip(versions, values, hidden, strict=True)
            for level in [1 + (value > 3) + (value > 4)]
        ]
