"""What a reader has chosen to see: parsed from an address, and written back into one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from puls.content.definitions import Indicator, Pack, RegisterSource, Role
from puls.views.tables import Sort

OVERVIEW, ALL, REGISTER = "", "alle", "register"
"""Names of selections: the pack's first colour table, every indicator, every register figure."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Every part of an address behind its question mark; "" and None where nothing was chosen.

    show: the columns: "", "alle", "register", "undersokelse-<key>", "omrade-<key>", "rolle-<key>".
    cell: (unit, indicator) whose reason is asked for. release: the page as that release left it.
    """

    show: str = ""
    sort: Sort | None = None
    cell: tuple[str, str] | None = None
    release: int | None = None

    def query(self, **changes: object) -> str:
        """The address's query with something changed: "?vis=alle&sorter=-name"; "?" when empty."""
        other = replace(self, **changes)  # type: ignore[arg-type]
        parts = {}
        if other.show:
            parts["vis"] = other.show
        if other.sort is not None:
            parts["sorter"] = ("-" if other.sort.descending else "") + other.sort.column
        if other.release is not None:
            parts["per"] = str(other.release)
        if other.cell is not None:
            parts["celle"] = ".".join(other.cell)
        return "?" + urlencode(parts)


def parse(values: Mapping[str, str], pack: Pack) -> Choice:
    """The choice in an address. What it does not understand it takes as not chosen."""
    show = values.get("vis", "")
    sort = None
    column = values.get("sorter", "").removeprefix("-")
    if column == "name" or column in pack.indicators:
        sort = Sort(column, descending=values["sorter"].startswith("-"))
    unit, _, indicator = values.get("celle", "").rpartition(".")
    release = values.get("per", "")
    return Choice(
        show=show if any(show == key for key, _ in selections(pack)) else "",
        sort=sort,
        cell=(unit, indicator) if unit and indicator in pack.indicators else None,
        release=int(release) if release.isascii() and release.isdigit() else None,
    )


def selections(pack: Pack) -> Iterator[tuple[str, Sequence[Indicator]]]:
    """Every selection of columns there is, by the name it has in an address."""
    everything = in_order(pack)
    yield OVERVIEW, [pack.indicators[key] for key in pack.default_columns] or everything
    for area in areas(pack):
        yield f"omrade-{area}", [i for i in everything if i.area == area]
    for role in Role:
        yield f"rolle-{role}", [i for i in everything if i.role is role]
    for survey in surveys(pack):
        yield (
            f"undersokelse-{survey}",
            [
                i
                for i in everything
                if not isinstance(i.source, RegisterSource) and i.source.survey == survey
            ],
        )
    yield REGISTER, [i for i in everything if isinstance(i.source, RegisterSource)]
    yield ALL, everything


def in_order(pack: Pack) -> list[Indicator]:
    """All indicators: the first table's, then surveys in the order asked, then registers."""
    asked = {
        (survey.key, construct.key): place
        for survey in pack.surveys.values()
        for place, construct in enumerate(survey.constructs)
    }
    first = {key: place for place, key in enumerate(pack.default_columns)}

    def place(indicator: Indicator) -> tuple[int, str, int, str]:
        source = indicator.source
        if indicator.key in first:
            return 0, "", first[indicator.key], ""
        if isinstance(source, RegisterSource):
            return 2, source.source, 0, indicator.key
        return 1, source.survey, asked[source.survey, source.construct], ""

    return sorted(pack.indicators.values(), key=place)


def areas(pack: Pack) -> tuple[str, ...]:
    """The quality areas of the pack's framework plans, in their order."""
    return tuple(dict.fromkeys(area for plan in pack.frameworks for area in plan.areas))


def surveys(pack: Pack) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for key, _ in pack.surveys))


def next_sort(now: Sort | None, column: str) -> Sort | None:
    """What pressing a column's head does: first one way, then the other, then back to no order.

    Names start from a, numbers from the highest.
    """
    first = Sort(column, descending=column != "name")
    if now is None or now.column != column:
        return first
    return replace(first, descending=not first.descending) if now == first else None
