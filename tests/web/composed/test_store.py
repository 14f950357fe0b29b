"""What is kept in memory, for how long, and what a part of a second in between means."""

import zlib
from dataclasses import replace
from datetime import date

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from puls.web.composed import store as stores
from puls.web.composed.deflating import Part, deflated, stored, together
from puls.web.composed.pages import Gap, Key, Page, Reader, Sight, filled, page_of
from puls.web.composed.store import Store, session_word
from puls.web.tenants.access import Reach

SIGHT = Sight(Reach("no-1149", ("no/no-11/no-1149",), 3, "owner", "no-1149"), "nb")
OTHER = replace(SIGHT, reach=replace(SIGHT.reach, tenant_key="no-4601"))
READER = Reader("1", SIGHT, (deflated(b"<b>Bob</b>"),), "tag", 0)
PAGE = Page((), (deflated(b"page"),), "tag", 100)


def key(at: str = "/hvor-er-vi/no/2025-26/", sight: Sight = SIGHT) -> Key:
    return Key(sight, b"127.0.0.1", b"", at, b"", date(2026, 6, 1))


@pytest.fixture
def store() -> Store:
    made = Store(clock=lambda: 100.0)
    made.hold_until(101.0)
    return made


def keep(store: Store, **given: object) -> bool:
    begun = given.pop("begun", None)
    whole = {"session": "s", "reader": READER, "key": key(), "page": PAGE, **given}
    return store.keep(store.changes if begun is None else begun, **whole)  # type: ignore[arg-type]


def test_a_change_in_between_keeps_nothing(store: Store) -> None:
    """The mutant that counts after composing keeps what was read before the change."""
    begun = store.begin()
    assert begun is not None
    store.heard("user:somebody-else")
    assert not keep(store, begun=begun)
    assert keep(store)


def test_nothing_is_served_or_kept_once_nobody_listens(store: Store) -> None:
    keep(store)
    store.hold_until(100.0)
    assert not store.holds()
    assert store.begin() is None
    assert not keep(store)


def test_what_was_kept_before_a_silence_is_gone_after_it(store: Store) -> None:
    begun = store.begin()
    assert begun is not None
    keep(store)
    store.close()
    store.hold_until(101.0)
    assert (store.page(key()), store.reader("s"), store.bytes) == (None, None, 0)
    assert not keep(store, begun=begun)


def test_a_proof_that_is_late_serves_nothing_meanwhile_and_loses_nothing(store: Store) -> None:
    keep(store)
    store.hold_until(99.0)
    assert not store.holds()
    store.hold_until(101.0)
    assert store.page(key()) is not None
    store.hold_until(99.0)
    store.heard("pages")
    store.hold_until(101.0)
    assert store.page(key()) is None


@pytest.mark.parametrize(
    ("word", "page", "reader"),
    [
        (f"session:{session_word('s')}", True, False),
        (f"session:{session_word('t')}", True, True),
        ("user:1", True, False),
        ("user:2", True, True),
        ("tenant:no-1149", False, True),
        ("tenant:no-11", True, True),
        ("pages", False, True),
        ("all", False, False),
        ("a word of a later version", False, False),
    ],
)
def test_a_word_ends_what_it_is_about(store: Store, word: str, page: bool, reader: bool) -> None:
    keep(store)
    store.heard(word)
    assert (store.page(key()) is not None, store.reader("s") is not None) == (page, reader)


def test_another_sight_is_another_page(store: Store) -> None:
    keep(store)
    assert store.page(key(sight=OTHER)) is None
    assert store.page(key(sight=replace(SIGHT, language="en"))) is None


def test_pages_not_asked_for_make_room(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "BYTES", 250)
    keep(store, key=key("/a"))
    keep(store, key=key("/b"))
    assert store.page(key("/a")) is not None
    keep(store, key=key("/c"))
    assert [store.page(key(each)) is not None for each in ("/a", "/b", "/c")] == [True, False, True]
    keep(store, key=key("/c"))
    assert store.bytes == 200


PARTS = st.lists(st.tuples(st.booleans(), st.binary(max_size=300)))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PARTS)
def test_parts_put_together_say_what_they_say(parts: list[tuple[bool, bytes]]) -> None:
    made: list[Part] = [stored(text) if plain else deflated(text) for plain, text in parts]
    assert zlib.decompress(together(made)) == b"".join(text for _, text in parts)


TOKEN = b'<input type="hidden" name="csrfmiddlewaretoken" value="%s">'
CORNER = b'<details class="account"><b>Bob</b>' + TOKEN % (b"x" * 64) + b"</details>"


def test_a_page_is_filled_with_the_reader_s_own() -> None:
    page = page_of(b"before " + TOKEN % (b"y" * 64) + CORNER + b" after", (), ("Bob", "b@no"))
    assert page is not None
    reader = replace(READER, account=(deflated(b"Beate "), Gap.TOKEN))
    said = zlib.decompress(together(filled(page, reader, b"mine")))
    assert said == b"before " + TOKEN % b"mine" + b"Beate mine after"


@pytest.mark.parametrize(
    "body",
    [
        b"no corner at all",
        CORNER + CORNER,
        b"Bob wrote this" + CORNER,
        CORNER + b"ask b@no",
    ],
)
def test_a_page_that_would_tell_of_its_reader_is_not_kept(body: bytes) -> None:
    assert page_of(b"<p>" + body, (), ("Bob", "b@no")) is None
