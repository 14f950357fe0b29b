"""How a round is asked in browsers: prepared by a leader, with the groups that get codes.

A plan and its groups are the administration's own rows, written within its reach.
"""

import secrets
from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from puls.content.definitions import Pack
from puls.errors import NotNow
from puls.web.collect import codes, own_items, refusals
from puls.web.collect.given_codes import counts
from puls.web.collect.intake import INTAKE
from puls.web.collect.models import Group, Plan, Round
from puls.web.collect.own_items import OwnItem
from puls.web.collect.rounds import rounds, survey_asked
from puls.web.collect.running import check_prepared, check_runs, round_of
from puls.web.tenants.access import Reach, as_whole_tree
from puls.web.tenants.models import Unit
from puls.web.tenants.permissions import check, place_of

ADDRESS_LENGTH = 6
MOST_GROUPS = 100


def plan_add(
    by: Reach,
    unit: Unit,
    pack: Pack,
    survey: str,
    period: int,
    languages: Sequence[str],
    opens_on: date,
    closes_on: date,
    own: Sequence[OwnItem] = (),
) -> Plan:
    """A round to prepare. NotAllowed, or NotNow with the reason."""
    check("round_run", by, place_of(unit))
    version = _version(pack, survey, period)
    _check_plan(pack, survey, languages, opens_on, closes_on, own)
    try:
        with transaction.atomic():
            return Plan.objects.create(
                tenant_id=by.tenant_key,
                unit=unit,
                path=unit.path,
                depth=unit.depth,
                survey=survey,
                survey_version=version,
                period=period,
                languages=list(languages),
                opens_on=opens_on,
                closes_on=closes_on,
                own=own_items.as_rows(own),
                address="".join(
                    secrets.choice(codes.ALPHABET.lower()) for _each in range(ADDRESS_LENGTH)
                ),
            )
    except IntegrityError:
        raise NotNow(_("This survey is being prepared for that school year already.")) from None


def is_asked(plan: Plan) -> bool:
    """Whether another round asks the same there and is in the way of opening this one.

    One that was opened by a file without a plan is not: the plan takes it over.
    """
    with as_whole_tree(INTAKE):
        there = rounds(INTAKE, survey=plan.survey, unit=plan.unit_id)
        planned = set(
            Plan.objects.using(INTAKE).filter(round__in=there).values_list("round", flat=True)
        )
    now = [each for each in there if each.period == plan.period]
    return any(each.state == Round.State.OPEN for each in there if each not in now) or any(
        each.state == Round.State.CLOSED or (each.state == Round.State.OPEN and each.pk in planned)
        for each in now
    )


def asked_already() -> str:
    return _(
        "A round of this survey is under way here already. The new one is saved, but it cannot be "
        "opened now. If you meant the one that is under way, give this one up below."
    )


def plan_change(
    by: Reach,
    plan: Plan,
    pack: Pack,
    languages: Sequence[str],
    opens_on: date,
    closes_on: date,
    own: Sequence[OwnItem],
) -> None:
    """Other languages, days or own items, as long as nobody has been asked."""
    check_runs(by, plan)
    check_prepared(plan)
    _check_plan(pack, plan.survey, languages, opens_on, closes_on, own)
    changed = {
        "languages": list(languages),
        "opens_on": opens_on,
        "closes_on": closes_on,
        "own": own_items.as_rows(own),
    }
    # Somebody else may have opened it since the plan was read.
    if not Plan.objects.filter(pk=plan.pk, round__isnull=True).update(**changed):
        raise NotNow(refusals.opened_already())


def plan_delete(by: Reach, plan: Plan) -> None:
    """Give up what was being prepared."""
    check_runs(by, plan)
    check_prepared(plan)
    with transaction.atomic():
        there = Plan.objects.select_for_update().filter(pk=plan.pk, round__isnull=True).first()
        if there is None:
            raise NotNow(refusals.opened_already())
        there.delete()


def groups_add(by: Reach, plan: Plan, groups: Sequence[tuple[str, int, Unit]]) -> None:
    """More groups: name, how many people, and the unit that their answers count for."""
    check_runs(by, plan)
    asked = round_of(plan)
    if asked is not None and asked.state != Round.State.OPEN:
        raise NotNow(_("The round is closed: nobody else can be asked."))
    known = {name.casefold() for name in plan.groups.values_list("name", flat=True)}
    if len(known) + len(groups) > MOST_GROUPS:
        raise NotNow(_("A round has at most %(most)s groups.") % {"most": MOST_GROUPS})
    for name, _people, _unit in groups:
        if name.casefold() in known:
            raise NotNow(_("There are two groups called “%(name)s”.") % {"name": name})
        known.add(name.casefold())
    Group.objects.bulk_create(
        Group(
            plan=plan,
            tenant_id=plan.tenant_id,
            unit=unit,
            path=unit.path,
            depth=unit.depth,
            name=name,
            people=people,
        )
        for name, people, unit in groups
    )


def group_delete(by: Reach, plan: Plan, group: Group) -> None:
    """Take a group out that nobody has a code for."""
    check_runs(by, plan)
    if group.pk in counts(plan):
        raise NotNow(_("This group has codes already and stays."))
    group.delete()


def plan_extend(by: Reach, plan: Plan, closes_on: date) -> None:
    """Another last day, also while the round is open."""
    check_runs(by, plan)
    if closes_on < plan.opens_on:
        raise NotNow(_("The last day comes before the first."))
    with as_whole_tree(INTAKE):
        Plan.objects.using(INTAKE).filter(pk=plan.pk).update(closes_on=closes_on)


def audience(pack: Pack, survey: str) -> str:
    """Who answers a survey: "student", "parent" ..."""
    return next(each.audience for (key, _n), each in pack.surveys.items() if key == survey)


def _version(pack: Pack, survey: str, period: int) -> int:
    with as_whole_tree(INTAKE):
        return survey_asked(pack, survey, period, INTAKE).version


def _check_plan(
    pack: Pack,
    survey: str,
    languages: Sequence[str],
    opens_on: date,
    closes_on: date,
    own: Sequence[OwnItem],
) -> None:
    if not languages or not set(languages) <= set(pack.languages):
        raise NotNow(_("Choose one language or more."))
    if closes_on < opens_on:
        raise NotNow(_("The last day comes before the first."))
    if len(own) > own_items.MOST:
        most = own_items.MOST
        raise NotNow(_("A round has at most %(most)s questions of your own.") % {"most": most})
    if audience(pack, survey) == "student" and any(
        each.kind is own_items.Kind.WORDS for each in own
    ):
        raise NotNow(_("Children are not asked for written answers."))
