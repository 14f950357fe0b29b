"""Who may read and write what of a meeting.

Its own unit's people plan it; those of the units below read it. Who comes through an entrance (a
link, the code in the room) sees that one meeting, and may put down notes, vote and be told what
happens; never who is invited.
"""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.db import migrations

from puls.web.tenants import rowlevel

MEETING = "meet_meeting"
OWN = f"{rowlevel.own_tenant()} AND {rowlevel.own_unit()}"
SEEN = f"{rowlevel.own_tenant()} AND {rowlevel.own_or_above('path')}"
OPENED = (
    "IN (SELECT meeting_id FROM meet_entrance"
    f" WHERE token_hash = {rowlevel.setting('entrance')} AND expires > now())"
)
ENTRANCE = f"meeting_id {OPENED}"
WEB = ("puls_web",)
WRITERS = ("puls_web", "puls_owner")

TELLS = (
    "title, about, where_, starts, minutes, zone, every, until, sequence, state, forget_on,"
    " opened_at, closed_at, joined, now, phase, phase_until, last_event"
).replace("where_", '"where"')
PLANS = (
    "number, kind, heading, text, minutes, about_unit, indicator, period, release, frozen, rubric,"
    " picture, alt, options, vote, named, counts, voted, key, revealed_at"
)

TABLES = {
    # table: what puls_web may, who reads beside the unit's own people, what an entrance may as well
    "meet_item": (f"SELECT, INSERT, DELETE, UPDATE ({PLANS})", True, ("SELECT", "UPDATE")),
    "meet_invitee": (
        "SELECT, INSERT, DELETE,"
        " UPDATE (name, language, told, said, said_about, said_at, comment, wants)",
        False,
        (),
    ),
    "meet_entrance": ("SELECT, INSERT, DELETE, UPDATE (expires)", False, ()),
    "meet_letter": (
        "SELECT, INSERT, DELETE, UPDATE (message, state, attempts, problem, sent_at)",
        False,
        (),
    ),
    "meet_note": ('SELECT, INSERT, DELETE, UPDATE ("group")', True, ("SELECT", "INSERT")),
    "meet_line": (
        "SELECT, INSERT, DELETE, UPDATE (item_id, text, who, due, handed_over)",
        True,
        ("SELECT",),
    ),
    "meet_ballot": ("SELECT, INSERT, DELETE, UPDATE (turn)", False, ("SELECT", "INSERT", "UPDATE")),
    "meet_event": ("SELECT, INSERT, DELETE", True, ("SELECT", "INSERT")),
}


def of_meeting(table: str) -> migrations.RunSQL:
    """Tenant and path of the row are those of its meeting."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_is_of_meeting"
        f" FOREIGN KEY (meeting_id, tenant_id, path) REFERENCES {MEETING} (id, tenant_id, path)",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_is_of_meeting",
    )


def rules() -> Iterator[Any]:
    yield rowlevel.keep_path(MEETING, "meeting_path_is_of_unit")
    yield from rowlevel.by_whole_tree(MEETING)
    yield rowlevel.policy(MEETING, "seen", SEEN, command="SELECT")
    yield rowlevel.policy(MEETING, "own", OWN, command="INSERT", roles=WRITERS)
    yield rowlevel.policy(MEETING, "own_changes", OWN, command="UPDATE", roles=WRITERS)
    for table, (may, seen, _through) in TABLES.items():
        yield of_meeting(table)
        yield from rowlevel.by_whole_tree(table)
        yield rowlevel.policy(table, "own", OWN, roles=WRITERS)
        if seen:
            yield rowlevel.policy(table, "seen", SEEN, command="SELECT", roles=WRITERS)
        yield rowlevel.grant(table, "puls_web", may)
    yield rowlevel.grant(MEETING, "puls_web", f"SELECT, INSERT, UPDATE ({TELLS})")
    # Entrances: their own row first, then what lies behind it.
    brought = f"token_hash = {rowlevel.setting('entrance')} AND expires > now()"
    yield rowlevel.policy("meet_entrance", "brought", brought, command="SELECT", roles=WEB)
    for command in ("SELECT", "UPDATE"):
        name = f"entrance_{command.lower()}"
        yield rowlevel.policy(MEETING, name, f"id {OPENED}", command=command, roles=WEB)
    for table, (_may, _seen, through) in TABLES.items():
        for command in through:
            name = f"entrance_{command.lower()}"
            yield rowlevel.policy(table, name, ENTRANCE, command=command, roles=WEB)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("meet", "0001_meetings")]

    operations: ClassVar = [*rules()]
