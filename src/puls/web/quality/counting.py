"""From placements to spreads, once: counted, held against the rule, and nobody's any more.

Pages cannot read placements of others. Counting is a step of its own, done as puls_assess, the
role that counts answers; it gives a page nothing but what may be told.
"""

import random
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connections
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from puls.analysis.spreads import may_be_told
from puls.content.own import all_versions
from puls.errors import NotNow
from puls.web.packs import pack
from puls.web.quality.models import Placement, Placing, Reason, Source, Spread
from puls.web.tenants.access import Reach, as_whole_tree
from puls.web.tenants.models import Unit
from puls.web.tenants.permissions import Place, check, place_of

ASSESS, WEB = "assess", "default"
LEVELS = (1, 2, 3, 4)


def enough(by: Reach, placing: Placing) -> dict[str, bool]:
    """By rubric, whether at least k people have placed so far. Nothing else leaves the count."""
    check("placing_run", by, Place(placing.tenant_id, placing.path))
    k = pack().thresholds.signed_in
    with as_whole_tree(ASSESS):
        rubrics = _placements(placing.pk).values_list("rubric", flat=True)
        given = list(rubrics)
    return {key: given.count(key) >= k for key in pack().rubrics}


def placing_close(by: Reach, placing: Placing, closed_by: str) -> None:
    """Count every rubric, keep what may be told, and delete who said what. There is no way back."""
    check("placing_run", by, Place(placing.tenant_id, placing.path))
    with as_whole_tree(ASSESS):
        wait_for_turn(placing.unit_id, ASSESS)
        now = Placing.objects.using(ASSESS).filter(pk=placing.pk, closed_at__isnull=True)
        if not now.update(closed_by=closed_by, closed_at=timezone.now()):
            raise NotNow(_("The placing is closed already."))
        given = list(_placements(placing.pk))
        # One that was replaced meanwhile is counted too, as far as people were placed on it.
        placed = {each.rubric for each in given}
        for rubric, known in pack().rubrics.items():
            if not known.in_force and rubric not in placed:
                continue
            of_it = [each for each in given if each.rubric == rubric]
            counts = [sum(each.level == level for each in of_it) for level in LEVELS]
            row = _counted(placing.unit, placing.period, rubric, counts, placing.pk, ASSESS)
            row.source = Source.STAFF
            row.save(using=ASSESS, force_insert=True)
            if row.is_told:
                _keep_reasons(row, (each.reason for each in of_it if each.reason))
        _placements(placing.pk).delete()


def spread_add(
    by: Reach, unit: Unit, period: int, rubric: str, counts: Sequence[int], reference: UUID
) -> bool:
    """Keep the counted result of a vote in a meeting. Returns whether it is told.

    counts: people on level 1, 2, 3 and 4. reference: of the vote; a second time changes nothing.
    The same rule holds as for a placing, against all that was told of this rubric this year.
    """
    check("placing_run", by, place_of(unit))
    if rubric not in pack().rubrics or len(counts) != len(LEVELS) or min(counts) < 0:
        raise NotNow(_("This is no spread over the levels of a rubric."))
    wait_for_turn(unit.key, WEB)
    known = Spread.objects.filter(reference=reference, rubric=rubric).first()
    if known is not None:
        return known.is_told
    row = _counted(unit, period, rubric, counts, reference, WEB)
    row.source = Source.MEETING
    row.save(force_insert=True)
    return row.is_told


def wait_for_turn(unit: str, using: str, *, shared: bool = False) -> None:
    """Until the end of the transaction, who places and who counts do not meet at this unit."""
    call = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT {call}(hashtextextended(%s, 0))", [f"quality {unit}"])


def _placements(placing: UUID) -> QuerySet[Placement]:
    return Placement.objects.using(ASSESS).filter(placing=placing)


def _counted(
    unit: Unit, period: int, rubric: str, counts: Sequence[int], reference: UUID, using: str
) -> Spread:
    """The spread as it is kept: without its counts where they may not be told."""
    k = pack().thresholds.signed_in
    # The next version of an own rubric may differ by a comma: between the two, too, nobody shows.
    begin = all_versions(rubric)
    same = Q(rubric__startswith=begin) if begin else Q(rubric=rubric)
    before = Spread.objects.using(using).filter(same, unit=unit.key, period=period, is_told=True)
    told = may_be_told(counts, k, [each.counts for each in before])
    kept = list(counts) if told else [0] * len(LEVELS)
    return Spread(
        tenant_id=unit.tenant_id,
        unit_id=unit.key,
        path=unit.path,
        depth=unit.depth,
        period=period,
        rubric=rubric,
        reference=reference,
        k=k,
        is_told=told,
        made_at=timezone.now(),
        **{f"level_{level}": count for level, count in zip(LEVELS, kept, strict=True)},
    )


def _keep_reasons(spread: Spread, texts: Iterable[str]) -> None:
    """In an order that tells nothing of who wrote when."""
    shuffled = list(texts)
    random.SystemRandom().shuffle(shuffled)
    Reason.objects.using(ASSESS).bulk_create(
        Reason(
            tenant_id=spread.tenant_id,
            unit_id=spread.unit_id,
            path=spread.path,
            depth=spread.depth,
            spread=spread,
            text=text,
        )
        for text in shuffled
    )
