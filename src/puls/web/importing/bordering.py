"""Following mergers, splits and names: what a classification says, into this installation's units.

What is learned stands in the data folder, in tables like the country's own, so that no line of
program and no new version is needed on New Year's Day. Tables of a later version that know the
same are no news. The whole is written in one step, then read in as the country's own tables are.
"""

import csv
import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from puls.content.countries import CHANGES, NAMES, UNITS, load_units
from puls.content.definitions import Pack
from puls.registers import klass
from puls.registers.borders import BETWEEN_LANGUAGES, News, news
from puls.registers.fetching import Fetcher
from puls.registers.klass import Code, CodeChange, read_changes, read_codes
from puls.units import Change, UnitTree
from puls.web.collect.durable import replacing
from puls.web.collect.intake import INTAKE, working
from puls.web.collect.models import ImportRecord
from puls.web.importing import files
from puls.web.importing.registers import operator
from puls.web.packs import since_folder
from puls.web.tenants.country import country_load
from puls.web.tenants.queries import unit_tree

SOURCE, LICENCE = "klass", "CC BY 4.0"


@dataclass(frozen=True)
class Followed:
    """What an import of borders did.

    learned: a sentence for each unit that began, ended or got another name.
    touched: keys of units of tenants that now lie in a unit that has ended.
    record: None where nothing was to be kept: a dry run, or no news.
    """

    news: News
    learned: tuple[str, ...]
    touched: tuple[str, ...]
    record: ImportRecord | None


def import_borders(
    changes: Path,
    codes: Path,
    pack: Pack,
    above: Path | None = None,
    dry: bool = False,
) -> Followed:
    """Follow the changes in two lists of a classification: what changed, and which codes live when.

    above: codes of the tier above, where one of those is new. dry: only say what would be learned.
    ImportFileError for a wrong file, PulsError for what the lists alone cannot settle.
    """
    given = [each for each in (changes, codes, above) if each is not None]
    for file in given:
        files.check_file(file)
    upper = () if above is None else read_codes(above)
    digest = hashlib.sha256("".join(map(files.checksum, given)).encode()).hexdigest()
    names = ", ".join(file.name for file in given)
    return follow(read_changes(changes), read_codes(codes), upper, pack, names, digest, dry)


def follow(
    changes: Sequence[CodeChange],
    codes: Sequence[Code],
    above: Sequence[Code],
    pack: Pack,
    name: str,
    checksum: str,
    dry: bool = False,
) -> Followed:
    """The same with lists that were read. name: where they came from, for the record."""
    country, root = pack.country, pack.folder.parent
    folder = since_folder(country.key)
    before = load_units(country.key, [root], folder)
    found = news(before, country, changes, codes, above)
    with working():
        touched = _touched(unit_tree(INTAKE), found)
    learned = tuple(_sentences(before, found))
    if dry or found.is_empty:
        return Followed(found, learned, touched, None)
    _keep(folder, before, found)
    country_load(pack, lambda _: None)
    with working():
        same = ImportRecord.objects.using(INTAKE).filter(source=SOURCE, checksum=checksum).first()
        record = same or ImportRecord.objects.using(INTAKE).create(
            source=SOURCE,
            table=country.tenant_tier,
            label="; ".join(learned),
            licence=LICENCE,
            file_name=name[:255],
            checksum=checksum,
            rows_in=len(changes),
            rows_refused=[list(each) for each in found.left],
            imported_by=operator(),
        )
    return Followed(found, learned, touched, record)


def _touched(tree: UnitTree, found: News) -> tuple[str, ...]:
    ended = found.ended or {}
    return tuple(
        unit.key
        for unit in tree.units.values()
        if unit.parent in ended and unit.valid_to is None and unit.key not in ended
        if not unit.code
    )


def _sentences(before: UnitTree, found: News) -> list[str]:
    after = found.applied(before)
    told = []
    for unit in found.begun:
        from_ = ", ".join(sorted(after[key].name for key in after.predecessors(unit.key)))
        told.append(f"{unit.code} {unit.name} begins on {unit.valid_from}, out of {from_}")
    for key, day in (found.ended or {}).items():
        into = [after[each.new] for each in found.changes if each.old == key]
        split = ", split" if len(into) > 1 else ""
        names = ", ".join(f"{unit.code} {unit.name}" for unit in into)
        told.append(f"{after[key].code} {before[key].name} ends on {day}, into {names}{split}")
    for key, (then, now) in (found.names or {}).items():
        told.append(f"{before[key].code} {then} is called {now}")
    return told


def _keep(folder: Path, before: UnitTree, found: News) -> None:
    """Add the news to what was learned before.

    All is written before the first table gets its name. Units get it first and changes last, so
    that whatever a machine that dies in between leaves can be read, and be made good.
    """
    ended = found.ended or {}
    units = [*found.begun, *(replace(before[key], valid_to=day) for key, day in ended.items())]
    tiers = {unit.key: before.path(unit.key).count("/") for unit in before.units.values()}
    units.sort(key=lambda unit: tiers.get(unit.key, len(unit.code)))
    both = found.applied(before)

    def code(key: str | None) -> str:
        return both[key].code if key is not None else ""

    with ExitStack() as whole:
        add = partial(_add, whole, folder)
        add("changes.csv", CHANGES, [
            (each.on.isoformat(), code(each.old), code(each.new)) for each in found.changes
        ])  # fmt: skip
        add("names.csv", NAMES, [
            (code(key), then, now) for key, (then, now) in (found.names or {}).items()
        ])  # fmt: skip
        add("units.csv", UNITS, [
            (
                unit.code, unit.name, unit.tier, code(unit.parent),
                unit.valid_from.isoformat() if unit.valid_from else "",
                unit.valid_to.isoformat() if unit.valid_to else "",
            )
            for unit in units
        ])  # fmt: skip


def _add(
    whole: ExitStack, folder: Path, name: str, columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    """Write the table with these rows behind its own; it gets its name when `whole` is left."""
    file, known = folder / name, [columns]
    if file.is_file():
        with file.open(encoding="utf-8", newline="") as read:
            known = list(csv.reader(read))
    draft = whole.enter_context(replacing(file))
    with draft.open("w", encoding="utf-8", newline="") as written:
        csv.writer(written, lineterminator="\n").writerows([*known, *rows])


def fetch_borders(pack: Pack, ask: Fetcher, dry: bool = False) -> Followed | None:
    """The same with the lists of the classification that the country names, over the net.

    dry: only say what would be learned. None where the changes hold nothing that the units do not
    know, so that the codes are not even asked for; and where the country names nobody.
    """
    country = pack.country
    where = country.classification
    if where is None:
        return None
    tree = load_units(country.key, [pack.folder.parent], since_folder(country.key))
    of_tier = [c for c in tree.changes if tree[c.new].tier == country.tenant_tier]
    since = max((change.on for change in of_tier), default=date(1900, 1, 1))
    with TemporaryDirectory(prefix="puls-fetched-") as made:
        folder = Path(made)
        changes = klass.fetch(ask, where, "changes", since, folder)
        if not _has_news(klass.read_changes(changes), of_tier, tree):
            return None
        codes = klass.fetch(ask, where, "codes", since, folder)
        above = None
        if where.above:
            above = klass.fetch(ask, where, "codes", since, folder, where.above)
        return import_borders(changes, codes, pack, above, dry)


def _has_news(rows: Sequence[CodeChange], known: Sequence[Change], tree: UnitTree) -> bool:
    """Whether a code became another one or got another name, and the units do not know."""
    pairs = {(each.on, tree[each.old].code, tree[each.new].code) for each in known}
    codes = tree.by_code()
    for row in rows:
        named = row.old == row.new and row.old in codes
        if named and codes[row.old].name not in row.new_name.split(BETWEEN_LANGUAGES):
            return True
        if row.old != row.new and (row.on, row.old, row.new) not in pairs:
            return True
    return False
