"""Answers that come a second time: nobody is counted twice, however the file is spelled."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connections
from django.db.utils import DatabaseError

from puls.cells import Status
from puls.content.definitions import Pack
from puls.errors import NotNow
from puls.web.assess import queries
from puls.web.collect import sealing, vault
from puls.web.collect.folders import Folders
from puls.web.collect.models import Answer, ImportRecord, Round
from puls.web.importing import files
from puls.web.importing.answers import import_answers
from puls.web.importing.registers import Imported
from puls.web.releasing.releases import release_round
from puls.web.tenants.access import as_whole_tree
from tests.web.inputs import DANCE, MUSIC, PERIOD, answers_file, student
from tests.web.releasing.test_from_file_to_release import TODAY

KEY = "student-2025-no-1149"
Bring = Callable[..., Imported]


def _quoted(text: str) -> str:
    return "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in text.splitlines()
    )


def _turned(text: str) -> str:
    """The same rows from the last to the first, the columns too."""
    header, *rows = (line.split(",")[::-1] for line in text.splitlines())
    return "\n".join(",".join(row) for row in [header, *rows[::-1]])


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it was": lambda text: text,
    "byte order mark": lambda text: f"\ufeff{text}",
    "carriage returns": lambda text: text.replace("\n", "\r"),
    "both": lambda text: text.replace("\n", "\r\n"),
    "a sign": lambda text: text.replace(",3", ",+3"),
    "a zero before": lambda text: text.replace(",3", ",03"),
    "blanks": lambda text: text.replace(",3", ", 3 "),
    "quotation marks": _quoted,
    "semicolons": lambda text: text.replace(",", ";"),
    "another order": _turned,
    "an empty line": lambda text: f"{text}\n\n",
    "a row without answers": lambda text: (
        text + MUSIC + "," * text.split("\n")[0].count(",") + "\n"
    ),
}


@pytest.fixture
def bring(places: None, tmp_path: Path, pack: Pack, folders: Folders) -> Bring:
    def answers(text: str, name: str = "again.csv", **how: bool) -> Imported:
        file = tmp_path / name
        file.write_bytes(text.encode())
        return import_answers(file, "student", PERIOD, "no-1149", pack, folders, **how)

    return answers


@pytest.fixture
def text(tmp_path: Path, pack: Pack) -> str:
    """Three answers of one department, and enough of another."""
    return answers_file(tmp_path, student(pack), {MUSIC: 8, DANCE: 3}).read_text()


@pytest.fixture
def others(tmp_path: Path, pack: Pack) -> str:
    return answers_file(tmp_path, student(pack), {DANCE: 2}).read_text()


def held() -> int:
    with as_whole_tree("assess"):
        return Answer.objects.using("assess").count()


def counted_twice(bring: Bring, text: str) -> list[str]:
    """The spellings under which the same answers came in once more."""
    bring(text, "first.csv")
    wrong = []
    for name, spelled in SPELLINGS.items():
        for how in ({}, {"add": True}, {"replace": True}):
            before = held()
            try:
                new = bring(spelled(text), **how).new
            except NotNow:
                new = True
            if new or held() != before:
                wrong.append(name)
    return wrong


def test_the_same_answers_change_nothing_in_any_spelling(bring: Bring, text: str) -> None:
    assert counted_twice(bring, text) == []
    assert held() == 11


def test_the_table_finds_a_comparison_of_bytes(
    bring: Bring, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def of_bytes(*_: object) -> str:
        name = "again.csv" if (tmp_path / "again.csv").exists() else "first.csv"
        return files.checksum(tmp_path / name)

    monkeypatch.setattr(vault, "fingerprint", of_bytes)
    assert set(counted_twice(bring, text)) >= {"byte order mark", "carriage returns", "a sign"}


def test_other_answers_are_refused_until_it_is_said_whose_they_are(
    bring: Bring, text: str, others: str
) -> None:
    bring(text, "first.csv")
    with pytest.raises(NotNow, match=r"holds 11 answers already, the last from first.csv .*--add"):
        bring(others)
    assert held() == 11
    assert bring(others, add=True).stored == 2
    assert held() == 13
    for known in (text, others):
        assert not bring(known, add=True).new
    assert held() == 13


def test_replaced_the_earlier_ones_are_gone_and_may_come_back(
    bring: Bring, text: str, others: str, pack: Pack, folders: Folders
) -> None:
    bring(text)
    bring(others, add=True)
    assert bring(text, replace=True).stored == 11
    assert held() == 11
    assert bring(others, replace=True).stored == 2
    assert held() == 2
    assert bring(text, replace=True).stored == 11
    with as_whole_tree("assess"):
        records = ImportRecord.objects.using("assess").order_by("id")
        assert list(records.values_list("taken_out", flat=True)) == [True] * 4 + [False]
    assert sealing.seal(KEY, pack, folders, lambda _: None).answers == 11


def test_an_accident_while_replacing_leaves_the_earlier_ones(
    bring: Bring, text: str, others: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> bytes:
        raise KeyboardInterrupt

    bring(text)
    with monkeypatch.context() as broken:
        broken.setattr(vault, "encrypt", killed)
        with pytest.raises(KeyboardInterrupt):
            bring(others, replace=True)
    assert held() == 11
    assert not bring(text).new


def test_a_department_of_three_stays_hidden(
    bring: Bring, text: str, pack: Pack, folders: Folders
) -> None:
    bring(text)
    bring(SPELLINGS["byte order mark"](text), add=True)
    release_round(sealing.seal(KEY, pack, folders, lambda _: None), pack, folders, TODAY)
    with as_whole_tree("assess"):
        found = queries.cells([DANCE], PERIOD, using="assess")
    assert {cell.status for cell in found} == {Status.FEW}


def test_what_is_kept_says_nothing_without_the_key(bring: Bring, text: str) -> None:
    """Another key, another fingerprint: after sealing nobody can try answers out on it."""
    rows = [(MUSIC, b"\1\2"), (DANCE, b"\3\0")]
    one, other = bytes(32), bytes(31) + b"\1"
    assert vault.fingerprint(one, rows) == vault.fingerprint(one, rows[::-1])
    assert vault.fingerprint(one, rows) != vault.fingerprint(other, rows)
    assert vault.fingerprint(one, rows) != vault.fingerprint(one, [*rows, rows[0]])


@pytest.mark.parametrize("role", ["default", "assess"])
def test_only_who_brings_answers_in_may_replace_them(role: str, bring: Bring, text: str) -> None:
    bring(text)
    with connections[role].cursor() as cursor:
        cursor.execute("SELECT set_config('puls.reach', '*', false)")
        with pytest.raises(DatabaseError, match="permission denied"):
            cursor.execute("SELECT puls_take_out_answers(%s)", [KEY])
    assert held() == 11


def test_nothing_is_taken_out_of_a_closed_round(bring: Bring, text: str, others: str) -> None:
    bring(text)
    with as_whole_tree("assess"):
        Round.objects.using("assess").update(state="closed")
    with pytest.raises(NotNow, match="is closed"):
        bring(others, replace=True)
    with pytest.raises(DatabaseError, match="open rounds only"), as_whole_tree("intake"):
        connections["intake"].cursor().execute("SELECT puls_take_out_answers(%s)", [KEY])
    assert held() == 11
