"""Which forms there are right now, remembered for a second, so that most requests ask nobody."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg

from puls.content.definitions import Pack
from puls.content.own import OwnDefinition, is_own
from puls.errors import PulsError
from puls.web.answer.forms import Asked
from puls.web.collect import codes, own_items, vault
from puls.web.own.beside import without_what_does_not_fit

FRESH = 1.0
"""Seconds for which what was read counts as what there is."""
EVERY = """
SELECT p.address, p.round_id, p.survey, p.survey_version, p.languages, p.own, p.opens_on,
       p.closes_on, u.name, r.state
FROM collect_plan p JOIN tenants_unit u ON u.key = p.unit_id
LEFT JOIN collect_round r ON r.key = p.round_id
"""
OWN = """
SELECT key, body, words FROM own_definition
WHERE kind = 'survey' AND published_at IS NOT NULL ORDER BY key
"""
WHERE = """
SELECT c.round_id, c.used FROM collect_code c WHERE c.digest = ANY(%s)
"""
Connect = Callable[[], Awaitable[psycopg.AsyncConnection[Any]]]


@dataclass(frozen=True)
class Form:
    """A form at an address.

    round: key of the round, "" while it is prepared.
    school: name of the unit that asks.
    """

    address: str
    round: str
    asked: Asked
    school: str
    opens_on: date
    closes_on: date
    state: str

    def takes(self, today: date) -> bool:
        """Whether answers come in."""
        return self.state == "open" and self.opens_on <= today <= self.closes_on


class Away(Exception):
    """Whether there is a form cannot be told: the database is away."""


class Rounds:
    """The forms by address, and the keys of those that are open."""

    def __init__(self, pack: Pack, keys: Path, connect: Connect) -> None:
        self.base = self.pack = pack
        self.keys = keys
        self.connect = connect
        self.forms: dict[str, Form] = {}
        self.read_at = float("-inf")
        self.away = False
        self._one = asyncio.Lock()
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._keys: dict[str, bytes] = {}

    async def form(self, address: str) -> Form | None:
        """The form at an address. While the database is away, as it was read last.

        Raises Away where there was none then, while the database is still away.
        """
        await self._refresh()
        found = self.forms.get(address)
        if found is None and self.away:
            raise Away
        return found

    def key(self, round_key: str) -> bytes | None:
        """The key of an open round. A key that was destroyed is forgotten here too."""
        if not vault.key_file(self.keys, round_key).exists():
            self._keys.pop(round_key, None)
            return None
        if round_key not in self._keys:
            try:
                self._keys[round_key] = vault.read_key(self.keys, round_key)
            except PulsError:
                return None
        return self._keys[round_key]

    async def of_code(self, code: str, today: date) -> tuple[Form, bool] | None:
        """The open form that a code is for, and whether the code was used. None for no form.

        psycopg.Error when the database is away.
        """
        await self._refresh()
        tried = {}
        for each in self.forms.values():
            key = self.key(each.round) if each.takes(today) else None
            if key is not None:
                tried[each.round] = (each, codes.digest(key, code))
        found = await self._ask(WHERE, [[digest for _, digest in tried.values()]])
        for round_key, used in found:
            return tried[round_key][0], used
        return None

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _refresh(self) -> None:
        if time.monotonic() - self.read_at < FRESH:
            return
        if self._one.locked() and self.forms:
            return  # Somebody is asking already.
        try:
            rows = await self._ask(EVERY, [])
        except psycopg.Error:
            # Those who are filling in a form can go on; the next request asks again.
            self.read_at = time.monotonic()
            self.away = True
            return
        self.away = False
        if any(
            is_own(survey) and (survey, version) not in self.pack.surveys
            for _address, _round, survey, version, *_rest in rows
        ):
            await self._look_again()
        self.forms = {form.address: form for form in map(self._form, rows) if form is not None}
        open_ones = {form.round for form in self.forms.values() if form.state == "open"}
        self._keys = {name: key for name, key in self._keys.items() if name in open_ones}
        self.read_at = time.monotonic()

    async def _look_again(self) -> None:
        """An administration has published a survey since. psycopg.Error leaves what there was."""
        with suppress(psycopg.Error):
            found = await self._ask(OWN, [])
            own = [OwnDefinition(key, body, words, is_survey=True) for key, body, words in found]
            self.pack = without_what_does_not_fit(self.base, own)

    def _form(self, row: Sequence[Any]) -> Form | None:
        address, round_key, survey, version, languages, own, opens, closes, school, state = row
        found = self.pack.surveys.get((survey, version))
        if found is None:  # A pack that has lost a fielded survey: `survey_of` says so elsewhere.
            return None
        asked = Asked(found, tuple(languages), own_items.read(own), preview=round_key is None)
        return Form(address, round_key or "", asked, school, opens, closes, state or "")

    async def _ask(self, query: str, given: list[Any]) -> list[tuple[Any, ...]]:
        async with self._one:
            try:
                if self._connection is None:
                    self._connection = await self.connect()
                    await self._connection.set_autocommit(True)
                return await (await self._connection.execute(query, given)).fetchall()
            except psycopg.Error:
                await self.close()
                raise
