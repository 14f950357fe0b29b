"""Running a round: opened, closed, opened again, sealed.

The round and its key are the back office's: made and changed here after the check.
"""

from collections.abc import Callable
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from puls.content.definitions import Pack
from puls.errors import NotNow
from puls.web.collect import jobs, refusals, vault
from puls.web.collect.folders import Folders
from puls.web.collect.intake import INTAKE, working
from puls.web.collect.locks import lock_of, try_alone
from puls.web.collect.models import Answer, Job, Plan, Round
from puls.web.collect.refusals import Reason, Untaken
from puls.web.collect.rounds import leaves, open_round, rounds
from puls.web.collect.sealing import COUNTING, LEFT_OUT, close, seal
from puls.web.tenants.access import Reach, as_whole_tree
from puls.web.tenants.permissions import Place, check
from puls.web.tenants.queries import unit_tree

ASSESS = "assess"
SEALING_STEPS = 3
"""Answers into one file; counting them; the release."""

Release = Callable[[Round, Pack, Folders, date, Callable[[str], object]], object | None]
"""Releases what a sealed round shows, and gives it; None when nothing is new.

The last argument is told, in a sentence, why something was left out.
"""

release_round: Release


def release_by(way: Release) -> None:
    """How a sealed round is released. Told by the room that releases, which lies above this."""
    global release_round
    release_round = way


def plan_open(by: Reach, plan: Plan, pack: Pack, folders: Folders) -> Round:
    """Open the round: from its first day on answers are taken in. NotAllowed, NotNow."""
    check_runs(by, plan)
    check_prepared(plan)
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
            if not Plan.objects.using(INTAKE).filter(pk=plan.pk).update(round=found):
                raise NotNow(refusals.given_up())
    except IntegrityError:
        _undo_key(folders, made_key)
        raise NotNow(_("This round was opened by somebody else just now.")) from None
    except BaseException:
        # The round was never committed: a key of a round that is not there is only litter.
        _undo_key(folders, made_key)
        raise
    return found


def round_close(by: Reach, plan: Plan, pack: Pack) -> None:
    """From here on no answer comes in, until the round is opened again or sealed."""
    check_runs(by, plan)
    close(str(open_round_of(plan).pk), pack)


def round_seal(by: Reach, plan: Plan, pack: Pack, folders: Folders, today: date) -> Job:
    """Seal a closed round for good and release what may be seen of it, in a job.

    It tells sentences about what could not be released. Broken off anywhere, it can be begun again.
    """
    check_runs(by, plan)
    found = round_of(plan)
    if found is None or found.state == Round.State.OPEN:
        raise NotNow(_("Close the round first."))
    with as_whole_tree(ASSESS):
        answers = Answer.objects.using(ASSESS).filter(round=found)
        # Of one that is sealed there are none: it broke off after that, and gets the rest.
        if found.state != Round.State.SEALED and not answers.exists():
            raise NotNow(_("Nobody has answered, so there is nothing to seal."))
    key = found.key

    def work(report: jobs.Report) -> None:
        beside_files: list[str] = []

        def say(sentence: str) -> None:
            if sentence.startswith(LEFT_OUT):
                beside_files.append(refusals.few_beside_a_file(pack.thresholds.signed_in))
            report.write(done=1 if sentence.startswith(COUNTING) else 0)

        report.write(total=SEALING_STEPS)
        sealed = seal(key, pack, folders, say)
        report.write(done=2)
        left_out: list[str] = []
        made = release_round(sealed, pack, folders, today, left_out.append)
        told = [refusals.left_out(nothing=made is None)] if left_out else []
        report.write(done=SEALING_STEPS, told=[*beside_files, *told])

    return jobs.start(plan, Job.Kind.SEALING, work)


def round_reopen(by: Reach, plan: Plan, folders: Folders) -> None:
    """A closed round takes answers again, unless it is sealed or just being so."""
    check_runs(by, plan)
    key = str(plan.round_id)
    with as_whole_tree(ASSESS):
        if not try_alone(ASSESS, lock_of(key)):
            raise Untaken(f"Round {key} is being sealed just now.", Reason.BEING_SEALED)
        found = Round.objects.using(ASSESS).select_for_update().get(pk=plan.round_id)
        if found.state == Round.State.SEALED:
            raise NotNow(_("The round is sealed: its answers are one file in random order."))
        try:
            with transaction.atomic(using=ASSESS):
                found.state = Round.State.OPEN
                found.save(using=ASSESS, update_fields=["state"])
        except IntegrityError:
            raise NotNow(_("Another round of this survey is open here.")) from None
        # What a sealing that broke off has written would tell, beside the file of a later one,
        # what was answered in between.
        for left in (folders.sealed(key), folders.own(key)):
            left.unlink(missing_ok=True)


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


def check_prepared(plan: Plan) -> None:
    """NotNow once the round is open."""
    if plan.round_id is not None:
        raise NotNow(refusals.opened_already())


def _undo_key(folders: Folders, round_key: str) -> None:
    if round_key:
        vault.destroy_key(folders.keys, round_key)
