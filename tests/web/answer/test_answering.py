"""Answering once: what is stored, what is said, and what a second press of the button does."""

import asyncio
import gzip
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.test import override_settings

from puls.content.definitions import Pack
from puls.web.answer import forms, http, writing
from puls.web.answer.app import Answering
from puls.web.collect import codes, vault
from puls.web.collect.folders import Folders
from puls.web.collect.own_items import Kind, OwnItem
from puls.web.collect.sealing import close
from tests.web.answer.client import Reply, ask
from tests.web.answer.conftest import Open, Opened, answering
from tests.web.inputs import DANCE, MUSIC

Stored = Callable[[str], list[tuple[str, bytes]]]
EVERYTHING = {f"q{n}": str(n % 5 + 1) for n in range(1, 40)} | {"b1": "2"}
OWN = (
    OwnItem(Kind.SCALE, {"nb": "Det er lett å parkere.", "en": "It is easy to park."}),
    OwnItem(Kind.WORDS, {"nb": "Hva vil du si til oss?"}),
)


def do(pack: Pack, folders: Folders, *steps: Any, **around: Any) -> list[Reply]:
    """Requests one after the other, or at the same time where a step is a list of them."""

    async def run() -> list[Reply]:
        replies: list[Reply] = []
        async with answering(pack, folders, **around) as app:
            for step in steps:
                if isinstance(step, list):
                    replies += await asyncio.gather(*(ask(app, *each) for each in step))
                else:
                    headers = step[3] if len(step) > 3 else {}
                    replies.append(await ask(app, *step[:3], **headers))
        return replies

    return asyncio.run(run())


def sending(opened: Opened, code: str, given: dict[str, str] | None = None) -> tuple[Any, ...]:
    fields = {"code": code, "send": "1", **(EVERYTHING if given is None else given)}
    return "POST", f"/svar/{opened.address}", fields


class TestTheForm:
    def test_is_small_whole_and_takes_four_requests(
        self, open_round: Open, pack: Pack, folders: Folders
    ) -> None:
        opened = open_round()
        path = f"/svar/{opened.address}"
        (form,) = do(pack, folders, ("GET", path, b"", {"accept_encoding": "gzip"}))
        asked_for = re.findall(r'(?:href|src)="(/svar/-/[^"]+)"', form.text)
        rest = do(
            pack, folders, *(("GET", each, b"", {"accept_encoding": "gzip"}) for each in asked_for)
        )
        cold = sum(len(each.raw) for each in (form, *rest))
        assert len(asked_for) + 2 <= 4, "the form, what it needs, and sending it"
        assert cold <= 40_000, f"{cold} bytes"
        assert all(
            each.status == 200 and "immutable" in each.headers["cache-control"] for each in rest
        )
        assert not re.search(r"https?://", form.text), "nothing from another host"

    def test_asks_every_item_and_lets_each_be_skipped(
        self, open_round: Open, pack: Pack, folders: Folders
    ) -> None:
        (form,) = do(pack, folders, ("GET", f"/svar/{open_round().address}"))
        for item in pack.surveys["student", 1].items:
            assert pack.text("nb", f"item.student.{item.key}") in form.text
        radios = re.findall(r'type="radio" name="(\w+)" value="(\d)"', form.text)
        names = {name for name, _ in radios}
        assert len(names) == 40
        assert {name for name, value in radios if value == "0"} == names

    def test_carries_no_cookie_no_code_and_nothing_inline(
        self, open_round: Open, pack: Pack, folders: Folders
    ) -> None:
        (form,) = do(pack, folders, ("GET", f"/svar/{open_round().address}"))
        assert "set-cookie" not in form.headers
        assert "script-src 'self'" in form.headers["content-security-policy"]
        assert not re.search(r"<script(?![^>]*src=)|<style| style=| on\w+=", form.text)
        assert 'name="code" value=""' in form.text

    def test_speaks_the_language_of_the_browser_where_the_round_does(
        self, open_round: Open, pack: Pack, folders: Folders
    ) -> None:
        path = f"/svar/{open_round().address}"
        heard = {"en-GB,en;q=0.9": "en", "nn-NO": "nb", "se,fr": "nb", "": "nb"}
        replies = do(
            pack, folders, *(("GET", path, b"", {"accept_language": each}) for each in heard)
        )
        assert [re.search(r'<html lang="(\w+)"', r.text)[1] for r in replies] == [*heard.values()]  # type: ignore[index]

    def test_in_another_language_keeps_what_was_filled_in(
        self, open_round: Open, pack: Pack, folders: Folders, stored: Stored
    ) -> None:
        opened = open_round(survey="parent", own=OWN)
        fields = {"code": opened.codes[0], "q1": "4", "q7": "0", "e1": "2", "language": "en"}
        words = {"e2": 'He said "1" <b>&'}
        (form,) = do(pack, folders, ("POST", f"/svar/{opened.address}", fields | words))
        assert '<html lang="en">' in form.text
        assert 'name="q1" value="4" checked' in form.text
        assert 'name="e1" value="2" checked' in form.text
        assert form.text.count(" checked") == 2
        assert codes.shown(opened.codes[0]) in form.text
        assert "He said &quot;1&quot; &lt;b&gt;&amp;</textarea>" in form.text
        assert stored(opened.round.key) == []

    def test_is_found_by_a_code_that_was_typed_without_an_address(
        self, open_round: Open, pack: Pack, folders: Folders
    ) -> None:
        opened = open_round()
        typed = codes.shown(opened.codes[0]).lower().replace("0", "o").replace("1", "l")
        form, wrong, typo = do(
            pack,
            folders,
            ("POST", "/svar/", {"code": typed, "send": "1"}),
            ("POST", "/svar/", {"code": "0123456789", "send": "1"}),
            ("POST", "/svar/", {"code": "0123", "send": "1"}),
        )
        assert f'action="/svar/{opened.address}"' in form.text
        assert codes.shown(opened.codes[0]) in form.text
        assert (form.status, wrong.status, typo.status) == (200, 404, 422)


class TestStoring:
    def test_one_row_with_the_answers_and_the_group_of_the_code(
        self, open_round: Open, pack: Pack, folders: Folders, stored: Stored
    ) -> None:
        opened = open_round()
        replies = do(
            pack,
            folders,
            sending(opened, opened.codes[0]),
            sending(opened, opened.codes[-1], {"q3": "1", "q4": "0"}),
        )
        assert [each.status for each in replies] == [200, 200]
        assert "registrert" in replies[0].text
        first = bytes(n % 5 + 1 for n in range(1, 40)) + b"\2"
        second = bytes(int(n == 3) for n in range(1, 40)) + b"\0"
        assert sorted(stored(opened.round.key)) == sorted([(MUSIC, first), (DANCE, second)])

    def test_own_items_lie_behind_the_packs(
        self, open_round: Open, pack: Pack, folders: Folders, stored: Stored
    ) -> None:
        opened = open_round(survey="parent", own=OWN)
        do(
            pack,
            folders,
            sending(opened, opened.codes[0], {"q1": "5", "e1": "3", "e2": "Så fint!"}),
        )
        ((_, given),) = stored(opened.round.key)
        items = len(pack.surveys["parent", 1].items)
        assert given[0] == 5
        assert given[items] == 3
        assert given[items + 1 :].rstrip(b"\0").decode() == "Så fint!"

    def test_a_code_counts_once_however_often_and_fast_it_is_sent(
        self, open_round: Open, pack: Pack, folders: Folders, stored: Stored
    ) -> None:
        opened = open_round()
        twice = [sending(opened, opened.codes[0], {"q1": str(n % 5 + 1)}) for n in range(20)]
        replies = do(pack, folders, twice, sending(opened, opened.codes[0]))
        assert {each.status for each in replies} == {200}
        assert sum("allerede" not in each.text for each in replies) == 1
        assert len(stored(opened.round.key)) == 1

    def test_two_workers_store_a_code_once(
        self, open_round: Open, pack: Pack, folders: Folders, stored: Stored
    ) -> None:
        opened = open_round(music=12)

        async def run() -> None:
            async with answering(pack, folders) as one, answering(pack, folders) as other:
                await asyncio.gather(
                    *(
                        ask(app, *sending(opened, code))
                        for code in opened.codes
                        for app in (one, other, one)
                    )
                )

        asyncio.run(run())
        assert len(stored(opened.round.key)) == len(opened.codes)

    def test_what_waits_shares_a_commit(
        self, open_round: Open, pack: Pack, folders: Folders, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opened = open_round(music=40)
        batches = []
        commit = writing.Writer._commit

        async def counted(self: writing.Writer, batch: Any) -> Any:
            batches.append(len(batch))
            await asyncio.sleep(0.3)  # As a disk that takes its time.
            return await commit(self, batch)

        monkeypatch.setattr(writing.Writer, "_commit", counted)
        do(pack, folders, [sending(opened, code) for code in opened.codes])
        assert sum(batches) == len(opened.codes)
        assert len(batches) <= 2

    @pytest.mark.parametrize(
        ("fields", "status"),
        [
            ({"q1": "6"}, 400),
            ({"q1": "-1"}, 400),
            ({"q1": "٣"}, 400),
            ({"q1": "12"}, 400),
            ({"b1": "4"}, 400),
            ({"q41": "1"}, 400),
            ({"e1": "1"}, 400),
            ({"name": "Kari"}, 400),
            ([("q1", "1"), ("q1", "2")], 400),
            (b"\xff\xfe=1", 400),
            (b"q1=%FF", 400),
            (b"x" * 40_000, 413),
            ({}, 422),
            ({"q1": "0"}, 422),
        ],
    )
    def test_a_form_that_is_not_ours_is_refused_whole(
        self,
        open_round: Open,
        pack: Pack,
        folders: Folders,
        stored: Stored,
        fields: Any,
        status: int,
    ) -> None:
        opened = open_round(music=1, dance=0)
        if not isinstance(fields, bytes):
            pairs = list(fields.items()) if isinstance(fields, dict) else fields
            fields = [("code", opened.codes[0]), *pairs]
        replies = do(
            pack,
            folders,
            ("POST", f"/svar/{opened.address}", fields),
            sending(opened, opened.codes[0]),
        )
        assert [each.status for each in replies] == [status, 200], "the code is still good"
        assert len(stored(opened.round.key)) == 1


class TestRefusals:
    def test_each_says_what_is_wrong_and_stores_nothing(
        self, open_round: Open, pack: Pack, folders: Folders, stored: Stored
    ) -> None:
        opened = open_round()
        replies = do(
            pack,
            folders,
            sending(opened, "0000000000"),
            sending(opened, "ABC"),
            ("GET", "/svar/zzzzzz"),
            ("POST", "/svar/zzzzzz", {"code": opened.codes[0], "q1": "1"}),
            ("PUT", f"/svar/{opened.address}"),
        )
        assert [each.status for each in replies] == [404, 422, 404, 404, 405]
        assert "0000000000"[:5] in replies[0].text, "what was typed is there to be corrected"
        assert 'name="q5" value="1" checked' in replies[0].text
        assert stored(opened.round.key) == []

    @pytest.mark.parametrize("today", [date(2026, 10, 31), date(2026, 12, 1)])
    def test_outside_its_days_a_round_takes_nothing(
        self, open_round: Open, pack: Pack, folders: Folders, stored: Stored, today: date
    ) -> None:
        opened = open_round()
        form, sent = do(
            pack,
            folders,
            ("GET", f"/svar/{opened.address}"),
            sending(opened, opened.codes[0]),
            today=today,
        )
        assert form.status in (404, 410)
        assert sent.status == 410
        assert stored(opened.round.key) == []

    def test_a_round_that_closes_in_between_takes_nothing(
        self, open_round: Open, pack: Pack, folders: Folders, stored: Stored
    ) -> None:
        """The form is remembered as open; the database says otherwise."""
        opened = open_round()

        def elsewhere() -> None:
            close(opened.round.key, pack)
            connections.close_all()

        async def run() -> Reply:
            async with answering(pack, folders) as app:
                await ask(app, "GET", f"/svar/{opened.address}")
                await asyncio.to_thread(elsewhere)
                return await ask(app, *sending(opened, opened.codes[0]))

        assert asyncio.run(run()).status == 410
        assert stored(opened.round.key) == []

    def test_a_key_that_was_destroyed_is_not_remembered(
        self, open_round: Open, pack: Pack, folders: Folders
    ) -> None:
        opened = open_round()

        async def run() -> tuple[Reply, dict[str, bytes]]:
            async with answering(pack, folders) as app:
                await ask(app, *sending(opened, opened.codes[0]))
                vault.destroy_key(folders.keys, opened.round.key)
                return await ask(app, *sending(opened, opened.codes[1])), app.rounds._keys

        reply, keys = asyncio.run(run())
        assert reply.status == 410
        assert keys == {}

    # What stands in the headers, how many proxies, and who it is: never who the device says it is.
    @pytest.mark.parametrize(
        ("lines", "proxies", "who"),
        [
            ([], 0, "127.0.0.1"),
            ([b"6.6.6.6"], 0, "127.0.0.1"),
            ([b"198.51.100.9"], 1, "198.51.100.9"),
            ([b"6.6.6.6, 198.51.100.9"], 1, "198.51.100.9"),
            ([b"6.6.6.6", b"198.51.100.9"], 1, "198.51.100.9"),
            ([b"6.6.6.6", b"198.51.100.9, 10.0.0.1"], 2, "198.51.100.9"),
            ([], 1, "127.0.0.1"),
        ],
    )
    def test_a_device_is_known_by_what_the_nearest_proxies_saw(
        self, lines: list[bytes], proxies: int, who: str
    ) -> None:
        headers = [(b"x-forwarded-for", each) for each in lines]
        scope = {"headers": headers, "client": ("127.0.0.1", 40_000)}
        assert http.device(scope, proxies) == who

    def test_a_slow_device_is_let_go(
        self, pack: Pack, folders: Folders, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(http, "SECONDS_FOR_A_BODY", 0.05)

        async def never() -> dict[str, Any]:
            await asyncio.sleep(5)
            return {}

        with pytest.raises(http.TooSlow):
            asyncio.run(http.body(never, 100))


class TestTheDatabaseIsAway:
    def test_it_says_come_again_and_the_form_is_still_there(
        self, open_round: Open, pack: Pack, folders: Folders, stored: Stored
    ) -> None:
        opened = open_round()
        away = False

        async def run() -> list[Reply]:
            nonlocal away
            async with answering(pack, folders) as app:
                connect = app.rounds.connect

                async def perhaps() -> Any:
                    if away:
                        raise psycopg.OperationalError("the database system is shutting down")
                    return await connect()

                app.rounds.connect = app.writer.connect = perhaps
                await ask(app, "GET", f"/svar/{opened.address}")
                away = True
                await lose(app)
                form = await ask(app, "GET", f"/svar/{opened.address}")
                refused = await ask(app, *sending(opened, opened.codes[0]))
                away = False
                return [form, refused, await ask(app, *sending(opened, opened.codes[0]))]

        async def lose(app: Answering) -> None:
            app.rounds.read_at = float("-inf")
            await app.rounds.close()
            await app.writer._leave()

        form, refused, again = asyncio.run(run())
        assert form.status == 200
        assert (refused.status, refused.headers["retry-after"]) == (503, "10")
        assert 'name="q5" value="1" checked' in refused.text
        assert again.status == 200
        assert len(stored(opened.round.key)) == 1

    def test_who_has_never_read_a_round_does_not_say_that_there_is_none(
        self, open_round: Open, pack: Pack, folders: Folders
    ) -> None:
        """A device that hears of no survey would forget the answers that it keeps."""
        opened = open_round()

        async def away() -> Any:
            raise psycopg.OperationalError("the database system is starting up")

        async def run() -> list[Reply]:
            async with answering(pack, folders) as app:
                app.rounds.connect = app.writer.connect = away
                return [
                    await ask(app, "GET", f"/svar/{opened.address}"),
                    await ask(app, "GET", "/svar/none"),
                    await ask(app, *sending(opened, opened.codes[0])),
                    await ask(app, *sending(opened, opened.codes[0]), x_puls_script="1"),
                ]

        for reply in asyncio.run(run()):
            assert (reply.status, reply.headers["retry-after"]) == (503, "10")


class TestPreview:
    def test_a_round_in_preparation_shows_its_form_and_takes_nothing(
        self, open_round: Open, pack: Pack, folders: Folders, stored: Stored
    ) -> None:
        asked = forms.Asked(pack.surveys["student", 1], ("nb", "en"), preview=True)
        page = forms.compose(asked, "nb", pack, "abc123", "Karmøy <kulturskole>")
        assert "Karmøy &lt;kulturskole&gt;" in page
        assert 'name="code"' not in page
        assert 'value="1" disabled' in page
        assert len(gzip.compress(page.encode())) < 20_000


@pytest.mark.parametrize("demo", [True, False])
def test_a_form_of_the_demo_says_that_it_is_made_up(demo: bool, pack: Pack) -> None:
    survey = next(iter(pack.surveys.values()))
    with override_settings(PULS_DEMO=demo):
        pages = [
            forms.start("nb", ("nb",)),
            forms.compose(forms.Asked(survey, ("nb",)), "nb", pack, "abc", "Skolen"),
            forms.told("nb", "Takk", "Takk for svaret."),
        ]
    for page in pages:
        assert ("Alt her er oppdiktet." in page) is demo
