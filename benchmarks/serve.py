"""Colour tables under the production server, beside Django: `python -m benchmarks.serve`.

Ten million released values (3,373 units, 300 indicators, 10 years; `benchmarks.released`). The
owner of each municipality is logged in; tables of 40 indicators and 20 units, of random
municipalities and years, are asked for by a process of its own, 1 and 16 at once, over lines that
stay open. Asked before: all of them, until nearly all come from memory; the share that does is
printed, and what a first, composing request costs. Beside them under granian, with as many
workers: Django's bare "ok", and the same table as an ordinary Django page (`benchmarks.bare`). It
is all measured twice, first with one year of history, then with ten.

Then Chromium opens such a page for the first time: 9 Mbit/s and 165 ms to each answer (DevTools'
"Fast 4G"). Needs no data folder: its own is made in a temporary one, and removed.
"""

import argparse
import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import released

LOADS = (1, 16)
SERVE = (
    "import sys; from pathlib import Path; from puls.web.server import serve;"
    'serve("127.0.0.1", int(sys.argv[1]), Path(sys.argv[2]))'
)
Requests = list[list[str]]


def main() -> int:
    parser = argparse.ArgumentParser(description="Speed of colour tables, beside Django.")
    parser.add_argument("--years", type=int, default=10, help="of history; default 10")
    parser.add_argument("--seconds", type=float, default=8, help="of each measurement; default 8")
    parser.add_argument("--pages", type=int, default=400, help="that are asked for; default 400")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="puls-serve-", ignore_cleanup_errors=True) as folder:
        # Open to the database's own user, else its files would lie elsewhere, and stay.
        Path(folder).chmod(0o755)
        return _run(Path(folder) / "data", given)


def _run(data: Path, given: argparse.Namespace) -> int:
    _open(data)
    from puls.web import embedded

    try:
        cookies = _people()
        _load(data, [released.LAST])
        found = _measured(data, _requests(cookies, 1, given.pages), given.seconds)
        if given.years > 1:
            _load(data, list(range(released.LAST - given.years + 1, released.LAST)))
            requests = _requests(cookies, given.years, given.pages)
            found = _measured(data, requests, given.seconds)
        print(
            f"RESULT per_s_16={found['ours']:.0f} over_bare_16={found['ours'] / found['ok']:.2f}"
            f" over_plain_16={found['ours'] / found['plain']:.0f} p99_ms_16={found['p99']:.1f}"
            f" page_kb={found['kb']:.1f} requests={found['requests']:.0f}"
            f" lcp_ms={found['lcp']:.0f}",
            flush=True,
        )
    finally:
        embedded.stop(data)
    return 0


def _open(data: Path) -> None:
    """Django and an empty database in this data folder, for this process and those it starts."""
    os.environ["PULS_DATA"] = str(data)
    for name in ("DATABASE_URL", "PULS_ADDRESS", "PULS_PROXIES"):
        os.environ.pop(name, None)
    from puls.commands.opening import open_data

    open_data(argparse.Namespace(data=data), with_units=False)


def _people() -> dict[str, str]:
    """The units, and an owner logged in for each municipality with schools: cookies by its key."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from puls.web.accounts.models import User
    from puls.web.tenants.access import as_whole_tree
    from puls.web.tenants.models import Unit
    from puls.web.tenants.services import membership_add, tenant_add, units_load

    tree = released.tree()
    keys = [released.municipality(at) for at in range(released.WITH_SCHOOLS)]
    above = [unit for unit in tree.units.values() if unit.tier != "school"]
    units_load(type(tree)(above))
    for key in keys:
        tenant_add(key, is_synthetic=True)
    units_load(
        tree, {unit.key: unit.parent or "" for unit in tree.units.values() if unit.tier == "school"}
    )
    cookies = {}
    for key in keys:
        user = User(email=f"{key}@example.no", name=f"The owner of {key}")
        user.set_unusable_password()
        user.save()
        with as_whole_tree("owner"):
            unit = Unit.objects.using("owner").get(key=key)
        membership_add(user, unit, "owner")
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        cookies[key] = f"sessionid={session.session_key}; csrftoken={secrets.token_hex(16)}"
    return cookies


def _load(data: Path, years: list[int]) -> None:
    import psycopg
    from django.conf import settings

    from puls.web import embedded, server_home
    from puls.web.assess.models import Release
    from puls.web.packs import pack
    from puls.web.tenants.access import as_whole_tree

    began, tree = time.monotonic(), released.tree()
    with as_whole_tree("assess"):
        releases = {
            year: Release.objects.using("assess").create(
                pack=pack().key, pack_version=pack().version, definitions="0" * 64, k=5,
                period=year, tree_day=f"{year + 1}-06-01", root_id="no", path="no", depth=0,
                is_synthetic=True,
            ).pk
            for year in years
        }  # fmt: skip
    with psycopg.connect(
        host=str(server_home.place(data).socket), port=server_home.PORT, user=embedded.SUPERUSER,
        dbname=settings.DATABASES["default"]["NAME"], autocommit=True,
    ) as admin:  # fmt: skip
        count = released.load(admin, pack(), releases, tree)
        admin.execute("VACUUM ANALYZE assess_cell")
    print(f"loaded {count:,} values in {time.monotonic() - began:.0f} s", flush=True)


def _requests(cookies: dict[str, str], years: int, most: int) -> Requests:
    """Tables of municipalities and years, in random order."""
    from puls import periods

    every = [
        [f"/hvor-er-vi/{key}/{periods.slug(released.LAST - back)}/?vis=alle", cookie]
        for key, cookie in cookies.items()
        for back in range(years)
    ]
    random.Random(1).shuffle(every)
    return every[:most]


def _measured(data: Path, requests: Requests, seconds: float) -> dict[str, float]:
    found: dict[str, float] = {}
    with _serving([sys.executable, "-m", "benchmarks.bare", "ok"]) as port:
        found["ok"] = _each("bare ok", port, requests, seconds)["per_s"]
    with _serving([sys.executable, "-m", "benchmarks.bare", "plain"]) as port:
        found["plain"] = _each("plain Django page", port, requests, seconds)["per_s"]
    with _serving([sys.executable, "-c", SERVE], str(data)) as port:
        _warm(port, requests)
        ours = _each("Puls", port, requests, seconds)
        found |= {"ours": ours["per_s"], "p99": ours["p99"]}
        from benchmarks import opening

        found |= opening.cold(port, *requests[0])
        print(f"loads of the machine: {os.getloadavg()}", flush=True)
    return found


def _warm(port: int, requests: Requests) -> None:
    """Each worker composes every page: pass after pass, until nearly all come from memory."""
    for turn in range(12):
        told = _ask(port, requests, 16, 600, once=True)
        share = told["kept"] / told["count"]
        print(
            f"pass {turn + 1}: {share:.1%} from memory, {told['count'] / told['seconds']:.0f}/s,"
            f" p50 {told['p50']:.0f} ms, p99 {told['p99']:.0f} ms",
            flush=True,
        )
        if share > 0.99:
            break


def _each(name: str, port: int, requests: Requests, seconds: float) -> dict[str, float]:
    """Measured at each load; what was found at the last."""
    for at in LOADS:
        _ask(port, requests, at, 1)
        told = _ask(port, requests, at, seconds)
        told["per_s"] = told["count"] / told["seconds"]
        print(
            f"{name}, {at} at once: {told['per_s']:.0f}/s, p50 {told['p50']:.2f} ms, p99"
            f" {told['p99']:.1f} ms, {told['kept'] / told['count']:.1%} from memory,"
            f" {told['bytes'] / told['count'] / 1000:.1f} kB each",
            flush=True,
        )
    return told


def _ask(
    port: int, requests: Requests, at: int, seconds: float, once: bool = False
) -> dict[str, float]:
    asked = {"port": port, "at": at, "seconds": seconds, "once": once, "requests": requests}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.asking"],
        input=json.dumps(asked), capture_output=True, text=True, timeout=seconds + 60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told: dict[str, float] = json.loads(done.stdout)
    return told


@contextmanager
def _serving(command: list[str], *more: str) -> Iterator[int]:
    """A server in a process of its own, up and with both workers awake."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    server: Any = subprocess.Popen([*command, str(port), *more])
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        time.sleep(5)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


if __name__ == "__main__":
    raise SystemExit(main())
