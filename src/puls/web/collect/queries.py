"""What pages about rounds show. Called within a reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from puls.content.definitions import Pack
from puls.views.response import asked_and_answered, response_step
from puls.web.collect import given_codes, jobs, running
from puls.web.collect.intake import INTAKE
from puls.web.collect.models import ANSWERS, Group, ImportRecord, Plan, Round
from puls.web.tenants.access import as_whole_tree
from puls.web.tenants.queries import name_order


@dataclass(frozen=True)
class Seen:
    """A plan and how far it has come. state: "prepared", or the round's."""

    plan: Plan
    state: str
    answers: int | None


@dataclass(frozen=True)
class GroupSeen:
    """A group and what may be said of it. codes: how many were given out. at_least: or None."""

    group: Group
    codes: int
    at_least: int | None


def plans(reach_path: str) -> list[Seen]:
    """Those at a unit and below it, the newest school year first."""
    found = Plan.objects.select_related("unit").order_by("-period", "survey", "unit__name")
    mine = [each for each in found if f"{each.path}/".startswith(f"{reach_path}/")]
    return [_seen(each) for each in mine]


def plan_or_404(key: UUID, reach_path: str) -> Seen:
    found = Plan.objects.select_related("unit").filter(pk=key).first()
    if found is None or not f"{found.path}/".startswith(f"{reach_path}/"):
        raise Http404
    return _seen(found)


def groups(plan: Plan, pack: Pack) -> tuple[Sequence[GroupSeen], int, int | None]:
    """The groups, and of all together: how many codes, and at least how many answers."""
    counted = given_codes.counts(plan) if plan.round_id else {}
    never = jobs.never_sent(plan) if plan.round_id else {}
    k = pack.thresholds.signed_in
    rows, asked, answered = [], 0, 0
    found = plan.groups.select_related("unit")
    for group in sorted(found, key=lambda each: name_order(each.name)):
        stored, used = counted.get(group.pk, (0, 0))
        made = max(0, stored - never.get(group.pk, 0))
        of, so_far = asked_and_answered(made, used, group.people)
        asked, answered = asked + of, answered + so_far
        rows.append(GroupSeen(group, made, response_step(of, so_far, k)))
    return rows, sum(row.codes for row in rows), response_step(asked, answered, k)


def from_files(seen: Seen, pack: Pack) -> list[tuple[int | None, str, date]]:
    """Each file whose answers the open or closed round holds: how many, its name, when it came.

    None for fewer than may be told. Never a sum with the answers by code: these are told in steps,
    and the difference would be their exact number.
    """
    if seen.state not in ("open", "closed"):
        return []
    k = pack.thresholds.signed_in
    return [
        (count if count >= k else None, each.file_name, timezone.localdate(each.imported_at))
        for count, each in _files(seen.plan)
    ]


def answered(seen: Seen, pack: Pack) -> int | None:
    """How many have answered a sealed round; None where it tells of fewer than may be told.

    Whoever brought files knows how many answers came in them: the rest are those with codes.
    """
    if seen.answers is None:
        return None
    with_codes = seen.answers - sum(count for count, _file in _files(seen.plan))
    told = (seen.answers, with_codes)
    return None if any(0 < each < pack.thresholds.signed_in for each in told) else seen.answers


def _files(plan: Plan) -> list[tuple[int, ImportRecord]]:
    """Each file whose answers the round holds or held, with how many they are."""
    with as_whole_tree(INTAKE):
        found = ImportRecord.objects.using(INTAKE).filter(
            source=ANSWERS, table=plan.round_id, taken_out=False
        )
        return [(each.rows_in - len(each.rows_refused), each) for each in found.order_by("id")]


def _seen(plan: Plan) -> Seen:
    round_ = running.round_of(plan)
    if round_ is None:
        return Seen(plan, "prepared", None)
    return Seen(plan, str(Round.State(round_.state).value), round_.answers)
