"""What `puls serve` and `puls demo` share: where they serve, and beginning to."""

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

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
    server.serve(given.host, given.port, data, when_up)
