"""What a pack lets everybody have, and under which licence: `<pack>/open_data.yaml`.

A pack without that file publishes nothing. Which single cells are public is not decided here but
by each release; this says under which words they are passed on, and which registers are at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from puls.content.definitions import Pack, RegisterSource
from puls.content.reading import Fields, listed, load_yaml

FILE = "open_data.yaml"


@dataclass(frozen=True)
class Licence:
    """A licence by its name, and where its text stands."""

    name: str
    url: str


@dataclass(frozen=True)
class OpenData:
    """answers: the licence of figures from answers. registers: of those passed on, by source."""

    answers: Licence
    registers: Mapping[str, Licence]


def publishes(pack: Pack) -> bool:
    """Whether the pack lets everybody have anything."""
    return (pack.folder / FILE).is_file()


def open_data(pack: Pack) -> OpenData | None:
    """What the pack lets everybody have; None without the file. ContentError for slips in it."""
    if not publishes(pack):
        return None
    name = f"{pack.key}/{FILE}"
    fields = Fields(load_yaml(pack.folder / FILE, name), name)
    below = fields.fields("registers")
    known = {
        each.source.source
        for each in pack.indicators.values()
        if isinstance(each.source, RegisterSource)
    }
    registers = {}
    for source in below.names():
        if source not in known:
            raise below.wrong(source, "no indicator comes from this register", listed(known))
        registers[source] = _licence(below.fields(source))
    made = OpenData(_licence(fields.fields("answers")), registers)
    fields.done()
    return made


def _licence(fields: Fields) -> Licence:
    made = Licence(fields.text("name"), fields.text("url"))
    if urlsplit(made.url).scheme != "https":
        raise fields.wrong("url", f"'{made.url}' is no address", "https://...")
    fields.done()
    return made
