"""Serving the site: granian in front of it, on one port of this machine.

Imports nothing but the standard library at first, as `./puls` asks for a free port before
anything is installed.
"""

import atexit
import errno
import http.client
import multiprocessing
import multiprocessing.connection
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from puls.errors import SetupError

WORKERS = 2
LINES = 4096
"""Requests that one worker holds at the same time: open lines of meetings are among them."""
FILES = 16_384
"""Open lines and files that the server and each worker may have, where the system allows it: by
default many systems allow 1,024, which a thousand slow phones use up."""
SECONDS_TO_LEAVE = 1
"""How long a page may go on after the stop signal before its worker is ended."""
SECONDS_TO_COME = 30


def need_free_port(host: str, port: int) -> None:
    """Raises SetupError with one sentence when nobody can listen there."""
    if not 0 < port < 65536:
        raise SetupError(f"{port} is not a port: choose one from 1024 to 65535 with --port.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the server does: a port whose last user has just left is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE:
                reason = f"Port {port} is already in use, perhaps by another Puls: stop that one"
            elif problem.errno == errno.EACCES:
                reason = f"Port {port} is kept for the system: start Puls as root"
            else:
                reason = f"Nobody can listen at {host} ({problem.strerror}): correct the address"
            other = port + 1 if 1024 <= port < 65535 else 8000
            raise SetupError(f"{reason}, or choose another port, as in --port {other}.") from None


def serve(host: str, port: int, data: Path, when_up: Callable[[], None] = lambda: None) -> None:
    """Serves until Ctrl-C, SIGTERM or a closed terminal, then ends its workers and returns.

    The database must be ready. `when_up` is called once, as soon as a page can be had.
    Raises SetupError when the port is taken.
    """
    need_free_port(host, port)

    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    _allow_lines()
    # Workers are processes of their own: what they need to know travels in the environment.
    os.environ["DJANGO_SETTINGS_MODULE"] = "puls.web.settings"
    os.environ["PULS_DATA"] = str(data)
    # Not forked: the threads of polars and DuckDB and open connections do not survive a fork.
    multiprocessing.set_start_method("spawn", force=True)
    server = Server(
        "puls.web.server:worker",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=WORKERS,
        backpressure=LINES,
        workers_kill_timeout=SECONDS_TO_LEAVE,
        log_level=LogLevels.error,
    )
    server.on_startup(lambda: _end_with(server.signal_handler_interrupt))
    threading.Thread(target=_tell, args=(host, port, when_up), daemon=True).start()
    server.serve()


def _allow_lines() -> None:
    """More open files for this process and all that it starts; never fewer than there were."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _end_with(stop: Callable[[], object]) -> None:
    """Calls `stop` when a signal says so, also when the terminal is closed, and however often.

    Not within the handler, as granian does: it takes a lock, and a second Ctrl-C that comes while
    the first holds it would wait for ever. And not by a handler of ours: Python runs it in the main
    thread only, which waits for `stop` and may not wake up for a signal that another thread took.
    """
    heard, told = os.pipe()
    os.set_blocking(told, False)

    def wait() -> None:
        os.read(heard, 1)
        stop()

    threading.Thread(target=wait, daemon=True).start()
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, lambda *_: None)


def worker() -> Callable[..., object]:
    """The application inside a worker, which ends when its parent is gone, however it went."""
    # A closed terminal is told to everybody in it. The parent ends its workers in order.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def leave_with_parent() -> None:
        parent = multiprocessing.parent_process()
        if parent is not None:
            multiprocessing.connection.wait([parent.sentinel])
            os._exit(1)

    threading.Thread(target=leave_with_parent, daemon=True).start()
    atexit.register(_end_now)

    from puls.web import asgi

    return asgi.make()


def _end_now() -> None:
    """Ends a worker that has answered everything, without taking Python down step by step.

    granian's threads may ask for Python while it goes, and then abort with pages of noise.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _tell(host: str, port: int, when_up: Callable[[], None]) -> None:
    """Calls `when_up` at the first answer, whatever it says."""
    until = time.monotonic() + SECONDS_TO_COME
    while time.monotonic() < until:
        page = http.client.HTTPConnection(host, port, timeout=SECONDS_TO_COME)
        try:
            page.request("HEAD", "/")
            page.getresponse()
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
        else:
            when_up()
            return
        finally:
            page.close()
