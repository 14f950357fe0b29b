"""What must hold of the database's own rules, as checks that say what is wrong.

They ask the catalogue, so that a table added tomorrow is checked tomorrow.
"""

import re
from collections.abc import Iterator
from typing import Any

from psycopg import errors, sql

ROLES = ("puls_owner", "puls_web", "puls_intake", "puls_assess")

WITHOUT_TENANT = {
    "accounts_user": "a person logs in before a tenant is known, and may belong to several",
    "account_emailaddress": "belongs to the person",
    "account_emailconfirmation": "unused by us, and granted to nobody",
    "django_session": "found by a secret key alone",
    "django_migrations": "about tables, not people",
    "django_content_type": "about tables, not people",
    "auth_permission": "about tables, not people",
    "auth_group": "unused by us, and granted to nobody",
    "auth_group_permissions": "unused by us, and granted to nobody",
    "puls_stamp": "about tables, not people",
    "puls_cache": "counts attempts to log in, under digests",
}
"""The only tables without row security, and why."""

DUMMIES = {
    "boolean": "false", "smallint": "1", "integer": "1", "bigint": "1", "double precision": "1",
    "numeric": "1", "date": "'2020-01-01'", "timestamp with time zone": "'2020-01-01'",
    "uuid": "gen_random_uuid()", "jsonb": "'{}'", "bytea": "'x'",
}  # fmt: skip


def tables(connection: Any) -> Iterator[tuple[str, bool, bool, int]]:
    """Every table of ours: name, row security on, forced on the owner too, number of policies."""
    yield from connection.execute(
        "SELECT relname, relrowsecurity, relforcerowsecurity,"
        " (SELECT count(*) FROM pg_policy WHERE polrelid = c.oid)"
        " FROM pg_class c WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        " ORDER BY relname"
    ).fetchall()


def open_tables(connection: Any) -> list[str]:
    """Tables that lack row security, or whose owner is not bound by it."""
    return [
        name
        for name, on, forced, policies in tables(connection)
        if name not in WITHOUT_TENANT and not (on and forced and policies)
    ]


def loose_policies(connection: Any) -> list[str]:
    """Policies that would break or open on an empty setting, or let the web see the whole tree."""
    found = []
    rows = connection.execute(
        "SELECT tablename, policyname, roles, coalesce(qual, '') || ' ' || coalesce(with_check, '')"
        " FROM pg_policies WHERE schemaname = 'public'"
    ).fetchall()
    for table, name, roles, text in rows:
        asked = len(re.findall(r"current_setting\(", text))
        guarded = len(re.findall(r"NULLIF\(current_setting\(", text))
        says_star = "= '*'::text" in text
        if asked != guarded or (says_star and not set(roles).isdisjoint({"puls_web", "public"})):
            found.append(f"{table}.{name}")
    return found


def seen_without_tenant(connection: Any, only: str = "") -> list[str]:
    """Rows that a role sees although nothing was said about the reader: "role: table".

    Each table gets a made-up row, constraints aside, in a transaction that is rolled back. The
    settings are used once before, as on a connection that has served somebody else.
    """
    for name in ("tenant", "reach", "depth", "user", "invitation", "token", "entrance", "public"):
        for value in ("1", ""):
            connection.execute("SELECT set_config(%s, %s, false)", [f"puls.{name}", value])
    found = []
    for name, *_ in list(tables(connection)):
        if name in WITHOUT_TENANT or (only and name != only):
            continue
        with connection.transaction(force_rollback=True):
            _put_row(connection, name)
            found += [
                f"{role}: {name}{how}" for role in ROLES for how in _seen(connection, name, role)
            ]
    return found


def _seen(connection: Any, table: str, role: str) -> list[str]:
    """How a role sees the row: "" if it simply does."""
    query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
            return [""] if connection.execute(query).fetchone()[0] else []
    except errors.InsufficientPrivilege:
        return []
    except errors.InvalidTextRepresentation:
        return [" (fails on an empty setting)"]


def _put_row(connection: Any, table: str) -> None:
    identity = sql.Identifier(table)
    connection.execute("SET LOCAL session_replication_role = replica")  # no triggers
    checks = connection.execute(
        "SELECT conname FROM pg_constraint WHERE contype IN ('c', 'f') AND conrelid = %s::regclass",
        [table],
    ).fetchall()
    for (check,) in checks:
        drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}")
        connection.execute(drop.format(identity, sql.Identifier(check)))
    columns = connection.execute(
        "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attnum > 0"
        " AND NOT attisdropped AND attgenerated = '' AND attrelid = %s::regclass",
        [table],
    ).fetchall()
    values = sql.SQL(", ").join(sql.SQL(DUMMIES.get(kind, "'x'")) for _, kind in columns)
    names = sql.SQL(", ").join(sql.Identifier(name) for name, _ in columns)
    insert = sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})")
    connection.execute(insert.format(identity, names, values))


def strong_roles(connection: Any) -> list[str]:
    """Roles of ours that stand above row security, or could put themselves there."""
    rows = connection.execute(
        "SELECT rolname FROM pg_roles r WHERE rolname LIKE 'puls\\_%' AND (rolsuper OR rolbypassrls"
        " OR rolcreaterole OR EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid))"
    ).fetchall()
    return [name for (name,) in rows]


def owned_by_web(connection: Any) -> list[str]:
    """Tables whose rules the web could change, because they are its own."""
    rows = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind = 'r' AND relowner <> 'puls_owner'::regrole"
    ).fetchall()
    return [name for (name,) in rows]
