"""`puls serve` and `puls migrate`."""

from argparse import Namespace

from puls.commands.opening import open_data
from puls.web import server


def run(given: Namespace) -> None:
    server.need_free_port(given.host, given.port)
    data = open_data(given)
    from django.db import connections

    connections.close_all()
    address = f"http://{given.host}:{given.port}"
    server.serve(
        given.host,
        given.port,
        data,
        lambda: print(f"Puls is at {address}  (stop it with Ctrl-C)", flush=True),
    )


def migrate(given: Namespace) -> None:
    data = open_data(given)
    print(f"The database in {data} is up to date.")
