"""What each database role may do with answers, figures and releases: a truth table.

Tried as the role itself, not read from the catalogue: a right that a policy takes back is none.
"""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connections
from django.db.utils import DatabaseError

from puls.units import UnitTree
from tests.database import superuser

ROLES = ("default", "owner", "intake", "assess")
TABLES = (
    "collect_round",
    "collect_importrecord",
    "collect_figure",
    "collect_answer",
    "collect_code",
    "assess_release",
    "assess_cell",
)
STATEMENTS = {
    "SELECT": "SELECT count(*) FROM {table}",
    "INSERT": "INSERT INTO {table} DEFAULT VALUES",
    "UPDATE": "UPDATE {table} SET {column} = {column} WHERE false",
    "DELETE": "DELETE FROM {table} WHERE false",
}
COLUMN = {"collect_round": "state", "collect_answer": "payload", "collect_code": "used"}
MAY = {
    ("default", "assess_release"): {"SELECT"},
    ("default", "assess_cell"): {"SELECT"},
    ("intake", "collect_round"): {"SELECT", "INSERT"},
    ("intake", "collect_importrecord"): {"SELECT", "INSERT"},
    ("intake", "collect_figure"): {"SELECT", "INSERT"},
    ("intake", "collect_answer"): {"INSERT"},
    ("intake", "collect_code"): {"SELECT", "INSERT", "UPDATE"},
    ("assess", "collect_round"): {"SELECT", "UPDATE"},
    ("assess", "collect_importrecord"): {"SELECT"},
    ("assess", "collect_figure"): {"SELECT"},
    ("assess", "collect_answer"): {"SELECT", "DELETE"},
    ("assess", "collect_code"): {"SELECT", "DELETE"},
    ("assess", "assess_release"): {"SELECT", "INSERT"},
    ("assess", "assess_cell"): {"SELECT", "INSERT"},
}
"""Everything a role may do; what is not here is refused. The owner owns, and is tried below."""


def may(role: str, command: str, table: str) -> bool:
    """Whether the role's statement is let through, whatever rows it would then meet."""
    column = COLUMN.get(table, "period" if "importrecord" not in table else "label")
    statement = STATEMENTS[command].format(table=table, column=column)
    try:
        with connections[role].cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return _let_through(error)
    return True


def _let_through(error: DatabaseError) -> bool:
    """Whether a statement failed on what it said, not on who said it."""
    if isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
        # Row-level security speaks the same error as a missing grant, in other words.
        return "row-level security" in str(error)
    if "null value" in str(error) or "takes no more answers" in str(error):
        return True
    raise error


def wrongs(role: str) -> list[str]:
    """Where what the role may do is not what the table says."""
    return [
        f"{role} {command} {table}"
        for table in TABLES
        for command in STATEMENTS
        if may(role, command, table) != (command in MAY.get((role, table), ()))
    ]


@pytest.mark.parametrize("role", ["default", "intake", "assess"])
def test_each_role_may_do_its_work_and_nothing_else(role: str, db: None) -> None:
    assert wrongs(role) == []


@pytest.fixture
def granted(db: None) -> Iterator[list[str]]:
    """Rights given by mistake, taken back afterwards."""
    mistakes = ["SELECT ON collect_answer TO puls_web", "UPDATE ON assess_cell TO puls_assess"]
    with superuser() as connection:
        for mistake in mistakes:
            connection.execute(f"GRANT {mistake}")
        yield mistakes
        for mistake in mistakes:
            connection.execute(f"REVOKE {mistake.replace(' TO ', ' FROM ')}")


def test_the_table_finds_a_right_given_by_mistake(granted: list[str]) -> None:
    assert wrongs("default") == ["default SELECT collect_answer"]
    assert wrongs("assess") == ["assess UPDATE assess_cell"]


def test_even_with_the_right_the_web_meets_no_row(granted: list[str], places: UnitTree) -> None:
    """The second lock: a policy that names the web for these tables there is none."""
    with superuser() as connection:
        connection.execute("SELECT set_config('puls.reach', '*', false)")
        connection.execute(
            "INSERT INTO collect_round (key, survey, survey_version, period, unit_id, state,"
            " is_synthetic) VALUES ('r', 's', 1, 2025, 'no', 'open', false)"
        )
        connection.execute(
            "INSERT INTO collect_answer (id, round_id, payload) VALUES (gen_random_uuid(), 'r', '')"
        )
        assert connection.execute("SELECT count(*) FROM collect_answer").fetchone() == (1,)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT set_config('puls.reach', '*', false)")
        cursor.execute("SELECT count(*) FROM collect_answer")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("table", ["collect_answer", "collect_figure", "assess_cell"])
def test_without_saying_for_whom_even_the_owner_meets_no_row(table: str, db: None) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relname = %s",
            [table],
        )
        assert cursor.fetchone() == (True,)
