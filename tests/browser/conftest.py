"""A real browser against the real application, with the corner of Norway in its database.

Everything lives as long as one file of tests. Playwright's loop runs in the test's own thread,
where Django then refuses to talk to the database: rows are written before the browser starts and
removed after it has stopped.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)
from pytest_django import DjangoDbBlocker

from puls.units import UnitTree
from tests import database
from tests.browser import asked
from tests.browser.walking import Open, fill_in_login

database.configure()

# Imports of models wait until Django is set up.
from puls.web.tenants.access import Reach, as_reach  # noqa: E402
from puls.web.tenants.models import Unit  # noqa: E402
from puls.web.tenants.services import tenant_add, unit_add, units_load  # noqa: E402
from tests.web import gated  # noqa: E402
from tests.web.cast import CAST, OWNERS, add_person, corner_of_norway, reach_for  # noqa: E402
from tests.web.quality.staff import begun  # noqa: E402
from tests.web.see import world  # noqa: E402

PATIENCE_MS = 20_000
"""A machine that runs much else may be slow; only what never comes is a failure."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--no-first-run",
    # Letters stand as in a window: not bent to the dots of a screen that is not there.
    "--font-render-hinting=none",
]


class QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: pytest has its own output."""


@pytest.fixture(scope="module")
def site(own_database: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address of the application, with people, places and two school years in it."""
    from django.core.wsgi import get_wsgi_application

    with django_db_blocker.unblock():
        database.made_once("browser", _fill)
        server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
        server.daemon_threads = True
        server.set_app(get_wsgi_application())
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()
        database.empty_tables()


def _fill() -> None:
    tree = corner_of_norway()
    schools = {
        unit.key: OWNERS[unit.key.split("-")[0]]
        for unit in tree.units.values()
        if unit.tier in ("school", "department")
    }
    above = [unit for unit in tree.units.values() if unit.key not in schools]
    units_load(UnitTree(above, tree.changes))
    for key in ("no", "no-11", "no-46", *OWNERS.values()):
        tenant_add(key, is_synthetic=True)
    units_load(tree, schools)
    people = {name: add_person(name, *place) for name, place in CAST.items()}
    asked.open_and_prepare(reach_for(people["bob"]))
    add_person("tina", world.SCHOOL, "teacher")
    world.release(tree, period=world.PERIOD - 1)
    world.release(tree)
    begun(people["bob"])
    _newcomers(tree)


def _newcomers(tree: UnitTree) -> None:
    """Helle leads a school on its first day. What Greta's school answered Olga does not see yet."""
    bergen = Reach("no-4601", ("no/no-46/no-4601",), 9, "owner", "no-4601")
    with as_reach(bergen):
        parent = Unit.objects.get(key="no-4601")
        unit_add(parent, "Arna kulturskole", tenant_key="no-4601", key="arna-kulturskole")
    add_person("helle", "arna-kulturskole", "leader")
    add_person("greta", gated.OTHER, "leader")
    gated.announce(add_person("olga", "no-1106", "owner"))
    gated.release(tree, gated.OTHER)


@pytest.fixture(scope="module")
def playwright(site: str) -> Iterator[Playwright]:
    with sync_playwright() as started:
        expect.set_options(timeout=PATIENCE_MS)
        yield started


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    path = os.environ.get("PULS_CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("no Chromium: run ./puls test, which finds or installs one")
    browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield browser
    browser.close()


@dataclass
class Watched:
    """What a page did that it must not."""

    host: str
    other_hosts: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        def handle(route: Any) -> None:
            asked = urlsplit(route.request.url)
            if asked.scheme in ("http", "https", "ws", "wss") and asked.netloc != self.host:
                self.other_hosts.append(route.request.url)
                route.abort()
            else:
                route.continue_()

        context.route("**/*", handle)
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def _heard(self, message: Any) -> None:
        # A page that is not there says so in the console as well, and so does a text that met
        # another one, and a form that is refused; all were asked for.
        asked_for = ("404 (Not Found)", "409 (Conflict)", "422 (Unprocessable")
        if message.type == "error" and not any(each in message.text for each in asked_for):
            self.complaints.append(message.text)

    def check(self) -> None:
        assert not self.other_hosts, f"asked another host: {self.other_hosts}"
        assert not self.complaints, f"complaints in the console: {self.complaints}"


@pytest.fixture(scope="module")
def states(chromium: Browser, site: str) -> dict[str, Any]:
    """The cookies of everybody who has logged in."""
    return {}


@pytest.fixture
def open_as(chromium: Browser, site: str, states: dict[str, Any]) -> Iterator[Open]:
    """open_as("bob", color_scheme="dark") gives a page in which Bob is logged in.

    At the end every page is checked: nothing asked of another host, no complaint in the console.
    """
    opened: list[tuple[BrowserContext, Watched]] = []

    def open_page(person: str = "", **options: Any) -> Page:
        if person and person not in states:
            states[person] = _log_in(chromium, site, person)
        context = chromium.new_context(
            base_url=site, storage_state=states.get(person), locale="nb-NO", **options
        )
        context.set_default_timeout(PATIENCE_MS)
        watched = Watched(urlsplit(site).netloc)
        watched.watch(context)
        opened.append((context, watched))
        return context.new_page()

    yield open_page
    for context, watched in opened:
        context.close()
        watched.check()


def _log_in(chromium: Browser, site: str, person: str) -> Any:
    with _closing(chromium.new_context(base_url=site, locale="nb-NO")) as context:
        page = context.new_page()
        fill_in_login(page, person)
        return context.storage_state()


@contextmanager
def _closing(context: BrowserContext) -> Iterator[BrowserContext]:
    yield context
    context.close()
