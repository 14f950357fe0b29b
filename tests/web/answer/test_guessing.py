"""Whoever guesses codes is stopped, however many guesses come at once; and no log has a code."""

import asyncio
import io
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from django.test import Client

from puls.content.definitions import Pack
from puls.web.answer import limits
from puls.web.answer.limits import Limits, Try
from puls.web.collect import codes
from puls.web.collect.folders import Folders
from tests.web.answer.client import ask
from tests.web.answer.conftest import Open, answering

GIVEN = {"q1": "1"}
GUESSES = [f"00000000{n:02}" for n in range(40)]


def told_at_once(
    open_round: Open, pack: Pack, folders: Folders, typed: list[str], path: str = ""
) -> list[int]:
    """The statuses of that many tries from one address at the same moment."""
    opened = open_round(music=12, dance=0)

    async def run() -> list[int]:
        async with answering(pack, folders) as app:
            found = [
                ask(app, "POST", path or f"/svar/{opened.address}", {"code": code, **GIVEN})
                for code in typed or opened.codes
            ]
            return [each.status for each in await asyncio.gather(*found)]

    return asyncio.run(run())


class TestAtOnce:
    @pytest.mark.parametrize("path", ["", "/svar/"])
    def test_a_burst_of_guesses_is_no_more_than_one_after_the_other(
        self,
        open_round: Open,
        pack: Pack,
        folders: Folders,
        monkeypatch: pytest.MonkeyPatch,
        path: str,
    ) -> None:
        monkeypatch.setattr(limits, "WRONG", 3)
        told = told_at_once(open_round, pack, folders, GUESSES, path)
        assert told.count(404) == 3
        assert told.count(429) == len(GUESSES) - 3

    def test_caught_counting_after_the_check(
        self, open_round: Open, pack: Pack, folders: Folders, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The mutant: a try counts when it has turned out wrong, and none waits for another."""
        monkeypatch.setattr(limits, "WRONG", 3)

        @asynccontextmanager
        async def afterwards(self: Limits, address: str) -> AsyncIterator[Try]:
            this = Try(60 * (self._counted(address) >= limits.WRONG))
            yield this
            if this.wrong:
                self._count(address)

        monkeypatch.setattr(Limits, "trying", afterwards)
        assert told_at_once(open_round, pack, folders, GUESSES).count(404) > 3

    def test_a_class_behind_one_address_is_never_stopped(
        self, open_round: Open, pack: Pack, folders: Folders, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits, "WRONG", 3)
        assert told_at_once(open_round, pack, folders, []) == 12 * [200]

    def test_guessing_is_stopped_for_one_device_and_nobody_else(
        self, open_round: Open, pack: Pack, folders: Folders, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits, "WRONG", 3)
        opened = open_round()

        async def run() -> list[int]:
            async with answering(pack, folders) as app:
                path = f"/svar/{opened.address}"
                told = [
                    (await ask(app, "POST", path, {"code": f"000000000{n}", **GIVEN})).status
                    for n in range(4)
                ]
                mine = {"code": opened.codes[0], **GIVEN}
                told.append((await ask(app, "POST", path, mine)).status)
                told.append((await ask(app, "POST", path, mine, "198.51.100.9")).status)
                return told

        assert asyncio.run(run()) == [404, 404, 404, 429, 429, 200]


class TestCounting:
    """Tries of one address, on a clock of the test's own."""

    def run(self, limits_: Limits, wrong: list[bool], address: str = "a") -> list[int]:
        async def one(is_wrong: bool) -> int:
            async with limits_.trying(address) as this:
                if not this.wait:
                    await asyncio.sleep(0)
                    this.wrong = is_wrong
                return this.wait

        async def every() -> list[int]:
            return await asyncio.gather(*map(one, wrong))

        return asyncio.run(every())

    def test_ten_minutes_later_it_is_listened_to_again(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits, "WRONG", 2)
        now = 1000.0
        mine = Limits(lambda: now)
        assert self.run(mine, [True, False, True, True]) == [0, 0, 0, 601]
        now += 599
        assert self.run(mine, [True]) == [2]
        now += 1
        assert self.run(mine, [True]) == [0]

    def test_nothing_stays_of_those_who_were_right(self) -> None:
        mine = Limits(lambda: 0.0)
        self.run(mine, 200 * [False])
        assert (mine.wrong, mine.under) == ({}, {})

    def test_a_phone_that_goes_takes_no_try_with_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "WRONG", 1)
        mine = Limits(lambda: 0.0)

        async def go() -> None:
            async with mine.trying("a") as first:
                waiting = [asyncio.ensure_future(mine._begin("a")) for _ in range(3)]
                await asyncio.sleep(0)
                waiting[0].cancel()
                first.wrong = False
            waiting[1].cancel()  # It was told to go ahead in this very moment.
            await asyncio.sleep(0)
            assert await asyncio.wait_for(waiting[2], 1) == 0
            mine._end("a")

        asyncio.run(go())
        assert mine.under == {}

    @pytest.mark.parametrize(
        ("address", "place"),
        [
            ("198.51.100.9", "198.51.100.9"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff::1%eth0", "2001:db8:1:2::/64"),
            ("::ffff:198.51.100.9", "198.51.100.9"),
            ("unix:", "unix:"),
        ],
    )
    def test_what_a_device_chooses_itself_makes_it_nobody_else(
        self, address: str, place: str
    ) -> None:
        assert limits.place_of(address) == place


def test_the_promised_number_is_true() -> None:
    """docs/privacy.md tells how likely a guess meets an open code."""
    told = (Path(__file__).parents[3] / "docs" / "privacy.md").read_text()
    chance = codes.MOST_OPEN / len(codes.ALPHABET) ** codes.LENGTH
    assert chance < 1e-9
    assert f"{chance:.1e}".replace("e-10", "e-10") in told
    a_day = chance * limits.WRONG * 2 * 24 * 3600 / limits.SECONDS
    assert a_day < 2e-5


class TestLogs:
    """What the site itself writes down when somebody types a code right behind its name."""

    def heard(self, client: Client, path: str, monkeypatch: pytest.MonkeyPatch) -> str:
        handler = logging.getLogger("django").handlers[0]
        assert isinstance(handler, logging.StreamHandler)
        out = io.StringIO()
        monkeypatch.setattr(handler, "stream", out)
        logging.getLogger("django").setLevel(logging.DEBUG)
        try:
            client.get(path)
        finally:
            logging.getLogger("django").setLevel(logging.ERROR)
        return out.getvalue()

    def test_no_code_in_it_even_if_all_is_written_down(
        self, db: None, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told = self.heard(client, "/K7M2P-94QXT", monkeypatch)
        assert "GET an unknown address 404" in told
        assert "K7M2P" not in told

    def test_caught_a_log_without_the_filter(
        self, db: None, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The mutant: Django's own words of a page that is not there."""
        monkeypatch.setattr(logging.getLogger("django").handlers[0], "filters", [])
        assert "K7M2P-94QXT" in self.heard(client, "/K7M2P-94QXT", monkeypatch)


def test_a_code_that_was_typed_into_the_address_is_told_where_it_belongs(
    open_round: Open, pack: Pack, folders: Folders
) -> None:
    opened = open_round()

    async def run() -> tuple[int, str]:
        async with answering(pack, folders) as app:
            reply = await ask(app, "GET", f"/svar/{codes.shown(opened.codes[0])}")
            return reply.status, reply.text

    status, page = asyncio.run(run())
    assert status == 404
    assert "ikke i adressen" in page
    assert 'name="code" value=""' in page, "it is not carried on"


PROXY = (Path(__file__).parents[3] / "docs" / "proxy.md").read_text()


@pytest.mark.parametrize("which", ["nginx", "Caddy"])
def test_proxies_as_described_write_down_no_code_and_nothing_of_answering(which: str) -> None:
    """The regular expressions in the examples say which requests are not written down."""
    how = PROXY.split(f"## {which}")[1].split("\n## ")[0]
    patterns = re.findall(r'"~\*(\^[^"]+)"\s+0;|path_regexp (\^\S+)', how)
    assert patterns

    def left_out(path: str) -> bool:
        case = re.IGNORECASE if which == "nginx" else 0
        return any(re.search(one or other, path, case) for one, other in patterns)

    for code in (codes.draw() for _ in range(50)):
        typed = [codes.shown(code), code, code.lower(), f"{code[:5].lower()} {code[5:]}"]
        asked = [
            "/svar",
            "/svar/",
            "/svar/asked1",
            f"/svar/{code}",
            *(f"/{each}" for each in typed),
        ]
        assert [path for path in asked if not left_out(path)] == []
    assert not any(map(left_out, ("/", "/runder/", "/no-1149/", "/m/", "/svarte/")))
