"""Kept pages: whose they are, what ends them, and that they are what Django would answer."""

import re
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from puls.units import UnitTree
from puls.web.accounts.services import sessions_end, user_language
from puls.web.assess import gates
from puls.web.assess.goals import Wish, goal_set
from puls.web.assess.models import Release
from puls.web.composed import pages, serving
from puls.web.composed.store import STORE
from puls.web.see.services import selection_keep
from puls.web.tenants.access import as_person, as_reach, as_whole_tree
from puls.web.tenants.models import Partnership, Unit
from puls.web.tenants.services import membership_deactivate
from tests.database import superuser
from tests.web import gated
from tests.web.cast import Cast, LogIn, add_person, reach_for
from tests.web.composed.conftest import HOST, Fast, asked, plain
from tests.web.see import world

YEAR = "2025-26"
SCHOOL = f"/hvor-er-vi/{world.SCHOOL}/{YEAR}/"
OWN = {"alice": "no-1149", "bob": world.SCHOOL, "nora": "no", "frida": "no-11"}
WAYS = ("", "?vis=alle&snudd=1", "ar-for-ar/", "utskrift/")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("who", OWN)
def test_what_is_served_is_what_django_answers(
    who: str, way: str, released: Release, cast: Cast, log_in: LogIn, fast: Fast
) -> None:
    browser, address = log_in(getattr(cast, who)), f"/hvor-er-vi/{OWN[who]}/{YEAR}/{way}"
    composed = fast.compose(browser, address)
    served = fast.ask(browser, address)
    assert served is not None
    assert plain(served.body) == plain(composed)
    again = browser.get(address, headers={"host": HOST})
    said = {name.lower(): value for name, value in again.headers.items()}
    for name in ("cache-control", "content-security-policy", "x-frame-options", "content-type"):
        assert served.headers[name] == said[name]
    assert served.headers["cache-control"] == "private, no-cache"
    assert {"Cookie", "Puls-Part", "Accept-Encoding"} <= set(served.headers["vary"].split(", "))
    small = fast.ask(browser, address, accept_encoding="gzip, deflate, br")
    assert small is not None
    assert small.headers["content-encoding"] == "deflate"
    assert zlib.decompress(small.body) == served.body
    assert len(small.body) == int(small.headers["content-length"]) < len(served.body) / 3


def test_nothing_is_asked_of_the_database(
    released: Release, cast: Cast, log_in: LogIn, fast: Fast
) -> None:
    browser = log_in(cast.bob)
    fast.compose(browser, SCHOOL)
    with CaptureQueriesContext(connection) as queries:
        assert fast.ask(browser, SCHOOL) is not None
    assert len(queries) == 0


def test_a_colleague_shares_the_page_and_not_its_corner(
    released: Release, cast: Cast, log_in: LogIn, fast: Fast
) -> None:
    beate = add_person("beate", world.SCHOOL, "leader")
    bobs, beates = log_in(cast.bob), log_in(beate)
    fast.compose(bobs, SCHOOL)
    assert fast.ask(beates, SCHOOL) is None, "nobody knows yet who she is"
    fast.compose(beates, f"{SCHOOL}ar-for-ar/")
    served = fast.ask(beates, SCHOOL)
    assert served is not None
    assert b"beate@example.no" in served.body
    assert b"bob" not in served.body.lower()
    assert plain(served.body) == plain(beates.get(SCHOOL, headers={"host": HOST}).content)


def test_its_forms_are_accepted(released: Release, cast: Cast, log_in: LogIn, fast: Fast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.bob.user)
    fast.compose(browser, SCHOOL)
    served = fast.ask(browser, SCHOOL)
    assert served is not None
    tokens = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', served.body.decode()))
    assert len(tokens) == 1
    form = {"csrfmiddlewaretoken": tokens.pop(), "language": "en", "next": SCHOOL}
    assert browser.post("/konto/sprak/", form, headers={"host": HOST}).status_code == 302


def test_it_says_when_nothing_is_new(
    released: Release, cast: Cast, log_in: LogIn, fast: Fast
) -> None:
    browser = log_in(cast.bob)
    fast.compose(browser, SCHOOL)
    first = fast.ask(browser, SCHOOL)
    assert first is not None
    again = fast.ask(browser, SCHOOL, if_none_match=first.headers["etag"])
    assert again is not None
    assert (again.status, again.body) == (304, b"")
    small = fast.ask(
        browser, SCHOOL, if_none_match=first.headers["etag"], accept_encoding="deflate"
    )
    assert small is not None
    assert small.status == 200, "another encoding is another answer"


# What ends a kept page or a session, each at the next word of a change.


def _log_out(cast: Cast, browser: Client) -> None:
    # The cookie is still sent, as by somebody who has copied it.
    session = browser.cookies["sessionid"].value
    browser.post("/konto/logg-ut/")
    browser.cookies["sessionid"] = session


def _role_ends(cast: Cast, browser: Client) -> None:
    by = reach_for(cast.alice)
    with as_reach(by):
        membership_deactivate(by, cast.bob)


def _another_role(cast: Cast, browser: Client) -> None:
    other = add_person("bob", "no-1149", "teacher")
    browser.post("/rolle/", {"membership": str(other.pk)})


def _renamed(cast: Cast, browser: Client) -> None:
    cast.bob.user.name = "Robert"
    cast.bob.user.save()


def _shut_out(cast: Cast, browser: Client) -> None:
    cast.bob.user.is_active = False
    cast.bob.user.save()


def _goal(cast: Cast, browser: Client) -> None:
    by = reach_for(cast.alice)
    with as_reach(by):
        unit = Unit.objects.get(key="no-1149")
        goal_set(by, unit, Wish(world.FEEDBACK, value=4.0), set_by="Alice")


def _selection(cast: Cast, browser: Client) -> None:
    by = reach_for(cast.bob)
    with as_reach(by):
        selection_keep(by, cast.bob.user, Unit.objects.get(key=world.SCHOOL), "Ours", "?vis=alle")


def _shared(cast: Cast, browser: Client) -> None:
    with as_whole_tree("owner"):
        school = Unit.objects.using("owner").get(key="bergen-kulturskole")
        partner = Unit.objects.using("owner").get(key="no-1149")
        Partnership.objects.using("owner").create(unit=school, partner=partner, path=school.path)


def _announced(cast: Cast, browser: Client) -> None:
    by = reach_for(cast.alice)
    with as_reach(by):
        gates.announce(by, 2026, gated.timezone.localdate() + timedelta(30), "Alice")


ENDS: list[Callable[[Cast, Client], None]] = [
    _log_out,
    lambda cast, _browser: sessions_end(cast.bob.user),
    lambda cast, _browser: user_language(cast.bob.user, "en"),
    _role_ends,
    _another_role,
    _renamed,
    _shut_out,
    _goal,
    _selection,
    _shared,
    _announced,
]
NAMES = (
    "logged out", "all sessions ended", "another language", "role ended", "another role",
    "renamed", "shut out", "own goal", "selection kept", "school shared", "gate announced",
)  # fmt: skip


@pytest.mark.parametrize("end", ENDS, ids=NAMES)
def test_a_change_ends_what_was_kept(
    end: Callable[[Cast, Client], None], released: Release, cast: Cast, log_in: LogIn, fast: Fast
) -> None:
    """The mutant that forgets one trigger, or does not pass its word on, serves the old page."""
    browser = log_in(cast.bob)
    fast.compose(browser, SCHOOL)
    assert fast.ask(browser, SCHOOL) is not None
    end(cast, browser)
    browser.cookies.pop("puls_wrote", None)
    assert fast.ask(browser, SCHOOL) is None


def test_a_new_release_ends_the_pages(
    released: Release, places: UnitTree, cast: Cast, log_in: LogIn, fast: Fast
) -> None:
    browser = log_in(cast.bob)
    fast.compose(browser, SCHOOL)
    world.correct(places, 3)
    assert fast.ask(browser, SCHOOL) is None


def test_a_gate_is_shut_for_the_owner_and_open_for_the_school(
    places: UnitTree, cast: Cast, log_in: LogIn, fast: Fast
) -> None:
    """The mutants that ignore the gate in the key, or its moves, show 4,0 where it is shut."""
    gated.announce(cast.alice)
    gated.release(places)
    address = f"/hvor-er-vi/{world.SCHOOL}/2026-27/"
    bob, alice = log_in(cast.bob), log_in(cast.alice)
    assert b"4,0" in fast.compose(bob, address)
    assert b"4,0" not in fast.compose(alice, address)
    owners = fast.ask(alice, address)
    assert owners is not None
    assert b"4,0" not in owners.body
    with as_reach(reach_for(cast.bob)):
        gate = gates.gates(2026)[0].id
    bob.post(f"/vis-for-eier/{gate}/")
    assert fast.ask(alice, address) is None
    assert b"4,0" in fast.compose(alice, address)


def test_the_day_of_a_gate_ends_the_pages(
    released: Release, cast: Cast, log_in: LogIn, fast: Fast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No row changes at midnight, but what may be seen does."""
    browser = log_in(cast.bob)
    fast.compose(browser, SCHOOL)
    today = serving._today(int(time.time()))
    monkeypatch.setattr(serving, "_today", lambda _: today + timedelta(days=1))
    assert fast.ask(browser, SCHOOL) is None


def test_nobody_gets_a_page_of_another_reach(
    released: Release, cast: Cast, log_in: LogIn, fast: Fast, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob, tom, charlie = (log_in(each) for each in (cast.bob, cast.tom, cast.charlie))
    fast.compose(bob, SCHOOL)
    fast.compose(tom, f"/hvor-er-vi/no/{YEAR}/")
    fast.compose(charlie, f"/hvor-er-vi/no/{YEAR}/")
    for other in (tom, charlie):
        assert fast.ask(other, f"/hvor-er-vi/no/{YEAR}/") is not None
        assert fast.ask(other, SCHOOL) is None


def test_the_mutant_with_a_key_without_reach_would_be_seen(
    released: Release, cast: Cast, log_in: LogIn, fast: Fast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages.Sight, "__eq__", lambda *_: True)
    monkeypatch.setattr(pages.Sight, "__hash__", lambda _: 0)
    with pytest.raises(AssertionError):
        test_nobody_gets_a_page_of_another_reach(released, cast, log_in, fast, monkeypatch)


def test_the_mutant_that_hears_nothing_would_be_seen(
    released: Release, cast: Cast, log_in: LogIn, fast: Fast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(STORE, "heard", lambda _word: None)
    for end in (_log_out, _role_ends):
        with pytest.raises(AssertionError):
            test_a_change_ends_what_was_kept(end, released, cast, log_in, fast)


@pytest.mark.parametrize(
    "given",
    [
        {"puls_part": "forklaring"},
        {"host": "puls.example.no"},
        {"x_forwarded_proto": "https"},
        {"cookie": "{session}"},
        {"cookie": "{token}"},
        {"cookie": "{session}; {token}; {session}"},
        {"cookie": "{session}; {token}; {token}"},
        {"cookie": "{session}; {token}; messages=x"},
        {"cookie": "{session}; {token}; puls_wrote=1"},
        {"cookie": "{session}; csrftoken=<b>"},
        {"cookie": "sessionid=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; {token}"},
    ],
    ids=str,
)
def test_whatever_is_doubtful_is_django_s(
    given: dict[str, str], released: Release, cast: Cast, log_in: LogIn, fast: Fast
) -> None:
    browser = log_in(cast.bob)
    fast.compose(browser, SCHOOL)
    session, token = (
        f"{name}={browser.cookies[name].value}" for name in ("sessionid", "csrftoken")
    )
    usual = {"cookie": f"{session}; {token}"}
    assert fast.ask(browser, SCHOOL, **usual) is not None
    filled = {name: value.format(session=session, token=token) for name, value in given.items()}
    assert fast.ask(browser, SCHOOL, **{**usual, **filled}) is None


@pytest.mark.parametrize("method", ["POST", "HEAD", "OPTIONS"])
def test_other_methods_are_django_s(
    method: str, released: Release, cast: Cast, log_in: LogIn, fast: Fast
) -> None:
    browser = log_in(cast.bob)
    fast.compose(browser, SCHOOL)
    cookies = "; ".join(f"{name}={each.value}" for name, each in browser.cookies.items())
    headers = [(b"host", HOST.encode()), (b"cookie", cookies.encode())]
    assert asked(SCHOOL, headers) is not None
    assert asked(SCHOOL, headers, method) is None


def test_a_session_ends_when_its_time_is_over(
    released: Release, cast: Cast, log_in: LogIn, fast: Fast
) -> None:
    browser = log_in(cast.bob)
    fast.compose(browser, SCHOOL)
    for word, reader in STORE.readers.items():
        assert 11.9 * 3600 < reader.until - time.time() <= 12 * 3600
        STORE.readers[word] = replace(reader, until=time.time())
    assert fast.ask(browser, SCHOOL) is None


def test_a_page_with_a_message_is_not_kept(
    released: Release, cast: Cast, log_in: LogIn, fast: Fast
) -> None:
    browser = log_in(cast.bob)
    fast.compose(browser, SCHOOL)
    kept = {"unit": world.SCHOOL, "skolear": YEAR, "query": "?vis=alle", "name": "Ours"}
    browser.post("/utvalg/", kept)
    assert browser.cookies["messages"].value
    assert browser.cookies["puls_wrote"]["max-age"] == 3
    assert browser.cookies["puls_wrote"]["httponly"]
    assert b"Ours" in fast.compose(browser, SCHOOL)
    assert not STORE.pages


def test_every_table_that_a_kept_page_rests_on_tells_of_its_changes(
    released: Release, cast: Cast, log_in: LogIn, fast: Fast
) -> None:
    read: set[str] = set()
    for who, unit in OWN.items():
        browser = log_in(getattr(cast, who))
        for way in WAYS:
            with CaptureQueriesContext(connection) as queries:
                browser.get(f"/hvor-er-vi/{unit}/{YEAR}/{way}", headers={"host": HOST})
            read |= set(re.findall(r'(?:FROM|JOIN) "(\w+)"', " ".join(q["sql"] for q in queries)))
    with superuser() as above:
        names = above.execute("SELECT tgname FROM pg_trigger").fetchall()
    telling = {name.removesuffix("_tells") for (name,) in names if name.endswith("_tells")}
    assert {"assess_cell", "tenants_membership", "django_session"} <= read
    assert read - telling == set()
    assert connections["default"].in_atomic_block is False


def test_a_person_s_word_reaches_that_person_alone(
    released: Release, cast: Cast, log_in: LogIn, fast: Fast
) -> None:
    bob, tom = log_in(cast.bob), log_in(cast.tom)
    national: Any = f"/hvor-er-vi/no/{YEAR}/"
    fast.compose(bob, national)
    fast.compose(tom, national)
    with as_person(cast.bob.user_id):
        sessions_end(cast.bob.user)
    assert fast.ask(bob, national) is None
    assert fast.ask(tom, national) is not None
