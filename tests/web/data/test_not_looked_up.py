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


@pytest.fixture
def looking_up_fails() -> Iterator[None]:
    """Functions that the rules ask, each of which says so when it is asked."""
    with superuser() as connection:
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


@pytest.mark.usefixtures("released", "looking_up_fails")
def test_a_member_s_questions_look_nothing_up(cast: Cast) -> None:
    for who in (cast.bob, cast.alice):
        with as_reach(reach_for(who)):
            assert list(Unit.objects.all())
            assert list(Release.objects.all())
            assert list(Cell.objects.all())


@pytest.mark.usefixtures("released", "looking_up_fails")
def test_everybody_s_do(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="looked up"), as_everybody():
        list(Unit.objects.all())
