"""Making releases: what was sealed and imported, judged by the analysis and published.

    answers     tallies of sealed rounds -> cells of a unit and all below it (`part_of_answers`)
    registers   figures as imported -> carried to the units of today -> cells (`part_of_registers`)

Cells of answers are released once. Cells of registers are released again when the source has
changed them; the newest counts.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.db import connections

from puls.cells import ReleasedCell
from puls.content.definitions import Pack
from puls.errors import NotNow, PulsError
from puls.units import UnitTree
from puls.web.assess import services
from puls.web.assess.models import Release
from puls.web.collect.definitions import checksum
from puls.web.collect.folders import Folders
from puls.web.collect.late import late_rounds
from puls.web.collect.models import Round
from puls.web.collect.national import National, Variances, look
from puls.web.collect.parts import Part, part_of_answers, part_of_registers
from puls.web.collect.rounds import rounds
from puls.web.tenants.access import as_whole_tree
from puls.web.tenants.queries import unit_tree

ASSESS = "assess"
LOCK = 7_857_002
"""Number of the advisory lock under which one release is made at a time."""


@dataclass(frozen=True)
class Made:
    """A release that was made, and how many of its cells have each status."""

    release: Release
    statuses: Mapping[str, int]


def release_round(found: Round, pack: Pack, folders: Folders, today: date) -> Made | None:
    """Release what a sealed round shows of its unit and all below. None: nothing is new.

    NotNow when a unit above was released without it.
    """
    with _working() as tree:
        day = _tree_day(found.period, pack, today)
        asked = rounds(ASSESS, survey=found.survey, period=found.period)
        late = late_rounds(pack, tree, asked)
        if found.key in late:
            raise NotNow(_too_late(found.key, late[found.key]))
        part = part_of_answers(
            found.survey, found.period, found.unit_id, pack, folders, tree, day, late
        )
        return _publish(found.period, found.unit_id, [part], pack, tree, day)


def release_period(
    period: int,
    pack: Pack,
    folders: Folders,
    today: date,
    unit: str | None = None,
    close: bool = False,
    tree: UnitTree | None = None,
    left_out: Callable[[str], object] = lambda _: None,
) -> list[Made]:
    """Release what is new in a school year: registers, and the answers of every sealed round.

    tree: of all units, where the caller has just written them; else it is read.
    unit: release the answers up to this unit too. All rounds at it and below must be sealed
    (NotNow says which are not), unless `close` says to go on without them. A cell of answers is
    released once: a round sealed later cannot change it.
    left_out: told, in a sentence each, which answers no longer fit what was released. They hold
    up nothing else.

    One release for each unit whose answers are released, so that it can be seen by those who see
    the unit; what registers say is for all, and goes with the country's.
    """
    with _working(tree) as tree:
        if unit is not None and unit not in tree:
            raise PulsError(f"There is no unit '{unit}'. Its key stands in its page's address.")
        day = _tree_day(period, pack, today)
        country = pack.country.root
        parts: dict[str, list[Part]] = {}
        counted: list[Round] = []
        for survey in sorted({key for key, _ in pack.surveys}):
            asked = rounds(ASSESS, survey=survey, period=period)
            late = late_rounds(pack, tree, asked)
            for each in asked:
                if each.key in late and each.state == Round.State.SEALED:
                    left_out(_too_late(each.key, late[each.key]))
            in_time = [each for each in asked if each.key not in late]
            counted += [each for each in in_time if each.state == Round.State.SEALED]
            for root in _roots(in_time, tree, unit, close):
                try:
                    part = part_of_answers(survey, period, root, pack, folders, tree, day, late)
                except NotNow as reason:
                    if unit is not None:
                        raise
                    left_out(f"Left out: {reason}")
                else:
                    parts.setdefault(root, []).append(part)
        # The country's comes last: what it finds is found in all of them.
        parts[country] = [*parts.pop(country, []), part_of_registers(period, pack, tree, day)]

        def beside(new: Sequence[ReleasedCell], variances: Variances) -> National:
            return look(period, counted, new, variances, pack, folders, tree, day)

        made = [
            _publish(period, root, each, pack, tree, day, beside if root == country else None)
            for root, each in parts.items()
        ]
        return [each for each in made if each is not None]


def periods_to_release() -> list[int]:
    """The school years that there are figures or rounds of, oldest first."""
    with as_whole_tree(ASSESS), connections[ASSESS].cursor() as cursor:
        cursor.execute("SELECT period FROM collect_figure UNION SELECT period FROM collect_round")
        return sorted(period for (period,) in cursor.fetchall())


@contextmanager
def _working(tree: UnitTree | None = None) -> Iterator[UnitTree]:
    """One transaction on the whole tree in which no other release is made."""
    with as_whole_tree(ASSESS):
        with connections[ASSESS].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield tree or unit_tree(ASSESS)


def _tree_day(period: int, pack: Pack, today: date) -> date:
    """The day whose units a school year's releases speak of: the same for all of them."""
    before = Release.objects.using(ASSESS).filter(period=period).order_by("id").first()
    if before is not None:
        return before.tree_day
    return max(today, date(period, *pack.country.school_year_starts))


def _roots(asked: Sequence[Round], tree: UnitTree, unit: str | None, close: bool) -> list[str]:
    """The units to release answers of, each with all below it."""
    sealed = [each.unit_id for each in asked if each.state == Round.State.SEALED]
    if unit is None:
        return sealed
    below = [each for each in asked if unit in tree.lineage(each.unit_id)]
    waiting = [each.key for each in below if each.state != Round.State.SEALED]
    if waiting and not close:
        raise NotNow(
            f"{unit} waits for rounds that are not sealed: {', '.join(waiting[:10])}. Seal them, "
            "or add --close to release without them, for good."
        )
    counted = [root for root in sealed if unit in tree.lineage(root) or root in tree.lineage(unit)]
    return [unit] if counted else []


def _too_late(key: str, above: str) -> str:
    return (
        f"Round {key} was sealed after {above} had been released without it. It is left out: what "
        "is released stays as it is."
    )


def _publish(
    period: int,
    root: str,
    parts: Sequence[Part],
    pack: Pack,
    tree: UnitTree,
    day: date,
    beside: Callable[[Sequence[ReleasedCell], Variances], National] | None = None,
) -> Made | None:
    """Make a release of the parts, if there is anything in them.

    beside: what to find beside cells, given the new ones and the variances behind them.
    """
    answers = [cell for part in parts if part.from_answers for cell in part.cells]
    registers = [cell for part in parts if not part.from_answers for cell in part.cells]
    if not answers and not registers:
        return None
    used = [part for part in parts if part.cells]
    variances = {part.survey: part.variances for part in used if part.variances}
    national = beside([*answers, *registers], variances) if beside else National()
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
    )
    made = services.publish(draft, tree, answers, registers, national.marks)
    return Made(made, Counter(cell.status.value for cell in (*answers, *registers)))
