"""No tenant, no rows: for every table there is, and for the ones that come."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, connections, transaction

from puls.web.tenants import access
from puls.web.tenants.access import as_reach
from tests.database import superuser
from tests.web.cast import Cast, reach_for
from tests.web.tenants import guards


@pytest.fixture
def above(db: None) -> Iterator[Any]:
    with superuser() as admin:
        yield admin


@pytest.fixture
def broken(above: Any) -> Iterator[Any]:
    """A database that a test may break: all of it is rolled back."""
    with above.transaction(force_rollback=True):
        yield above


def test_every_table_is_closed_or_says_why_not(above: Any) -> None:
    assert guards.open_tables(above) == []


def test_the_list_of_exceptions_is_not_longer_than_needed(above: Any) -> None:
    assert guards.WITHOUT_TENANT.keys() <= {name for name, *_ in guards.tables(above)} | {
        "puls_stamp"
    }


def test_no_tenant_means_no_rows_for_any_role(above: Any) -> None:
    assert guards.seen_without_tenant(above) == []


def test_policies_take_an_empty_setting_for_none(above: Any) -> None:
    assert guards.loose_policies(above) == []


def test_no_role_of_ours_stands_above_row_security(above: Any) -> None:
    assert guards.strong_roles(above) == []
    assert guards.owned_by_web(above) == []


@pytest.mark.parametrize("alias", ["default", "owner", "intake", "assess"])
def test_django_connects_as_those_roles(db: None, alias: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('is_superuser')")
        user, is_superuser = cursor.fetchone()
    assert user == {"default": "puls_web"}.get(alias, f"puls_{alias}")
    assert is_superuser == "off"


MAY = {
    "accounts_user": "INSERT SELECT UPDATE",
    "account_emailaddress": "DELETE INSERT SELECT UPDATE",
    "django_session": "DELETE INSERT SELECT UPDATE",
    "puls_cache": "DELETE INSERT SELECT UPDATE",
    "tenants_unit": "INSERT SELECT",
    "tenants_unitchange": "SELECT",
    "tenants_partnership": "INSERT SELECT",
    "tenants_tenant": "INSERT SELECT",
    "tenants_membership": "INSERT SELECT UPDATE",
    "tenants_invitation": "DELETE INSERT SELECT",
    "assess_release": "SELECT",
    "assess_cell": "SELECT",
    "assess_mark": "SELECT",
    "assess_goal": "INSERT SELECT",
    "assess_announcement": "INSERT SELECT",
    "assess_gate": "SELECT",
    "thoughts_thought": "INSERT SELECT",
    "actions_decision": "INSERT SELECT",
    "actions_action": "INSERT SELECT",
    "actions_aim": "DELETE INSERT SELECT",
    "actions_progress": "INSERT SELECT",
    "media_file": "DELETE INSERT SELECT",
    "improve_improvement": "INSERT SELECT",
    "improve_step": "INSERT SELECT",
    "improve_change": "INSERT SELECT",
    "meet_meeting": "INSERT SELECT",
    "meet_item": "DELETE INSERT SELECT",
    "meet_invitee": "DELETE INSERT SELECT",
    "meet_entrance": "DELETE INSERT SELECT",
    "meet_letter": "DELETE INSERT SELECT",
    "meet_note": "DELETE INSERT SELECT",
    "meet_line": "DELETE INSERT SELECT",
    "meet_ballot": "DELETE INSERT SELECT",
    "meet_event": "DELETE INSERT SELECT",
    "own_definition": "DELETE INSERT SELECT",
    "quality_description": "INSERT SELECT",
    "quality_placing": "INSERT SELECT",
    "quality_placement": "DELETE INSERT SELECT",
    "quality_spread": "INSERT SELECT",
    "quality_reason": "SELECT",
    "mine_entry": "DELETE INSERT SELECT",
    "mine_wish": "INSERT SELECT",
    "share_practice": "DELETE INSERT SELECT",
    "share_adoption": "INSERT SELECT",
    "share_remark": "DELETE INSERT SELECT",
    "see_selection": "DELETE INSERT SELECT",
    "report_version": "INSERT SELECT",
    "report_publication": "INSERT SELECT",
    "data_token": "INSERT SELECT",
    "collect_plan": "DELETE INSERT SELECT",
    "collect_group": "DELETE INSERT SELECT",
    "collect_savedmap": "DELETE INSERT SELECT",
}
"""All that the web may do. Answers, figures and imports are not among it, and must never be."""

SHARED = (
    "alike", "area", "changed_at", "copy", "did", "differently", "figures", "for_whom",
    "is_checked", "note", "published_at", "rubric", "rubric_level", "saw", "state", "summary",
    "title", "took",
)  # fmt: skip
"""Of a practice: what is told, and where it stands. Where it comes from stays."""

OWN = (
    "area", "body", "changed_at", "is_checked", "note", "plain", "published_at", "revision",
    "shared_at", "state", "title", "words",
)  # fmt: skip
"""Of an own definition: its words while it is a draft, then where it stands."""

CHANGED = ("changed_at", "changed_by", "note", "withdrawn_at", "withdrawn_by")
"""Of a thought: other words, or withdrawn. Where it is and who wrote it stay."""

IMPROVED = ("changed_at", "changed_by", "number", "state", "title")
"""Of an improvement: what it is called and how far it is. Whose it is and who began it stay."""
STEPPED = (
    "comments", "done", "ends", "kind", "minutes_alone", "minutes_group", "minutes_together",
    "participants", "position", "problem", "questions", "starts", "ties", "title",
)  # fmt: skip
"""Of a step: everything but which improvement it belongs to. Its journal is never changed."""


def test_what_the_web_may_do_at_all(above: Any) -> None:
    rows = above.execute(
        "SELECT table_name, string_agg(privilege_type, ' ' ORDER BY privilege_type)"
        " FROM information_schema.role_table_grants WHERE grantee IN ('puls_web', 'PUBLIC')"
        " AND table_schema = 'public' GROUP BY table_name"
    ).fetchall()
    assert dict(rows) == MAY


OF_MEETINGS = {
    "ballot": "turn",
    "entrance": "expires",
    "invitee": "comment language name said said_about said_at told wants",
    "item": "about_unit alt came_up counts frozen heading indicator key kind minutes named number"
    " options period picture release revealed_at rubric text vote voted",
    "letter": "attempts message problem sent_at state",
    "line": "due handed_over item_id text who",
    "meeting": "about closed_at every forget_on joined last_event minutes now opened_at people"
    " phase phase_until sequence starts state title until where zone",
    "note": "group",
}
"""What changes of a meeting's rows: never whose they are, where, or who is invited under a name."""

GATE_MOVES = ("opened_at", "opened_by", "taken_back_at", "taken_back_by", "used_at")
"""A gate is opened, taken back and used, never moved to another school or survey."""

DECIDED = (
    "changed_at", "changed_by", "decided_by", "decided_on", "text", "why", "withdrawn_at",
    "withdrawn_by",
)  # fmt: skip
"""Of a decision: other words, or withdrawn. Where it is and where it comes from stay."""
PLANNED = (
    "begun_on", "changed_at", "changed_by", "decision_id", "due", "ended_on", "expected",
    "progress", "remind_on", "responsible_id", "responsible_name", "rubric",
    "rubric_level", "starts", "state", "what", "why",
)  # fmt: skip
"""Of an action: its plan, and how far it has come."""
PREPARED = ("closes_on", "languages", "opens_on", "own")
"""Of a plan while it is prepared; where it is, what it asks and its round stay."""

QUALITY_MOVES = (
    ("description", "finished_at"),
    ("description", "finished_by"),
    ("placement", "level"),
    ("placement", "reason"),
    ("reason", "is_read"),
    ("spread", "shown_at"),
    ("spread", "shown_by"),
)
"""Texts and spreads are never rewritten; a placement is its author's to change."""


def test_what_the_web_may_do_with_single_columns(above: Any) -> None:
    """A goal is withdrawn, a selection gets another name; nothing else happens to them."""
    rows = above.execute(
        "SELECT table_name, column_name, privilege_type"
        " FROM information_schema.column_privileges c WHERE grantee IN ('puls_web', 'PUBLIC')"
        " AND table_schema = 'public' AND NOT EXISTS (SELECT FROM"
        " information_schema.role_table_grants t WHERE t.grantee = c.grantee AND"
        " (t.table_name, t.privilege_type) = (c.table_name, c.privilege_type))"
    ).fetchall()
    assert sorted(rows) == [
        *(("actions_action", column, "UPDATE") for column in PLANNED),
        *(("actions_aim", column, "UPDATE") for column in ("amount", "direction")),
        *(("actions_decision", column, "UPDATE") for column in DECIDED),
        ("assess_announcement", "opens_at", "UPDATE"),
        *(("assess_gate", column, "UPDATE") for column in GATE_MOVES),
        ("assess_goal", "withdrawn_on", "UPDATE"),
        *(("collect_plan", column, "UPDATE") for column in PREPARED),
        *(("collect_savedmap", column, "UPDATE") for column in ("changed_at", "content", "header")),
        ("data_token", "last_used_on", "UPDATE"),
        ("data_token", "revoked_on", "UPDATE"),
        *(("improve_improvement", column, "UPDATE") for column in IMPROVED),
        *(("improve_step", column, "UPDATE") for column in STEPPED),
        *(("media_file", column, "UPDATE") for column in ("alt", "is_decorative", "is_shared")),
        *(
            (f"meet_{table}", column, "UPDATE")
            for table, columns in OF_MEETINGS.items()
            for column in columns.split()
        ),
        *(("mine_wish", column, "UPDATE") for column in ("about", "feed_hash", "often")),
        *(("own_definition", column, "UPDATE") for column in OWN),
        *((f"quality_{table}", column, "UPDATE") for table, column in QUALITY_MOVES),
        ("report_version", "approved_at", "UPDATE"),
        ("report_version", "approved_by", "UPDATE"),
        ("see_selection", "name", "UPDATE"),
        *(("share_practice", column, "UPDATE") for column in SHARED),
        *(("thoughts_thought", column, "UPDATE") for column in CHANGED),
    ]


def test_the_models_and_the_migrations_agree(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# What the checks must catch: each mutant is a rule left out.


def test_caught_a_table_that_its_owner_may_read_whole(broken: Any) -> None:
    broken.execute("ALTER TABLE tenants_membership NO FORCE ROW LEVEL SECURITY")
    assert guards.open_tables(broken) == ["tenants_membership"]
    assert guards.seen_without_tenant(broken, "tenants_membership") == [
        "puls_owner: tenants_membership"
    ]


def test_caught_a_new_table_without_rules(broken: Any) -> None:
    broken.execute("CREATE TABLE improve_action (id bigint, tenant_id text)")
    broken.execute("ALTER TABLE improve_action OWNER TO puls_owner")
    broken.execute("GRANT SELECT ON improve_action TO puls_web")
    assert guards.open_tables(broken) == ["improve_action"]
    assert guards.seen_without_tenant(broken, "improve_action") == [
        "puls_owner: improve_action",
        "puls_web: improve_action",
    ]


def test_caught_a_policy_that_lets_everything_through(broken: Any) -> None:
    broken.execute("CREATE POLICY lax ON tenants_unit FOR SELECT TO puls_web USING (true)")
    assert guards.seen_without_tenant(broken, "tenants_unit") == ["puls_web: tenants_unit"]


def test_caught_a_policy_without_nullif(broken: Any) -> None:
    broken.execute("DROP POLICY reach ON tenants_unit")
    broken.execute(
        "CREATE POLICY reach ON tenants_unit FOR SELECT"
        " USING (depth <= current_setting('puls.depth', true)::int)"
    )
    assert guards.loose_policies(broken) == ["tenants_unit.reach"]
    assert "puls_web: tenants_unit (fails on an empty setting)" in guards.seen_without_tenant(
        broken, "tenants_unit"
    )


def test_caught_the_whole_tree_for_the_web(broken: Any) -> None:
    broken.execute(
        "CREATE POLICY star ON tenants_unit FOR SELECT TO puls_web"
        " USING ((SELECT nullif(current_setting('puls.reach', true), '')) = '*')"
    )
    assert guards.loose_policies(broken) == ["tenants_unit.star"]


def test_caught_marks_that_anybody_sees(broken: Any) -> None:
    broken.execute("DROP POLICY reach ON assess_mark")
    broken.execute("CREATE POLICY reach ON assess_mark FOR SELECT USING (depth >= 0)")
    assert "puls_web: assess_mark" in guards.seen_without_tenant(broken, "assess_mark")


def test_caught_goals_that_anybody_sees(broken: Any) -> None:
    broken.execute("ALTER POLICY reach ON assess_goal USING (withdrawn_on IS NOT NULL)")
    assert "puls_web: assess_goal" in guards.seen_without_tenant(broken, "assess_goal")


def test_caught_selections_that_anybody_sees(broken: Any) -> None:
    broken.execute("ALTER POLICY own ON see_selection USING (name <> '')")
    assert "puls_web: see_selection" in guards.seen_without_tenant(broken, "see_selection")


def test_caught_reports_that_anybody_sees(broken: Any) -> None:
    broken.execute("ALTER POLICY own ON report_publication USING (edition > 0)")
    assert "puls_web: report_publication" in guards.seen_without_tenant(
        broken, "report_publication"
    )


def test_caught_thoughts_that_anybody_sees(broken: Any) -> None:
    broken.execute("ALTER POLICY reach ON thoughts_thought USING (note <> '')")
    assert "puls_web: thoughts_thought" in guards.seen_without_tenant(broken, "thoughts_thought")


@pytest.mark.parametrize(
    "table", ["actions_decision", "actions_action", "actions_aim", "actions_progress"]
)
def test_caught_actions_that_anybody_sees(table: str, broken: Any) -> None:
    broken.execute(f"ALTER POLICY reach ON {table} USING (depth >= 0)")


@pytest.mark.parametrize("table", ["meet_meeting", "meet_note", "meet_event"])
def test_caught_meetings_that_anybody_sees(table: str, broken: Any) -> None:
    broken.execute(f"ALTER POLICY seen ON {table} USING (path <> '')")
    assert f"puls_web: {table}" in guards.seen_without_tenant(broken, table)


@pytest.mark.parametrize("table", ["description", "placing", "spread", "reason"])
def test_caught_quality_that_anybody_sees(table: str, broken: Any) -> None:
    broken.execute(f"ALTER POLICY team ON quality_{table} USING (depth >= 0)")
    assert f"puls_web: quality_{table}" in guards.seen_without_tenant(broken, f"quality_{table}")


def test_caught_placements_that_anybody_sees(broken: Any) -> None:
    broken.execute("ALTER POLICY own ON quality_placement USING (level > 0)")
    assert "puls_web: quality_placement" in guards.seen_without_tenant(broken, "quality_placement")


def test_caught_files_that_anybody_sees(broken: Any) -> None:
    broken.execute("ALTER POLICY shared ON media_file USING (is_shared OR size > 0)")
    assert "puls_web: media_file" in guards.seen_without_tenant(broken, "media_file")


@pytest.mark.parametrize(
    ("table", "policy"),
    [
        ("improve_improvement", "reach"),
        ("improve_step", "reach"),
        ("improve_change", "own_unit_select"),
    ],
)
def test_caught_improvements_that_anybody_sees(table: str, policy: str, broken: Any) -> None:
    broken.execute(f"ALTER POLICY {policy} ON {table} USING (depth >= 0)")
    assert f"puls_web: {table}" in guards.seen_without_tenant(broken, table)


@pytest.mark.parametrize("table", ["share_practice", "share_adoption", "share_remark"])
def test_caught_practices_that_are_seen_without_signing_in(table: str, broken: Any) -> None:
    policy = {"share_practice": "published", "share_adoption": "signed_in"}.get(table, "readers")
    broken.execute(f"ALTER POLICY {policy} ON {table} USING (id IS NOT NULL)")
    assert f"puls_web: {table}" in guards.seen_without_tenant(broken, table)


@pytest.mark.parametrize(("table", "policy"), [("mine_entry", "reach"), ("mine_wish", "own")])
def test_caught_what_is_ones_own_and_anybody_sees(table: str, policy: str, broken: Any) -> None:
    broken.execute(f"ALTER POLICY {policy} ON {table} USING (tenant_id <> '')")
    assert f"puls_web: {table}" in guards.seen_without_tenant(broken, table)


def test_caught_keys_that_anybody_sees(broken: Any) -> None:
    broken.execute("ALTER POLICY own ON data_token USING (name <> '')")
    assert "puls_web: data_token" in guards.seen_without_tenant(broken, "data_token")


def test_caught_plans_and_groups_that_anybody_sees(broken: Any) -> None:
    broken.execute("ALTER POLICY own ON collect_plan USING (address <> '')")
    broken.execute("ALTER POLICY own ON collect_group USING (people > 0)")
    assert "puls_web: collect_plan" in guards.seen_without_tenant(broken, "collect_plan")
    assert "puls_web: collect_group" in guards.seen_without_tenant(broken, "collect_group")


def test_caught_public_cells_that_any_transaction_sees(broken: Any) -> None:
    broken.execute("ALTER POLICY everybody ON assess_cell USING (public OR NOT public)")
    assert "puls_web: assess_cell" in guards.seen_without_tenant(broken, "assess_cell")


def test_caught_a_role_above_the_rules(broken: Any) -> None:
    broken.execute("CREATE ROLE puls_mutant BYPASSRLS")
    assert guards.strong_roles(broken) == ["puls_mutant"]


# The reader's settings end with the transaction, on a connection that is used again.


def rows_seen() -> int:
    """Units that this connection sees right now, past all managers; and which connection it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tenants_unit")
        return int(cursor.fetchone()[0])


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def leaks(cast: Cast) -> bool:
    """Whether the next reader on the same connection inherits what the last one saw."""
    before = backend()
    with as_reach(reach_for(cast.alice)):
        assert rows_seen() > 0
    assert backend() == before, "the test needs the same connection"
    return rows_seen() > 0


def test_nothing_is_left_for_the_next_reader(cast: Cast) -> None:
    assert not leaks(cast)


def test_caught_a_setting_that_outlives_its_transaction(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The mutant also forgets to put things back.
    monkeypatch.setattr(access, "SETTING", access.SETTING.replace("true", "false"))
    monkeypatch.setattr(access, "_tell", lambda _cursor, _settings: None)
    assert leaks(cast)


def test_nothing_is_left_after_an_error(cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError), as_reach(reach_for(cast.alice)):
        raise ZeroDivisionError
    assert rows_seen() == 0


def test_a_reach_inside_another_ends_with_itself(cast: Cast) -> None:
    with as_reach(reach_for(cast.alice)):
        hers = rows_seen()
        with as_reach(reach_for(cast.charlie)):
            assert rows_seen() != hers
        assert rows_seen() == hers
        with pytest.raises(ZeroDivisionError), as_reach(reach_for(cast.charlie)):
            raise ZeroDivisionError
        assert rows_seen() == hers


def test_the_web_cannot_take_the_whole_tree(cast: Cast) -> None:
    with pytest.raises(AssertionError), access.as_whole_tree("default"):
        pass
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('puls.reach', '*', true)")
        assert rows_seen() == 0


def test_the_web_cannot_step_out_of_its_role(cast: Cast) -> None:
    for attempt in ("SET ROLE puls_owner", "ALTER TABLE tenants_unit DISABLE ROW LEVEL SECURITY"):
        with (
            pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
            transaction.atomic(),
        ):
            connection.cursor().execute(attempt)
