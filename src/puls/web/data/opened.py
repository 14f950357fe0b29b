"""Composing what everybody may have of a school year, from public cells alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock
from time import monotonic

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from puls import periods, units
from puls.content.definitions import Indicator, Pack, RegisterSource
from puls.content.opening import Licence, OpenData, open_data
from puls.documents import open_table
from puls.documents.json_stat import json_stat
from puls.documents.open_table import Measure, OpenTable, Place, Terms
from puls.web.assess import public
from puls.web.assess import queries as assess
from puls.web.packs import pack
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import as_everybody

ANSWERS = "answers"
MOST_KEPT = 12
"""School years, with the releases that were asked for, whose files are kept in memory."""
LOOKED_SECONDS = 60
"""Nothing public is taken back, so that a minute's delay hides only what is newer."""
State = tuple[int, int]
"""The newest release of a school year, and how many of its cells are public."""


@dataclass(frozen=True)
class Published:
    """A school year's files by name, and what the page about them says."""

    table: OpenTable
    files: Mapping[str, bytes]


@cache
def opened() -> OpenData | None:
    """What the pack lets everybody have; None where it publishes nothing."""
    return open_data(pack())


def opened_or_404() -> OpenData:
    found = opened()
    if found is None:
        raise Http404
    return found


def figures(content: Pack, found: OpenData) -> list[str]:
    """Register indicators whose figures may be passed on."""
    return [key for key, each in content.indicators.items() if source_of(each) in found.registers]


def source_of(indicator: Indicator) -> str:
    """ "answers", or the key of the register."""
    source = indicator.source
    return source.source if isinstance(source, RegisterSource) else ANSWERS


def licence_of(source: str, found: OpenData) -> Licence:
    return found.answers if source == ANSWERS else found.registers[source]


def registered(tree: units.UnitTree) -> list[str]:
    """Units whose register figures are public: those of the country's own registers."""
    content = pack()
    depth = content.country.tier_keys.index(content.country.tenant_tier)
    return [key for key in tree.units if tree.path(key).count("/") <= depth]


def years() -> list[int]:
    """The school years that everybody may see something of, newest first."""
    found = opened_or_404()
    with as_everybody():
        return public.public_periods(registered(tenants.unit_tree()), figures(pack(), found))


class Kept:
    """The newest files asked for, shared by the threads of a worker.

    They are made again when a release or an opened gate has changed what everybody may see; that
    is looked up once a minute.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._found: dict[tuple[int, int | None], tuple[float, State, Published | None]] = {}

    def get(self, period: int, as_of: int | None) -> Published | None:
        with self._lock:
            at, before, found = self._found.pop((period, as_of), (None, None, None))
            now = monotonic()
            if at is None or now - at >= LOOKED_SECONDS:
                at, state = now, _state(period)
                if state != before:
                    before, found = state, _publish(period, as_of)
            assert before is not None
            while len(self._found) >= MOST_KEPT:
                self._found.pop(next(iter(self._found)))
            self._found[(period, as_of)] = (at, before, found)
            return found

    def forget(self) -> None:
        with self._lock:
            self._found.clear()


kept = Kept()


def published_or_404(period: int, as_of: int | None = None) -> Published:
    """A school year's files. 404 where everybody may see nothing of it."""
    opened_or_404()
    if as_of is not None:
        # One set of files for each release that there is, whatever numbers are asked for.
        with as_everybody():
            made = [note.id for note in assess.releases(period) if note.id <= as_of]
        as_of = max(made, default=0)
    found = kept.get(period, as_of)
    if found is None:
        raise Http404
    return found


def _state(period: int) -> State:
    with as_everybody():
        newest = max((note.id for note in assess.releases(period)), default=0)
        return newest, public.how_many(period)


def _publish(period: int, as_of: int | None) -> Published | None:
    table = table_of(period, as_of)
    if table is None:
        return None
    made_up = "-syntetisk" if table.synthetic else ""
    stem = f"puls-{periods.slug(period)}{made_up}"
    files = {f"{stem}.csv": open_table.csv(table), f"{stem}.parquet": open_table.parquet(table)}
    if any(not cell.part and cell.years == 1 for cell, _release in table.cells):
        files[f"{stem}.json"] = json_stat(table)
    files["datapackage.json"] = open_table.datapackage(table, files)
    files["SHA256SUMS"] = open_table.checksums(files)
    return Published(table, files)


def table_of(period: int, as_of: int | None = None) -> OpenTable | None:
    """What everybody may see of a school year, in the pack's first language; None for nothing."""
    content, found = pack(), opened_or_404()
    language = content.languages[0]
    with as_everybody():
        notes = [note for note in assess.releases(period) if as_of is None or note.id <= as_of]
        tree = tenants.unit_tree()
        cells = public.public_cells(period, registered(tree), figures(content, found), as_of)
    cells = [
        each
        for each in cells
        if each.cell.indicator in content.indicators and each.cell.unit in tree
    ]
    if not cells or not notes:
        return None
    made_up = any(each.synthetic for each in notes)
    used = {source_of(content.indicators[each.cell.indicator]) for each in cells}
    address = settings.PULS_ADDRESS + reverse("data:open")
    with override(language):
        return OpenTable(
            title=_("Puls %(pack)s %(period)s: public figures")
            % {"pack": content.text(language, "pack.name"), "period": periods.label(period)},
            language=language,
            period=period,
            cells=[(each.cell, each.release) for each in cells],
            places={
                key: _place(tree.units[key], content, language)
                for key in {each.cell.unit for each in cells}
            },
            measures={
                key: _measure(content.indicators[key], content, language)
                for key in {each.cell.indicator for each in cells}
            },
            terms=terms(sorted(used), content, language, found, made_up),
            release=notes[0].id,
            made_at=notes[0].made_at,
            k=content.thresholds.public,
            pack=f"{content.key} {notes[0].pack_version}",
            address=address,
            method=f"{address}#metode",
            note=note(content),
            synthetic=_("Synthetic data") if made_up else "",
        )


def note(content: Pack) -> str:
    """What everybody who uses the figures must know."""
    return _(
        "Means of answers are given where at least %(k)s answers can be told without singling "
        "anybody out. What is missing is not published; it is not zero. Figures are for talking "
        "about, not for ranking: small differences are mostly chance, and the estimate says how "
        "sure a mean is."
    ) % {"k": content.thresholds.public}


def terms(
    sources: Sequence[str], content: Pack, language: str, found: OpenData, made_up: bool = False
) -> list[Terms]:
    """The licences of some sources. made_up: the figures only look like those of the source."""
    made = []
    for source in sources:
        licence = licence_of(source, found)
        title = (
            _("Surveys in Puls")
            if source == ANSWERS
            else content.text(language, f"source.{source}.name")
        )
        told = f"{title} ({_('synthetic')})" if made_up else title
        made.append(Terms(source, told, licence.name, licence.url))
    return made


def _place(unit: units.Unit, content: Pack, language: str) -> Place:
    root = unit.key == content.country.root
    name = content.text(language, "country.name") if root else unit.name
    return Place(unit.key, name, unit.tier, unit.code)


def _measure(indicator: Indicator, content: Pack, language: str) -> Measure:
    return Measure(
        key=indicator.key,
        name=content.text(language, f"indicator.{indicator.key}.name"),
        unit=content.text(language, f"unit.{indicator.unit}.name"),
        decimals=indicator.decimals,
        source=source_of(indicator),
    )
