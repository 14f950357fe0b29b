"""Asking registers over the net: only where allowed, bounded in bytes and time, and patient.

A register is not ours: it may be down, slow, busy, or somebody else's machine. So

* only origins that were named are asked, also where an answer points elsewhere;
* an answer has a largest size, counted after unpacking, and a longest time, from the first
  connection to the last byte, however slowly they drip;
* `429` and `5xx` are asked again after a pause, what the register itself says to wait included;
  what asking again cannot help (a wrong question, a page instead of data) is told at once;
* `x-ratelimit-*` is obeyed before it is enforced.
"""

import asyncio
import json
import re
import ssl
import time
import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache

import httpx

from puls.errors import PulsError
from puls.registers.files import MAX_JSON_BYTES

AGAIN = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses after which the same question may get an answer."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})
GAP = 2.0
"""Seconds between questions where the server says nothing: thirty a minute."""

WINDOW = 60.0
"""Seconds to wait when a server has had enough and does not say for how long."""

LATER = "Nothing was imported. Try again later."


class FetchError(PulsError):
    """A register gave no answer that can be used: which address, what was wrong, what to do.

    passing: it may well be otherwise tomorrow.
    """

    def __init__(self, address: str, problem: str, next_step: str, passing: bool = False) -> None:
        self.address, self.problem, self.passing = address, problem, passing
        super().__init__(f"{address[:200]}: {problem}. {next_step}")


@dataclass(frozen=True)
class Bounds:
    """bytes: of an answer, unpacked. seconds: for one answer. attempts: at the same question.
    longest_wait: seconds between two attempts; redirects: how many are followed."""

    bytes: int = MAX_JSON_BYTES
    seconds: float = 120
    attempts: int = 4
    longest_wait: float = 120
    redirects: int = 3


@dataclass(frozen=True)
class Answer:
    """address: where it came from in the end. headers: by name in small letters."""

    address: str
    status: int
    headers: Mapping[str, str]
    body: bytes


class Fetcher:
    """Asks one question at a time. origins: such as "https://data.ssb.no"; nothing else is asked.

    sleep, clock: of seconds; given by tests.
    """

    def __init__(
        self,
        origins: Collection[str],
        bounds: Bounds | None = None,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.origins = frozenset(map(_origin, origins))
        self.bounds = bounds or Bounds()
        self._sleep, self._clock = sleep, clock
        self._not_before = 0.0

    def get(self, address: str, params: Mapping[str, str] | None = None) -> Answer:
        """The answer to a GET: JSON, or something that is not a page. FetchError otherwise."""
        url = httpx.URL(address, params=params) if params else httpx.URL(address)
        for _ in range(self.bounds.redirects + 1):
            answer = self._patiently("GET", url, None)
            if answer.status not in REDIRECTS:
                return answer
            url = url.join(answer.headers.get("location", ""))
        problem = f"more than {self.bounds.redirects} redirects"
        raise FetchError(address, problem, LATER)

    def post(self, address: str, question: object) -> Answer:
        """The answer to a POST of JSON. FetchError otherwise, also for a redirect."""
        answer = self._patiently("POST", httpx.URL(address), question)
        if answer.status in REDIRECTS:
            where = answer.headers.get("location", "nowhere")[:100]
            problem = f"the server sends the question on to {where}"
            raise FetchError(address, problem, "Put the right address into the pack's source.")
        return answer

    def _patiently(self, method: str, url: httpx.URL, question: object) -> Answer:
        self._need_allowed(url)
        for attempt in range(1, self.bounds.attempts + 1):
            self._wait(url)
            answer, slip = None, ""
            try:
                answer = asyncio.run(self._once(method, url, question))
            except (TimeoutError, httpx.TransportError) as error:
                slip = self._in_words(error)
                if _is_untrusted(error):
                    raise FetchError(str(url), slip, LATER) from None
            if answer is None:
                pause = 2.0**attempt
            else:
                pause = self._heed(answer, attempt)
                if answer.status == 200:
                    return _data(answer)
                if answer.status in REDIRECTS:
                    return answer
                slip = _said(answer)
                if answer.status not in AGAIN:
                    raise FetchError(str(url), slip, "Asking again would not help.")
            if pause > self.bounds.longest_wait:
                slip += f", and asks to wait {pause:,.0f} seconds"
                raise FetchError(str(url), slip, LATER, passing=True)
            self._not_before = max(self._not_before, self._clock() + pause)
        slip += f" ({self.bounds.attempts} attempts)"
        raise FetchError(str(url), slip, LATER, passing=True)

    def _need_allowed(self, url: httpx.URL) -> None:
        if url.userinfo or _origin(str(url)) not in self.origins:
            allowed = ", ".join(sorted(self.origins)) or "none"
            problem = f"{url.scheme}://{url.host} is not among the allowed hosts ({allowed})"
            raise FetchError(str(url), problem, "Name it in PULS_FETCH if it should be asked.")

    def _wait(self, url: httpx.URL) -> None:
        left = self._not_before - self._clock()
        if left > self.bounds.longest_wait:
            problem = f"the server asks to wait {left:,.0f} seconds before the next question"
            raise FetchError(str(url), problem, LATER, passing=True)
        if left > 0:
            self._sleep(left)

    def _heed(self, answer: Answer, attempt: int) -> float:
        """Note when the server wants the next question; give the pause before the same one."""
        window = _window(answer.headers)
        left = answer.headers.get("x-ratelimit-remaining", "")
        gap = GAP if not left else window if left.strip() == "0" else 0.0
        self._not_before = self._clock() + gap
        wait = answer.headers.get("retry-after", "").strip()
        if re.fullmatch(r"[0-9]{1,6}", wait):
            return float(wait)
        return window if answer.status == 429 else 2.0**attempt

    async def _once(self, method: str, url: httpx.URL, question: object) -> Answer:
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "Puls"}
        async with (
            asyncio.timeout(self.bounds.seconds),
            # A proxy of the house is asked for all but this machine's own addresses.
            httpx.AsyncClient(
                verify=_certificates(), timeout=None, trust_env=url.scheme == "https"
            ) as client,
            client.stream(method, url, json=question, headers=headers) as response,
        ):
            body = await _body(response, self.bounds.bytes)
            found = {name.lower(): value for name, value in response.headers.items()}
            return Answer(str(url), response.status_code, found, body)

    def _in_words(self, error: Exception) -> str:
        if isinstance(error, TimeoutError):
            return f"no whole answer within {self.bounds.seconds:g} seconds"
        if _is_untrusted(error):
            return "the server cannot prove that it is the one (its certificate is not trusted)"
        if isinstance(error, httpx.ConnectError):
            return "the server cannot be reached"
        return "the answer broke off, or is not what HTTP allows"


async def _body(response: httpx.Response, most: int) -> bytes:
    """The body, unpacked, of at most so many bytes: a packed one can grow a thousandfold."""
    address = str(response.url)

    def too_much() -> FetchError:
        return FetchError(address, f"the answer has more than {most / 1024**2:,.0f} MB", LATER)

    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("gzip", "identity", ""):
        raise FetchError(address, f"the answer is packed as {ascii(coding)[:30]}", LATER)
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS) if coding == "gzip" else None
    parts: list[bytes] = []
    packed = size = 0
    async for raw in response.aiter_raw():
        packed += len(raw)
        try:
            part = raw if unpack is None else unpack.decompress(raw, most - size + 1)
        except zlib.error:
            raise FetchError(address, "the answer is packed, and damaged", LATER) from None
        if unpack is not None and unpack.unused_data:
            # A second member after the first, or anything else: what it is, is not known.
            problem = "the answer is packed, and more follows after its end"
            raise FetchError(address, problem, LATER)
        size += len(part)
        if max(size, packed) > most:
            raise too_much()
        parts.append(part)
    if unpack is not None and packed and not unpack.eof:
        raise FetchError(address, "the answer is packed, and cut off", LATER)
    return b"".join(parts)


def _data(answer: Answer) -> Answer:
    """The answer, unless it is a page: a log-in, a notice, a network that wants to be paid."""
    if answer.body.lstrip()[:1] == b"<":
        problem = "a page (HTML or XML) came instead of data"
        raise FetchError(answer.address, problem, "Open the address in a browser to see why.")
    return answer


def _said(answer: Answer) -> str:
    """A refusal in words: the error's own title where it has one."""
    try:
        content = json.loads(answer.body[:100_000])
    except (ValueError, RecursionError):
        content = None
    title = content.get("title") if isinstance(content, dict) else None
    if isinstance(title, str) and title.strip():
        plain = "".join(letter for letter in title if letter.isprintable()).strip()
        return f"the server says '{plain[:200]}' ({answer.status})"
    return f"the server answers {answer.status}, without a word why"


@cache
def _certificates() -> ssl.SSLContext:
    """Whom to trust; reading them takes longer than most answers."""
    return httpx.create_ssl_context()


def _window(headers: Mapping[str, str]) -> float:
    """Seconds over which a server counts, from "40;w=60s"."""
    found = re.search(r";\s*w=([0-9]{1,6})", headers.get("x-ratelimit-policy", ""))
    return float(found[1]) if found else WINDOW


def _origin(address: str) -> str:
    url = httpx.URL(address)
    return f"{url.scheme}://{url.host}" + (f":{url.port}" if url.port else "")


def _is_untrusted(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
