"""`puls serve` and `puls migrate`."""

from argparse import Namespace

from puls.commands import serving
from puls.commands.opening import open_data
from puls.web.address import served_at


def run(given: Namespace) -> None:
    serving.prepare(given)
    data = open_data(given)
    address = served_at(given.host, given.port)
    serving.serve(
        given, data, lambda: print(f"Puls is at {address}  (stop it with Ctrl-C)", flush=True)
    )


def migrate(given: Namespace) -> None:
    data = open_data(given)
    print(f"The database in {data} is up to date.")
