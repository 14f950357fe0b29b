"""Opening a data folder: Django, the database and its tables, ready for use."""

import os
import sys
import time
from argparse import Namespace
from pathlib import Path


def open_data(given: Namespace, with_units: bool = True) -> Path:
    """Start the database of the chosen data folder and bring its tables up to date.

    with_units: also bring the country's own units up to date, where its tables are new.
    """
    if given.data is not None:
        os.environ["PULS_DATA"] = str(given.data.expanduser().absolute())
    os.environ["DJANGO_SETTINGS_MODULE"] = "puls.web.settings"
    import django

    from puls.web import packs
    from puls.web.database import data_folder

    packs.need_the_same(data_folder())
    django.setup()
    from django.conf import settings
    from django.utils import translation

    from puls.web import database
    from puls.web.share.examples import examples_load

    # Sentences of the web come along in the commands' own language, not the pack's first.
    translation.activate("en")

    progress = Progress()
    # The first time it takes a while; later a word about it would only be in the way.
    data = Path(settings.PULS_DATA)
    new = not (data / "postgres").exists()
    # What an older folder without a note was set up with, nobody knows for sure.
    if new and not packs.set_up_with(data):
        packs.keep(data, packs.built_in().key)
    database.prepare(progress if new else lambda _: None)
    if with_units:
        from puls.web.tenants.country import country_load

        country_load(packs.pack(), progress)
    examples_load(packs.pack())
    progress.done()
    return data


class Progress:
    """Tells on standard error how far a long task is; each line says how long the last one took."""

    _open = False
    """Whether a line stands there without its end, from whichever task."""

    def __init__(self) -> None:
        self._since = 0.0

    def __call__(self, what: str) -> None:
        self.done()
        print(f"{what} ...", end=" ", file=sys.stderr, flush=True)
        self._since, Progress._open = time.monotonic(), True

    def done(self) -> None:
        if Progress._open and self._since:
            print(f"{time.monotonic() - self._since:.1f} s", file=sys.stderr, flush=True)
        self._since, Progress._open = 0.0, False

    @staticmethod
    def broken_off() -> None:
        """End the line of a task that was not finished, so that the reason starts a new one."""
        if Progress._open:
            print(file=sys.stderr, flush=True)
            Progress._open = False
