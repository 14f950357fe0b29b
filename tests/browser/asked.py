"""A round that Bob has opened, one that he prepares, and the answering path for a browser.

The site of these tests is Django alone. What a browser asks under /svar is answered here by the
real answering path, in a thread with a loop of its own.
"""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Route

SCHOOL = "karmoy-kulturskole"
TODAY = date(2026, 11, 20)
CODES: list[str] = []
"""Of the open round, filled when it is opened."""
PLACE: dict[str, Any] = {}
"""address: of the open round's form. keys: where its key is."""


def open_and_prepare(bob: Any) -> None:
    """The student survey open with some codes and a sending that was stopped, the parents' being
    prepared."""
    from puls.web.collect import asking, given_codes, running
    from puls.web.collect.folders import Folders
    from puls.web.collect.models import Job, Plan, Round
    from puls.web.packs import pack
    from puls.web.tenants.access import as_reach, as_whole_tree
    from puls.web.tenants.models import Unit

    folders = Folders(Path(tempfile.mkdtemp(prefix="puls-asked-")))
    days = TODAY - timedelta(days=3), TODAY + timedelta(days=20)
    with as_reach(bob):
        unit = Unit.objects.get(pk=SCHOOL)
        music = Unit.objects.get(pk=f"{SCHOOL}.musikk")
        plan = asking.plan_add(bob, unit, pack(), "student", 2026, ["nb", "en"], *days)
        asking.groups_add(bob, plan, [("Fiolin mandag", 30, music)])
        asking.plan_add(bob, unit, pack(), "parent", 2026, ["nb"], *days)
    with as_reach(bob):
        running.plan_open(bob, plan, pack(), folders)
    with as_reach(bob):
        plan = Plan.objects.get(pk=plan.pk)
        group = plan.groups.get()
    CODES[:] = given_codes.codes_store(Round(pk=plan.round_id), group.pk, 20, folders)
    with as_whole_tree("intake"):
        told = {"done": 12, "total": 30, "skipped": 4, "refused": [7, 19], "doubtful": [13]}
        Job.objects.using("intake").create(
            plan_id=plan.pk, kind="codes", state="stopped", group_key=group.pk, **told
        )
    PLACE.update(address=plan.address, keys=folders.keys)


@contextmanager
def answering(context: BrowserContext) -> Iterator[list[int]]:
    """What the context asks under /svar is answered. Gives the status of each answer so far."""
    from puls.web.answer import database
    from puls.web.answer.app import Answering
    from puls.web.packs import pack
    from tests.web.answer.client import ask

    app = Answering(pack(), PLACE["keys"], database.connect, lambda: TODAY)
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    life = app.life()

    def do(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(30)

    do(life.__aenter__())
    told: list[int] = []

    def handle(route: Route) -> None:
        request = route.request
        headers = {
            key.replace("-", "_"): value
            for key, value in request.headers.items()
            if key in ("accept-language", "x-puls-script")
        }
        body = request.post_data_buffer or b""
        reply = do(ask(app, request.method, urlsplit(request.url).path, body, **headers))
        told.append(reply.status)
        route.fulfill(status=reply.status, headers=reply.headers, body=reply.raw)

    context.route("**/svar/**", handle)
    yield told
    do(life.__aexit__(None, None, None))
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()
