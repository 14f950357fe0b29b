"""Bringing a database up to date: the one that comes along, and a server of one's own."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from puls.errors import SetupError
from puls.web import database, embedded, server_home

PREPARE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "puls.web.settings"
from puls.errors import SetupError
try:
    import django
    django.setup()
    from puls.web import database
    database.prepare(lambda step: print("step", step))
    from django.db import connections
    for alias in database.ALIASES:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT current_user, count(*) FROM tenants_unit")
            print(alias, *cursor.fetchone())
except SetupError as error:
    print("refused", error)
"""
ROLES = "default puls_web 0\nowner puls_owner 0\nintake puls_intake 0\nassess puls_assess 0\n"


def prepare(data: Path, **environment: str) -> str:
    """What a fresh process says that prepares this data folder."""
    done = subprocess.run(
        [sys.executable, "-c", PREPARE],
        env={**os.environ, "PULS_DATA": str(data), "DATABASE_URL": "", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="puls-start-"))
    folder.chmod(0o711)
    yield folder / "data"
    shutil.rmtree(folder)


def test_a_second_start_has_nothing_to_do(data: Path) -> None:
    assert prepare(data) == "step Starting the database\nstep Preparing the tables\n" + ROLES
    assert prepare(data) == "step Starting the database\n" + ROLES
    assert not embedded.is_running(data)


def test_the_secret_key_is_made_once_and_kept_private(data: Path) -> None:
    embedded.make_data_folder(data)
    key = database.secret_key(data)
    assert database.secret_key(data) == key
    assert len(key) > 50
    assert (data / "secret_key").stat().st_mode & 0o077 == 0
    (data / "secret_key").write_text("\n")
    with pytest.raises(SetupError, match="is empty"):
        database.secret_key(data)


@dataclass
class Server:
    """A server of one's own: asks for passwords, on a network address."""

    port: int
    admin: str

    def url(self, user: str, password: str, name: str = "puls_own") -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{name}"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="puls-own-"))
    folder.chmod(0o711)
    data = folder / "data"
    where = embedded.start(data)
    admin = f"host={where.socket} user={embedded.SUPERUSER} dbname=postgres port={server_home.PORT}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("CREATE ROLE operator LOGIN CREATEROLE PASSWORD 'op secret'")
        connection.execute("CREATE ROLE guest LOGIN PASSWORD 'guest'")
        connection.execute("CREATE DATABASE puls_own OWNER operator")
    embedded._run("pg_ctl", "-D", str(where.folder), "-m", "fast", "-w", "stop", where=where)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    hba = where.folder / "pg_hba.conf"
    hba.write_text(f"host all all 127.0.0.1/32 scram-sha-256\n{hba.read_text()}")
    embedded._run(
        "pg_ctl", "-D", str(where.folder), "-l", f"{where.folder}/server.log",
        "-o", f"-h 127.0.0.1 -p {port} -k {where.socket}", "-w", "start", where=where,
    )  # fmt: skip
    yield Server(port, admin.replace(f"port={server_home.PORT}", f"port={port}"))
    embedded.stop(data)
    shutil.rmtree(folder)


def test_a_server_of_ones_own(data: Path, server: Server) -> None:
    url = server.url("operator", "op%20secret")
    for _ in range(2):
        assert prepare(data, DATABASE_URL=url).endswith(ROLES)
    key = database.secret_key(data)
    with psycopg.connect(server.url("puls_web", database.password(key, "puls_web"))) as connection:
        row = connection.execute("SHOW is_superuser").fetchone()
    assert row == ("off",)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(server.url("puls_web", database.password(key, "puls_owner")))


@pytest.mark.parametrize(
    ("user", "password", "name", "says"),
    [
        ("guest", "guest", "puls_own", r"may not set up Puls .* Give it CREATEROLE"),
        ("guest", "wrong", "puls_own", r"does not answer .*Check DATABASE_URL"),
        ("guest", "guest", "not_there", r"DATABASE_URL"),
    ],
)
def test_a_server_that_does_not_let_us(
    data: Path, server: Server, user: str, password: str, name: str, says: str
) -> None:
    said = prepare(data, DATABASE_URL=server.url(user, password, name))
    assert re.search(rf"refused .*{says}", said), said
    assert said.count("\n") == 1


@pytest.mark.parametrize("url", ["mysql://a@b/c", "postgresql://host", "nonsense"])
def test_an_address_that_is_none(data: Path, url: str) -> None:
    assert "DATABASE_URL " in prepare(data, DATABASE_URL=url)
