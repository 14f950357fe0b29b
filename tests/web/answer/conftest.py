"""A round that Bob opened in the browser, and the answering path in front of it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date

import pytest
from django.db import connections

from puls.content.definitions import Pack
from puls.web.answer import database
from puls.web.answer.app import Answering
from puls.web.collect import asking, given_codes, running, vault
from puls.web.collect.folders import Folders
from puls.web.collect.models import Group, Plan, Round
from puls.web.collect.own_items import OwnItem
from puls.web.tenants.access import as_reach
from puls.web.tenants.models import Unit
from tests.web.cast import Cast, reach_for

TODAY = date(2026, 11, 20)
PERIOD = 2026


@dataclass
class Opened:
    """A round of Karmøy's school and its codes, musicians first."""

    round: Round
    address: str
    plan: Plan
    groups: list[Group]
    codes: list[str]


Open = Callable[..., Opened]


@pytest.fixture
def open_round(cast: Cast, pack: Pack, folders: Folders) -> Open:
    """Opens a round as Bob does, with so many codes for music and for dance."""

    def opening(
        music: int = 6, dance: int = 6, survey: str = "student", own: tuple[OwnItem, ...] = ()
    ) -> Opened:
        bob = reach_for(cast.bob)
        days = (date(2026, 11, 1), date(2026, 11, 30))
        with as_reach(bob):
            unit = Unit.objects.get(pk="karmoy-kulturskole")
            plan = asking.plan_add(bob, unit, pack, survey, PERIOD, ["nb", "en"], *days, own)
            each = [
                Unit.objects.get(pk=f"karmoy-kulturskole.{name}") for name in ("musikk", "dans")
            ]
            asking.groups_add(
                bob, plan, [("Musikk", max(music, 1), each[0]), ("Dans", max(dance, 1), each[1])]
            )
        with as_reach(bob):
            running.plan_open(bob, plan, pack, folders)
        with as_reach(bob):
            plan = Plan.objects.get(pk=plan.pk)
            groups = list(plan.groups.order_by("-name"))
            found = Round(pk=plan.round_id, state="open")
            made = [
                *given_codes.codes_store(found, groups[0].pk, music, folders),
                *given_codes.codes_store(found, groups[1].pk, dance, folders),
            ]
        return Opened(found, plan.address, plan, groups, made)

    return opening


@asynccontextmanager
async def answering(pack: Pack, folders: Folders, today: date = TODAY) -> AsyncIterator[Answering]:
    """The answering path, living."""
    app = Answering(pack, folders.keys, database.connect, lambda: today)
    async with app.life():
        yield app


@pytest.fixture
def stored(db: None, folders: Folders) -> Callable[[str], list[tuple[str, bytes]]]:
    """What lies in a round, decrypted: leaf and what was given."""

    def look(round_key: str) -> list[tuple[str, bytes]]:
        key = vault.read_key(folders.keys, round_key)
        with connections["assess"].cursor() as cursor:
            cursor.execute("SELECT set_config('puls.reach', '*', false)")
            cursor.execute(
                "SELECT id, payload FROM collect_answer WHERE round_id = %s", [round_key]
            )
            rows = cursor.fetchall()
            cursor.execute("SELECT set_config('puls.reach', '', false)")
        return [vault.decrypt(key, round_key, row, bytes(payload))[:2] for row, payload in rows]

    return look
