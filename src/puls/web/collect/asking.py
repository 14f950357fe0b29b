"""Rounds that a leader runs in the browser: prepared, opened, closed, opened again.

A plan and its groups are the administration's own rows, written within its reach. The round, its
key and its codes are the back office's: opened here after the check, as `puls_intake`.
"""

import secrets
from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, connections, transaction
from django.utils.translation import gettext as _

from puls.content.definitions import Pack
from puls.errors import NotNow
from puls.web.assess.bulk import add_rows
from puls.web.collect import codes, own_items, vault
from puls.web.collect.folders import Folders
from puls.web.collect.importing import INTAKE, working
from puls.web.collect.models import Answer, Code, Group, Plan, Round
from puls.web.collect.own_items import OwnItem
from puls.web.collect.releasing import release_round
from puls.web.collect.rounds import leaves, open_round, rounds, survey_asked
from puls.web.collect.sealing import close, seal
from puls.web.tenants.access import Reach, as_whole_tree
from puls.web.tenants.models import Unit
from puls.web.tenants.permissions import Place, check, place_of
from puls.web.tenants.queries import unit_tree

ASSESS = "assess"
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
    _only_prepared(plan)
    _check_plan(pack, plan.survey, languages, opens_on, closes_on, own)
    plan.languages, plan.opens_on, plan.closes_on = list(languages), opens_on, closes_on
    plan.own = own_items.as_rows(own)
    plan.save(update_fields=["languages", "opens_on", "closes_on", "own"])


def plan_delete(by: Reach, plan: Plan) -> None:
    """Give up what was being prepared."""
    check_runs(by, plan)
    _only_prepared(plan)
    plan.delete()


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


def plan_open(by: Reach, plan: Plan, pack: Pack, folders: Folders) -> Round:
    """Open the round: from its first day on answers are taken in. NotAllowed, NotNow."""
    check_runs(by, plan)
    _only_prepared(plan)
    if not plan.groups.exists():
        raise NotNow(_("Add the groups that are asked first."))
    made_key = ""
    try:
        with working():
            tree = unit_tree(INTAKE)
            survey = pack.surveys[plan.survey, plan.survey_version]
            below = leaves(tree, pack, plan.unit_id, plan.period)
            if not set(plan.groups.values_list("unit_id", flat=True)) <= below:
                raise NotNow(_("A group belongs to a department that is no longer there."))
            others = rounds(INTAKE, survey=plan.survey, unit=plan.unit_id, state="open")
            if any(other.period != plan.period for other in others):
                raise NotNow(_("Another round of this survey is still open. Close it first."))
            found, new = open_round(pack, tree, survey, plan.period, plan.unit_id, False, INTAKE)
            if new:
                made_key = found.key
                vault.make_key(folders.keys, found.key)
            Plan.objects.using(INTAKE).filter(pk=plan.pk).update(round=found)
    except IntegrityError:
        _undo_key(folders, made_key)
        raise NotNow(_("This round was opened by somebody else just now.")) from None
    except BaseException:
        # The round was never committed: a key of a round that is not there is only litter.
        _undo_key(folders, made_key)
        raise
    return found


def codes_make(by: Reach, plan: Plan, group: Group, count: int, folders: Folders) -> list[str]:
    """So many new codes for a group. They are known to the caller alone: only digests are kept."""
    check_runs(by, plan)
    return codes_store(open_round_of(plan), group.pk, count, folders)


def codes_store(round_: Round, group: object, count: int, folders: Folders) -> list[str]:
    """New codes of an open round, their digests committed before anybody gets one."""
    key = vault.read_key(folders.keys, round_.key)
    made = [codes.draw() for _ in range(count)]
    with working():
        there = Code.objects.using(INTAKE).filter(used=False).count()
        if there + count > codes.MOST_OPEN:
            raise NotNow(_("There are too many open codes. Close rounds that are over first."))
        # By digest: the order in which they lie in the database is not that of the slips.
        rows = sorted((codes.digest(key, code), round_.key, group, False) for code in made)
        add_rows(INTAKE, "collect_code", ("digest", "round_id", "group_id", "used"), rows)
    return made


def codes_forget(by: Reach, plan: Plan, group: Group) -> None:
    """The unused codes of a group no longer lead anywhere.

    As many digests of no code take their place: how many were given out is told, and without them
    it would be how many have answered.
    """
    check_runs(by, plan)
    with as_whole_tree(ASSESS):
        gone, _each = Code.objects.using(ASSESS).filter(group=group, used=False).delete()
        of_none = (secrets.token_bytes(codes.DIGEST_BYTES) for _ in range(gone))
        with working():
            rows = ((digest, plan.round_id, group.pk, False) for digest in of_none)
            add_rows(INTAKE, "collect_code", ("digest", "round_id", "group_id", "used"), rows)


def plan_extend(by: Reach, plan: Plan, closes_on: date) -> None:
    """Another last day, also while the round is open."""
    check_runs(by, plan)
    if closes_on < plan.opens_on:
        raise NotNow(_("The last day comes before the first."))
    with as_whole_tree(INTAKE):
        Plan.objects.using(INTAKE).filter(pk=plan.pk).update(closes_on=closes_on)


def round_close(by: Reach, plan: Plan, pack: Pack) -> None:
    """From here on no answer comes in, until the round is opened again or sealed."""
    check_runs(by, plan)
    close(str(open_round_of(plan).pk), pack)


def round_seal(by: Reach, plan: Plan, pack: Pack, folders: Folders, today: date) -> list[str]:
    """Seal a closed round for good and release what may be seen of it.

    Gives sentences about what could not be released.
    """
    check_runs(by, plan)
    found = round_of(plan)
    if found is None or found.state == Round.State.OPEN:
        raise NotNow(_("Close the round first."))
    with as_whole_tree(ASSESS):
        if not Answer.objects.using(ASSESS).filter(round=found).exists():
            raise NotNow(_("Nobody has answered, so there is nothing to seal."))
    sealed = seal(found.key, pack, folders, lambda _step: None)
    left_out: list[str] = []
    release_round(sealed, pack, folders, today, left_out.append)
    return left_out


def round_reopen(by: Reach, plan: Plan) -> None:
    """A closed round takes answers again, unless it is sealed."""
    check_runs(by, plan)
    with as_whole_tree(ASSESS):
        found = Round.objects.using(ASSESS).select_for_update().get(pk=plan.round_id)
        if found.state == Round.State.SEALED:
            raise NotNow(_("The round is sealed: its answers are one file in random order."))
        try:
            with transaction.atomic(using=ASSESS):
                found.state = Round.State.OPEN
                found.save(using=ASSESS, update_fields=["state"])
        except IntegrityError:
            raise NotNow(_("Another round of this survey is open here.")) from None


def round_of(plan: Plan) -> Round | None:
    """The plan's round, read as the back office: the web has no right to rounds."""
    if plan.round_id is None:
        return None
    with as_whole_tree(INTAKE):
        return Round.objects.using(INTAKE).get(pk=plan.round_id)


def open_round_of(plan: Plan) -> Round:
    """NotNow unless the plan's round is open."""
    found = round_of(plan)
    if found is None or found.state != Round.State.OPEN:
        raise NotNow(_("Codes and reminders are for open rounds only."))
    return found


def check_runs(by: Reach, plan: Plan) -> None:
    """NotAllowed unless this is somebody who runs the plan's rounds."""
    check("round_run", by, Place(plan.tenant_id, plan.path))


def counts(plan: Plan) -> dict[object, tuple[int, int]]:
    """By group, how many codes there are and how many were used. Never to be shown as it is:
    `views.response` says what may be."""
    with as_whole_tree(INTAKE), connections[INTAKE].cursor() as cursor:
        cursor.execute(
            "SELECT group_id, count(*), count(*) FILTER (WHERE used) FROM collect_code"
            " WHERE round_id = %s GROUP BY group_id",
            [plan.round_id],
        )
        return {group: (made, used) for group, made, used in cursor.fetchall()}


def audience(pack: Pack, survey: str) -> str:
    """Who answers a survey: "student", "parent" ..."""
    return next(each.audience for (key, _n), each in pack.surveys.items() if key == survey)


def _version(pack: Pack, survey: str, period: int) -> int:
    with as_whole_tree(INTAKE):
        return survey_asked(pack, survey, period, INTAKE).version


def _only_prepared(plan: Plan) -> None:
    if plan.round_id is not None:
        raise NotNow(_("The round is open: people have been asked, and nothing of it can change."))


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


def _undo_key(folders: Folders, round_key: str) -> None:
    if round_key:
        vault.destroy_key(folders.keys, round_key)
