"""Reports of made-up municipalities for `benchmarks.documents`: each with numbers of its own.

A report has a colour table (the municipality, three schools, its county and the country by twelve
indicators), what stands out with reasons, ten trend graphs of seven years, questions, the numbers
behind every graph, and its sources: eleven pages, which Chromium prints on ten.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cache

from puls.cells import ReleasedCell, Status
from puls.content.countries import load_units
from puls.content.definitions import Criteria, Indicator, Pack
from puls.content.loading import load_pack
from puls.documents.chapters import Titles, chapters
from puls.documents.provenance import Provenance, Source
from puls.documents.selection import Headings, Selection
from puls.views.charts.scene import Chart
from puls.views.charts.trend_graph import trend_graph
from puls.views.charts.trend_parts import Line
from puls.views.charts.words import words
from puls.views.colour_table import colour_table
from puls.views.tables import ColourTable, Kind, RowUnit

PERIOD, YEARS = 2025, 7
DAY = date(2026, 6, 1)
CHARTS = 10
HEADINGS = Headings(
    contents="Innhold",
    questions="Spørsmål å snakke om",
    numbers="Tallene bak figurene",
    sources="Kilder og utgivelse",
    page="Side {page} av {pages}",
    part="{name} ({part} av {parts})",
    release="Utgivelse",
    made_at="Utgitt",
    smallest_group="Minste gruppe som vises",
    pack="Innhold",
    address="Adresse",
    synthetic="Ekte eller syntetisk",
    source="Kilde",
    source_table="Tabell",
    updated="Oppdatert",
    licence="Lisens",
)
TITLES = Titles(
    table="Fargetabell",
    standouts="Dette skiller seg ut",
    standouts_lead="Hvert punkt har en begrunnelse, og ingenting er rangert.",
    weak="Klart på det laveste nivået",
    strong="Klart på det høyeste nivået",
    uncertain="Usikkert",
    nothing="Ingenting er klart svakt eller sterkt.",
    over_time="Over tid",
    over_time_lead="Båndet er anslaget; linjene ved siden av er fylket og landet.",
    talk="Å snakke om",
)


@cache
def pack() -> Pack:
    return load_pack("kulturskole")


def municipalities() -> list[tuple[str, str]]:
    """Key and name of every municipality of today."""
    found = [unit for unit in load_units(pack().country.key).at(DAY) if unit.tier == "municipality"]
    return [(unit.key, unit.name) for unit in found]


def report(key: str, name: str) -> Selection:
    """The report of one municipality, with the same numbers in every run."""
    content, dice = pack(), random.Random(key)
    indicators = [content.indicators[each] for each in content.default_columns]
    units = [
        RowUnit(key, f"{name} kommune", Kind.SELF, tier="municipality"),
        *(RowUnit(f"{key}.{n}", f"{name} kulturskole {n}", Kind.CHILD) for n in (1, 2, 3)),
        RowUnit("county", "Fylket", Kind.COMPARISON, tier="county"),
        RowUnit("no", "Norge", Kind.COMPARISON, tier="country"),
    ]
    table = _table(units, indicators, dice)
    charts = [_chart(units, indicator, dice) for indicator in indicators[:CHARTS]]
    asked = [
        content.text("nb", f"rubric.{rubric.key}.question_{n}")
        for rubric in content.rubrics.values()
        for n in range(1, rubric.questions + 1)
    ]
    row, note = table.rows[0], "Kilder: KOSTRA og undersøkelsene."
    return Selection(
        title=f"{name} kommune",
        subtitle="Hvor er vi? 2025–26",
        language="nb",
        lead=("Alt her står i en utgivelse. Det som kunne ha røpet noen, er ikke med.",),
        sections=chapters(table, row, charts, asked[:6], TITLES, note),
        provenance=_origin(key),
        words=HEADINGS,
    )


def _table(
    units: Sequence[RowUnit], indicators: Sequence[Indicator], dice: random.Random
) -> ColourTable:
    cells = [_cell(u.key, i, PERIOD, dice) for u in units for i in indicators]
    names = {unit.key: unit.name for unit in units}
    return colour_table(
        cells, indicators, units, pack(), "nb",
        period=PERIOD, with_reasons=True, k=5, unit_names=names,
    )  # fmt: skip


def _chart(units: Sequence[RowUnit], indicator: Indicator, dice: random.Random) -> Chart:
    def line(unit: RowUnit) -> Line:
        return Line(unit.name, tuple(_years(unit.key, indicator, dice)))

    own, county, country = units[0], units[-2], units[-1]
    return trend_graph(
        line(own), indicator, pack(), "nb", words(pack(), "nb"),
        comparisons=(line(county), line(country)), tier="municipality", on_page=False,
    )  # fmt: skip


def _years(unit: str, indicator: Indicator, dice: random.Random) -> Iterator[ReleasedCell]:
    for period in range(PERIOD - YEARS + 1, PERIOD + 1):
        yield _cell(unit, indicator, period, dice)


def _cell(unit: str, indicator: Indicator, period: int, dice: random.Random) -> ReleasedCell:
    place = (unit, indicator.key, indicator.version, period)
    if dice.random() < 0.06:
        return ReleasedCell(*place, Status.FEW)
    criteria = indicator.criteria
    if criteria is None:
        return ReleasedCell(*place, Status.SHOWN, dice.uniform(1500, 4200))
    low, high = min(criteria.cuts), max(criteria.cuts)
    value = dice.uniform(low - 0.1 * low, high + 0.1 * high)
    if indicator.unit != "mean_1_5":
        level = _level(value, criteria)
        return ReleasedCell(
            *place, Status.SHOWN, value, level_low=level, level_high=level,
            judged_by=criteria.id,
        )  # fmt: skip
    ends = value - 0.08, value + 0.08
    levels = sorted(_level(each, criteria) for each in (value, *ends))
    n = dice.randint(20, 400)
    return ReleasedCell(
        *place, Status.SHOWN, value, n, *ends, levels[0], levels[-1], judged_by=criteria.id
    )


def _level(value: float, criteria: Criteria) -> int:
    if criteria.higher_is_better:
        return 1 + sum(value >= cut for cut in criteria.cuts)
    return criteria.levels - sum(value > cut for cut in criteria.cuts)


def _origin(key: str) -> Provenance:
    return Provenance(
        title="Fargetabell",
        period="2025–26",
        address=f"https://puls.example/hvor-er-vi/{key}/2025-26/?per=14",
        release=14,
        made_at="3. mars 2026",
        k=5,
        pack="Kulturskole 1",
        synthetic="Syntetiske tall",
        sources=(
            Source("KOSTRA (SSB)", "13135: Kulturskole", "CC BY 4.0", "15. mars 2026"),
            Source("Elevundersøkelsen", "versjon 1", "", "20. juni 2026"),
        ),
        created=datetime(2026, 3, 3, 12, tzinfo=UTC),
    )
