"""A meeting in several browsers at once: who leads, the screen, and two phones, one of which drops.

Served as in production, by ASGI: without it no line stays open, and nothing of this would be seen.
"""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from socket import socket
from threading import Thread
from typing import Any

import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from playwright.sync_api import Browser, BrowserContext, Page, expect

from puls.web.asgi import Site, in_threads
from puls.web.meet import live
from tests.browser.conftest import _log_in
from tests.browser.walking import axe_findings

pytestmark = pytest.mark.browser

NEW = {"Tittel": "Råd som brukes", "Dag": "2026-12-08", "Begynner kl.": "14:00"}


class Threaded(Site):
    """The whole site in a thread of the test, which hears no signals."""

    def _leave_when_told(self) -> None:
        """Nothing: the test ends it."""


@pytest.fixture(scope="module")
def lively(site: str) -> Iterator[str]:
    """The address of the same application, with open lines."""
    from django.core.wsgi import get_wsgi_application

    pages = in_threads(get_wsgi_application())
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made: dict[str, Any] = {}

    async def serve() -> None:
        server = Server(
            Threaded([live.native(pages)], pages),
            address="127.0.0.1",
            port=port,
            interface=Interfaces.ASGI,
        )
        made["loop"], made["server"] = asyncio.get_running_loop(), server
        await server.serve()

    thread = Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    with kept_for_one_request_only():
        yield f"http://127.0.0.1:{port}"
        made["loop"].call_soon_threadsafe(made["server"].stop)
        thread.join(10)


@contextmanager
def kept_for_one_request_only() -> Iterator[None]:
    """Nobody closes the connections of the bridge's threads when these end: each page does."""
    from django.db import connections

    kept = {each.alias: each.settings_dict["CONN_MAX_AGE"] for each in connections.all()}
    for each in connections.all():
        each.settings_dict["CONN_MAX_AGE"] = 0
    yield
    for each in connections.all():
        each.settings_dict["CONN_MAX_AGE"] = kept[each.alias]


def phone(chromium: Browser, lively: str, code: str, **options: Any) -> tuple[BrowserContext, Page]:
    """A phone that has typed the code."""
    size = {"width": 360, "height": 740}
    context = chromium.new_context(base_url=lively, locale="nb-NO", viewport=size, **options)
    page = context.new_page()
    page.goto("/m/")
    page.get_by_label("Koden på skjermen").fill(code)
    page.get_by_role("button", name="Gå inn").click()
    page.wait_for_url("**/mote/**")
    return context, page


def test_a_meeting_from_plan_to_minutes(chromium: Browser, lively: str) -> None:
    context = chromium.new_context(
        base_url=lively, storage_state=_log_in(chromium, lively, "bob"), locale="nb-NO"
    )
    leader = context.new_page()
    leader.goto("/moter/nytt/")
    for label, value in NEW.items():
        leader.get_by_label(label, exact=True).fill(value)
    leader.get_by_role("button", name="Planlegg møtet").click()
    leader.get_by_role("link", name="Legg til en sak").click()
    leader.get_by_label("Hva", exact=True).select_option("rubric")
    leader.get_by_label("Kjennetegn", exact=True).select_option("assessment_for_learning")
    leader.get_by_role("button", name="Lagre").click()
    expect(leader.get_by_role("button", name="Åpne rommet")).to_be_visible()
    assert not axe_findings(leader)
    leader.get_by_role("button", name="Åpne rommet").click()
    leader.wait_for_url("**/lede/")
    code = re.search(r"Kode ([\w ]{7})", leader.locator(".sub").inner_text())
    assert code is not None
    assert not axe_findings(leader)
    screen = context.new_page()
    screen.goto(leader.url.replace("lede/", "skjerm/"))
    assert not axe_findings(screen)
    (first_kept, first), (_kept, second) = (
        phone(chromium, lively, code[1], color_scheme=scheme) for scheme in ("light", "dark")
    )
    expect(screen.locator("[data-joined]")).to_have_text("2")

    # A note waits while everybody thinks alone, and is there when they talk.
    leader.get_by_role("button", name="Alene").click()
    expect(first.locator(".phone-where")).to_contain_text("Alene")
    first.locator("#lapp").fill("Vi spør for sjelden")
    first.get_by_role("button", name="Legg fram").click()
    expect(screen.get_by_text("1 lapp er lagt fram")).to_be_visible()
    leader.get_by_role("button", name="Sammen").click()
    expect(screen.get_by_text("Vi spør for sjelden")).to_be_visible()

    # Two are too few to be anonymous, and both are told so before they vote.
    leader.get_by_role("button", name="La alle stemme").click()
    for each in (first, second):
        expect(each.get_by_text("Denne avstemningen er ikke anonym.")).to_be_visible()
        assert not axe_findings(each)
    second.locator("#rom").get_by_role("radio").first.check()
    first_kept.set_offline(True)  # One phone drops.
    second.get_by_role("button", name="Stem", exact=True).click()
    expect(screen.locator("[data-votes]")).to_have_text("1 av 2 har svart")
    first_kept.set_offline(False)
    first.locator("#rom").get_by_role("radio").nth(1).check()
    first.get_by_role("button", name="Stem", exact=True).click()
    expect(screen.locator("[data-votes]")).to_have_text("2 av 2 har svart")
    expect(screen.locator(".screen-count")).to_have_count(0)
    leader.get_by_role("button", name="Avdekk resultatet").click()
    expect(screen.locator(".screen-count")).to_have_text(["1", "1", "0", "0"])
    expect(first.locator(".phone-results")).to_be_visible()

    # What is agreed on is seen at once, and followed up in the end.
    leader.get_by_label("Skriv det dere blir enige om").fill("Vi øver på neste steg")
    leader.get_by_role("button", name="Beslutning").click()
    expect(screen.get_by_text("Vi øver på neste steg")).to_be_visible()
    leader.get_by_text("Avslutte møtet").click()
    leader.get_by_role("button", name="Avslutt møtet").click()
    expect(leader.get_by_text("følges opp")).to_be_visible()
    assert not axe_findings(leader)
    for each in (first, second, screen, leader):
        # Asked again where a page is just being loaded anew, as all are when a meeting ends.
        each.wait_for_function("document.documentElement.scrollWidth <= innerWidth")


def test_a_phone_without_scripts_takes_part(chromium: Browser, lively: str) -> None:
    """By plain forms, and a way to look again."""
    context = chromium.new_context(base_url=lively, locale="nb-NO", java_script_enabled=False)
    page = context.new_page()
    page.goto("/m/")
    page.get_by_label("Koden på skjermen").fill("AAA AAA")
    page.get_by_role("button", name="Gå inn").click()
    expect(page.get_by_text("Ingen rom er åpne med denne koden.")).to_be_visible()
