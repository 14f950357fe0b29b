"""Decisions: who writes them, who reads them, and that they are kept."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.utils import IntegrityError
from django.http import Http404
from django.utils import translation

from puls.errors import NotAllowed, NotNow
from puls.web.actions import queries
from puls.web.actions.deciding import decision_add, decision_change, decision_withdraw
from puls.web.actions.models import Decision
from puls.web.tenants.access import as_reach
from puls.web.tenants.models import Membership, Unit
from tests.web.cast import Cast, reach_for

SCHOOL = "karmoy-kulturskole"


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def decide(who: Membership, text: str = "We ask what the next step is.", **more: Any) -> UUID:
    reach = reach_for(who)
    with as_reach(reach):
        unit = Unit.objects.get(key=SCHOOL)
        return decision_add(reach, unit, text, written_by="Bob", **more).pk


@pytest.mark.parametrize("who", ["alice", "tom"])
def test_only_the_schools_own_people_decide(who: str, cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="Only those who work here"):
        decide(getattr(cast, who))


@pytest.mark.parametrize(
    ("who", "may"),
    [("bob", 1), ("tom", 1), ("alice", 1), ("frida", 0), ("nora", 0), ("charlie", 0)],
)
def test_who_reads_it(who: str, may: int, cast: Cast) -> None:
    decide(cast.bob)
    with as_reach(reach_for(getattr(cast, who))):
        assert len(queries.decisions(SCHOOL)) == may


def test_it_comes_back_as_it_was_written(cast: Cast) -> None:
    key = decide(
        cast.bob, why="They said so.", decided_on=date(2026, 2, 9), decided_by="The staff meeting"
    )
    with as_reach(reach_for(cast.bob)):
        found = queries.decision_or_404(key)
    assert (found.text, found.why) == ("We ask what the next step is.", "They said so.")
    assert (found.decided_on, found.decided_by) == (date(2026, 2, 9), "The staff meeting")
    assert (found.written_by, found.changed_by) == ("Bob", "")


def test_other_words_and_withdrawn(cast: Cast) -> None:
    key, reach = decide(cast.bob), reach_for(cast.bob)
    words: dict[str, Any] = {
        "text": " Another ", "why": "", "decided_on": date(2026, 1, 1), "decided_by": "Us",
    }  # fmt: skip
    with as_reach(reach):
        decision_change(reach, key, **words, changed_by="Tina")
        assert queries.decision_or_404(key).text == "Another"
        decision_withdraw(reach, key, "Bob")
        assert queries.decisions(SCHOOL) == []
        with pytest.raises(Http404):
            queries.decision_or_404(key)
        with pytest.raises(NotNow, match="withdrawn in the meantime"):
            decision_change(reach, key, **words, changed_by="Tina")
        assert Decision.objects.get(pk=key).withdrawn_by == "Bob"


@pytest.mark.parametrize(("text", "why"), [(" ", "Write what"), ("x" * 401, "at most 400")])
def test_what_is_no_decision(text: str, why: str, cast: Cast) -> None:
    with pytest.raises(NotNow, match=why):
        decide(cast.bob, text)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("text = ''", "says_something"),
        ("withdrawn_by = 'Eve'", "withdrawn_by_somebody"),
        ("changed_at = now()", "changed_by_somebody"),
    ],
)
def test_the_database_knows_the_rules_too(change: str, rule: str, cast: Cast) -> None:
    decide(cast.bob)
    with pytest.raises(IntegrityError, match=rule), as_reach(reach_for(cast.bob)):
        connection.cursor().execute(f"UPDATE actions_decision SET {change}")
