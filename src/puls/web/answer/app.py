"""The answering path: a form to fetch and one to send, without session, cookie or log.

    GET  /svar/             the page for those who type a code
    POST /svar/             the form that the code is for
    GET  /svar/<address>    the form
    POST /svar/<address>    the whole form: in another language, or to be stored
    GET  /svar/-/<file>     its style sheet and script

A code travels in a body, or behind the "#" that browsers send to nobody.
"""

import gzip
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
from django.utils import translation
from django.utils.translation import gettext as _

from puls.content.definitions import Pack
from puls.web.answer import database, forms, http, submissions
from puls.web.answer.http import Response
from puls.web.answer.limits import Limits
from puls.web.answer.rounds import Away, Connect, Form, Rounds
from puls.web.answer.sentences import SENTENCES, STATUS, for_script
from puls.web.answer.writing import Became, Submission, Writer
from puls.web.collect import codes
from puls.web.native import App, Native, Receive, Scope, Send

MOST_PAGES = 1_000
"""Forms kept as bytes, 40 kB each."""
SECONDS_AWAY = 10
"""When a browser comes again that found the database away."""


@dataclass(frozen=True)
class Page:
    """A form as it is sent, and what it was made from."""

    asked: forms.Asked
    school: str
    raw: bytes
    packed: bytes


class Answering:
    """The app. Everything it needs is given to it; `made` gives this installation's.

    today: the day that decides whether a round is open. proxies: how many stand in front.
    """

    def __init__(
        self,
        pack: Pack,
        keys: Path,
        connect: Connect,
        today: Callable[[], date],
        *,
        proxies: int = 0,
        secure: bool = False,
    ) -> None:
        self.pack = pack
        self.today = today
        self.proxies = proxies
        self.secure = secure
        self.rounds = Rounds(pack, keys, connect)
        self.writer = Writer(connect)
        self.limits = Limits(time.monotonic)
        self._pages: dict[tuple[str, str], Page] = {}

    @asynccontextmanager
    async def life(self) -> AsyncIterator[None]:
        """Around the first and the last request, in the worker's event loop."""
        self.writer.start()
        try:
            yield
        finally:
            await self.writer.stop()
            await self.rounds.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._answer(scope, receive)
        except http.Gone:
            return
        except http.TooSlow:
            response = _plain(408, "The form did not arrive in time. Send it again.")
        except http.TooLong:
            response = _plain(413, "This is longer than any form.")
        except submissions.Malformed as problem:
            response = _plain(400, str(problem))
        except Away:
            response = self._away(scope)
        await http.respond(scope, send, response)

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        method, path = scope["method"], scope["path"]
        if self.secure and http.header(scope, b"x-forwarded-proto") == b"http":
            return _plain(403, "Use https.")
        if method not in ("GET", "HEAD", "POST"):
            return _plain(405, "GET or POST.", (b"allow", b"GET, HEAD, POST"))
        if path.startswith("/svar/-/"):
            return _file(path)
        address = path.removeprefix("/svar").strip("/")
        if method == "POST":
            fields = submissions.read(await http.body(receive, submissions.MOST_BYTES))
            if not address:
                return await self._find(scope, fields)
            form = await self.rounds.form(address)
            return self._nothing(scope) if form is None else await self._sent(scope, form, fields)
        if not address:
            language = http.language(scope, self.pack.languages)
            return _page(200, forms.start(language, tuple(self.pack.languages)))
        form = await self.rounds.form(address)
        if form is None:
            return self._nothing(scope, address)
        language = http.language(scope, form.asked.languages)
        if not form.asked.preview and not form.takes(self.today()):
            return self._closed(form, language)
        page = self._page(form, language)
        return Response(200, page.raw, packed=page.packed, keep="no-cache")

    async def _sent(self, scope: Scope, form: Form, fields: dict[str, str]) -> Response:
        sent = submissions.understand(fields, form.asked)
        by_script = bool(http.header(scope, b"x-puls-script"))
        language = sent.language or sent.shown or http.language(scope, form.asked.languages)
        if sent.language or form.asked.preview:
            return _page(200, self._filled(form, language, sent))
        became, wait = await self._store(scope, form, sent)
        retry = ((b"retry-after", str(wait).encode()),) if wait else ()
        if by_script:
            body = for_script(became, language)
            return Response(STATUS[became], body, "application/json", retry, packed=None)
        if became in ("recorded", "already", "closed"):
            with translation.override(language):
                title = _("Thank you!") if became == "recorded" else _("Nothing more to do")
                done = became in ("recorded", "already")
                page = forms.told(language, title, str(SENTENCES[became]), done=done)
            return _page(STATUS[became], page)
        with translation.override(language):
            notice = str(SENTENCES[became])
        return _page(STATUS[became], self._filled(form, language, sent, notice), retry)

    async def _store(self, scope: Scope, form: Form, sent: submissions.Sent) -> tuple[str, int]:
        """What became of a submission, as `SENTENCES` knows it; and seconds to wait, or 0."""
        if not form.takes(self.today()):
            return Became.CLOSED, 0
        if not sent.code:
            return "typo", 0
        if not sent.given:
            return "empty", 0
        async with self.limits.trying(http.device(scope, self.proxies)) as this:
            if this.wait:
                return "wait", this.wait
            key = self.rounds.key(form.round)
            if key is None:
                return Became.CLOSED, 0
            given = submissions.as_bytes(sent, form.asked)
            digest = codes.digest(key, sent.code)
            became = await self.writer.store(Submission(form.round, key, digest, given))
            this.wrong = became is Became.UNKNOWN
        return became, SECONDS_AWAY if became is Became.AWAY else 0

    async def _find(self, scope: Scope, fields: dict[str, str]) -> Response:
        """The form for a code that was typed without an address."""
        known = self.pack.languages
        asked = fields.get("language", "")
        language = asked if asked in known else http.language(scope, known)
        others = tuple(self.pack.languages)
        if asked:
            return _page(200, forms.start(language, others))
        code = codes.read(fields.get("code", ""))
        found, became, wait = await self._look_up(scope, code) if code else (None, "typo", 0)
        if found is not None:
            spoken = http.language(scope, found.asked.languages)
            page = self._page(found, spoken).raw.decode()
            return _page(200, forms.filled(page, code=codes.shown(code)))
        with translation.override(language):
            notice = str(SENTENCES[became])
        page = forms.filled(forms.start(language, others), notice=notice)
        retry = ((b"retry-after", str(wait).encode()),) if wait else ()
        return _page(STATUS[became], page, retry)

    async def _look_up(self, scope: Scope, code: str) -> tuple[Form | None, str, int]:
        """The open form that an unused code is for; or what became of it, and seconds to wait."""
        async with self.limits.trying(http.device(scope, self.proxies)) as this:
            if this.wait:
                return None, "wait", this.wait
            try:
                found = await self.rounds.of_code(code, self.today())
            except psycopg.Error:
                return None, Became.AWAY, SECONDS_AWAY
            this.wrong = found is None
        if found is None:
            return None, Became.UNKNOWN, 0
        return (None, Became.ALREADY, 0) if found[1] else (found[0], "", 0)

    def _filled(self, form: Form, language: str, sent: submissions.Sent, notice: str = "") -> str:
        page = self._page(form, language).raw.decode()
        code = codes.shown(sent.code) if sent.code else sent.typed
        return forms.filled(page, code=code, given=dict(sent.given), notice=notice)

    def _nothing(self, scope: Scope, address: str = "") -> Response:
        language = http.language(scope, self.pack.languages)
        with translation.override(language):
            if codes.read(address):
                # Not taken from there: a code in an address may be written down on its way.
                start = forms.start(language, tuple(self.pack.languages))
                sentence = _("Type the code here, and not in the address.")
                return _page(404, forms.filled(start, notice=sentence))
            sentence = _("There is no survey at this address. Look at your slip once more.")
            return _page(404, forms.told(language, _("No survey here"), sentence))

    def _away(self, scope: Scope) -> Response:
        """Nothing is said of whether there is a survey: what a device has kept, it keeps."""
        language = http.language(scope, self.pack.languages)
        retry = ((b"retry-after", str(SECONDS_AWAY).encode()),)
        if http.header(scope, b"x-puls-script"):
            body = for_script(Became.AWAY, language)
            return Response(503, body, "application/json", retry, packed=None)
        with translation.override(language):
            title, sentence = _("Not just now"), _("Load this page again in a moment.")
            return _page(503, forms.told(language, title, sentence), retry)

    def _closed(self, form: Form, language: str) -> Response:
        with translation.override(language):
            if self.today() < form.opens_on and form.state == "open":
                title, sentence = _("Not open yet"), _("This survey has not opened yet.")
                return _page(404, forms.told(language, title, sentence))
            return _page(410, forms.told(language, _("Closed"), str(SENTENCES["closed"])))

    def _page(self, form: Form, language: str) -> Page:
        """The form as bytes, composed the first time that somebody asks for it."""
        name = (form.address, language)
        held = self._pages.get(name)
        if held is None or (held.asked, held.school) != (form.asked, form.school):
            if len(self._pages) >= MOST_PAGES:
                self._pages.clear()
            made = forms.compose(form.asked, language, self.rounds.pack, form.address, form.school)
            raw = made.encode()
            held = Page(form.asked, form.school, raw, gzip.compress(raw, 9, mtime=0))
            self._pages[name] = held
        return held


def native(pages: App) -> Native:
    """The part of the site under /svar; the word alone too, as people type it."""
    answering = made()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        ours = scope["path"] == "/svar" or scope["path"].startswith("/svar/")
        await (answering if ours else pages)(scope, receive, send)

    return Native("/svar", app, answering.life)


def made() -> Answering:
    """This installation's."""
    from django.conf import settings
    from django.utils import timezone

    from puls.web.collect.folders import folders
    from puls.web.packs import pack

    return Answering(
        pack(),
        folders().keys,
        database.connect,
        timezone.localdate,
        proxies=settings.ALLAUTH_TRUSTED_PROXY_COUNT,
        secure=settings.SECURE_SSL_REDIRECT,
    )


def _page(status: int, page: str, headers: tuple[tuple[bytes, bytes], ...] = ()) -> Response:
    return Response(status, page.encode(), headers=headers)


def _file(path: str) -> Response:
    found = forms.assets().get(path)
    if found is None:
        return _plain(404, "No such file.")
    keep = "public, max-age=31536000, immutable"
    return Response(200, found.raw, found.kind, packed=found.packed, keep=keep)


def _plain(status: int, sentence: str, *headers: tuple[bytes, bytes]) -> Response:
    return Response(status, sentence.encode(), "text/plain; charset=utf-8", headers, packed=None)
