"""A school that asks its students, in a data folder of its own, and the server in front of it.

    python -m benchmarks.asked FOLDER CODES

prepares the folder and writes the form's address and that many codes into `asked.txt`. The round
asks 39 items, one background question and, as no real round asks of children, for a text.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

SCHOOL = "a-kulturskole"
ADDRESS = "asked1"
SECONDS_TO_START = 240
"""On a machine that does much else; a quiet one takes a few."""


def prepare(data: Path, count: int) -> list[str]:
    """The folder with its round, in a process of its own. Gives the codes."""
    environment = {**os.environ, "PULS_DATA": str(data)}
    command = [sys.executable, "-m", "benchmarks.asked", str(data), str(count)]
    subprocess.run(command, env=environment, check=True)
    return (data / "asked.txt").read_text().split()


@contextmanager
def served(data: Path) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """`puls serve` for the folder: its port and process, ended on leaving."""
    port = free_port()
    process = serve(data, port)
    try:
        wait_for(port, process)
        yield port, process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def serve(data: Path, port: int, script: Path | None = None) -> "subprocess.Popen[bytes]":
    """`puls serve`, or a script that does the same in another way."""
    program = [str(script)] if script else ["-m", "puls.cli"]
    command = [sys.executable, *program, "serve", "--port", str(port), "--data", str(data)]
    with (data / "served").open("ab") as said:
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Until the form can be fetched."""
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended"
        try:
            page = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            page.request("GET", f"/svar/{ADDRESS}")
            if page.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            page.close()
        time.sleep(0.1)
    raise AssertionError("the server did not come up")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _prepare(count: int) -> list[str]:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "puls.web.settings"
    django.setup()
    from django.utils import timezone

    from puls.units import Unit, UnitTree
    from puls.web import database
    from puls.web.collect import given_codes, own_items, vault
    from puls.web.collect.folders import folders
    from puls.web.collect.models import Group, Plan, Round
    from puls.web.packs import pack
    from puls.web.tenants.access import as_whole_tree
    from puls.web.tenants.models import Unit as Row
    from puls.web.tenants.services import tenant_add, units_load

    database.prepare()
    above = [
        Unit("no", "country", "Norge", None),
        Unit("no-11", "county", "Rogaland", "no", code="11"),
        Unit("no-1149", "municipality", "Karmøy", "no-11", code="1149"),
    ]
    school = Unit(SCHOOL, "school", "En kulturskole", "no-1149")
    units_load(UnitTree(above, []))
    tenant_add("no-1149")
    units_load(UnitTree([*above, school], []), {SCHOOL: "no-1149"})
    today = timezone.localdate()
    words = own_items.OwnItem(own_items.Kind.WORDS, {"nb": "Hva vil du si til oss?"})
    with as_whole_tree("owner"):
        unit = Row.objects.using("owner").get(pk=SCHOOL)
        found = Round.objects.using("owner").create(
            key=f"student-2026-{SCHOOL}", survey="student", survey_version=1, period=2026,
            unit=unit, tenant_id=unit.tenant_id, is_synthetic=True,
        )  # fmt: skip
        vault.make_key(folders().keys, found.key)
        shared = {"tenant_id": unit.tenant_id, "unit": unit, "path": unit.path, "depth": unit.depth}
        plan = Plan.objects.using("owner").create(
            **shared, survey="student", survey_version=1, period=2026, languages=pack().languages,
            opens_on=today - timedelta(days=2), closes_on=today + timedelta(days=9),
            own=own_items.as_rows([words]), address=ADDRESS, round=found,
        )  # fmt: skip
        group = Group.objects.using("owner").create(**shared, plan=plan, name="Alle", people=9)
    return given_codes.codes_store(found, group.pk, count, folders())


if __name__ == "__main__":
    made = _prepare(int(sys.argv[2]))
    (Path(sys.argv[1]) / "asked.txt").write_text("\n".join(made))
