"""The database of the tests: one embedded server for all runs and workers, one copy for each.

The tables are migrated once into a template; a worker's database is a copy of it (50 ms). Tests
connect as puls_web and the other real roles, never as a superuser, and really commit: inside one
long transaction the settings of an earlier reader stay, and a test of row security proves nothing.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

DATA = Path(tempfile.gettempdir()) / f"puls-tests-{os.geteuid()}"
KEPT = {"django_migrations", "django_content_type", "auth_permission", "puls_stamp"}
"""Tables filled by migrations, which a test may not change."""


def configure() -> None:
    """Sets up Django for tests; before the first import of a model."""
    os.environ["PULS_DATA"] = str(DATA)
    os.environ["DJANGO_SETTINGS_MODULE"] = "puls.web.settings"
    for name in ("DATABASE_URL", "EMAIL_URL", "PULS_ADDRESS", "PULS_PROXIES"):
        os.environ.pop(name, None)
    import django
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django.setup()


@contextmanager
def own_copy() -> Iterator[None]:
    """All of Django's connections lead to a fresh copy of the template, dropped at the end."""
    from django.db import connections

    from puls.web import database, embedded

    embedded.start(DATA)
    name = f"puls_test_{os.getpid()}"
    with superuser("postgres") as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [database.LOCK])
        _fast_and_forgetful(admin)
        database.make_roles(admin, None)
        template = _template(admin)
        _drop_left_over(admin)
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    _point_to(name)
    yield
    connections.close_all()
    for each in _by_database.values():
        each.close()
    with superuser("postgres") as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def superuser(name: str = "") -> Iterator[Any]:
    """A connection above all rules, for setting up and for breaking things on purpose."""
    from django.db import connections

    with _superuser(name or connections["default"].settings_dict["NAME"]) as connection:
        yield connection


def _superuser(name: str) -> Any:
    import psycopg

    from puls.web import embedded, server_home

    return psycopg.connect(
        host=str(server_home.place(DATA).socket),
        port=server_home.PORT,
        user=embedded.SUPERUSER,
        dbname=name,
        autocommit=True,
    )


def empty_tables() -> None:
    """Takes out everything that a test has written, also what this process remembers of it."""
    _forget()
    _let_go()
    connection = _beyond_rules()
    # DELETE on a handful of rows is ten times faster than TRUNCATE on all tables, and most tables
    # have never had a row.
    connection.execute("; ".join(f'DELETE FROM "{table}"' for table in _tables(connection)))


def _let_go() -> None:
    """Closes connections that a test left as somebody, or in the middle of something.

    All others stay open, as they do where Puls is served: a new one costs more than most tests.
    """
    from django.db import connections

    for each in connections.all(initialized_only=True):
        if each.connection is not None and not _as_new(each):
            each.close()


def _as_new(connection: Any) -> bool:
    return not connection.in_atomic_block and _is_clean(connection.connection)


def _is_clean(connection: Any) -> bool:
    """Whether a connection is usable, in the middle of nothing, and knows of no reader."""
    import psycopg
    from psycopg.pq import TransactionStatus

    from puls.web.tenants.rowlevel import SETTINGS

    if connection.info.transaction_status != TransactionStatus.IDLE:
        return False
    told = ", ".join(f"current_setting('puls.{name}', true)" for name in SETTINGS)
    try:
        (clean,) = connection.execute(f"SELECT concat({told}) = ''").fetchone()
    except psycopg.Error:
        return False
    return bool(clean)


def _forget() -> None:
    """Rows that are written back have the same ids, so nothing may be remembered by them."""
    from puls.web.composed.store import STORE
    from puls.web.data import api, opened

    STORE.close()
    opened.kept.forget()
    api.limits.forget()


Rows = dict[str, bytes]
"""What each table holds, as COPY tells it; tables without rows are left out."""

_made: dict[str, tuple[Rows, Rows, Any]] = {}


def made_once(name: str, make: Callable[[], T]) -> T:
    """What `make` gives, with the rows that it writes: made in the first test that asks for it.

    In later tests of this worker the very same rows are written back, which takes a twentieth of
    the time. make: starts from the same rows each time, and writes no files.
    """
    if name not in _made:
        before = _rows()
        made = make()
        _made[name] = before, _rows(), made
    else:
        before, after, made = _made[name]
        _write_back(before, after)
    # Each test its own, as if made for it.
    return deepcopy(made)


def _rows() -> Rows:
    found, connection = {}, _beyond_rules()
    for table in _tables(connection):
        with connection.cursor().copy(f'COPY "{table}" TO STDOUT') as copy:
            found[table] = b"".join(copy)
    return {table: rows for table, rows in found.items() if rows}


def _write_back(before: Rows, after: Rows) -> None:
    changed = [table for table in before | after if before.get(table) != after.get(table)]
    connection = _beyond_rules()
    for table in changed:
        if table in before:
            connection.execute(f'DELETE FROM "{table}"')
        with connection.cursor().copy(f'COPY "{table}" FROM STDIN') as copy:
            copy.write(after.get(table, b""))


_by_database: dict[str, Any] = {}
"""By database, the connection that tables are emptied and filled by."""


def _beyond_rules() -> Any:
    """A superuser's connection without triggers, so that the order of foreign keys does not matter.

    The same for all tests of this worker: it knows all tables already.
    """
    from django.db import connections

    name = str(connections["default"].settings_dict["NAME"])
    old = _by_database.get(name)
    if old is not None and _is_clean(old):
        return old
    if old is not None:
        old.close()
    _by_database[name] = _superuser(name)
    _by_database[name].execute("SET session_replication_role = replica")
    return _by_database[name]


def _tables(connection: Any) -> list[str]:
    """All tables that have pages, but those that belong to the migrations."""
    found = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " AND pg_relation_size(oid) > 0"
    ).fetchall()
    return [table for (table,) in found if table not in KEPT]


def _fast_and_forgetful(admin: Any) -> None:
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        admin.execute(f"ALTER SYSTEM SET {setting} = off")
    admin.execute("SELECT pg_reload_conf()")


def _template(admin: Any) -> str:
    """The name of a database with all tables, made now unless these migrations have one."""
    from puls.web import database

    name = f"puls_template_{database.migrations_stamp()[:16]}"
    if _databases(admin, name):
        return name
    half = f"{name}_half"
    admin.execute(f"DROP DATABASE IF EXISTS {half} WITH (FORCE)")
    admin.execute(f"CREATE DATABASE {half} ENCODING 'UTF8' TEMPLATE template0")
    with superuser(half) as inside:
        database.open_schema(inside)
    from django.db import connections

    _point_to(half)
    database.bring_up_to_date(lambda _: None)
    connections.close_all()
    for old in _databases(admin, "puls_template_%"):
        if old != half:
            admin.execute(f"DROP DATABASE IF EXISTS {old} WITH (FORCE)")
    admin.execute(f"ALTER DATABASE {half} RENAME TO {name}")
    return name


def _databases(admin: Any, pattern: str) -> list[str]:
    found = admin.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern])
    return [name for (name,) in found.fetchall()]


def _drop_left_over(admin: Any) -> None:
    """Copies of test runs that were killed."""
    for name in _databases(admin, r"puls\_test\_%"):
        if not Path(f"/proc/{name.rpartition('_')[2]}").exists() and Path("/proc").exists():
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _point_to(name: str) -> None:
    from django.db import connections

    for connection in connections.all():
        connection.close()
        connection.settings_dict["NAME"] = name
