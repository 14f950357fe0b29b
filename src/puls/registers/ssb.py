"""Tables of Statistics Norway (PxWebApi) to register figures.

What a pack binds becomes figures: a table's region, year and contents, with every other dimension
fixed. The rest is recorded. Decided here, because neither the files nor JSON-stat decide it:

* Metadata and tables without regions import as a record without figures, bound or not: keeping
  what was fetched does no harm. A table with regions that no binding names stops.
* A bound table's contents that no binding names are left out and recorded.
* A cell that has both a number and the symbol for "missing" counts as missing.
* Closed units stay as rows in SSB's tables: their empty cells of years in which they did not exist
  are counted, not kept.
* A year's figures belong to the school year that starts in it; months and quarters stop.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from puls import periods
from puls.content.bindings import RegisterBinding
from puls.errors import ImportFileError
from puls.figures import Figure
from puls.registers import jsonstat
from puls.registers.dataset import Dataset, Dimension
from puls.registers.regions import Regions
from puls.registers.tables import RegisterTable
from puls.units import Unit, UnitTree

SOURCE, LICENCE = "ssb", "CC BY 4.0"
"""Of tables that no binding names; everything in SSB's open tables is under this licence."""

MISSING = {".", "..", "...", ":"}
"""Not possible, not there, confidential. "-" is a true zero, "*" a provisional figure."""

PROVISIONAL = "*"


def read(file: Path, bindings: Sequence[RegisterBinding], tree: UnitTree) -> RegisterTable:
    """The table in a JSON-stat file, its figures bound to indicators. ImportFileError otherwise."""
    dataset = jsonstat.read(file)
    ours = [binding for binding in bindings if binding.reader in ("", "ssb")]
    if dataset.is_metadata:
        return _record(dataset, "The file describes the table and holds no figures.")
    if not _has_regions(dataset, ours):
        return _record(dataset, "The table has no regions, so its figures feed no indicator.")
    reading = _Reading(file.name, dataset, tree)
    bound = reading.bound(ours)
    figures: dict[tuple[str, str, int], Figure] = {}
    refused: dict[tuple[str, str], None] = {}
    for binding, contents in bound:
        refused |= dict.fromkeys(reading.figures(binding, contents, figures))
    refused |= dict.fromkeys(reading.unbound(bound))
    first = bound[0][0]
    return _record(
        dataset, "", first.source, first.licence, tuple(refused), tuple(figures.values())
    )


def wanted(
    name: str, dataset: Dataset, bindings: Sequence[RegisterBinding], tree: UnitTree
) -> dict[str, tuple[str, ...]]:
    """What to ask a table for: the codes that the bindings read, by dimension, each once.

    name: how errors call the description. dataset: the description, or the table. Regions that
    are skipped are not asked for; unknown ones stop here as they stop in a file.
    """
    reading = _Reading(name, dataset, tree)
    chosen: dict[str, dict[str, None]] = {each.name: {} for each in dataset.dimensions}
    for binding, contents in reading.bound(bindings):
        for dimension, codes in reading.categories(binding, contents).items():
            chosen[dimension] |= dict.fromkeys(codes)
    return {dimension: tuple(codes) for dimension, codes in chosen.items()}


def _has_regions(dataset: Dataset, bindings: Sequence[RegisterBinding]) -> bool:
    declared = {binding.region for binding in bindings if binding.region}
    return any(
        each.role == "geo" or each.name in declared or "region" in each.name.lower()
        for each in dataset.dimensions
    )


def _record(
    dataset: Dataset,
    remark: str,
    source: str = SOURCE,
    licence: str = LICENCE,
    refused: tuple[tuple[str, str], ...] = (),
    figures: tuple[Figure, ...] = (),
) -> RegisterTable:
    notes = list(dataset.notes)
    for dimension in dataset.dimensions:
        notes += [f"{dimension.label}: {note}" for note in dimension.notes]
        for category in dimension.categories:
            notes += [f"{dimension.label} {category.label}: {note}" for note in category.notes]
    return RegisterTable(
        source=source,
        licence=licence,
        table=dataset.table,
        label=dataset.label,
        updated=dataset.updated,
        selection={dimension.name: dimension.codes for dimension in dataset.dimensions},
        notes=tuple(dict.fromkeys([*notes, remark] if remark else notes)),
        rows_in=dataset.cells,
        refused=refused,
        figures=figures,
    )


class _Reading:
    """One dataset on its way to figures; knows the file's name for the errors."""

    def __init__(self, file: str, dataset: Dataset, tree: UnitTree) -> None:
        self.file, self.dataset, self.tree = file, dataset, tree
        metric = dataset.with_role("metric") or dataset.dimension("ContentsCode")
        if metric is None:
            raise self.wrong("", "no dimension of contents", "a dimension ContentsCode")
        self.metric = metric

    def wrong(self, where: str, problem: str, expected: str, then: str = "") -> ImportFileError:
        then = then or "Fetch the table again with another selection."
        return ImportFileError(self.file, where, problem, expected, then)

    def bound(
        self, bindings: Sequence[RegisterBinding]
    ) -> list[tuple[RegisterBinding, Mapping[int, str]]]:
        """The bindings of this table, each with the indicators of its contents, by place."""
        table = self.dataset.table
        named = [binding for binding in bindings if binding.table and binding.table == table]
        by_code = [binding for binding in bindings if not binding.table]
        found = [(binding, self._contents(binding)) for binding in named + by_code]
        if any(contents for _, contents in found):
            return [(binding, contents) for binding, contents in found if contents]
        there = ", ".join(f"{each.code} ({each.label})" for each in self.metric.categories[:8])
        if named:
            wanted = ", ".join(code for binding in named for code in binding.cells)
            raise self.wrong(f"dimension {self.metric.name}", f"only {there}", f"one of {wanted}")
        known = sorted({binding.table for binding in bindings if binding.table})
        which = f"table {table}" if table else "a table without a number"
        raise self.wrong(
            which,
            f"no source of the pack has this table; its contents are {there}",
            f"one of the tables {', '.join(known) or '(none)'}",
            "Fetch one of them, or bind this one to an indicator in the pack's sources folder.",
        )

    def _contents(self, binding: RegisterBinding) -> Mapping[int, str]:
        by_place = {}
        for place, category in enumerate(self.metric.categories):
            indicator = binding.cells.get(category.code) or binding.cells.get(category.label)
            if indicator:
                by_place[place] = indicator
        return by_place

    def unbound(
        self, bound: Sequence[tuple[RegisterBinding, Mapping[int, str]]]
    ) -> list[tuple[str, str]]:
        taken = {place for _, contents in bound for place in contents}
        return [
            (f"{category.code} {category.label}", "feeds no indicator of the pack")
            for place, category in enumerate(self.metric.categories)
            if place not in taken
        ]

    def figures(
        self,
        binding: RegisterBinding,
        contents: Mapping[int, str],
        found: dict[tuple[str, str, int], Figure],
    ) -> list[tuple[str, str]]:
        """Add the binding's figures to those found; give what was left out and why."""
        region, time = self._needed(binding.region, "geo"), self._needed(binding.time, "time")
        strides = self.dataset.strides
        start = self._fixed(binding, {region.name, time.name, self.metric.name})
        regions = Regions(self.file, self.tree, binding)
        years = [self._period(time, code) for code in time.codes]
        gone = 0
        for at_region, category in enumerate(region.categories):
            where = f"dimension {region.name}"
            unit = regions.unit(category.code, category.label, where)
            if unit is None:
                continue
            for at_time, period in enumerate(years):
                before = start + at_region * strides[region.name] + at_time * strides[time.name]
                for place, indicator in contents.items():
                    number = before + place * strides[self.metric.name]
                    figure = self._figure(binding, indicator, unit, period, number)
                    if figure.value is None and not unit.valid_on(date(period, 12, 31)):
                        gone += 1
                        continue
                    key = (indicator, unit.key, period)
                    if key in found:
                        problem = f"a second figure of {unit.name} for {indicator} in {period}"
                        raise self.wrong(
                            f"cell {number}", problem, "one figure for each unit and year"
                        )
                    found[key] = figure
        if gone:
            why = "no figure, and the unit did not exist in that year"
            regions.refused.append((f"{gone:,} cells", why))
        return regions.refused

    def categories(
        self, binding: RegisterBinding, contents: Mapping[int, str]
    ) -> dict[str, list[str]]:
        """The codes that the binding reads, by dimension."""
        region, time = self._needed(binding.region, "geo"), self._needed(binding.time, "time")
        start = self._fixed(binding, {region.name, time.name, self.metric.name})
        regions = Regions(self.file, self.tree, binding)
        found = {
            each.name: [each.codes[start // self.dataset.strides[each.name] % len(each.codes)]]
            for each in self.dataset.dimensions
        }
        found[self.metric.name] = [self.metric.codes[place] for place in contents]
        found[time.name] = list(time.codes)
        found[region.name] = [
            each.code
            for each in region.categories
            if regions.unit(each.code, each.label, f"dimension {region.name}") is not None
        ]
        return found

    def _needed(self, name: str, role: str) -> Dimension:
        found = self.dataset.dimension(name) if name else self.dataset.with_role(role)
        if found is None:
            names = ", ".join(each.name for each in self.dataset.dimensions)
            raise self.wrong(
                "dimension", f"no '{name or role}' among {names}", f"a dimension {name}"
            )
        return found

    def _fixed(self, binding: RegisterBinding, used: set[str]) -> int:
        """The cell that the fixed categories of all other dimensions lead to."""
        start = 0
        for name in binding.fixed:
            if self.dataset.dimension(name) is None:
                raise self.wrong(f"dimension {name}", "missing", f"{name} {binding.fixed[name]}")
        for dimension in self.dataset.dimensions:
            if dimension.name in used:
                continue
            wanted = binding.fixed.get(dimension.name)
            places = [
                place
                for place, category in enumerate(dimension.categories)
                if wanted is None or wanted in (category.code, category.label)
            ]
            if len(places) != 1:
                there = ", ".join(
                    f"{each.code} ({each.label})" for each in dimension.categories[:8]
                )
                expected = f"'{wanted}'" if wanted else "one category, or a fixed one in the source"
                raise self.wrong(
                    f"dimension {dimension.name}",
                    f"{len(dimension.categories)} categories: {there}",
                    expected,
                    f"Fetch table {self.dataset.table} with one category of {dimension.name}, or "
                    f"name it under 'fixed' in sources/{binding.source}.yaml.",
                )
            start += places[0] * self.dataset.strides[dimension.name]
        return start

    def _period(self, time: Dimension, code: str) -> int:
        try:
            return periods.parse(code)
        except ValueError:
            where = f"dimension {time.name}"
            raise self.wrong(where, f"'{code}' is no year", "years, such as 2025") from None

    def _figure(
        self, binding: RegisterBinding, indicator: str, unit: Unit, period: int, number: int
    ) -> Figure:
        symbol = self.dataset.status(number)
        value = None if symbol in MISSING else self.dataset.values.get(number)
        return Figure(
            indicator=indicator,
            unit=unit.key,
            period=period,
            value=value,
            note=symbol,
            provisional=value is not None
            and (symbol == PROVISIONAL or self._may_change(binding, period)),
        )

    def _may_change(self, binding: RegisterBinding, period: int) -> bool:
        """A table that does not say when it was updated cannot prove that it is final."""
        rule, updated = binding.provisional, self.dataset.updated
        if rule is None:
            return False
        return updated is None or rule.is_provisional(period, updated.date())
