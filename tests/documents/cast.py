"""A selection that the tests of PDF files and slides are about."""

from datetime import UTC, datetime
from functools import cache

from puls.cells import Against, Mark, ReleasedMark, Status
from puls.documents.provenance import Provenance, Source
from puls.documents.selection import Headings, Section, Selection
from puls.views.highlights import highlights
from puls.views.tables import ColourTable
from tests.views import cast
from tests.views.charts import gallery

WORDS = Headings(
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
ORIGIN = Provenance(
    title="Karmøy kulturskole 2025–26",
    period="2025–26",
    address="https://puls.example/hvor-er-vi/karmoy/2025-26/?per=14",
    release=14,
    made_at="3. mars 2026",
    k=5,
    pack="Kulturskole 1",
    synthetic="Syntetiske tall",
    sources=(
        Source("KOSTRA (SSB)", "13135: Kulturskole", "CC BY 4.0", "15. mars 2026", "ab" * 32),
        Source("Elevundersøkelsen", "versjon 1", "", "20. juni 2026"),
    ),
    created=datetime(2026, 3, 3, 12, tzinfo=UTC),
)
UNITS = (cast.KARMOY, cast.MUSIC, cast.DANCE, cast.THEATRE, cast.NORWAY)
COLUMNS = (
    "student_support_home", "student_feedback", "student_formative_assessment",
    "student_creativity", "student_wellbeing", "student_intrinsic_motivation",
    cast.WAITING, cast.COST,
)  # fmt: skip
HIDDEN = (cast.DANCE, "student_wellbeing")
"""Few answered: whatever its value was, no document has it."""


@cache
def table(columns: tuple[str, ...] = COLUMNS) -> ColourTable:
    """A colour table with every look: levels, uncertain, hidden, without criteria, marks."""
    cells = []
    for number, unit in enumerate(UNITS):
        for place, key in enumerate(columns):
            if (unit, key) == HIDDEN:
                cells.append(cast.silent(Status.FEW, key, unit))
            elif key == cast.COST:
                cells.append(cast.shown(2310 + 10 * number, None, key, unit))
            elif key == cast.WAITING:
                cells.append(cast.shown(9.9, (1, 1), key, unit))
            else:
                level = 1 + (number + place) % 3
                levels = (level, min(level + (place == 3), 3))
                value = (3.2, 3.9, 4.5)[level - 1] + number / 100
                around = (value - 0.05, value + 0.05)
                cells.append(cast.shown(value, levels, key, unit, around, 60 + number))
    marks = [
        ReleasedMark(cast.KARMOY.key, columns[0], 2025, Against.CHANGE, 3.4, 0.3, 0.2, 0.4,
                     Mark.UP, 2024),
        ReleasedMark(cast.KARMOY.key, columns[1], 2025, Against.GIVEN, 3.4, -0.3, -0.4, -0.2,
                     Mark.DOWN),
    ]  # fmt: skip
    return cast.table(cells, columns, UNITS, with_reasons=True, k=5, marks=marks)


@cache
def selection() -> Selection:
    """A chapter of each kind: text, a wide table, points, charts, questions."""
    whole = table()
    found = highlights(whole, whole.rows[0])
    charts = gallery.charts()
    return Selection(
        title="Karmøy kulturskole",
        subtitle="Hvor er vi? 2025–26",
        language="nb",
        lead=("Alt her står i en utgivelse. Det som kunne ha røpet noen, er ikke med.",),
        sections=(
            Section("Fargetabell", table=whole, note="Kilde: Elevundersøkelsen og KOSTRA."),
            Section(
                "Dette skiller seg ut",
                ("Hvert punkt har en begrunnelse. " * 60, "Ingenting er rangert."),
                points=(*found.weak, *found.strong, *found.uncertain),
            ),
            Section("Over tid", charts=tuple(charts[key] for key in ("trend_full", "trend_share"))),
            Section("Dialogkart", charts=(charts["map"],), depth=2),
            Section(
                "Å snakke om",
                questions=("Når fikk elevene sist vite hva de har fått til?", "Hva lærer vi?"),
            ),
        ),
        provenance=ORIGIN,
        words=WORDS,
    )
