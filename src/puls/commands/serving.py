"""What `puls serve` and `puls demo` share: where they serve, and beginning to."""

import subprocess
import sys
import threading
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from puls.commands.nightly import seconds_until
from puls.web import address, server


def prepare(given: Namespace) -> None:
    """Before Django is set up. Raises SetupError when the port is taken.

    Asked first: nobody should wait for a country to be set up and then hear of a taken port.
    """
    server.need_free_port(given.host, given.port)
    address.announce(given.host, given.port)


def serve(given: Namespace, data: Path, when_up: Callable[[], None]) -> None:
    """Serve the data folder until it is stopped; sessions that have ended are forgotten first."""
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connections

    SessionStore.clear_expired()
    address.keep(data, settings.PULS_ADDRESS)
    connections.close_all()
    threading.Thread(target=_each_night, args=(data,), daemon=True).start()
    server.serve(given.host, given.port, data, when_up)


def _each_night(data: Path) -> None:
    """Nothing else has to be set up for the night's work; a process of its own, as a command is."""
    from django.utils import timezone

    program = "import sys; from puls.cli import main; sys.exit(main(sys.argv[1:]))"
    while True:
        time.sleep(seconds_until(timezone.localtime()))
        subprocess.run(
            [sys.executable, "-c", program, "nightly", "--data", str(data)],
            stdin=subprocess.DEVNULL,
            check=False,
        )
