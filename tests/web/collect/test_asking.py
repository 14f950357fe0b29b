"""A leader runs a round: prepared, opened, given out, closed, sealed; and who may not."""

import re
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core import mail
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from puls.content.definitions import Pack
from puls.errors import NotAllowed, NotNow, PulsError
from puls.web.collect import (
    asking,
    codes,
    given_codes,
    group_lists,
    mailing,
    own_counts,
    queries,
    running,
)
from puls.web.collect.folders import Folders
from puls.web.collect.models import Group, Plan, Round
from puls.web.collect.own_items import Kind, OwnItem, from_bytes, to_bytes
from puls.web.tenants.access import Reach, as_reach, as_whole_tree
from puls.web.tenants.models import Membership, Unit
from tests.registers.spreadsheets import xlsx
from tests.web.cast import Cast, LogIn, reach_for

PERIOD = 2026
DAYS = (date(2026, 11, 1), date(2026, 11, 30))
SCHOOL = "karmoy-kulturskole"


def plan(pack: Pack, who: Membership, survey: str = "student", unit: str = SCHOOL) -> Plan:
    by = reach_for(who)
    with as_reach(by):
        at = Unit.objects.get(pk=unit)
        made = asking.plan_add(by, at, pack, survey, PERIOD, ["nb"], *DAYS)
        music = Unit.objects.get(pk=f"{unit}.musikk")
        asking.groups_add(by, made, [("Fiolin", 14, music)])
    return made


def opened(pack: Pack, folders: Folders, who: Membership, survey: str = "student") -> Plan:
    made, by = plan(pack, who, survey), reach_for(who)
    with as_reach(by):
        running.plan_open(by, made, pack, folders)
        return Plan.objects.get(pk=made.pk)


def kept() -> list[tuple[bytes, bool]]:
    with connections["assess"].cursor() as cursor:
        cursor.execute("SELECT set_config('puls.reach', '*', false)")
        cursor.execute("SELECT digest, used FROM collect_code")
        found = [(bytes(digest), used) for digest, used in cursor.fetchall()]
        cursor.execute("SELECT set_config('puls.reach', '', false)")
    return found


class TestOpening:
    def test_a_round_opens_once_with_a_key_and_its_plan_stays(
        self, cast: Cast, pack: Pack, folders: Folders
    ) -> None:
        made = opened(pack, folders, cast.bob)
        bob = reach_for(cast.bob)
        assert made.round_id == f"student-{PERIOD}-{SCHOOL}"
        assert (folders.keys / f"{made.round_id}.key").exists()
        with as_reach(bob):
            with pytest.raises(NotNow):
                running.plan_open(bob, made, pack, folders)
            with pytest.raises(NotNow):
                asking.plan_change(bob, made, pack, ["en"], *DAYS, [])
            with pytest.raises(NotNow):
                asking.plan_delete(bob, made)

    def test_the_database_keeps_an_open_plan_from_the_web(
        self, cast: Cast, pack: Pack, folders: Folders
    ) -> None:
        """The second lock: what the services refuse, the policy refuses as well."""
        made = opened(pack, folders, cast.bob)
        with as_reach(reach_for(cast.bob)):
            assert Plan.objects.filter(pk=made.pk).update(languages=["en"]) == 0
            assert Plan.objects.filter(pk=made.pk).count() == 1

    def test_one_open_round_for_a_survey_and_school(
        self, cast: Cast, pack: Pack, folders: Folders
    ) -> None:
        opened(pack, folders, cast.bob)
        with as_whole_tree("intake"), pytest.raises(IntegrityError), transaction.atomic("intake"):
            Round.objects.using("intake").create(
                key="other", survey="student", survey_version=1, period=2027, unit_id=SCHOOL
            )

    def test_without_groups_it_does_not_open(
        self, cast: Cast, pack: Pack, folders: Folders
    ) -> None:
        made, bob = plan(pack, cast.bob), reach_for(cast.bob)
        with as_reach(bob):
            asking.group_delete(bob, made, made.groups.get())
            with pytest.raises(NotNow):
                running.plan_open(bob, made, pack, folders)
        assert not list(folders.keys.glob("*"))

    def test_children_are_not_asked_for_words(self, cast: Cast, pack: Pack) -> None:
        bob, words = reach_for(cast.bob), OwnItem(Kind.WORDS, {"nb": "Hva tenker du?"})
        with as_reach(bob):
            at = Unit.objects.get(pk=SCHOOL)
            with pytest.raises(NotNow):
                asking.plan_add(bob, at, pack, "student", PERIOD, ["nb"], *DAYS, [words])
            asking.plan_add(bob, at, pack, "parent", PERIOD, ["nb"], *DAYS, [words] * 4)
            with pytest.raises(NotNow):
                asking.plan_add(bob, at, pack, "parent", PERIOD + 1, ["nb"], *DAYS, [words] * 5)


class TestWhoMay:
    @pytest.mark.parametrize("who", ["tom", "nora", "frida", "charlie"])
    def test_nobody_but_its_leader_and_owner(
        self, cast: Cast, pack: Pack, folders: Folders, who: str
    ) -> None:
        made, by = opened(pack, folders, cast.bob), reach_for(getattr(cast, who))
        with as_reach(by):
            group = Group(pk=made.pk)
            for attempt in (
                lambda: given_codes.codes_make(by, made, group, 1, folders),
                lambda: given_codes.codes_forget(by, made, group),
                lambda: asking.plan_extend(by, made, DAYS[1]),
                lambda: running.round_close(by, made, pack),
                lambda: running.round_seal(by, made, pack, folders, DAYS[1]),
                lambda: running.round_reopen(by, made, folders),
                lambda: mailing.send_reminder(by, made, ["a@example.no"], pack, folders),
            ):
                with pytest.raises(NotAllowed):
                    attempt()
        assert kept() == []
        assert mail.outbox == []

    @pytest.mark.parametrize(
        ("who", "status"),
        [("alice", 200), ("bob", 200), ("tom", 403), ("charlie", 404), ("nora", 403)],
    )
    def test_who_sees_its_page(
        self, cast: Cast, pack: Pack, log_in: LogIn, who: str, status: int
    ) -> None:
        made = plan(pack, cast.bob)
        reply = log_in(getattr(cast, who)).get(f"/runder/{made.pk}/")
        assert reply.status_code in (status, 404 if status == 403 else status)
        if status == 200:
            assert "Fiolin" in reply.content.decode()

    def test_another_administration_s_plans_are_no_rows(self, cast: Cast, pack: Pack) -> None:
        plan(pack, cast.bob)
        with as_reach(reach_for(cast.charlie)):
            assert not Plan.objects.exists()
            assert not Group.objects.exists()

    def test_no_group_in_somebody_else_s_plan(self, cast: Cast, pack: Pack) -> None:
        made, charlie = plan(pack, cast.bob), reach_for(cast.charlie)
        with pytest.raises(IntegrityError):
            squeeze_in(made, charlie)


def squeeze_in(made: Plan, by: Reach) -> None:
    with as_reach(by):
        at = Unit.objects.get(pk="bergen-kulturskole.musikk")
        theirs = {"tenant_id": "no-4601", "path": at.path, "depth": at.depth, "people": 3}
        Group.objects.create(plan_id=made.pk, unit=at, name="Fløyte", **theirs)


class TestCodes:
    def test_only_digests_under_the_round_s_key_are_kept(
        self, cast: Cast, pack: Pack, folders: Folders
    ) -> None:
        made, bob = opened(pack, folders, cast.bob), reach_for(cast.bob)
        with as_reach(bob):
            given = given_codes.codes_make(bob, made, made.groups.get(), 30, folders)
        key = (folders.keys / f"{made.round_id}.key").read_bytes()
        assert sorted(kept()) == sorted((codes.digest(key, code), False) for code in given)
        assert len(set(given)) == 30
        assert [digest for digest, _ in kept()] == sorted(digest for digest, _ in kept()), (
            "the order in the table is not that of the slips"
        )

    def test_slips_are_a_file_that_nobody_keeps(
        self, cast: Cast, pack: Pack, folders: Folders, log_in: LogIn, here: None
    ) -> None:
        made = opened(pack, folders, cast.bob)
        with as_reach(reach_for(cast.bob)):
            group = made.groups.get().pk
        reply = log_in(cast.bob).post(f"/runder/{made.pk}/{group}/", {"slips": "1", "count": "13"})
        assert reply["Content-Type"] == "application/pdf"
        assert reply["Cache-Control"] == "no-store"
        pages = pypdf.PdfReader(BytesIO(reply.content)).pages
        text = "".join(page.extract_text() for page in pages)
        shown = re.findall(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b", text)
        assert len(set(shown)) == 13
        key = (folders.keys / f"{made.round_id}.key").read_bytes()
        digests = {digest for digest, _ in kept()}
        assert {codes.digest(key, codes.read(each)) for each in shown} == digests

    @pytest.mark.usefixtures("here")
    @pytest.mark.parametrize("answered", [0, 1, 3])
    def test_making_unused_ones_worthless_tells_nobody_how_many_have_answered(
        self, cast: Cast, pack: Pack, folders: Folders, log_in: LogIn, answered: int
    ) -> None:
        made, bob = opened(pack, folders, cast.bob), reach_for(cast.bob)
        with as_reach(bob):
            group = made.groups.get()
            given_codes.codes_make(bob, made, group, 3, folders)
        use(answered)
        before = kept()
        address = f"/runder/{made.pk}/{group.pk}/"
        page = log_in(cast.bob).post(address, {"forget": "1"}, follow=True).content.decode()
        after = kept()
        assert {each for each in before if each in after} == {each for each in before if each[1]}
        assert [used for _, used in after].count(True) == answered
        assert len(after) == 3
        assert "Koder som ingen har brukt, virker ikke lenger." in page
        with as_reach(bob):
            ((told,), codes_there, at_least) = queries.groups(made, pack)
        assert (told.codes, told.at_least, codes_there, at_least) == (3, None, 3, None)

    # 14 people, of whom 14, 10 or 9 have answered; each got so many slips.
    @pytest.mark.parametrize(("slips", "answered", "told"), [
        (1, 14, 5), (2, 14, 5), (2, 10, 5), (2, 9, 5), (2, 4, None),
    ])  # fmt: skip
    def test_more_slips_than_people_do_not_tell_that_all_have_answered(
        self, cast: Cast, pack: Pack, folders: Folders, slips: int, answered: int, told: int | None
    ) -> None:
        made, bob = opened(pack, folders, cast.bob), reach_for(cast.bob)
        with as_reach(bob):
            given_codes.codes_make(bob, made, made.groups.get(), 14 * slips, folders)
            use(answered)
            ((row,), _codes, at_least) = queries.groups(made, pack)
        assert (row.at_least, at_least) == (told, told)

    def test_a_closed_round_gives_out_none(self, cast: Cast, pack: Pack, folders: Folders) -> None:
        made, bob = opened(pack, folders, cast.bob), reach_for(cast.bob)
        with as_reach(bob):
            running.round_close(bob, made, pack)
            with pytest.raises(NotNow):
                given_codes.codes_make(bob, made, made.groups.get(), 1, folders)
            running.round_reopen(bob, made, folders)
            assert given_codes.codes_make(bob, made, made.groups.get(), 1, folders)


def use(count: int) -> None:
    """So many people answer."""
    with connections["intake"].cursor() as cursor:
        cursor.execute("SELECT set_config('puls.reach', '*', false)")
        cursor.execute(
            "UPDATE collect_code SET used = true WHERE digest IN"
            " (SELECT digest FROM collect_code ORDER BY digest LIMIT %s)",
            [count],
        )
        cursor.execute("SELECT set_config('puls.reach', '', false)")


DEPARTMENTS = {"Musikk": "k.musikk", "Dans": "k.dans"}


class TestLists:
    @pytest.mark.parametrize(
        "text",
        [
            "Fiolin; 14; Musikk\nDans; 9",
            "Gruppe\tAntall\tAvdeling\nFiolin\t14\tmusikk\nDans\t9",
            '"Fiolin",14,Musikk\n\n"Dans",9,Dans\n',
        ],
    )
    def test_typed_pasted_or_uploaded(self, text: str) -> None:
        for found in (
            group_lists.read(text, DEPARTMENTS),
            group_lists.read_file(text.encode(), DEPARTMENTS),
        ):
            assert [(each.name, each.people, each.unit) for each in found] == [
                ("Fiolin", 14, "k.musikk"),
                ("Dans", 9, "k.dans"),
            ]

    def test_a_spreadsheet_with_its_rows(self) -> None:
        heading = ("Gruppe", "Antall", "Avdeling")
        book = xlsx(heading, ("Fiolin", 14, "Musikk"), (), ("Dans", 9))
        assert [each.people for each in group_lists.read_file(book, DEPARTMENTS)] == [14, 9]
        wrong = xlsx(heading, ("Fiolin", 14, "Musikk"), (), ("Dans", "mange"))
        with override("nb"), pytest.raises(PulsError, match="Linje 4"):
            group_lists.read_file(wrong, DEPARTMENTS)

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\0\1\2", b"x" * 1_000_001])
    def test_a_file_that_is_no_list_is_refused_with_what_to_do(self, content: bytes) -> None:
        with pytest.raises(PulsError):
            group_lists.read_file(content, DEPARTMENTS)

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("", "ingen gruppe"),
            ("Fiolin; mange; Musikk", "Linje 1"),
            ("Fiolin; 0; Musikk", "Linje 1"),
            (f"Fiolin; {'9' * 5_000}; Musikk", "Linje 1"),
            ("Dans; 9\nFiolin; 14", "Linje 2"),
            ("Dans; 9\nFiolin; 14; Teater", "heter «Teater».*Musikk, Dans"),
            (f"{'x' * 81}; 9; Dans", "80"),
        ],
    )
    def test_a_slip_is_told_with_its_line(self, text: str, says: str) -> None:
        with override("nb"), pytest.raises(PulsError, match=says):
            group_lists.read(text, DEPARTMENTS)


class TestOwnItems:
    ITEMS = (OwnItem(Kind.SCALE, {"nb": "a"}), OwnItem(Kind.WORDS, {"nb": "b"}))

    def test_bytes_are_as_many_whatever_is_said(self) -> None:
        short, long = to_bytes(self.ITEMS, [5, ""]), to_bytes(self.ITEMS, [0, "å" * 400])
        assert len(short) == len(long)
        assert from_bytes(self.ITEMS, short) == [5, ""]
        assert from_bytes(self.ITEMS, long) == [0, "å" * 400]
        assert from_bytes(self.ITEMS, b"") == [0, ""]

    @pytest.mark.parametrize(
        ("counts", "shown"),
        [
            ([1, 1, 1, 1, 1], []),  # too few to tell shares of
            ([0, 0, 0, 0, 30], []),  # that all said the same is not told
            ([0, 0, 4, 5, 3], [(1, 0), (2, 0), (3, 4), (4, 5), (5, 3)]),
            ([1, 2, 10, 0, 5], [(2, 3), (3, 10), (4, 0), (5, 5)]),
            ([10, 0, 0, 0, 1], []),  # merged to one band
            ([10, 5, 0, 1, 1], [(1, 10), (5, 7)]),
        ],
    )
    def test_shares_are_bands_of_nobody_or_three(
        self, counts: list[int], shown: list[tuple[int, int]]
    ) -> None:
        assert [(each.high, each.people) for each in own_counts.bands(counts)] == shown

    @pytest.mark.parametrize(
        ("asked", "from_file", "kept"), [(20, 0, ["hei"]), (19, 0, []), (19, 31, []), (2, 31, [])]
    )
    def test_what_is_written_is_kept_only_where_enough_were_asked(
        self, tmp_path: Path, pack: Pack, asked: int, from_file: int, kept: list[str]
    ) -> None:
        said = [to_bytes(self.ITEMS, [3, ""])] * (asked - 1) + [to_bytes(self.ITEMS, [3, "hei"])]
        file = tmp_path / "own"
        scale = pack.surveys["parent", 1].scale
        own_counts.write(file, self.ITEMS, scale, said + [b""] * from_file)
        assert own_counts.read(file, self.ITEMS)[1].words == kept


@pytest.fixture
def here(folders: Folders, settings: Any) -> None:
    """The pages look for keys where the test does."""
    settings.PULS_DATA = folders.data


@pytest.mark.usefixtures("here")
def test_the_whole_way_in_the_browser(
    cast: Cast, pack: Pack, folders: Folders, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    today = timezone.localdate()
    form = {
        "unit": SCHOOL, "survey": "parent", "languages": ["nb", "en"],
        "opens_on": str(today), "closes_on": str(today + timedelta(days=9)),
        "own_1_nb": "Er det lett å parkere?", "own_1_kind": "scale",
    }  # fmt: skip
    page = bob.post("/runder/ny/", form, follow=True)
    address = page.redirect_chain[-1][0]
    assert "Er det lett å parkere?" in page.content.decode()

    def press(name: str, **more: Any) -> str:
        url = address + ("grupper/" if name == "groups" else "steg/")
        return bob.post(url, {name: "1", **more}, follow=True).content.decode()

    assert "Linje 1" in press("groups", text="Alle")
    press("groups", text="Alle; 30; Musikk")
    assert "åpen" in press("open")
    assert "endres" in bob.post(f"{address}endre/", form).content.decode()
    assert "lukket" in press("close")
    assert "åpen" in press("reopen")
    press("close")
    assert "Ingen har svart" in press("seal")
    assert "Undersøkelser" in bob.get("/runder/").content.decode()


@pytest.mark.usefixtures("here")
def test_a_second_round_beside_one_that_is_open_is_told_when_it_is_saved(
    cast: Cast, pack: Pack, folders: Folders, log_in: LogIn
) -> None:
    bob, today = log_in(cast.bob), timezone.localdate()
    form = {
        "unit": SCHOOL, "survey": "student", "languages": ["nb"],
        "opens_on": str(today), "closes_on": str(today + timedelta(days=9)),
    }  # fmt: skip
    warning = "er i gang her allerede"
    opened(pack, folders, cast.bob)
    for survey, told in (("student", True), ("parent", False)):
        page = bob.post("/runder/ny/", {**form, "survey": survey}, follow=True).content.decode()
        assert (warning in page) is told


@pytest.mark.usefixtures("here")
def test_a_second_press_on_a_page_that_stayed_makes_no_codes(
    cast: Cast, pack: Pack, folders: Folders, log_in: LogIn
) -> None:
    made, bob = opened(pack, folders, cast.bob), log_in(cast.bob)
    with as_reach(reach_for(cast.bob)):
        address = f"/runder/{made.pk}/{made.groups.get().pk}/"
    (shown,) = re.findall(r'name="made" value="([0-9]+)"', bob.get(address).content.decode())
    press = {"slips": "1", "count": "14", "made": shown}
    assert bob.post(address, press)["Content-Type"] == "application/pdf"
    again = bob.post(address, press)
    assert "14 koder ble laget" in again.content.decode()
    assert (again.status_code, len(kept())) == (409, 14)
    assert bob.post(address, {**press, "made": "14"}).status_code == 200
    assert len(kept()) == 28


def test_pages_need_a_person(client: Client, db: None) -> None:
    assert client.get("/runder/").status_code == 302
