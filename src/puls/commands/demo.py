"""`puls demo`: the demo country, set up where it is missing, then served."""

from argparse import Namespace
from pathlib import Path

from puls.commands.opening import Progress, open_data
from puls.web import server


def run(given: Namespace) -> None:
    # Asked first: nobody should wait for a country to be set up and then hear of a taken port.
    server.need_free_port(given.host, given.port)
    data = open_data(given, with_units=False)
    from puls.web.demo.basics import is_ready

    if not is_ready(data):
        from puls.web.collect.folders import Folders
        from puls.web.demo import load
        from puls.web.packs import pack

        progress = Progress()
        load.load(pack(), Folders(data), progress)
        progress.done()
    from django.db import connections

    connections.close_all()
    server.serve(given.host, given.port, data, lambda: _greet(given.host, given.port, data))


def _greet(host: str, port: int, data: Path) -> None:
    from puls.web.demo.people import PASSWORD, PEOPLE

    print(f"\nPuls is at http://{host}:{port}  (stop it with Ctrl-C)\n")
    print(f"Log in with the password {PASSWORD} as one of:")
    for person in PEOPLE:
        print(f"  {person.email:<20} {person.what}")
    print(
        f"\nSchools and answers are made up. Answers to try importing: {data / 'demo'}", flush=True
    )
