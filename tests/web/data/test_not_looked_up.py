"""What everybody may read is looked up for those who read as everybody, and for nobody else."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError

from puls.web.assess.models import Cell, Release
from puls.web.tenants.access import as_everybody, as_reach
from puls.web.tenants.models import Unit
from tests.database import superuser
from tests.web.cast import Cast, reach_for

ASKED = ("puls_unit_is_public(text)", "puls_release_is_public(bigint)", "puls_gate_let_in(bigint)")
GATED = "bergen-kulturskole.musikk"
"""A unit with public cells, outside the members' reach."""


@pytest.fixture
def looking_up_fails(released: Release) -> Iterator[None]:
    """Functions that the rules ask, each of which says so when it is asked.

    Of every table there is a row that nothing else tells of: a unit of an administration, a
    release of another county, a cell behind a gate.
    """
    with superuser() as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE assess_release SET depth = 1, path = 'no/no-46'")
        connection.execute("UPDATE assess_cell SET gate_id = 1 WHERE unit_id = %s", [GATED])
        kept = [
            connection.execute("SELECT pg_get_functiondef(%s::regprocedure)", [name]).fetchone()
            for name in ASKED
        ]
        for (text,) in kept:
            head, _, _ = text.partition("AS $function$")
            body = "BEGIN RAISE EXCEPTION 'looked up'; END"
            connection.execute(f"{head} AS $function$ {body} $function$")
        yield
        for (text,) in kept:
            connection.execute(text)


@pytest.mark.usefixtures("looking_up_fails")
def test_a_member_s_questions_look_nothing_up(cast: Cast) -> None:
    for who in (cast.bob, cast.alice):
        with as_reach(reach_for(who)):
            assert list(Unit.objects.all())
            assert not list(Release.objects.all())
            assert list(Cell.objects.all())


@pytest.mark.usefixtures("looking_up_fails")
@pytest.mark.parametrize("table", [Unit, Release, Cell])
def test_everybody_s_do(table: type[Unit | Release | Cell]) -> None:
    with pytest.raises(DatabaseError, match="looked up"), as_everybody():
        list(table.objects.all())
