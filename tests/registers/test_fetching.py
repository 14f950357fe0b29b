"""Asking a register over the net: what is asked again, what never, and where it ends."""

import gzip
import json
import socket
import threading
import time
import tracemalloc
import zlib
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from puls.registers import fetching
from puls.registers.fetching import Bounds, Fetcher, FetchError
from tests.registers.register_server import Pauses, Reply, error, ok, serving
from tests.shared_data import shared

SMALL = Bounds(bytes=200_000, seconds=5)
DATA = {"value": [1, 2, 3]}


def asking(
    *replies: Reply, bounds: Bounds = SMALL, pauses: Pauses | None = None, post: Any = None
) -> tuple[bytes | FetchError, int, list[float]]:
    """What comes of one question: the body or the error, how often it was asked, the pauses."""
    pauses = pauses or Pauses()
    with serving({"/data": replies}) as register:
        ask = Fetcher([register.address], bounds, pauses.sleep, pauses.clock)
        address = f"{register.address}/data"
        try:
            answer = ask.get(address) if post is None else ask.post(address, post)
            return answer.body, len(register.asked), pauses.slept
        except FetchError as slip:
            return slip, len(register.asked), pauses.slept


LIMITS = {"x-ratelimit-policy": "40;w=60s", "x-ratelimit-remaining": "0"}
FINE = ok(DATA)
# what it is, the replies, how often it is asked, the pauses before asking again
AGAIN: list[tuple[str, list[Reply], int, list[float]]] = [
    ("at once", [FINE], 1, []),
    ("busy, says how long", [error(429, retry_after="7"), FINE], 2, [7]),
    ("busy, has a window", [(429, LIMITS, b""), FINE], 2, [60]),
    ("busy, says nothing", [error(429), FINE], 2, [60]),
    ("broken once", [error(500), FINE], 2, [2]),
    ("broken twice", [error(503), error(502), FINE], 3, [2, 4]),
    ("late", [error(504), FINE], 2, [2]),
    ("down for maintenance", [error(503, retry_after="30"), FINE], 2, [30]),
]


@pytest.mark.parametrize("case", AGAIN, ids=lambda case: case[0])
def test_what_passes_is_asked_again(
    case: tuple[str, list[Reply], int, list[float]],
) -> None:
    _, replies, times, pauses = case
    assert asking(*replies) == (json.dumps(DATA).encode(), times, pytest.approx(pauses))


TITLED = {"type": "Parameter error", "title": "Non-existent variable", "status": 400}
# what it is, the reply, what is said
NEVER: list[tuple[str, Reply, str]] = [
    ("a wrong question", error(400, TITLED), "the server says 'Non-existent variable' (400)"),
    ("an unknown table", error(404, TITLED | {"title": "Non-existent table"}), "(404)"),
    ("a long address", error(404), "the server answers 404, without a word why"),
    ("forbidden", error(403), "403"),
    ("not made", error(501), "501"),
    ("a title of letters", error(400, {"title": "a\u202eb\x00" * 400}), "the server says 'abab"),
    ("a title that is none", error(400, {"title": {"x": 1}}), "without a word why"),
    ("no JSON", (400, {}, b"[" * 90_000), "without a word why"),
    ("a page", ok(b" \n<!DOCTYPE html><h1>Log in</h1>"), "a page (HTML or XML) came"),
    ("a redirect elsewhere", error(302, location="https://evil.example/data"),
     "https://evil.example is not among the allowed hosts"),
    ("a redirect with a name", error(302, location="http://data.ssb.no@127.0.0.1/"), "allowed"),
    ("a redirect to a file", error(302, location="file:///etc/passwd"), "allowed hosts"),
    ("a redirect to itself", error(302, location="/data"), "more than 3 redirects"),
    ("unknown packing", ok(b"x", **{"content-encoding": "br"}), "packed as 'br'"),
    ("damaged packing", ok(b"not gzip", **{"content-encoding": "gzip"}), "damaged"),
    ("cut packing", ok(gzip.compress(b"1" * 500)[:-9], **{"content-encoding": "gzip"}), "cut off"),
    ("packing of two members",
     ok(gzip.compress(b"[1]") + gzip.compress(b"[2]"), **{"content-encoding": "gzip"}),
     "more follows after its end"),
    ("packing with a tail", ok(gzip.compress(b"1") + b"\0", **{"content-encoding": "gzip"}),
     "more follows after its end"),
]  # fmt: skip


@pytest.mark.parametrize("case", NEVER, ids=lambda case: case[0])
def test_what_asking_again_cannot_help_is_told_at_once(case: tuple[str, Reply, str]) -> None:
    name, reply, problem = case
    slip, times, pauses = asking(reply)
    assert isinstance(slip, FetchError)
    assert problem in str(slip)
    assert len(str(slip)) < 600
    assert not slip.passing
    assert times == (4 if "itself" in name else 1)
    assert pauses == ([2, 2, 2] if "itself" in name else [])


def test_a_server_that_stays_broken_is_left_alone_in_the_end() -> None:
    slip, times, pauses = asking(error(500))
    assert isinstance(slip, FetchError)
    assert slip.passing
    assert "without a word why (4 attempts)" in str(slip)
    assert (times, pauses) == (4, [2, 4, 8])


def test_a_server_that_wants_rest_until_tomorrow_gets_it() -> None:
    slip, times, pauses = asking(error(429, retry_after="3600"))
    assert isinstance(slip, FetchError)
    assert "asks to wait 3,600 seconds" in str(slip)
    assert (slip.passing, times, pauses) == (True, 1, [])


def test_the_count_of_calls_is_heeded_before_it_is_enforced() -> None:
    pauses = Pauses()
    left = [("3", "30;w=60s"), ("0", "30;w=45s"), ("29", "30;w=60s"), None, None]
    replies = [
        ok(DATA)
        if each is None
        else ok(DATA, **{"x-ratelimit-remaining": each[0], "x-ratelimit-policy": each[1]})
        for each in left
    ]
    with serving({"/data": replies}) as register:
        ask = Fetcher([register.address], SMALL, pauses.sleep, pauses.clock)
        for _ in range(5):
            ask.get(f"{register.address}/data")
    # None left: the rest of the window. Without a count: thirty a minute.
    assert pauses.slept == [45, 2]


def test_a_window_of_days_is_told_and_not_slept_through() -> None:
    pauses = Pauses()
    full = {"x-ratelimit-remaining": "0", "x-ratelimit-policy": "30;w=999999s"}
    with serving({"/data": [ok(DATA, **full), FINE]}) as register:
        ask = Fetcher([register.address], SMALL, pauses.sleep, pauses.clock)
        ask.get(f"{register.address}/data")
        with pytest.raises(FetchError, match=r"wait 999,999 seconds") as slip:
            ask.get(f"{register.address}/data")
    assert (slip.value.passing, pauses.slept) == (True, [])


def test_a_redirect_on_the_same_host_is_followed() -> None:
    pauses = Pauses()
    moved = {"/old": [error(301, location="/data")], "/data": [FINE]}
    with serving(moved) as register:
        ask = Fetcher([register.address], SMALL, pauses.sleep, pauses.clock)
        assert json.loads(ask.get(f"{register.address}/old").body) == DATA
        with pytest.raises(FetchError, match="sends the question on to /data"):
            ask.post(f"{register.address}/old", {})


@pytest.mark.parametrize(
    "address",
    [
        "https://data.ssb.no.evil.example/x", "http://data.ssb.no/x", "https://data.ssb.no:8443/x",
        "https://me@data.ssb.no/x", "file:///etc/passwd", "ftp://data.ssb.no/x",
    ],
)  # fmt: skip
def test_only_allowed_hosts_are_asked(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("somebody was asked")

    monkeypatch.setattr(Fetcher, "_once", never)
    with pytest.raises(FetchError, match="not among the allowed hosts"):
        Fetcher(["https://data.ssb.no"]).get(address)


def test_a_post_sends_the_question_as_json() -> None:
    with serving({"/data": [error(503), FINE]}) as register:
        pauses = Pauses()
        ask = Fetcher([register.address], SMALL, pauses.sleep, pauses.clock)
        assert json.loads(ask.post(f"{register.address}/data", {"a": ["ø"]}).body) == DATA
        assert [(method, said) for method, _, _, said in register.asked] == [
            ("POST", {"a": ["ø"]})
        ] * 2


# -------------------------------------------------------------------------------------------------
# What is too much


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(2_000):
        handler.wfile.write(b"1," * 10_000)


def drip(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("content-length", "1000000")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"1")
        time.sleep(0.05)


def drip_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100):
        handler.wfile.write(b"x-%d: 1\r\n" % number)
        time.sleep(0.05)


def silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1)


def cut(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("content-length", "1000")
    handler.end_headers()
    handler.wfile.write(b"[1,")


HASTE = Bounds(bytes=200_000, seconds=0.3, attempts=1)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("slow", [drip, drip_headers, silent])
def test_an_answer_that_takes_too_long_is_given_up(slow: Any) -> None:
    slip, _, _ = asking(slow, bounds=HASTE)
    assert isinstance(slip, FetchError)
    assert slip.passing
    assert "no whole answer within 0.3 seconds" in str(slip)


@pytest.mark.parametrize("broken", [cut, error(302, location="http://[::1")])
def test_an_answer_that_is_broken_is_asked_for_again(broken: Reply) -> None:
    body, times, _ = asking(broken, ok(DATA))
    assert (body, times) == (json.dumps(DATA).encode(), 2)


def bomb(megabytes: int) -> bytes:
    """So much of nothing, packed a thousandfold."""
    packer = zlib.compressobj(9, wbits=16 + zlib.MAX_WBITS)
    parts = [packer.compress(bytes(1024**2)) for _ in range(megabytes)]
    return b"".join([*parts, packer.flush()])


def too_much(reply: Reply) -> tuple[FetchError, int]:
    """The error, and the most bytes that were in use."""
    tracemalloc.start()
    try:
        slip, times, _ = asking(reply)
        assert isinstance(slip, FetchError)
        assert times == 1
        return slip, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", ["endless", "packed"])
def test_an_answer_that_is_too_large_is_given_up_in_little_room(kind: str) -> None:
    packed = ok(bomb(40), **{"content-encoding": "gzip"})
    slip, room = too_much(endless if kind == "endless" else packed)
    assert "more than 0 MB" in str(slip)
    assert room < 10 * 1024**2


def test_the_measure_finds_a_client_that_unpacks_before_it_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def as_httpx_does(response: Any, most: int) -> bytes:
        body: bytes = await response.aread()
        if len(body) > most:
            raise FetchError(str(response.url), "more than 0 MB", "")
        return body

    monkeypatch.setattr(fetching, "_body", as_httpx_does)
    slip, room = too_much(ok(bomb(40), **{"content-encoding": "gzip"}))
    assert "more than 0 MB" in str(slip)
    assert room > 40 * 1024**2


def test_a_packed_answer_is_unpacked() -> None:
    packed = ok(gzip.compress(json.dumps(DATA).encode()), **{"content-encoding": "gzip"})
    assert asking(packed)[0] == json.dumps(DATA).encode()


def test_a_server_that_is_not_there_may_be_there_tomorrow() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        pauses = Pauses()
        with pytest.raises(FetchError, match=r"cannot be reached \(4 attempts\)") as caught:
            Fetcher([address], SMALL, pauses.sleep, pauses.clock).get(f"{address}/x")
    assert caught.value.passing
    assert pauses.slept == [2, 4, 8]


def test_nothing_is_left_running() -> None:
    before = threading.active_count()
    asking(drip, bounds=HASTE)
    assert threading.active_count() <= before + 1  # the server's own thread may still drip


def test_the_registers_own_errors_are_told_by_their_title() -> None:
    cases = json.loads((shared("ssb_jsonstat") / "pxwebapi_v2_error_responses.json").read_text())
    for case in cases:
        body, headers = case["body"], {k: str(v) for k, v in case.get("headers", {}).items()}
        reply: Reply = (case["status"], headers, b"" if body is None else json.dumps(body).encode())
        slip, times, _ = asking(reply)
        assert isinstance(slip, FetchError)
        assert f"{case['status']}" in str(slip)
        assert (body or {"title": "without a word"})["title"] in str(slip)
        assert times == (4 if case["status"] in (429, 500) else 1)
