"""Work on a round that goes on while its leader looks: in a thread, and told in a row.

What it needs and nobody may keep, such as addresses, lives in the thread alone and dies with it. A
job holds a lock of the database for as long as it lives: so every worker can tell one that is under
way from one whose process has gone.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, connections, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from puls.errors import NotNow, PulsError
from puls.web.collect import refusals
from puls.web.collect.intake import INTAKE
from puls.web.collect.locks import alone, lock_of_job, try_alone
from puls.web.collect.models import Group, Job, Plan
from puls.web.packs import pack, reading
from puls.web.tenants.access import as_whole_tree

SECONDS_TO_BEGIN = 30
SECONDS_TO_LOOK = 1.5
"""What is done by then is told at once, without a page about how far it has come."""
log = logging.getLogger(__name__)


class Report:
    """What the work says of itself."""

    def __init__(self, job: UUID) -> None:
        self.job = job
        self.stopped = False

    def write(self, **told: Any) -> None:
        """Keep what is said, and hear whether somebody asked to stop."""
        with as_whole_tree(INTAKE):
            mine = Job.objects.using(INTAKE).filter(pk=self.job)
            mine.update(**told)
            self.stopped = mine.values_list("stop", flat=True).get()


Work = Callable[[Report], None]


def start(plan: Plan, kind: Job.Kind, work: Work, group: Group | None = None) -> Job:
    """Begin; gives the job as it is after at most `SECONDS_TO_LOOK`.

    NotNow while another one is under way for the same plan.
    """
    begun: Future[UUID] = Future()
    new = Job(pk=uuid4(), plan_id=plan.pk, kind=kind, group_key=group.pk if group else None)
    language = translation.get_language()
    content = pack()

    def as_begun(report: Report) -> None:
        # A thread has no reader: it reads the surveys that whoever began it reads.
        with reading(content):
            work(report)

    thread = Thread(target=_run, args=(new, as_begun, language, begun), daemon=True)
    thread.start()
    begun.result(SECONDS_TO_BEGIN)
    thread.join(SECONDS_TO_LOOK)
    found = latest(plan)
    assert found is not None, "a job that has begun has a row"
    return found


def latest(plan: Plan) -> Job | None:
    """The newest job of a plan, and whether it is still under way."""
    with as_whole_tree(INTAKE):
        found = Job.objects.using(INTAKE).filter(plan_id=plan.pk).order_by("-begun_at").first()
        if found is not None and found.state == Job.State.RUNNING:
            _look_after(found)
    return found


def never_sent(plan: Plan) -> dict[UUID, int]:
    """By group, codes that were made for e-mails which never left, and that nobody knows."""
    with as_whole_tree(INTAKE):
        broken = Job.objects.using(INTAKE).filter(
            plan_id=plan.pk, kind=Job.Kind.CODES, state=Job.State.BROKEN
        )
        found: dict[UUID, int] = {}
        for group, made, done in broken.values_list("group_key", "made", "done"):
            if group is not None:
                found[group] = found.get(group, 0) + max(0, made - done)
    return found


def stop(plan: Plan) -> None:
    """Ask e-mails under way to end; they do before the next one. Sealing goes on to its end."""
    with as_whole_tree(INTAKE):
        mine = Job.objects.using(INTAKE).filter(plan_id=plan.pk, state=Job.State.RUNNING)
        mine.exclude(kind=Job.Kind.SEALING).update(stop=True)


def _look_after(job: Job) -> None:
    """A job whose lock is free has ended, or its process has."""
    if not try_alone(INTAKE, lock_of_job(job.pk)):
        return
    job.refresh_from_db(using=INTAKE)
    if job.state == Job.State.RUNNING:
        job.state = Job.State.BROKEN
        job.save(using=INTAKE, update_fields=["state"])


def _run(new: Job, work: Work, language: str | None, begun: "Future[UUID]") -> None:
    try:
        with (
            translation.override(language),
            alone(INTAKE, lock_of_job(new.pk), lambda: None),
        ):
            try:
                _begin(new)
            except BaseException as problem:
                begun.set_exception(problem)
                return
            begun.set_result(new.pk)
            _work(new.pk, work)
    finally:
        connections.close_all()


def _begin(new: Job) -> None:
    with as_whole_tree(INTAKE):
        before = Job.objects.using(INTAKE).filter(plan_id=new.plan_id, state=Job.State.RUNNING)
        for each in before:
            _look_after(each)
        try:
            with transaction.atomic(using=INTAKE):
                new.save(using=INTAKE, force_insert=True)
        except IntegrityError:
            raise NotNow(
                _("Something is under way for this round. Wait until it is done.")
            ) from None


def _work(job: UUID, work: Work) -> None:
    report = Report(job)
    try:
        work(report)
    except PulsError as reason:
        report.write(state=Job.State.BROKEN, told=[refusals.sentence(reason)])
    except Exception as problem:
        # Its class and nothing else: a message may quote an address.
        log.error("A job broke off: %s", type(problem).__name__)
        report.write(state=Job.State.BROKEN)
    else:
        report.write(state=Job.State.STOPPED if report.stopped else Job.State.DONE)
