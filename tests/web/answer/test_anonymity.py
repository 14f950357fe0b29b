"""Who answered what cannot be found out: an attacker with the database, its files and its logs.

The attacker holds every slip with its name on it (all codes and the order in which they were
used), and is given all that lies on the machine. Before sealing the answers are encrypted under a
key outside the database; after it, key, rows and codes are gone, and the sealed file is shuffled.
"""

import asyncio
import logging
import random
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.db import connections

from puls.content.definitions import Pack
from puls.errors import PulsError
from puls.web import server_home
from puls.web.collect import codes, sealing, vault
from puls.web.collect.folders import Folders
from tests import database
from tests.database import superuser
from tests.web.answer.client import ask
from tests.web.answer.conftest import Open, Opened, answering

PEOPLE = 60


def given(number: int) -> dict[str, str]:
    """Answers that are one person's alone: a number in base 5 over the first items."""
    return {f"q{n}": str(number // 5 ** (n - 1) % 5 + 1) for n in range(1, 5)}


@pytest.fixture
def answered(open_round: Open, pack: Pack, folders: Folders) -> Opened:
    """Sixty people answered, one after the other, in the order of their codes."""
    opened = open_round(music=PEOPLE, dance=0)

    async def run() -> None:
        async with answering(pack, folders) as app:
            for number, code in enumerate(opened.codes):
                fields = {"code": code, **given(number)}
                reply = await ask(app, "POST", f"/svar/{opened.address}", fields)
                assert reply.status == 200

    asyncio.run(run())
    return opened


def joined(order: list[int]) -> int:
    """How many answers somebody finds who takes the n-th for the n-th person's."""
    return sum(number == place for place, number in enumerate(order))


def numbers(frame: pl.DataFrame, pack: Pack) -> list[int]:
    """Whose answers the rows are, in the order of the file."""
    items = [item.key for item in pack.surveys["student", 1].items[:4]]
    return [
        sum((row[key] - 1) * 5**place for place, key in enumerate(items))
        for row in frame.select(items).iter_rows(named=True)
    ]


def test_before_sealing_nothing_can_be_read_without_the_key(
    answered: Opened, folders: Folders, pack: Pack
) -> None:
    """xmin ties each code to its row, as one transaction wrote both: what it finds is encrypted."""
    with superuser() as admin:
        admin.execute("SELECT set_config('puls.reach', '*', false)")
        rows = admin.execute(
            "SELECT a.id, a.payload FROM collect_code c JOIN collect_answer a"
            " ON a.xmin = c.xmin WHERE c.used"
        ).fetchall()
        versions = admin.execute("SELECT DISTINCT id::text FROM collect_answer").fetchall()
        lengths = admin.execute("SELECT DISTINCT length(payload) FROM collect_answer").fetchall()
    assert len(rows) == PEOPLE, "the join is there, and must lead to nothing"
    assert {text[14] for (text,) in versions} == {"4"}, "random keys, without a time in them"
    assert len(lengths) == 1
    for answer, payload in rows[:5]:
        with pytest.raises(PulsError):
            vault.decrypt(bytes(32), answered.round.key, answer, bytes(payload))


def test_codes_cannot_be_tried_without_the_key(answered: Opened, folders: Folders) -> None:
    with superuser() as admin:
        admin.execute("SELECT set_config('puls.reach', '*', false)")
        found = admin.execute("SELECT digest FROM collect_code").fetchall()
    kept = {bytes(digest) for (digest,) in found}
    assert kept.isdisjoint(codes.digest(bytes(32), code) for code in answered.codes)
    key = vault.read_key(folders.keys, answered.round.key)
    assert kept == {codes.digest(key, code) for code in answered.codes}


def test_after_sealing_no_answer_is_joined_to_a_code(
    answered: Opened, folders: Folders, pack: Pack
) -> None:
    sealing.seal(answered.round.key, pack, folders, lambda _: None)
    with superuser() as admin:
        admin.execute("SELECT set_config('puls.reach', '*', false)")
        for table in ("collect_answer", "collect_code"):
            assert admin.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    assert not list(folders.keys.glob("*"))
    frame = pl.read_parquet(folders.sealed(answered.round.key))
    order = numbers(frame, pack)
    assert sorted(order) == list(range(PEOPLE)), "the answers themselves are all there"
    # One in e shuffles has at least one right by chance; eight at once: one in 100,000.
    assert joined(order) < 8
    assert not followed(order), "neighbours in time are no neighbours in the file"


def followed(order: list[int]) -> bool:
    """Whether somebody's successor in time often stands right behind them."""
    pairs = sum(b - a == 1 for a, b in pairwise(order))
    return pairs > 9


def test_caught_a_file_in_the_order_of_answering() -> None:
    assert joined(list(range(PEOPLE))) == PEOPLE
    assert followed(list(range(PEOPLE)))
    half = list(range(PEOPLE))
    head = half[:20]
    random.Random(1).shuffle(head)
    assert followed(head + half[20:])


def test_nothing_of_a_person_is_in_any_log_or_file(
    answered: Opened, folders: Folders, pack: Pack, caplog: pytest.LogCaptureFixture
) -> None:
    """Codes nowhere, in whatever spelling: not in the server's log, its WAL or the data folder."""
    with caplog.at_level(logging.DEBUG):
        sealing.seal(answered.round.key, pack, folders, lambda _: None)
    with superuser() as admin:
        admin.execute("CHECKPOINT")
    place = server_home.place(database.DATA).folder
    told = [code.encode() for code in answered.codes]
    told += [codes.shown(code).encode() for code in answered.codes]
    files = [place / "server.log", *place.glob("pg_wal/0*"), *folders.data.rglob("*")]
    for file in files:
        if file.is_file():
            content = file.read_bytes()
            assert not any(code in content for code in told), file.name
    assert "203.0.113.7" not in caplog.text
    assert not any(code in caplog.text for code in answered.codes)


def test_caught_a_code_that_is_kept_as_it_is(answered: Opened, folders: Folders) -> None:
    """The look at the files would find one."""
    file = folders.data / "sealed" / "mutant"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"x" + answered.codes[3].encode())
    found = [each for each in folders.data.rglob("*") if each.is_file()]
    assert any(answered.codes[3].encode() in each.read_bytes() for each in found)


@pytest.fixture
def backup(answered: Opened, tmp_path: Path) -> Iterator[Any]:
    """A dump from before sealing, brought back as a database of its own after it."""
    place = server_home.place(database.DATA)
    account = server_home.account_for(place.folder)
    name = f"{connections['default'].settings_dict['NAME']}_back"

    def run(program: str, *arguments: str, stdin: bytes = b"") -> bytes:
        done = subprocess.run(
            [
                str(server_home.programs(account) / program),
                *("-h", str(place.socket), "-p", server_home.PORT, "-U", "postgres"),
                *arguments,
            ],
            input=stdin,
            capture_output=True,
            check=True,
            user=account.uid if account else None,
            cwd="/",
        )
        return done.stdout

    dump = run("pg_dump", "-Fc", str(connections["default"].settings_dict["NAME"]))

    def restored() -> Any:
        with superuser("postgres") as admin:
            admin.execute(f"CREATE DATABASE {name}")
        run("pg_restore", "-d", name, stdin=dump)
        return superuser(name)

    yield restored
    with superuser("postgres") as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def test_a_restored_backup_gives_nobody_the_answers_back(
    answered: Opened, backup: Any, folders: Folders, pack: Pack
) -> None:
    sealing.seal(answered.round.key, pack, folders, lambda _: None)
    with backup() as old:
        old.execute("SELECT set_config('puls.reach', '*', false)")
        rows = old.execute("SELECT id, payload FROM collect_answer").fetchall()
        digests = old.execute("SELECT digest FROM collect_code WHERE used").fetchall()
    assert len(rows) == len(digests) == PEOPLE, "the rows are back"
    with pytest.raises(PulsError, match="missing"):
        vault.read_key(folders.keys, answered.round.key)
    # What is left of the data folder opens nothing.
    left = [
        each.read_bytes()[:32].ljust(32, b"\0")
        for each in folders.data.rglob("*")
        if each.is_file()
    ]
    for key in left:
        with pytest.raises(PulsError):
            vault.decrypt(key, answered.round.key, rows[0][0], bytes(rows[0][1]))
        assert codes.digest(key, answered.codes[0]) not in {bytes(d) for (d,) in digests}
