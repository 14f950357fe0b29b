"""Making releases: what was sealed and imported, judged by the analysis and published.

    answers     tallies of sealed rounds -> cells of a unit and all below it (`part_of_answers`)
    registers   figures as imported -> carried to the units of today -> cells (`part_of_registers`)

    further     with the country's: cells of parts and of years together (`further`)
    national    with the country's: marks, and what goes together (`national`)

Cells of answers are released once. Cells of registers are released again when the source has
changed them; the newest counts. Answers that came late are for corrections (`correcting`).
"""

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.db import connections

from puls.content.definitions import Pack
from puls.content.own import is_own
from puls.errors import NotNow, PulsError
from puls.units import UnitTree
from puls.web.assess import gates, services
from puls.web.assess.locking import wait_for_releases
from puls.web.assess.models import Release
from puls.web.collect.folders import Folders
from puls.web.collect.late import CORRECTION, arrivals, late_rounds
from puls.web.collect.models import Round
from puls.web.collect.rounds import rounds
from puls.web.releasing import enough, gating
from puls.web.releasing.definitions import as_ever, checksum
from puls.web.releasing.further import with_further
from puls.web.releasing.national import National, look
from puls.web.releasing.parts import Part, part_of_answers, part_of_registers
from puls.web.tenants.access import as_whole_tree
from puls.web.tenants.queries import unit_tree

ASSESS = "assess"
Say = Callable[[str], object]


@dataclass(frozen=True)
class Made:
    """A release that was made, and how many of its cells have each status."""

    release: Release
    statuses: Mapping[str, int]


def release_round(
    found: Round,
    pack: Pack,
    folders: Folders,
    today: date,
    left_out: Say = lambda _: None,
) -> Made | None:
    """Release what a sealed round shows of its unit and all below. None: nothing is new.

    left_out: told, in a sentence, when a unit above was released without it.
    """
    with working() as tree:
        day = tree_day(found.period, pack, today)
        asked = rounds(ASSESS, survey=found.survey, period=found.period)
        late = late_rounds(pack, tree, asked)
        if found.key in late:
            left_out(too_late(found.key, late[found.key], pack))
            return None
        without = late.keys() | _corrected()
        if found.key in without:
            return None
        parts = {
            root: [
                part_of_answers(found.survey, found.period, root, pack, folders, tree, day, without)
            ]
            for root in gating.roots(found.unit_id, gates.holding(found.period), tree, day)
        }
        made = _publish_all(found.period, parts, pack, folders, tree, day, left_out)
        return _together(made)


def release_period(
    period: int,
    pack: Pack,
    folders: Folders,
    today: date,
    unit: str | None = None,
    close: bool = False,
    tree: UnitTree | None = None,
    left_out: Say = lambda _: None,
) -> list[Made]:
    """Release what is new in a school year: registers, and the answers of every sealed round.

    tree: of all units, where the caller has just written them; else it is read.
    unit: release the answers up to this unit too. All rounds at it and below must be sealed
    (NotNow says which are not), and a unit above the administrations must rest on `enough` of
    them, unless `close` says to go on as it is. A cell of answers is released once: a round sealed
    later cannot change it.
    left_out: told, in a sentence each, which answers no longer fit what was released. They hold
    up nothing else.

    One release for each unit whose answers are released, so that it can be seen by those who see
    the unit; what registers say is for all, and goes with the country's.
    """
    with working(tree) as tree:
        if unit is not None and unit not in tree:
            raise PulsError(f"There is no unit '{unit}'. Its key stands in its page's address.")
        day = tree_day(period, pack, today)
        corrected, coming = _corrected(), gates.holding(period)
        parts: dict[str, list[Part]] = {
            pack.country.root: [part_of_registers(period, pack, tree, day)]
        }
        for survey in sorted({key for key, _ in pack.surveys}):
            if is_own(survey) and unit is not None and _is_above_owners(unit, pack, tree):
                # Asked in one administration: nothing to put together with others, or to compare.
                continue
            asked = rounds(ASSESS, survey=survey, period=period)
            late = late_rounds(pack, tree, asked)
            for each in asked:
                if each.key in late and each.state == Round.State.SEALED:
                    left_out(too_late(each.key, late[each.key], pack))
            without = late.keys() | corrected
            in_time = [each for each in asked if each.key not in without]
            for root in gating.units_to_release(in_time, tree, unit, close, coming, day):
                try:
                    part = part_of_answers(survey, period, root, pack, folders, tree, day, without)
                    if unit is not None and not close:
                        enough.check(part.cells, in_time, tree, day, pack.country)
                except NotNow as reason:
                    if unit is not None:
                        raise
                    left_out(f"Left out: {reason}")
                else:
                    parts.setdefault(root, []).append(part)
        again = unit == pack.country.root
        return _publish_all(period, parts, pack, folders, tree, day, left_out, again)


def periods_to_release() -> list[int]:
    """The school years that there are figures or rounds of, oldest first."""
    with as_whole_tree(ASSESS), connections[ASSESS].cursor() as cursor:
        cursor.execute("SELECT period FROM collect_figure UNION SELECT period FROM collect_round")
        return sorted(period for (period,) in cursor.fetchall())


@contextmanager
def working(tree: UnitTree | None = None) -> Iterator[UnitTree]:
    """One transaction on the whole tree in which no other release is made."""
    with _never_tidied(), as_whole_tree(ASSESS):
        wait_for_releases(ASSESS)
        yield tree or unit_tree(ASSESS)


@contextmanager
def _never_tidied() -> Iterator[None]:
    """Without the search for cycles: a release makes a million objects, and none has any.

    Looking through all of them again and again would take a third of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def tree_day(period: int, pack: Pack, today: date) -> date:
    """The day whose units a school year's releases speak of: the same for all of them."""
    before = Release.objects.using(ASSESS).filter(period=period).order_by("id").first()
    if before is not None:
        return before.tree_day
    return max(today, date(period, *pack.country.school_year_starts))


def publish(
    period: int,
    root: str,
    parts: Sequence[Part],
    pack: Pack,
    folders: Folders,
    tree: UnitTree,
    day: date,
) -> Made | None:
    """Make a release of the parts, if there is anything in them.

    The country's says besides what is found in all that is released, itself included.
    """
    answers = [cell for part in parts if part.from_answers for cell in part.cells]
    registers = [cell for part in parts if not part.from_answers for cell in part.cells]
    if not answers and not registers:
        return None
    used = [part for part in parts if part.cells]
    variances = {part.survey: part.variances for part in used if part.variances}
    national = National()
    if root == pack.country.root and not gating.holds_back(period):
        counted = _counted(period, pack, tree)
        new = [*answers, *registers]
        national = look(period, counted, new, variances, pack, folders, tree, day)
    draft = services.Draft(
        pack=pack.key,
        pack_version=pack.version,
        definitions=checksum(pack),
        k=pack.thresholds.signed_in,
        period=period,
        tree_day=day,
        root=root,
        is_synthetic=any(part.is_synthetic for part in used),
        sources=[source for part in used for source in part.sources],
        variances=variances,
        findings=national.findings,
        measured=as_ever(pack),
    )
    made = services.publish(draft, tree, answers, registers, national.marks)
    surveys = [part.survey for part in used if part.survey]
    if surveys or national.marks:
        gates.counted(period, tree.path(root), [] if national.marks else surveys)
    return Made(made, Counter(cell.status.value for cell in (*answers, *registers)))


def _is_above_owners(unit: str, pack: Pack, tree: UnitTree) -> bool:
    tiers = pack.country.tier_keys
    return tiers.index(tree[unit].tier) < tiers.index(pack.country.tenant_tier)


def too_late(key: str, above: str, pack: Pack) -> str:
    """A sentence about a round that a release went out without."""
    then = (
        "To release corrected numbers beside it, once the country is released: ./puls release "
        "--correct"
        if CORRECTION in pack.admission
        else "The pack has no corrections."
    )
    return (
        f"Round {key} was sealed after {above} had been released without it. It is left out: what "
        f"is released stays as it is. {then}"
    )


def _publish_all(
    period: int,
    parts: Mapping[str, Sequence[Part]],
    pack: Pack,
    folders: Folders,
    tree: UnitTree,
    day: date,
    left_out: Say,
    again: bool = False,
) -> list[Made]:
    """A release for each unit, the country's last, with what goes beside its cells.

    again: look for further cells also where the country's cells were released before.
    """
    country = pack.country.root
    made = [
        publish(period, root, each, pack, folders, tree, day)
        for root, each in parts.items()
        if root != country
    ]
    if country in parts:
        whole = [
            with_further(part, period, pack, folders, tree, day, left_out)
            if part.survey and (part.cells or again) and not gating.holds_back(period, part.survey)
            else part
            for part in parts[country]
        ]
        made.append(publish(period, country, whole, pack, folders, tree, day))
    return [each for each in made if each is not None]


def _together(made: Sequence[Made]) -> Made | None:
    """Several releases of one round as one, told by the first."""
    if not made:
        return None
    return Made(made[0].release, sum((Counter(each.statuses) for each in made), Counter()))


def _corrected() -> set[str]:
    """Keys of rounds that corrections count: unit cells never do."""
    return {key for key, number in arrivals().items() if number}


def _counted(period: int, pack: Pack, tree: UnitTree) -> list[Round]:
    """The sealed rounds of a school year that came in time."""
    found = []
    for survey in sorted({key for key, _ in pack.surveys if not is_own(key)}):
        asked = rounds(ASSESS, survey=survey, period=period)
        without = late_rounds(pack, tree, asked).keys() | _corrected()
        found += [
            each for each in asked if each.state == Round.State.SEALED and each.key not in without
        ]
    return found
