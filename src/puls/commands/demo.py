"""`puls demo`: the demo country, set up where it is missing, then served."""

import os
from argparse import Namespace
from pathlib import Path

from puls.commands import serving
from puls.commands.opening import Progress, open_data
from puls.web.address import served_at


def run(given: Namespace) -> None:
    if given.pack:
        choose(given)
    serving.prepare(given)
    data = open_data(given, with_units=False)
    from puls.web.demo.basics import is_ready

    if not is_ready(data):
        from puls.web.collect.folders import Folders
        from puls.web.demo import load
        from puls.web.packs import pack

        progress = Progress()
        load.load(pack(), Folders(data), progress)
        progress.done()
    serving.serve(given, data, lambda: _greet(served_at(given.host, given.port), data))


def choose(given: Namespace) -> None:
    """The pack that was asked for, in a data folder of its own where none was named."""
    os.environ["PULS_PACK"] = given.pack
    from puls.web.database import data_folder
    from puls.web.packs import DEFAULT

    if given.data is None and given.pack != DEFAULT:
        given.data = data_folder() / given.pack


def _greet(address: str, data: Path) -> None:
    from puls.web.demo.making import making
    from puls.web.demo.people import PASSWORD, people
    from puls.web.packs import pack

    print(f"\nPuls is at {address}  (stop it with Ctrl-C)\n")
    print(f"Log in with the password {PASSWORD} as one of:")
    for person in people(making(pack())):
        print(f"  {person.email:<20} {person.what}")
    print(
        f"\nSchools and answers are made up. Answers to try importing: {data / 'demo'}", flush=True
    )
