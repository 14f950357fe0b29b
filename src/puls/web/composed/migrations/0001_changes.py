"""Tables tell of their changes, so that no kept page or session outlives what it rests on.

A word is given when the change is committed, to those who listen. It names a session by its
hash, a person or an administration by its key, and never says what has changed.
"""

from typing import ClassVar

from django.conf import settings
from django.db import migrations
from django.db.migrations import RunSQL

EVERYTHING = (
    "tenants_tenant",
    "tenants_unit",
    "tenants_unitchange",
    "tenants_partnership",
    "tenants_countryload",
)
"""What reaches rest on: everything is forgotten."""
PAGES = (
    "assess_release",
    "assess_cell",
    "assess_mark",
)
"""What pages show to several administrations: all pages are composed anew."""
GATES = ("assess_gate", "assess_announcement")
"""The same, but only where a row changes: each look of an owner asks whether one does."""
OWN = {
    "see_selection": ("tenant", "tenant_id"),
    "assess_goal": ("tenant", "tenant_id"),
    "tenants_membership": ("user", "user_id"),
    "accounts_user": ("user", "id"),
}
"""What is an administration's or a person's own, and the column that says whose."""

FUNCTIONS = """
CREATE FUNCTION puls_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('puls_changed', TG_ARGV[0]);
    RETURN NULL;
END $$;
CREATE FUNCTION puls_tell_whose() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM pg_notify('puls_changed', TG_ARGV[0] || ':' || (to_jsonb(OLD) ->> TG_ARGV[1]));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM pg_notify('puls_changed', TG_ARGV[0] || ':' || (to_jsonb(NEW) ->> TG_ARGV[1]));
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION puls_tell_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify(
        'puls_changed', 'session:' || encode(sha256(convert_to(OLD.session_key, 'UTF8')), 'hex')
    );
    RETURN NULL;
END $$;
"""
FORGET = """
DROP FUNCTION puls_tell();
DROP FUNCTION puls_tell_whose();
DROP FUNCTION puls_tell_session();
"""


def statements(table: str, word: str) -> RunSQL:
    """One word for each statement, however many rows it changes."""
    return _trigger(
        table, "INSERT OR UPDATE OR DELETE OR TRUNCATE", f"STATEMENT EXECUTE FUNCTION {word}"
    )


def rows(table: str, events: str, call: str) -> RunSQL:
    return _trigger(table, events, f"ROW EXECUTE FUNCTION {call}")


def _trigger(table: str, events: str, each: str) -> RunSQL:
    return RunSQL(
        f"CREATE TRIGGER {table}_tells AFTER {events} ON {table} FOR EACH {each}",
        f"DROP TRIGGER {table}_tells ON {table}",
    )


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("accounts", "0003_cache"),
        ("assess", "0008_goals"),
        ("see", "0001_selections"),
        ("sessions", "0001_initial"),
        ("tenants", "0002_shared_schools"),
    ]

    operations: ClassVar = [
        RunSQL(FUNCTIONS, FORGET),
        *(statements(table, "puls_tell('all')") for table in EVERYTHING),
        *(statements(table, "puls_tell('pages')") for table in PAGES),
        *(rows(table, "INSERT OR UPDATE OR DELETE", "puls_tell('pages')") for table in GATES),
        *(
            rows(table, "INSERT OR UPDATE OR DELETE", f"puls_tell_whose('{kind}', '{column}')")
            for table, (kind, column) in OWN.items()
        ),
        rows("django_session", "UPDATE OR DELETE", "puls_tell_session()"),
    ]
