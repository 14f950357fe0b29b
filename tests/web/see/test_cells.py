"""The cells' HTML is written by hand: whatever a name holds, it stays a name."""

from dataclasses import replace
from html.parser import HTMLParser

from django.utils import translation

from puls.views.tables import ColourTable, Kind, RowUnit, TableCell
from puls.web.see.choices import Choice
from puls.web.see.grid import BIG, STRETCH, Grid, grid
from puls.web.see.templatetags.cells import cells
from tests.views.cast import FEEDBACK, KARMOY, shown, table

EVIL = "\"><script>alert('x')</script>&amp;"


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def html(drawn: ColourTable, chosen: TableCell | None = None, **more: object) -> str:
    """The cells of the first row as a page has them. more: fields of the grid to change."""
    made: Grid = replace(grid(drawn, Choice()), **more)  # type: ignore[arg-type]
    return cells(made, drawn.rows[0].cells, chosen)


def test_a_name_cannot_become_markup() -> None:
    evil = RowUnit(EVIL, EVIL, Kind.CHILD)
    drawn = table([shown(4.5, (3, 3), unit=evil, interval=(4.4, 4.6), n=9)], units=(evil,))
    found = Tags()
    found.feed(html(drawn, cell_query=f"?vis={EVIL}&celle="))
    assert [tag for tag, _ in found.seen] == ["td", "a", "span", "span", "svg", "use"]
    link = found.seen[1][1]
    assert link["href"] == f"?vis={EVIL}&celle={EVIL}.{FEEDBACK}#forklaring"
    assert link["aria-label"] == f"Tilbakemeldinger, {EVIL}: 4,5 god"
    found = Tags()
    found.feed(html(drawn, picking=True))
    assert [tag for tag, _ in found.seen] == ["td", "label", "input", "span", "span", "svg", "use"]
    assert found.seen[2][1]["value"] == f"{EVIL}.{FEEDBACK}"
    assert found.seen[2][1]["aria-label"] == f"Tilbakemeldinger, {EVIL}: 4,5 god"


def one() -> ColourTable:
    return table([shown(4.5, (3, 3), interval=(4.4, 4.6), n=9)])


def test_only_the_chosen_cell_is_current() -> None:
    drawn = one()
    (cell,) = drawn.rows[0].cells
    assert 'aria-current="true"' in html(drawn, cell)
    assert "aria-current" not in html(drawn)


def test_a_cell_to_take_along_says_so() -> None:
    drawn = one()
    picked = frozenset({(KARMOY.key, FEEDBACK)})
    with translation.override("en"):
        told = html(drawn, picked=picked)
    assert (
        'aria-label="Tilbakemeldinger, Karmøy kulturskole: 4,5 god, chosen for a meeting"' in told
    )
    assert " picked" in told
    assert " checked" in html(drawn, picked=picked, picking=True)
    assert "picked" not in html(drawn)
    assert "checked" not in html(drawn, picking=True)


def test_a_very_large_table_has_its_levels_in_letters() -> None:
    """Beside the word as always; drawings of ten thousand cells would make a browser stutter."""
    unsure = table([shown(4.0, (2, 3), interval=(3.9, 4.2), n=9)])
    for drawn, lettered in ((one(), "▮▮▮"), (unsure, "…")):
        told = html(drawn, big=True)
        assert f'<i aria-hidden="true">{lettered}</i>{drawn.rows[0].cells[0].word}' in told
        assert "<svg" not in told
        assert "<i" not in html(drawn)
        assert "<svg" in html(drawn)


def test_nothing_on_paper_can_be_pressed() -> None:
    told = html(one(), cell_query="")
    assert "<a " not in told
    assert "4,5" in told
    assert "god" in told


def test_a_very_large_table_stands_in_stretches_and_keeps_every_row() -> None:
    """And says itself what its parts are: a stretch is no row group to a browser any more."""
    units = tuple(RowUnit(f"unit-{n}", f"Unit {n}", Kind.CHILD) for n in range(BIG + 1))
    large, small = (
        grid(table([], units=units), Choice()),
        grid(table([], units=units[:9]), Choice()),
    )
    assert large.big
    assert not small.big
    assert [row.key for body in large.bodies for row in body.rows] == [unit.key for unit in units]
    assert max(len(body.rows) for body in large.bodies) == STRETCH
    assert ' role="cell"' in cells(large, large.bodies[0].rows[0].cells)
    assert " role=" not in cells(small, small.bodies[0].rows[0].cells)
