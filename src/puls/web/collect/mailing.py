"""Codes to parents by e-mail: made, sent and forgotten in one job.

The addresses come with the request, live in the job's memory and are kept nowhere. A code is in the
mail that carries it, and its digest in the database; which code went to which address nobody knows
afterwards. All codes of a sending are stored together, sorted by digest, before the first mail
leaves: when and in what order rows were written tells nothing of who got which.

So that nobody gets two, each address that was written to leaves a digest under the round's key,
beside no code, until sealing. It is written before the mail leaves and made sure after it: what a
crash left in between may have arrived or not, and is said to be so.

Where e-mails become files, as nothing says where to send them, address and code would lie together
on the disk: so nothing is sent but to made-up parents of a demo.

A reminder cannot know who has answered: it goes to everybody whose address is given again.
"""

import hmac
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from smtplib import SMTPException, SMTPServerDisconnected
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.validators import EmailValidator
from django.forms import ValidationError
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from puls.content.definitions import Pack
from puls.errors import NotNow, PulsError
from puls.web import mail_files
from puls.web.collect import codes, given_codes, jobs, running, vault
from puls.web.collect.folders import Folders
from puls.web.collect.intake import INTAKE
from puls.web.collect.models import Code, Group, Job, Mailed, Plan
from puls.web.tenants.access import Reach, as_whole_tree

MOST = 2_000
"""Addresses at once: as many as a group has people at most."""
A_LINE = 50
"""Mails over one connection to the mail server: many close it after a hundred."""
ASSESS = "assess"
log = logging.getLogger(__name__)


def addresses(text: str) -> list[str]:
    """Addresses between spaces, commas, semicolons or lines, each once. PulsError names a slip."""
    found = dict.fromkeys(
        each.strip("<>") for each in text.replace(",", " ").replace(";", " ").split()
    )
    valid = EmailValidator()
    for each in found:
        try:
            valid(each)
        except ValidationError:
            raise PulsError(
                _("“%(address)s” is not an e-mail address. Correct it; nothing was sent.")
                % {"address": each[:100]}
            ) from None
    if not found:
        raise PulsError(_("Write the e-mail addresses, one a line."))
    if len(found) > MOST:
        raise PulsError(_("At most %(most)s addresses at once.") % {"most": MOST})
    return list(found)


def why_not(plan: Plan) -> str:
    """Why no e-mail about a round can leave from here, and what to do; "" where it can."""
    if plan.tenant.is_synthetic or not mail_files.is_used():
        return ""
    return _(
        "E-mail is not set up here, so nothing can be sent. Print slips, or ask whoever runs Puls "
        "to set up e-mail (EMAIL_URL)."
    )


def _check_leaves(plan: Plan) -> None:
    reason = why_not(plan)
    if reason:
        raise NotNow(reason)


def send_codes(
    by: Reach,
    plan: Plan,
    group: Group,
    to: Sequence[str],
    pack: Pack,
    folders: Folders,
    again: bool = False,
) -> Job:
    """A new code to each address that has got none, in a job. again: also to those who have."""
    running.check_runs(by, plan)
    _check_leaves(plan)
    round_, school = running.open_round_of(plan), plan.unit.name

    def work(report: jobs.Report) -> None:
        sending = _Sending(plan, Job.Kind.CODES, f"codes {group.pk}", folders, report)
        to_send = sending.new(to, again)
        report.write(total=len(to_send), made=len(to_send))
        made = given_codes.codes_store(round_, group.pk, len(to_send), folders)
        unsent = set(made)
        try:
            for (place, address), code in zip(to_send, made, strict=True):
                link = f"{settings.PULS_ADDRESS}/svar/{plan.address}#{code}"
                mail = _mail(
                    plan, school, pack, address, "collect/mail/code.txt", link, codes.shown(code)
                )
                if report.stopped:
                    break
                if sending.send(place, address, mail):
                    unsent.discard(code)
        finally:
            sending.leave()
            _forget(plan, unsent, folders)
            report.write(made=0)

    return jobs.start(plan, Job.Kind.CODES, work, group)


def send_reminder(
    by: Reach, plan: Plan, to: Sequence[str], pack: Pack, folders: Folders, again: bool = False
) -> Job:
    """A reminder without a code to each address, in a job: the code is in the first mail.

    One that did not come to its end is gone on with. again: from the beginning.
    """
    running.check_runs(by, plan)
    _check_leaves(plan)
    running.open_round_of(plan)
    school = plan.unit.name

    def work(report: jobs.Report) -> None:
        sending = _Sending(plan, Job.Kind.REMINDER, "reminder", folders, report)
        to_send = sending.new(to, again)
        report.write(total=len(to_send))
        try:
            for place, address in to_send:
                if report.stopped:
                    return
                mail = _mail(plan, school, pack, address, "collect/mail/reminder.txt", "", "")
                sending.send(place, address, mail)
        finally:
            sending.leave()
        # The next one goes to everybody again.
        with as_whole_tree(INTAKE):
            sending.marks().delete()

    return jobs.start(plan, Job.Kind.REMINDER, work)


@dataclass
class _Sending:
    """Mails of one job, one after the other. what: told apart from other sendings of the round."""

    plan: Plan
    kind: Job.Kind
    what: str
    folders: Folders
    report: jobs.Report
    done: int = 0
    refused: list[int] = field(default_factory=list)
    doubtful: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._key = vault.read_key(self.folders.keys, str(self.plan.round_id))
        self._line: Any = None
        self._over_this_line = 0

    def new(self, to: Sequence[str], again: bool) -> list[tuple[int, str]]:
        """Place in the list and address of those who have got nothing yet."""
        digests = [self._digest(each) for each in to]
        with as_whole_tree(INTAKE):
            if again:
                self.marks().filter(digest__in=digests).delete()
            got = {
                bytes(digest): sure for digest, sure in self.marks().values_list("digest", "sure")
            }
        places = list(zip(range(1, len(to) + 1), to, digests, strict=True))
        self.doubtful = [place for place, _to, digest in places if got.get(digest) is False]
        found = [(place, address) for place, address, digest in places if digest not in got]
        skipped = len(to) - len(found) - len(self.doubtful)
        self.report.write(skipped=skipped, doubtful=self.doubtful)
        return found

    def marks(self) -> Any:
        """Of this plan and kind, within the whole tree."""
        return Mailed.objects.using(INTAKE).filter(plan_id=self.plan.pk, kind=self.kind)

    def send(self, place: int, address: str, mail: EmailMessage) -> bool:
        """Whether the mail left, or may have. PulsError when the mail server is away."""
        mark = Mailed(digest=self._digest(address), plan_id=self.plan.pk, kind=self.kind)
        mail.connection = self._open()
        with as_whole_tree(INTAKE):
            mark.save(using=INTAKE, force_insert=True)
        self._over_this_line += 1
        try:
            mail.send()
        except OSError as problem:
            self.leave()
            if isinstance(problem, SMTPException) and not isinstance(
                problem, SMTPServerDisconnected
            ):
                self._refuse(place, mark)
                return False
            # The line broke in the middle: whether this one was taken nobody can say.
            self.doubtful.append(place)
            self.report.write(doubtful=self.doubtful)
            return True
        except Exception as problem:
            # It could not be put together, so nothing left. Its class: a message quotes addresses.
            log.error("An e-mail could not be made: %s", type(problem).__name__)
            self._refuse(place, mark)
            return False
        self.done += 1
        with as_whole_tree(INTAKE):
            self.marks().filter(pk=mark.pk).update(sure=True)
        self.report.write(done=self.done)
        return True

    def _refuse(self, place: int, mark: Mailed) -> None:
        with as_whole_tree(INTAKE):
            self.marks().filter(pk=mark.pk).delete()
        self.refused.append(place)
        self.report.write(refused=self.refused)

    def leave(self) -> None:
        """Close the line to the mail server."""
        line, self._line, self._over_this_line = self._line, None, 0
        if line is not None:
            with suppress(OSError):
                line.close()

    def _open(self) -> Any:
        if self._over_this_line >= A_LINE:
            self.leave()
        if self._line is None:
            line = get_connection()
            try:
                line.open()
            except OSError:  # smtplib's errors are among them.
                raise PulsError(
                    _("The mail server does not answer. Try again later, or ask who runs Puls.")
                ) from None
            self._line = line
        return self._line

    def _digest(self, address: str) -> bytes:
        own = hmac.digest(self._key, b"mailed", "sha256")
        return hmac.digest(own, f"{self.what} {address.casefold()}".encode(), "sha256")


def _forget(plan: Plan, unsent: set[str], folders: Folders) -> None:
    """Codes whose mail never left lead nowhere."""
    if not unsent:
        return
    key = vault.read_key(folders.keys, str(plan.round_id))
    lost = [codes.digest(key, code) for code in unsent]
    with as_whole_tree(ASSESS):
        Code.objects.using(ASSESS).filter(digest__in=lost, used=False).delete()


def _mail(
    plan: Plan, school: str, pack: Pack, address: str, template: str, link: str, code: str
) -> EmailMessage:
    """In every language of the round, one after the other: nobody knows which one is theirs."""
    parts, subject = [], ""
    for language in plan.languages:
        with translation.override(language):
            words = {
                "school": school,
                "survey": pack.text(language, f"survey.{plan.survey}.name"),
                "closes_on": plan.closes_on,
                "link": link,
                "code": code,
                "place": f"{settings.PULS_ADDRESS}/svar/",
            }
            parts.append(render_to_string(template, words).strip())
            # A name of several lines would be refused as a header of one's own.
            subject = subject or " ".join(f"{words['survey']}: {school}".split())
    body = "\n\n---\n\n".join(parts) + "\n"
    return mail_files.RoundMail(str(plan.round_id), subject, body, to=[address])
