"""The pack that this installation runs on, and what the reader's administration has beside it.

Pages, services and forms ask `pack()` and get what holds for whoever reads: within a reach the
administration's own definitions lie beside the pack's. Outside of every reach, and for everybody,
it is the pack alone.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path

from django.utils.translation import get_language

from puls.content.definitions import Pack
from puls.content.loading import load_pack
from puls.errors import SetupError
from puls.units import UnitTree
from puls.web.database import data_folder

DEFAULT = "kulturskole"
NOTE = "pack"
"""The file in the data folder that says which pack it was set up with."""

With = Callable[[Pack, str | None, str], Pack]
"""(pack, administration, database alias) -> the pack with the administration's own definitions.

None for the administration: all that the database shows to whoever reads.
"""


class _Reader:
    """For whom the pack is read. Asked of the database once, when somebody wants to know."""

    def __init__(self, tenant: str | None, using: str) -> None:
        self.tenant, self.using = tenant, using
        self.content: Pack | None = None

    def read(self) -> Pack:
        if self.content is None:
            self.content = _with_own(built_in(), self.tenant, self.using)
        return self.content


_reader: ContextVar[_Reader | None] = ContextVar("reader", default=None)


def _nobody_s(content: Pack, _tenant: str | None, _using: str) -> Pack:
    return content


_with_own: With = _nobody_s


def give_own(by: With) -> None:
    """How own definitions are found. Told by the room that keeps them, which lies above this."""
    global _with_own
    _with_own = by


@cache
def built_in() -> Pack:
    """What comes along: the pack that PULS_PACK names, else the one the data folder was set up
    with, else "kulturskole"."""
    return load_pack(os.environ.get("PULS_PACK") or set_up_with(data_folder()) or DEFAULT)


def set_up_with(data: Path) -> str:
    """Key of the pack that a data folder belongs to; "" where nothing was noted."""
    try:
        return (data / NOTE).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def keep(data: Path, key: str) -> None:
    """Note the pack that a data folder is set up with."""
    half = data / f"{NOTE}.{os.getpid()}"
    half.write_text(f"{key}\n", encoding="utf-8")
    half.replace(data / NOTE)


def need_the_same(data: Path) -> None:
    """Raises SetupError where PULS_PACK names another pack than the data folder's.

    The tables, rounds and cells in it are about what the first one asks.
    """
    noted, named = set_up_with(data), os.environ.get("PULS_PACK") or ""
    if noted and named and named != noted:
        raise SetupError(
            f"The data folder {data} was set up with the pack '{noted}', not with '{named}'. "
            f"Leave PULS_PACK and --pack out to open it, or name a folder of its own for '{named}' "
            "with --data or PULS_DATA."
        )


def pack() -> Pack:
    """What the reader works with: the pack, and beside it what the administration has defined."""
    reader = _reader.get()
    return built_in() if reader is None else reader.read()


@contextmanager
def reading_for(tenant: str | None, using: str) -> Iterator[None]:
    """Inside, `pack()` has the own definitions of an administration; None for the visible ones."""
    with _reading(_Reader(tenant, using)):
        yield


@contextmanager
def reading(content: Pack) -> Iterator[None]:
    """Inside, `pack()` is this."""
    reader = _Reader(None, "")
    reader.content = content
    with _reading(reader):
        yield


@contextmanager
def reading_for_everybody() -> Iterator[None]:
    """Inside, `pack()` has nobody's own definitions."""
    with _reading(None):
        yield


@contextmanager
def _reading(reader: _Reader | None) -> Iterator[None]:
    before = _reader.set(reader)
    try:
        yield
    finally:
        _reader.reset(before)


def look_again() -> None:
    """The administration's own definitions have changed since they were read."""
    reader = _reader.get()
    if reader is not None:
        reader.content = None


def since_folder(country: str) -> Path:
    """Where this installation keeps what it has learned of a country since its tables were made."""
    return data_folder() / "countries" / country


def country_units() -> UnitTree:
    """The country's own units, as everybody may know them: no schools, nobody's data."""
    since = since_folder(pack().country.key)
    try:
        # The last one to be written.
        made = (since / "changes.csv").stat().st_mtime_ns
    except OSError:
        made = 0
    return _units(since, made)


@lru_cache(maxsize=2)
def _units(since: Path, made: int) -> UnitTree:
    """made: when what was learned was written, so that it is read again when there is more."""
    # Reading tables takes longer to import than most pages need.
    from puls.content.countries import load_units

    return load_units(pack().country.key, since=since if made else None)


def language_of(content: Pack) -> str:
    """The language of the reader where the pack speaks it, else the pack's first."""
    language = (get_language() or "").split("-")[0]
    return language if language in content.languages else content.languages[0]


def words(key: str) -> str:
    """The pack's words in the language of the reader."""
    return pack().text(language_of(pack()), key)
