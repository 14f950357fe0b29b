"""A leader uploads what another program exported, says what it is, and it comes in once."""

import os
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import translation

from puls.commands import nightly
from puls.content.definitions import Pack
from puls.errors import ImportFileError, NotAllowed, PulsError
from puls.registers import exported
from puls.registers.exported import Column, Table
from puls.registers.mapping import LEAVE_OUT, ColumnMap
from puls.registers.refused import Why
from puls.web.collect import asking, refusals, running
from puls.web.collect.folders import Folders
from puls.web.collect.models import Answer, Code, Group, ImportRecord, Plan, Round, SavedMap
from puls.web.collect.own_items import Kind as OwnKind
from puls.web.collect.own_items import OwnItem
from puls.web.importing import column_maps, waiting
from puls.web.importing.answers import How
from puls.web.importing.mapped import import_mapped
from puls.web.importing.views import COOKIE
from puls.web.media.uploads import PERSONAL
from puls.web.tenants.access import as_reach, as_whole_tree
from tests.registers.spreadsheets import xlsx
from tests.web.cast import Cast, LogIn, reach_for
from tests.web.collect.test_asking import opened, plan

NAMES = ("Kari Nordmann", "kari@example.no", "2026-11-02 08:15")


def table(pack: Pack, people: int = 8, **values: str) -> list[list[str]]:
    """A form's export: when, who, which department, then the questions in bokmål."""
    survey, nb = pack.surveys["student", 1], pack.texts["nb"]
    words = [nb[f"scale.{survey.scale.key}.{n}"] for n in range(1, 6)]
    heads = [nb[f"item.student.{item.key}"] for item in survey.items]
    rows = [["Tidspunkt", "Navn", "E-post", "Avdeling", *heads]]
    for n in range(people):
        said = [words[(n + at) % 5] for at in range(len(heads))]
        rows.append([NAMES[2], NAMES[0], NAMES[1], ("Musikk", "Dans")[n % 2], *said])
    for at, said in values.items():
        rows[1][int(at.removeprefix("c"))] = said
    return rows


def file(rows: list[list[str]], name: str = "svar.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, xlsx(*rows))


def filled(page: str) -> dict[str, str]:
    """What a browser would send: each field as the page has it."""
    sent = {}
    for name, inner in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        if name == "map":  # of another form
            continue
        chosen = re.search(r'<option value="([^"]*)" selected', inner)
        sent[name] = chosen[1] if chosen else ""
    for tag, name in re.findall(r'(<input[^>]* name="(everybody|c-[^"]+)"[^>]*>)', page):
        sent[name] = re.findall(r' value="([^"]*)"', tag)[0]
    return sent


def held() -> int:
    with as_whole_tree("assess"):
        return Answer.objects.using("assess").count()


class Walk:
    """One person's way through the pages."""

    def __init__(self, client: Client, made: Plan) -> None:
        self.client, self.address = client, f"/runder/{made.pk}/svarfil/"
        self.plan = made
        self.page = ""

    def upload(self, what: Any) -> str:
        reply = self.client.post(self.address, {"upload": "1", "file": what}, follow=True)
        self.page = reply.content.decode()
        return self.page

    def press(self, button: str, change: Mapping[str, str] | None = None, **more: str) -> str:
        sent = {**filled(self.page), **(change or {}), **more, button: "1"}
        reply = self.client.post(self.address, sent, follow=True)
        self.page = reply.content.decode()
        return self.page


@pytest.fixture
def walk(cast: Cast, pack: Pack, folders: Folders, log_in: LogIn, here: None) -> Walk:
    return Walk(log_in(cast.bob), opened(pack, folders, cast.bob))


@pytest.fixture
def here(folders: Folders, settings: Any) -> None:
    settings.PULS_DATA = str(folders.data)


def test_from_a_spreadsheet_to_answers_of_the_round(
    walk: Walk, pack: Pack, folders: Folders
) -> None:
    page = walk.upload(file(table(pack)))
    assert "8 svar er klare til å komme inn" in page
    assert all(name not in page for name in NAMES), "what is not read is not even shown"
    assert held() == 0
    page = walk.press("import")
    assert "8 svar kom inn" in page
    assert held() == 8
    with as_whole_tree("intake"):
        record = ImportRecord.objects.using("intake").get()
    assert (record.rows_in, record.file_name, record.rows_refused) == (8, "svar.xlsx", [])
    assert list(folders.waiting.glob("*")) == []
    assert COOKIE not in walk.client.cookies or not walk.client.cookies[COOKIE].value


@pytest.mark.parametrize(
    ("people", "told", "hidden"),
    [(8, "8 svar fra fil", "Færre enn"), (4, "Færre enn 5 svar fra fil", "4 svar fra fil")],
)
def test_the_round_tells_of_the_file_and_of_no_sum(
    walk: Walk, pack: Pack, people: int, told: str, hidden: str
) -> None:
    """Mutant: the number of the file and of the codes together, which tells that of the codes."""
    walk.upload(file(table(pack, people)))
    with as_whole_tree("intake"):
        group = Group.objects.using("intake").get(plan=walk.plan).pk
        Code.objects.using("intake").bulk_create(
            Code(digest=bytes([n]) * 8, round_id=walk.plan.round_id, group_id=group, used=n < 3)
            for n in range(6)
        )
    walk.press("import")
    page = walk.client.get(walk.address.replace("svarfil/", "")).content.decode()
    assert told in page
    assert "svar.xlsx, " in page
    assert hidden not in page
    assert "Med koder: Det er for få svar til å vise et tall" in " ".join(page.split())
    assert f"{people + 3}" not in re.sub(
        r"<[^>]*>", "", page.split('id="svar"')[1].split("</section>")[0]
    )


def test_the_same_file_again_says_so_and_others_need_a_word(walk: Walk, pack: Pack) -> None:
    walk.upload(file(table(pack)))
    walk.press("import")
    assert "er i runden allerede" in walk.upload(file(table(pack), "copy.xlsx"))
    page = walk.upload(file(table(pack, 6)))
    assert "Hvem sine er de nye?" in page
    walk.press("import")
    assert held() == 8, "nothing comes in until it is said whose they are"
    walk.press("import", held="replace")
    assert held() == 6
    walk.upload(file(table(pack, 7)))
    walk.press("import", held="add")
    assert held() == 13


def test_what_is_not_understood_is_asked_and_nothing_comes_in_before(
    walk: Walk, pack: Pack
) -> None:
    rows = table(pack, c4="Tja", c3="Musik", c5="Vet ikke")
    page = walk.upload(file(rows))
    assert "1 celle er ikke forstått ennå" in page
    assert "1 celle er skrevet litt annerledes" in page, (
        "it is not called strange: a guess is there"
    )
    assert "Ja, det stemmer" not in page
    assert 'name="import"' not in page
    walk.press("import")
    assert held() == 0
    (unit,) = re.findall(r'id="(v-unit-[^"]+)">Musik ', page)
    (point,) = re.findall(r'id="(v-p-[^"]+)">Tja ', page)
    assert filled(page)[unit] == "karmoy-kulturskole.musikk", "a guess, to be checked"
    assert filled(page)[point] == ""
    page = walk.press("look", {point: "3"})
    assert "8 svar er klare" in page
    walk.press("import")
    assert held() == 8


def test_what_is_only_guessed_is_confirmed_with_a_yes(
    cast: Cast, pack: Pack, log_in: LogIn, here: None
) -> None:
    made, bob = plan(pack, cast.bob), reach_for(cast.bob)
    with as_reach(bob):
        asked = OwnItem(OwnKind.SCALE, {"nb": "Hva?"})
        asking.plan_change(bob, made, pack, ["nb"], made.opens_on, made.closes_on, [asked])
    walk = Walk(log_in(cast.bob), made)
    page = walk.upload(file(table(pack, c3="Musik")))
    assert "Ja, det stemmer" in page
    assert "ikke forstått ennå" not in page
    assert "besvares bare med koder" in page
    assert "8 svar er klare" in walk.press("look")


def test_rows_of_others_are_left_out_and_told(walk: Walk, pack: Pack) -> None:
    page = walk.upload(file(table(pack, c3="Kor")))
    (field,) = re.findall(r'id="(v-unit-[^"]+)">Kor ', page)
    page = walk.press("look", {field: "-"})
    assert "1 rad fra en annen avdeling tas ikke med" in page
    walk.press("import")
    assert held() == 7


def test_a_prepared_round_is_opened_by_its_first_answers(
    cast: Cast, pack: Pack, folders: Folders, log_in: LogIn, here: None
) -> None:
    made = plan(pack, cast.bob)
    walk = Walk(log_in(cast.bob), made)
    walk.upload(file(table(pack)))
    with as_whole_tree("intake"):
        assert not Round.objects.using("intake").exists(), "looking opens nothing"
    assert not list(folders.keys.glob("*"))
    walk.press("import")
    with as_reach(reach_for(cast.bob)):
        assert Plan.objects.get(pk=made.pk).round_id == f"student-{made.period}-{made.unit_id}"
    assert held() == 8


def test_a_mapping_is_kept_and_filled_in_next_time(walk: Walk, pack: Pack, cast: Cast) -> None:
    rows = table(pack, c4="Tja")
    rows[0][3] = "Tilhørighet"
    page = walk.upload(file(rows))
    (field,) = re.findall(r'id="(v-p-[^"]+)">Tja ', page)
    walk.press("save", {field: "3"}, name="Forms")
    with as_reach(reach_for(cast.bob)):
        kept = SavedMap.objects.get()
    assert kept.content["points"] == {"tja": 3}
    assert "Navn" not in str(kept.content), "headings of columns that are not read are not kept"
    assert NAMES[0] not in str(kept.content)
    rows[2][4] = "tja"
    page = walk.upload(file(rows, "neste.xlsx"))
    assert "Forms" in page
    assert "8 svar er klare" in page
    page = walk.press("look", map="0")
    assert "1 celle er ikke forstått" in page or "2 celler er ikke forstått" in page


def test_a_kept_mapping_holds_no_value_that_was_left_out(
    walk: Walk, pack: Pack, cast: Cast
) -> None:
    """A column of names that was taken for the departments' must not be stored by the way."""
    rows = table(pack, c3="Kari Nordmann", c4="Ola Nordmann")
    page = walk.upload(file(rows))
    fields = re.findall(r'id="(v-[up][^"]+)">(?:Kari|Ola) Nordmann ', page)
    assert len(fields) == 2
    walk.press("save", dict.fromkeys(fields, LEAVE_OUT), name="Forms")
    with as_reach(reach_for(cast.bob)):
        kept = SavedMap.objects.get()
    assert len(kept.content["columns"]) > 2
    assert "nordmann" not in str(kept.content).casefold()


def test_two_thousand_columns_make_no_heavy_page_and_each_can_be_chosen(
    walk: Walk, pack: Pack
) -> None:
    """They are listed once, and not in every question's own list."""
    rows = table(pack)
    wide = [[*[f"x{n}" for n in range(2000 - len(row))], *row] for row in rows]
    page = walk.upload(file(wide))
    assert "2000 kolonner" in page
    assert "8 svar er klare" in page, "what was found stays chosen, wherever it stands"
    assert len(page.encode()) < 300_000
    assert page.count("<option") < 2_500
    unit = f"{wide[0].index('Avdeling') + 1}"
    assert re.search(rf'<input[^>]* name="c-unit"[^>]* value="{unit} · Avdeling"', page)
    assert "avdelingen" in walk.press("look", {"c-unit": ""})
    for chosen in (unit, f" {unit} · Avd"):
        assert "8 svar er klare" in walk.press("look", {"c-unit": chosen}), chosen
    for nonsense in ("Avdeling", "0", f"{unit}x", "-1"):
        assert "8 svar er klare" not in walk.press("look", {"c-unit": nonsense}), nonsense


def test_a_few_columns_are_listed_at_each_question(walk: Walk, pack: Pack) -> None:
    page = walk.upload(file(table(pack)))
    assert re.search(r'<select[^>]* name="c-unit"', page)
    assert "<datalist" not in page


def test_a_mapping_is_the_administration_s_own(walk: Walk, pack: Pack, cast: Cast) -> None:
    walk.upload(file(table(pack)))
    walk.press("save", name="Forms")
    with as_reach(reach_for(cast.charlie)):
        assert not SavedMap.objects.exists()
    with as_reach(reach_for(cast.alice)):
        assert SavedMap.objects.count() == 1


def test_a_command_reads_a_file_by_a_mapping_that_was_kept(
    walk: Walk, pack: Pack, folders: Folders, cast: Cast, tmp_path: Path
) -> None:
    rows = table(pack, c4="Tja")
    page = walk.upload(file(rows))
    (field,) = re.findall(r'id="(v-p-[^"]+)">Tja ', page)
    walk.press("save", {field: "3"}, name="Forms")
    with as_reach(reach_for(cast.bob)):
        made = Plan.objects.get()
    export = tmp_path / "svar.xlsx"
    where = made.survey, made.period, made.unit_id, pack, folders
    export.write_bytes(xlsx(*rows))
    dry = import_mapped(export, "Forms", *where, How(dry=True))
    assert (dry.stored, held()) == (8, 0)
    assert import_mapped(export, "Forms", *where, How()).stored == held() == 8
    assert not import_mapped(export, "Forms", *where, How()).new
    rows[2][5] = "Nja"
    export.write_bytes(xlsx(*rows))
    with pytest.raises(ImportFileError, match="'Nja' is not understood"):
        import_mapped(export, "Forms", *where, How(add=True))
    with pytest.raises(PulsError, match=r"no map 'Other' .* Kept: 'Forms'"):
        import_mapped(export, "Other", *where, How())
    assert held() == 8


@pytest.mark.parametrize("who", ["tom", "charlie", "nora", "frida"])
def test_who_may_not(
    cast: Cast, pack: Pack, folders: Folders, log_in: LogIn, here: None, who: str
) -> None:
    made = opened(pack, folders, cast.bob)
    walk = Walk(log_in(getattr(cast, who)), made)
    reply = walk.client.post(walk.address, {"upload": "1", "file": file(table(pack))})
    assert reply.status_code in (403, 404)
    assert not folders.waiting.exists()
    by = reach_for(getattr(cast, who))
    with as_reach(by), pytest.raises(NotAllowed):
        column_maps.map_save(by, made, Table("csv", (), (), ()), "x", ColumnMap())


def test_a_closed_round_takes_none(walk: Walk, cast: Cast, pack: Pack, folders: Folders) -> None:
    walk.upload(file(table(pack)))
    bob = reach_for(cast.bob)
    with as_reach(bob):
        running.round_close(bob, Plan.objects.get(), pack)
    assert "Runden er lukket" in walk.press("import")
    assert held() == 0
    assert list(folders.waiting.iterdir()) == [], "nothing is left of the file either"


@pytest.mark.parametrize("place", ["0000019999", "1" + "0" * 5_000, "-1", "99"])
def test_a_column_that_is_not_there_is_none(place: str, walk: Walk, pack: Pack) -> None:
    walk.upload(file(table(pack)))
    assert "Si hvilken kolonne" in walk.press("look", {"c-unit": place})


def test_without_its_token_no_form_is_taken(cast: Cast, pack: Pack, folders: Folders) -> None:
    made = opened(pack, folders, cast.bob)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.bob.user)
    sent = {"upload": "1", "file": file(table(pack))}
    assert strict.post(f"/runder/{made.pk}/svarfil/", sent).status_code == 403


class TestTheFileWhileItWaits:
    """It is encrypted, its key is the browser's alone, and it is gone after an hour."""

    TABLE = Table("csv", (Column("Navn", "", {"1": "ja"}),), (("Kari",),), (2,))

    def test_only_the_same_person_at_the_same_round_reads_it(self, folders: Folders) -> None:
        token = waiting.keep(folders, "a.csv", self.TABLE, "bob/1")
        found = waiting.waiting(folders, token, "bob/1")
        assert found == waiting.Waiting("a.csv", self.TABLE)
        assert waiting.waiting(folders, token, "tom/1") is None
        assert waiting.waiting(folders, token, "bob/2") is None
        other = ("B" if token[0] == "A" else "A") + token[1:]
        assert waiting.waiting(folders, other, "bob/1") is None

    def test_nothing_in_the_data_folder_tells_what_is_in_it(self, folders: Folders) -> None:
        token = waiting.keep(folders, "a.csv", self.TABLE, "bob/1")
        (kept,) = (each for each in folders.data.rglob("*") if each.is_file())
        assert b"Kari" not in kept.read_bytes()
        assert token not in kept.name
        assert kept.stat().st_mode & 0o077 == 0

    def test_after_an_hour_it_is_gone(self, folders: Folders) -> None:
        token = waiting.keep(folders, "a.csv", self.TABLE, "bob/1")
        (kept,) = folders.waiting.iterdir()
        os.utime(kept, (time.time() - 3590,) * 2)
        assert waiting.sweep(folders) == 0
        os.utime(kept, (time.time() - 3610,) * 2)
        assert waiting.waiting(folders, token, "bob/1") is None
        assert not kept.exists()

    def test_others_that_are_too_old_go_when_a_file_comes(self, folders: Folders) -> None:
        waiting.keep(folders, "a.csv", self.TABLE, "bob/1")
        (old,) = folders.waiting.iterdir()
        os.utime(old, (time.time() - 3610,) * 2)
        waiting.keep(folders, "b.csv", self.TABLE, "tom/1")
        assert not old.exists()

    def test_or_in_the_night(self, folders: Folders, settings: Any) -> None:
        settings.PULS_DATA = str(folders.data)
        waiting.keep(folders, "a.csv", self.TABLE, "bob/1")
        waiting.keep(folders, "b.csv", self.TABLE, "bob/1")
        old, new = folders.waiting.iterdir()
        os.utime(old, (time.time() - 3610,) * 2)
        nightly.files()
        assert list(folders.waiting.iterdir()) == [new]

    def test_no_more_than_so_many_wait(
        self, folders: Folders, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(waiting, "MOST_WAITING", 1)
        waiting.keep(folders, "a.csv", self.TABLE, "bob/1")
        with pytest.raises(PulsError, match=r"hour|time"):
            waiting.keep(folders, "a.csv", self.TABLE, "bob/1")

    def test_giving_up_deletes_it(self, walk: Walk, pack: Pack, folders: Folders) -> None:
        walk.upload(file(table(pack)))
        assert len(list(folders.waiting.iterdir())) == 1
        walk.press("cancel")
        assert list(folders.waiting.iterdir()) == []
        assert held() == 0

    def test_another_file_takes_its_place(self, walk: Walk, pack: Pack, folders: Folders) -> None:
        walk.upload(file(table(pack)))
        walk.upload(file(table(pack, 5)))
        assert len(list(folders.waiting.iterdir())) == 1

    def test_a_form_that_comes_too_late_is_told(
        self, walk: Walk, pack: Pack, folders: Folders
    ) -> None:
        walk.upload(file(table(pack)))
        (kept,) = folders.waiting.iterdir()
        os.utime(kept, (time.time() - 3610,) * 2)
        assert "Last den opp på nytt" in walk.press("import")
        assert held() == 0

    def test_an_upload_is_never_a_file_of_its_own(
        self, walk: Walk, pack: Pack, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Larger than what usually stays in memory, it does all the same."""
        seen = []
        read = exported.read

        def look(name: str, data: bytes) -> Table:
            seen.append(len(data))
            return read(name, data)

        def no_file(*_: object, **__: object) -> None:
            raise AssertionError("a temporary file")

        monkeypatch.setattr(exported, "read", look)
        monkeypatch.setattr("tempfile.NamedTemporaryFile", no_file)
        large = b"a;b\n" + b"1;" + b"x" * 100_000 + b"\n" + b"1;2\n" * 700_000
        walk.upload(SimpleUploadedFile("large.csv", large))
        assert seen == [len(large)]


def test_in_the_database_nothing_but_answers_and_the_map(walk: Walk, pack: Pack) -> None:
    """No name, no address, no time of the file in any table."""
    walk.upload(file(table(pack)))
    walk.press("save", name="Forms")
    walk.press("import")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('puls.reach', '*', false)")
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (name,) in cursor.fetchall():
            if not name.startswith("collect_"):
                continue
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {name} t")
            text = cursor.fetchone()[0]
            assert not any(each in text for each in (*NAMES, "E-post")), name
        cursor.execute("SELECT set_config('puls.reach', '', false)")


@pytest.mark.parametrize("language", ["nb", "en"])
def test_each_refusal_is_a_sentence_in_the_reader_s_language(language: str) -> None:
    from puls.registers.refused import Refused

    with translation.override(language):
        told = {why: refusals.sentence(Refused("a", why, "row 3", most=20)) for why in Why}
    assert all("3" in sentence and "{" not in sentence for sentence in told.values())
    if language == "nb":
        assert told[Why.EMPTY].startswith("Rad 3: ")


def test_the_address_is_one_whose_files_never_touch_the_disk() -> None:
    address = reverse("importing:answers", args=["0" * 8 + "-0000-4000-8000-" + "0" * 12])
    assert PERSONAL.fullmatch(address)


def test_a_refused_file_is_told_on_the_page(walk: Walk) -> None:
    page = walk.upload(SimpleUploadedFile("a.xlsx", b"\xd0\xcf\x11\xe0 old"))
    assert "gammel Excel-fil" in page
