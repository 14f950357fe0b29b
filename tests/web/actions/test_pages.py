"""The pages of actions and decisions: who sees and writes what, and what was pressed is done."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from puls.web.actions import queries
from puls.web.actions.models import Action, Decision
from puls.web.actions.states import State
from puls.web.assess.models import Release
from puls.web.tenants.access import as_person, as_reach
from tests.web.cast import Cast, LogIn, reach_for
from tests.web.see.world import FEEDBACK, SCHOOL, WELLBEING

LIST = f"/tiltak/{SCHOOL}/"
WHAT = "Øveplan med ukentlig tilbakemelding"


def only(cast: Cast) -> Any:
    with as_reach(reach_for(cast.bob)):
        return queries.actions(SCHOOL)[0]


def write(browser: Any, **more: str) -> UUID:
    sent = {"what": WHAT, "agreed": "1", "aim1": FEEDBACK, "way1": "up", "amount1": "0,3", **more}
    answer = browser.post(f"{LIST}nytt/", sent)
    assert answer.status_code == 302
    return UUID(answer["Location"].split("/")[-2])


def test_an_action_from_beginning_to_end(released: Release, cast: Cast, log_in: LogIn) -> None:
    bob = log_in(cast.bob)
    assert "Ingenting er skrevet ned ennå" in bob.get(LIST).text
    key = write(bob, due="2027-06-01", member=str(cast.bob.pk))
    page = f"{LIST}{key}/"
    assert bob.post(f"{page}flytt/", {"move": "begin"}).status_code == 302
    bob.post(f"{page}framdrift/", {"progress": "40", "comment": "To grupper er i gang."})
    told = bob.get(page).text
    for words in ("i gang", "40 %", "To grupper er i gang.", "opp 0,3", "Ikke målt på nytt ennå",
                  "3,4 (148 svarte)", "innen 1. juni 2027", "Bob"):  # fmt: skip
        assert words in told.replace("\N{NO-BREAK SPACE}", " "), words
    bob.post(f"{page}flytt/", {"move": "finish"})
    assert only(cast).state is State.DONE
    listed = bob.get(LIST).text
    assert WHAT in listed
    assert "Ferdig" in listed


def test_the_same_as_board_and_time_line(released: Release, cast: Cast, log_in: LogIn) -> None:
    bob = log_in(cast.bob)
    key = write(bob)
    board = bob.get(f"{LIST}?vis=tavle").text
    assert board.count('class="board-column"') == len(State)
    assert f'action="{LIST}{key}/flytt/"' in board
    back = bob.post(f"{LIST}{key}/flytt/", {"move": "begin", "to": "tavle"})
    assert back["Location"] == f"{LIST}?vis=tavle"
    line = bob.get(f"{LIST}?vis=tidslinje").text
    assert line.count("<svg") >= 2
    assert f'<th scope="row">{WHAT}</th>' in line
    assert bob.get(f"{LIST}?vis=noe").text.count("board-column") == 0


def test_a_decision_and_what_follows_from_it(cast: Cast, log_in: LogIn) -> None:
    bob = log_in(cast.bob)
    sent = {
        "text": "Vi begynner med tilbakemeldinger.",
        "decided_on": "2026-02-09",
        "decided_by": "Personalmøtet",
    }
    there = bob.post(f"/beslutninger/{SCHOOL}/ny/", sent)["Location"]
    with as_reach(reach_for(cast.bob)):
        (decision,) = queries.decisions(SCHOOL)
    assert "Det følger ikke noe tiltak" in bob.get(there).text
    form = bob.get(f"{LIST}nytt/?beslutning={decision.id}").text
    assert f'<option value="{decision.id}" selected>' in form
    key = write(bob, decision=str(decision.id))
    assert WHAT in bob.get(there).text
    assert "Vi begynner med tilbakemeldinger." in bob.get(f"{LIST}{key}/").text
    assert bob.post(there, {**sent, "text": "Andre ord."}).status_code == 302
    assert "Andre ord." in bob.get(there).text
    assert bob.post(there, {"withdraw": "1"}).status_code == 302
    assert bob.get(there).status_code == 404
    assert only(cast).decision == decision.id, "its actions stay"


SEERS = [
    # who, sees it, may write
    ("bob", True, True),
    ("tom", True, False),
    ("alice", True, False),
    ("frida", False, False),
    ("nora", False, False),
    ("charlie", False, False),
]


@pytest.mark.parametrize(("who", "sees", "may"), SEERS)
def test_who_sees_and_who_writes(
    who: str, sees: bool, may: bool, released: Release, cast: Cast, log_in: LogIn
) -> None:
    key = write(log_in(cast.bob))
    browser, page = log_in(getattr(cast, who)), f"{LIST}{key}/"
    answer = browser.get(page)
    assert answer.status_code == (200 if sees else 404)
    assert ("Start: " in answer.text) is may
    refused = 403 if sees else 404
    for address, sent in (
        (f"{page}flytt/", {"move": "begin"}),
        (f"{page}framdrift/", {"comment": "Hei."}),
        (f"{page}endre/", {"what": "Noe annet"}),
    ):
        assert browser.post(address, sent).status_code == (302 if may else refused), address
    new = browser.get(f"{LIST}nytt/").status_code
    assert new == (200 if may else 403 if sees else 404)
    with as_reach(reach_for(cast.bob)):
        assert Action.objects.count() == 1
        assert Decision.objects.count() == 0


def test_an_owner_reads_the_schools_beside_its_own(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    write(log_in(cast.bob))
    listed = log_in(cast.alice).get("/tiltak/no-1149/").text
    assert WHAT in listed
    assert "Karmøy kulturskole" in listed
    assert WHAT in log_in(cast.alice).get("/").text


WRONG = [
    ({"what": ""}, "påkrevet"),
    ({"starts": "2026-03-02", "due": "2026-03-01"}, "frist før det starter"),
    ({"amount1": "-1"}, "over 0"),
    ({"way1": ""}, "opp eller ned"),
    ({"aim2": FEEDBACK}, "bare én gang"),
    ({"aim1": "student_happiness"}, "gyldig"),
]


@pytest.mark.parametrize(("wrong", "told"), WRONG)
def test_what_is_wrong_is_told_and_nothing_is_written(
    wrong: dict[str, str], told: str, released: Release, cast: Cast, log_in: LogIn
) -> None:
    sent = {"what": WHAT, "aim1": FEEDBACK, "way1": "up", "amount1": "0,3", **wrong}
    answer = log_in(cast.bob).post(f"{LIST}nytt/", sent)
    assert answer.status_code == 200
    assert told in answer.text
    with as_reach(reach_for(cast.bob)):
        assert Action.objects.count() == 0


def test_a_plan_comes_back_as_it_was_written(released: Release, cast: Cast, log_in: LogIn) -> None:
    bob = log_in(cast.bob)
    key = write(bob, responsible_name="Foreldrerådet", remind_on="2027-01-10", expected="De spør.")
    form = bob.get(f"{LIST}{key}/endre/").text
    for value in ("Foreldrerådet", "2027-01-10", "0,3", "De spør."):
        assert value in form, value
    assert bob.post(f"{LIST}{key}/endre/", {"what": "Kortere"}).status_code == 302
    changed = only(cast)
    assert (changed.what, changed.aims, changed.changed_by) == ("Kortere", (), "Bob")


def test_what_is_not_there(cast: Cast, log_in: LogIn) -> None:
    bob = log_in(cast.bob)
    for address in (f"{LIST}00000000-0000-4000-8000-000000000000/", "/tiltak/no-such/"):
        assert bob.get(address).status_code == 404
    assert bob.get("/tiltak/")["Location"] == LIST
    assert bob.get(f"{LIST}nytt/").status_code == 200


def test_a_comment_is_looked_at_before_it_is_written(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    key = write(bob)
    seen = bob.post(
        f"{LIST}{key}/framdrift/", {"comment": "To **grupper**.", "forhandsvis": "comment"}
    )
    assert "<strong>grupper</strong>" in seen.text
    with as_reach(reach_for(cast.bob)):
        assert len(queries.progress_of(key)) == 1
    bob.post(f"{LIST}{key}/framdrift/", {"comment": "To **grupper**.<script>x</script>"})
    told = bob.get(f"{LIST}{key}/").text
    assert "<strong>grupper</strong>" in told
    assert "<script>x" not in told


def test_who_is_responsible_elsewhere_says_how_far_it_has_come_and_nothing_else(
    cast: Cast, log_in: LogIn
) -> None:
    bob, tom = log_in(cast.bob), log_in(cast.tom)
    others = f"{LIST}{write(bob, aim1='', way1='', amount1='')}/"
    mine = f"{LIST}{write(bob, aim1='', way1='', amount1='', member=str(cast.tom.pk))}/"
    for page in (others, mine):
        bob.post(f"{page}flytt/", {"move": "begin"})
    told = {"progress": "60", "comment": "Danserne er i gang."}
    assert "framdrift/" not in tom.get(others).text
    assert tom.post(f"{others}framdrift/", told).status_code == 403
    shown = tom.get(mine).text
    assert "framdrift/" in shown
    assert "flytt/" not in shown
    assert tom.post(f"{mine}framdrift/", told).status_code == 302
    assert "Danserne er i gang." in bob.get(mine).text
    assert "60 %" in bob.get(mine).text
    assert tom.post(f"{mine}flytt/", {"move": "finish"}).status_code == 403
    assert tom.get(f"{mine}endre/").status_code == 403


# What who is responsible, in another unit, tries to write, and whether the database takes it.
WRITTEN = [
    ("UPDATE actions_action SET progress = 70 WHERE id = %s", True),
    ("UPDATE actions_action SET progress = 70, what = 'x' WHERE id = %s", False),
    ("UPDATE actions_action SET state = 'done', ended_on = now() WHERE id = %s", False),
    ("UPDATE actions_action SET responsible_id = NULL WHERE id = %s", False),
]


@pytest.mark.parametrize(("change", "taken"), WRITTEN)
def test_the_database_lets_who_is_responsible_change_the_progress_alone(
    change: str, taken: bool, cast: Cast, log_in: LogIn
) -> None:
    """Caught: a rule of rows alone, which knows no columns."""
    key = write(log_in(cast.bob), aim1="", way1="", amount1="", member=str(cast.tom.pk))
    with as_person(cast.tom.user_id), as_reach(reach_for(cast.tom)), connection.cursor() as cursor:
        if taken:
            cursor.execute(change, [key])
            assert cursor.rowcount == 1
        else:
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(change, [key])
    # Nobody else of the same department may.
    with as_reach(reach_for(cast.tom)), connection.cursor() as cursor:
        cursor.execute(WRITTEN[0][0], [key])
        assert cursor.rowcount == 0


def test_a_short_form_asks_for_one_indicator_and_for_more_where_one_wants(
    cast: Cast, log_in: LogIn
) -> None:
    """Three lists of all indicators make a form long; what was written stays when one is added."""
    bob, new = log_in(cast.bob), f"{LIST}nytt/"
    short = bob.get(new).text
    assert short.count('name="aim') == 1
    assert '<details class="more-aims">' in short
    asked = {"what": WHAT, "aim1": FEEDBACK, "way1": "up", "why": "Fordi.", "flere": "1"}
    longer = bob.post(new, asked).text
    assert longer.count('name="aim') == 2
    for kept in (
        f'value="{WHAT}"',
        f'<option value="{FEEDBACK}" selected>',
        "Fordi.",
        'more-aims" open',
    ):
        assert kept in longer
    with as_reach(reach_for(cast.bob)):
        assert queries.actions(SCHOOL) == []
    key = write(bob, aim2=WELLBEING)
    assert bob.get(f"{LIST}{key}/endre/").text.count('name="aim') == 2
