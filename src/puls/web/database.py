"""One database, four roles: which server it is, who may connect, and bringing it up to date.

Read by `settings` before Django is set up, so only `prepare` and what it calls may touch Django.
"""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import psycopg
from psycopg import sql

from puls.errors import SetupError
from puls.web import embedded, environment, server_home

ALIASES: Mapping[str, str] = {
    "default": "puls_web",
    "owner": "puls_owner",
    "intake": "puls_intake",
    "assess": "puls_assess",
}
"""Django's connection aliases and the database role behind each. None can bypass row security."""

EMBEDDED_NAME = "puls"
LOCK = 7_857_001
"""Number of the advisory lock that one preparing process holds."""

Say = Callable[[str], None]
"""Where a long step tells how far it is."""


class OneDatabase:
    """Django's router: the aliases are roles in one and the same database."""

    def allow_relation(self, *_objects: object, **_hints: object) -> bool:
        return True

    def allow_migrate(self, alias: str, *_app: object, **_hints: object) -> bool:
        return alias == "owner"


def data_folder() -> Path:
    """PULS_DATA, or `var/` beside the project's own files."""
    chosen = os.environ.get("PULS_DATA")
    if chosen:
        return Path(chosen).expanduser().absolute()
    root = Path(__file__).parents[3]
    return (root if (root / "pyproject.toml").exists() else Path.cwd()) / "var"


def secret_key(data: Path) -> str:
    """SECRET_KEY from the environment, or one made once and kept for this data folder alone."""
    given = os.environ.get("SECRET_KEY")
    if given:
        return given
    file = data / "secret_key"
    try:
        if not file.exists():
            _write_once(file, secrets.token_urlsafe(50))
        key = file.read_text().strip()
    except OSError as error:
        raise SetupError(
            f"The secret key in {file} cannot be kept ({error.strerror}). "
            "Choose another folder with --data."
        ) from None
    if not key:
        raise SetupError(f"{file} is empty. Remove it: a new key logs everybody out, nothing more.")
    return key


def connections(data: Path, key: str) -> dict[str, dict[str, Any]]:
    """Django's DATABASES: the same database four times, each time as another role."""
    own = os.environ.get("DATABASE_URL")
    if own:
        given = _parse(own)
        server = {
            "HOST": given.get("host", ""),
            "PORT": given.get("port", ""),
            "NAME": given["dbname"],
        }
        options = {name: given[name] for name in ("sslmode", "sslrootcert") if name in given}
    else:
        server = {
            "HOST": str(server_home.place(data).socket),
            "PORT": server_home.PORT,
            "NAME": EMBEDDED_NAME,
        }
        options = {}
    return {
        alias: {
            "ENGINE": "django.db.backends.postgresql",
            **server,
            "USER": role,
            "PASSWORD": password(key, role) if own else "",
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": dict(options),
        }
        for alias, role in ALIASES.items()
    }


def password(key: str, role: str) -> str:
    """A role's password on the user's own server: made from the secret key, stored nowhere."""
    digest = hmac.new(key.encode(), f"database role {role}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def prepare(say: Say = lambda _: None) -> None:
    """Starts the server and brings roles, database and tables up to date. Twice changes nothing.

    Raises SetupError in one sentence when the server, its rights or its folder are not as needed.
    """
    from django.conf import settings

    data, key = Path(settings.PULS_DATA), str(settings.SECRET_KEY)
    name = str(settings.DATABASES["default"]["NAME"])
    own = os.environ.get("DATABASE_URL")
    if own:
        server: dict[str, Any] = {**_parse(own), "connect_timeout": 10}
    else:
        say("Starting the database")
        where = embedded.start(data)
        if where.folder.parent != data:
            say(f"{data} is closed to other users, so the database lies in {where.folder}")
        server = {
            "host": str(where.socket),
            "port": server_home.PORT,
            "user": embedded.SUPERUSER,
            "dbname": "postgres",
        }
    try:
        with _administrator(server) as connection:
            # Two first starts at the same time would otherwise create the same role twice.
            connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            make_roles(connection, key if own else None)
            make_database(connection, name)
            with psycopg.connect(**{**server, "dbname": name}, autocommit=True) as inside:
                open_schema(inside)
            bring_up_to_date(say)
    except psycopg.errors.InsufficientPrivilege as error:
        raise SetupError(
            f"The user of DATABASE_URL may not set up Puls ({_first_line(error)}). "
            "Give it CREATEROLE and make it the owner of the database, or use a superuser."
        ) from None
    except psycopg.OperationalError as error:
        raise SetupError(
            f"The database does not answer ({_first_line(error)}). Check DATABASE_URL."
            if own
            else f"The database in {data} does not answer ({_first_line(error)}). Start again."
        ) from None


def _administrator(server: dict[str, Any]) -> psycopg.Connection[Any]:
    """A connection that may make roles; beside the database where that is still missing."""
    try:
        return psycopg.connect(**server, autocommit=True)
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error):
            raise
        return psycopg.connect(**{**server, "dbname": "postgres"}, autocommit=True)


def make_roles(connection: psycopg.Connection[Any], key: str | None) -> None:
    """The four roles, without any right that would lift them above row-level security.

    With a key they get passwords; without, the folder of the socket is what protects them.
    """
    for role in ALIASES.values():
        identity = sql.Identifier(role)
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        if not known:
            connection.execute(sql.SQL("CREATE ROLE {}").format(identity))
        above = connection.execute(
            "SELECT 1 FROM pg_roles WHERE rolname = %s AND (rolsuper OR rolbypassrls)", [role]
        ).fetchone()
        if above:
            connection.execute(sql.SQL("ALTER ROLE {} NOSUPERUSER NOBYPASSRLS").format(identity))
        connection.execute(sql.SQL("ALTER ROLE {} LOGIN").format(identity))
        if key:
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(identity, password(key, role))
            )


def make_database(connection: psycopg.Connection[Any], name: str) -> None:
    """The database itself, if it is not there yet."""
    known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    if not known:
        connection.execute(
            sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(
                sql.Identifier(name)
            )
        )


def open_schema(connection: psycopg.Connection[Any]) -> None:
    """puls_owner makes the tables; the others only use what a migration grants them."""
    connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    connection.execute("GRANT USAGE, CREATE ON SCHEMA public TO puls_owner")
    connection.execute("GRANT USAGE ON SCHEMA public TO puls_web, puls_intake, puls_assess")
    # A grant that one may not give is only a warning to PostgreSQL.
    allowed = connection.execute(
        "SELECT has_schema_privilege('puls_owner', 'public', 'CREATE')"
    ).fetchone()
    if allowed != (True,):
        raise psycopg.errors.InsufficientPrivilege("puls_owner may not create tables")


def bring_up_to_date(say: Say) -> None:
    """Migrates as puls_owner, unless the stamp says that these very migrations have run.

    Comparing a stamp takes a millisecond; asking Django whether there is something to migrate
    takes most of a second at every start.
    """
    from django.core.management import call_command
    from django.db import connections as django_connections

    stamp = migrations_stamp()
    with django_connections["owner"].cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.puls_stamp') IS NOT NULL")
        if cursor.fetchone() == (True,):
            cursor.execute("SELECT stamp FROM puls_stamp")
            if cursor.fetchone() == (stamp,):
                return
    say("Preparing the tables")
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    with django_connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS puls_stamp (stamp text NOT NULL)")
        cursor.execute("DELETE FROM puls_stamp")
        cursor.execute("INSERT INTO puls_stamp VALUES (%s)", [stamp])
    django_connections["owner"].close()


def migrations_stamp() -> str:
    """A digest of the names and contents of all migrations of all installed apps."""
    from django.apps import apps

    digest = hashlib.sha256()
    for app in sorted(apps.get_app_configs(), key=lambda config: config.name):
        for file in sorted(Path(app.path, "migrations").glob("[0-9]*.py")):
            digest.update(f"{app.label}/{file.name}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def _parse(url: str) -> dict[str, str]:
    """postgresql://user:password@host:5432/name?sslmode=require -> what psycopg.connect takes."""
    example = "postgresql://user:password@host:5432/database"
    parts = environment.address(
        "DATABASE_URL", url, example, ("postgres", "postgresql"), needs_host=False
    )
    name = parts.path.lstrip("/")
    if not name:
        raise SetupError(f"DATABASE_URL names no database. Write it like {example}")
    found = {
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "host": unquote(parts.hostname or ""),
        "port": str(parts.port or ""),
        "dbname": unquote(name),
        **dict(parse_qsl(parts.query)),
    }
    return {field: value for field, value in found.items() if value}


def _write_once(file: Path, text: str) -> None:
    """A file for our eyes only, whole or not there; two first starts agree on the first one's."""
    half = file.with_name(f"{file.name}.{os.getpid()}")
    half.touch(mode=0o600)
    half.write_text(text)
    with suppress(FileExistsError):
        file.hardlink_to(half)
    half.unlink()


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [""])[0]
