"""E-mails with codes: one to each, the pair nowhere, in a job that can be stopped in between."""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from puls.commands import nightly
from puls.content.definitions import Pack
from puls.errors import NotNow, PulsError
from puls.web.collect import codes, jobs, mailing, queries, sealing, vault
from puls.web.collect.folders import Folders
from puls.web.collect.models import Job, Plan
from puls.web.tenants.access import as_reach
from tests.database import superuser
from tests.web.cast import Cast, LogIn, reach_for
from tests.web.collect.test_asking import kept, opened
from tests.web.inputs import MUSIC, kulturskole

SEVEN = [f"parent{n}@example.no" for n in range(7)]
Send = Callable[..., Job]


@pytest.fixture
def asked(cast: Cast, pack: Pack, folders: Folders) -> Plan:
    """A round of parents that Bob has opened."""
    return opened(pack, folders, cast.bob, "parent")


@pytest.fixture
def send(asked: Plan, cast: Cast, pack: Pack, folders: Folders) -> Send:
    """Bob sends codes to a list, and looks when the job has ended."""

    def sending(to: list[str] = SEVEN, again: bool = False) -> Job:
        bob = reach_for(cast.bob)
        with as_reach(bob):
            group = asked.groups.get()
            mailing.send_codes(bob, asked, group, to, pack, folders, again)
        return ended(asked)

    return sending


def ended(plan: Plan) -> Job:
    for _ in range(200):
        found = jobs.latest(plan)
        assert found is not None
        if found.state != Job.State.RUNNING:
            return found
        time.sleep(0.05)
    raise AssertionError("a job that does not end")


def in_mails(folders: Folders, plan: Plan) -> list[bytes]:
    """Digests of the codes that lie in mails."""
    found = [re.findall(r"/svar/\w+#([0-9A-Z]{10})", str(each.body)) for each in mail.outbox]
    key = vault.read_key(folders.keys, str(plan.round_id))
    return [codes.digest(key, code) for (code,) in found]


@pytest.fixture
def trouble(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, Any]], None]:
    """For some addresses something happens instead of sending: an error, or a call."""
    send = EmailMessage.send
    planned: dict[str, Any] = {}

    def perhaps(self: EmailMessage, *args: Any, **kwargs: Any) -> int:
        what = planned.pop(self.to[0], None)
        if isinstance(what, BaseException):
            raise what
        if what is not None:
            what()
        return send(self, *args, **kwargs)

    monkeypatch.setattr(EmailMessage, "send", perhaps)
    return planned.update


class Kill(BaseException):
    """Ends the thread where it is, as the end of its process does: it cleans nothing up."""


@dataclass
class Killing:
    """dead: the process is gone, and nothing that its thread would still do happens."""

    dead: bool = False

    def __call__(self) -> None:
        self.dead = True
        raise Kill

    def unless(self, real: Any) -> Any:
        def perhaps(*args: Any, **kwargs: Any) -> Any:
            if self.dead:
                raise Kill
            return real(*args, **kwargs)

        return perhaps


@pytest.fixture
def kill(monkeypatch: pytest.MonkeyPatch) -> Killing:
    killing, work = Killing(), jobs._work

    def quietly(*args: Any) -> None:
        with suppress(Kill):
            work(*args)

    monkeypatch.setattr(jobs, "_work", quietly)
    monkeypatch.setattr(jobs.Report, "write", killing.unless(jobs.Report.write))
    monkeypatch.setattr(mailing, "_forget", killing.unless(mailing._forget))
    return killing


class TestCodes:
    def test_each_gets_a_code_and_the_pair_is_nowhere(
        self, send: Send, asked: Plan, folders: Folders
    ) -> None:
        job = send()
        assert (job.state, job.done, job.total, job.refused) == ("done", 7, 7, [])
        assert [each.to for each in mail.outbox] == [[each] for each in SEVEN]
        assert sorted(in_mails(folders, asked)) == [digest for digest, _ in kept()]
        assert in_any_table("parent") == []

    def test_nothing_in_the_database_leads_from_a_mail_to_its_code(
        self, send: Send, folders: Folders, asked: Plan
    ) -> None:
        """Neither the transaction that wrote a row nor its place says which code went where."""
        send()
        with superuser() as admin:
            written = admin.execute("SELECT digest, xmin::text FROM collect_code").fetchall()
            marks = admin.execute("SELECT xmin::text FROM collect_mailed").fetchall()
        assert len({xmin for _digest, xmin in written}) == 1, "all codes in one transaction"
        assert len(marks) == 7
        assert {xmin for (xmin,) in marks}.isdisjoint(xmin for _digest, xmin in written)
        in_order = [bytes(digest) for digest, _xmin in written]
        assert in_order == sorted(in_order), "the order in the table is not that of the mails"

    def test_caught_codes_that_are_written_one_by_one(
        self, send: Send, folders: Folders, asked: Plan, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The mutant: a code is stored when its mail is made. Then xmin numbers the mails."""
        store = mailing.given_codes.codes_store

        def one_by_one(round_: Any, group: Any, count: int, folders: Folders) -> list[str]:
            return [store(round_, group, 1, folders)[0] for _ in range(count)]

        monkeypatch.setattr(mailing.given_codes, "codes_store", one_by_one)
        send()
        with superuser() as admin:
            rows = admin.execute(
                "SELECT digest FROM collect_code ORDER BY xmin::text::bigint"
            ).fetchall()
        assert [bytes(digest) for (digest,) in rows] == in_mails(folders, asked)

    def test_who_has_got_one_gets_no_second_one_unless_asked_for(
        self, send: Send, asked: Plan
    ) -> None:
        send()
        job = send([SEVEN[3].upper(), "new@example.no", *SEVEN[:2]])
        assert (job.done, job.total, job.skipped) == (1, 1, 3)
        assert [each.to for each in mail.outbox[7:]] == [["new@example.no"]]
        job = send([SEVEN[0]], again=True)
        assert (job.done, job.skipped) == (1, 0)
        assert len(kept()) == 9

    def test_a_refused_mail_leaves_no_code_and_is_told_by_its_place(
        self, send: Send, trouble: Any
    ) -> None:
        trouble({SEVEN[1]: SMTPRecipientsRefused({SEVEN[1]: (550, b"no such user")})})
        job = send()
        assert (job.state, job.done, job.refused) == ("done", 6, [2])
        assert len(kept()) == 6
        assert send().done == 1, "the corrected list reaches who got none, and nobody else"
        assert len(mail.outbox) == 7

    def test_a_mail_that_cannot_be_made_is_refused_and_not_doubtful(
        self, send: Send, trouble: Any
    ) -> None:
        """Nothing left: no code stays, and the next sending reaches them."""
        trouble({SEVEN[1]: ValueError("Header values can't contain newlines")})
        job = send()
        assert (job.state, job.done, job.refused, job.doubtful) == ("done", 6, [2], [])
        assert len(kept()) == 6
        assert send().done == 1

    def test_a_name_of_two_lines_makes_no_header(self, send: Send, asked: Plan, cast: Cast) -> None:
        with as_reach(reach_for(cast.bob)):
            asked.unit.name = "Sund\r\nBcc: x@example.no"
        job = send(SEVEN[:1])
        assert (job.done, job.refused) == (1, [])
        assert mail.outbox[0].subject.endswith(": Sund Bcc: x@example.no")


class TestEnds:
    def test_stopped_it_goes_on_with_those_who_got_none(
        self, send: Send, asked: Plan, trouble: Any
    ) -> None:
        trouble({SEVEN[2]: lambda: jobs.stop(asked)})
        job = send()
        assert (job.state, job.done, job.total) == ("stopped", 3, 7)
        assert len(kept()) == 3, "codes of mails that never left lead nowhere"
        job = send()
        assert (job.state, job.done, job.skipped) == ("done", 4, 3)
        assert [each.to for each in mail.outbox] == [[each] for each in SEVEN]

    def test_a_line_that_breaks_is_told_honestly(self, send: Send, trouble: Any) -> None:
        """The mail under way may have arrived: its code stays, and it is not sent twice."""
        trouble({SEVEN[4]: SMTPServerDisconnected("gone")})
        job = send()
        assert (job.state, job.done, job.doubtful) == ("done", 6, [5])
        assert len(kept()) == 7
        job = send()
        assert (job.done, job.skipped, job.doubtful) == (0, 6, [5])
        assert send([SEVEN[4]], again=True).done == 1

    def test_a_mail_server_that_is_away_breaks_it_off_with_a_sentence(
        self, send: Send, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as away:
            away.setattr(mailing, "get_connection", lambda: _Away())
            job = send()
        assert (job.state, job.done) == ("broken", 0)
        assert len(job.told) == 1
        assert kept() == []
        assert send().done == 7

    def test_a_process_that_is_gone_is_noticed_and_nobody_is_written_to_twice(
        self, send: Send, asked: Plan, pack: Pack, cast: Cast, trouble: Any, kill: Killing
    ) -> None:
        """Killed in the middle: nothing runs any more, its lock is free, its codes unknown."""
        trouble({SEVEN[3]: kill})
        job = send()
        kill.dead = False
        assert (job.state, job.done, job.total) == ("broken", 3, 7)
        assert len(kept()) == 7, "nobody knows which of them went out"
        with as_reach(reach_for(cast.bob)):
            ((row,), given, _) = queries.groups(asked, pack)
        assert (row.codes, given) == (3, 3), "but how many were given out is told as it is"
        job = send()
        assert (job.state, job.done, job.skipped, job.doubtful) == ("done", 3, 3, [4])
        assert [each.to[0] for each in mail.outbox] == [*SEVEN[:3], *SEVEN[4:]]

    def test_a_second_press_of_the_button_starts_nothing(
        self, send: Send, asked: Plan, cast: Cast, pack: Pack, folders: Folders, trouble: Any
    ) -> None:
        said: list[type[BaseException]] = []

        def press() -> None:
            try:
                jobs.start(asked, Job.Kind.REMINDER, lambda _report: None)
            except NotNow as reason:
                said.append(type(reason))

        trouble({SEVEN[2]: press})
        assert send().done == 7
        assert said == [NotNow]

    def test_sealing_forgets_who_was_written_to(
        self, send: Send, asked: Plan, pack: Pack, folders: Folders
    ) -> None:
        send()
        answer(str(asked.round_id), folders)
        sealing.seal(str(asked.round_id), pack, folders, lambda _: None)
        with superuser() as admin:
            assert admin.execute("SELECT count(*) FROM collect_mailed").fetchone() == (0,)


class TestMailThatBecomesFiles:
    """Nothing says where to send it: address and code would lie together on the disk."""

    @pytest.fixture(autouse=True)
    def files(self, settings: Any, folders: Folders) -> None:
        settings.EMAIL_BACKEND = "puls.web.mail_files.EmailBackend"
        settings.EMAIL_FILE_PATH = folders.data / "mail"
        settings.PULS_DATA = folders.data

    @pytest.mark.parametrize("path", ["{group}/", "paaminn/"])
    def test_is_refused_for_real_parents(
        self, asked: Plan, cast: Cast, log_in: LogIn, folders: Folders, path: str
    ) -> None:
        bob = log_in(cast.bob)
        with as_reach(reach_for(cast.bob)):
            address = f"/runder/{asked.pk}/" + path.format(group=asked.groups.get().pk)
        assert 'name="addresses"' not in bob.get(address).content.decode()
        page = bob.post(address, {"addresses": "\n".join(SEVEN)}).content.decode()
        assert "E-post er ikke satt opp her" in page
        assert jobs.latest(asked) is None
        assert kept() == []
        assert not (folders.data / "mail").exists()

    def test_is_deleted_at_sealing_in_a_demo(
        self, send: Send, asked: Plan, pack: Pack, folders: Folders
    ) -> None:
        with superuser() as admin:
            admin.execute("UPDATE tenants_tenant SET is_synthetic = true")
        assert send().done == len(SEVEN)
        lying = folders.data / "mail" / str(asked.round_id)
        assert sum(SEVEN[0].encode() in each.read_bytes() for each in lying.iterdir()) == 1
        answer(str(asked.round_id), folders)
        sealing.seal(str(asked.round_id), pack, folders, lambda _: None)
        held = [each for each in folders.data.rglob("*") if each.suffix == ".eml"]
        assert held == []


@pytest.mark.parametrize(("days", "left"), [(183, 2), (184, 0)])
def test_a_round_that_is_never_sealed_is_forgotten_half_a_year_after_its_end(
    send: Send, asked: Plan, folders: Folders, settings: Any, days: int, left: int
) -> None:
    settings.PULS_DATA = folders.data
    send(SEVEN[:2])
    lying = folders.mails(str(asked.round_id))
    lying.mkdir(parents=True)
    nightly.mails(asked.closes_on + timedelta(days=days))
    with superuser() as admin:
        assert admin.execute("SELECT count(*) FROM collect_mailed").fetchone() == (left,)
    assert lying.exists() == bool(left)
    assert len(kept()) == 2, "codes are for sealing to delete"


class _Away:
    def open(self) -> None:
        raise ConnectionRefusedError

    def close(self) -> None:
        pass


def answer(round_key: str, folders: Folders) -> None:
    """One parent has answered."""
    survey = kulturskole().surveys["parent", 1]
    given = bytes([1]) * (len(survey.items) + len(survey.background))
    key, row = vault.read_key(folders.keys, round_key), uuid4()
    payload = vault.encrypt(key, round_key, row, MUSIC, given)
    with superuser() as admin:
        admin.execute("SELECT set_config('puls.reach', '*', false)")
        admin.execute(
            "INSERT INTO collect_answer (id, round_id, payload) VALUES (%s, %s, %s)",
            [row, round_key, payload],
        )


class TestReminders:
    def remind(self, asked: Plan, cast: Cast, pack: Pack, folders: Folders, *to: str) -> Job:
        bob = reach_for(cast.bob)
        with as_reach(bob):
            mailing.send_reminder(bob, asked, to or SEVEN, pack, folders)
        return ended(asked)

    def test_has_no_code_and_goes_to_all_each_time(
        self, asked: Plan, cast: Cast, pack: Pack, folders: Folders
    ) -> None:
        for _ in range(2):
            assert self.remind(asked, cast, pack, folders).done == 7
        assert [each.to for each in mail.outbox] == 2 * [[each] for each in SEVEN]
        assert not any("svar/" in str(each.body) for each in mail.outbox)
        assert kept() == []

    def test_goes_on_where_it_was_stopped(
        self, asked: Plan, cast: Cast, pack: Pack, folders: Folders, trouble: Any
    ) -> None:
        trouble({SEVEN[4]: lambda: jobs.stop(asked)})
        assert self.remind(asked, cast, pack, folders).done == 5
        assert self.remind(asked, cast, pack, folders).done == 2
        assert [each.to for each in mail.outbox] == [[each] for each in SEVEN]


class TestAddresses:
    @pytest.mark.parametrize("text", ["", "a@example.no, b@", "x" * 300, "a@example.no " * 2 + "b"])
    def test_a_slip_in_the_list_sends_nothing(self, text: str) -> None:
        with pytest.raises(PulsError):
            mailing.addresses(text)

    def test_come_as_people_paste_them(self) -> None:
        text = "a@example.no; b@example.no,\n<c@example.no>\ta@example.no"
        assert mailing.addresses(text) == ["a@example.no", "b@example.no", "c@example.no"]


def test_how_far_it_has_come_is_shown_and_can_be_stopped(
    asked: Plan,
    cast: Cast,
    log_in: LogIn,
    trouble: Any,
    monkeypatch: pytest.MonkeyPatch,
    folders: Folders,
    settings: Any,
) -> None:
    settings.PULS_DATA = folders.data
    monkeypatch.setattr(jobs, "SECONDS_TO_LOOK", 0.01)
    bob, address = log_in(cast.bob), f"/runder/{asked.pk}/"
    with as_reach(reach_for(cast.bob)):
        group = asked.groups.get().pk
    going = True

    def wait() -> None:
        for _ in range(400):
            if not going:
                return
            time.sleep(0.02)

    trouble({SEVEN[2]: wait})
    bob.post(f"{address}{group}/", {"addresses": "\n".join(SEVEN)})
    page = ""
    for _ in range(200):
        page = bob.get(address).content.decode()
        if "2 av 7 e-poster er sendt" in page:
            break
        time.sleep(0.02)
    assert 'value="2" max="7"' in page
    assert "data-watch" in page
    bob.post(f"{address}stopp/")
    going = False
    assert ended(asked).state == "stopped"
    page = bob.get(address).content.decode()
    assert "Du stoppet etter 3 av 7 e-poster" in page
    assert "data-watch" not in page
    assert not any(each in page for each in SEVEN), "addresses are in no page afterwards"


def in_any_table(words: str) -> list[str]:
    """Tables in which a row holds the words, after everything was committed."""
    with superuser() as admin:
        names = admin.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        return [
            name
            for (name,) in names
            if admin.execute(
                f'SELECT EXISTS (SELECT 1 FROM "{name}" t WHERE t::text ~ %s)', [words + r"\d"]
            ).fetchone()
            != (False,)
        ]
