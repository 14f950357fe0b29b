"""The cells' HTML is written by hand: whatever a name holds, it stays a name."""

from html.parser import HTMLParser

from puls.views.tables import Kind, RowUnit
from puls.web.see.templatetags.cells import cells
from tests.views.cast import FEEDBACK, shown, table

EVIL = "\"><script>alert('x')</script>&amp;"


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_a_name_cannot_become_markup() -> None:
    evil = RowUnit(EVIL, EVIL, Kind.CHILD)
    drawn = table([shown(4.5, (3, 3), unit=evil, interval=(4.4, 4.6), n=9)], units=(evil,))
    found = Tags()
    found.feed(cells(drawn.rows[0], (), f"?vis={EVIL}&celle=", None))
    assert [tag for tag, _ in found.seen] == ["td", "a", "span", "span", "span", "svg", "use"]
    link = found.seen[1][1]
    assert link["href"] == f"?vis={EVIL}&celle={EVIL}.{FEEDBACK}#forklaring"
    assert link["aria-label"] == f"Tilbakemeldinger, {EVIL}: 4,5 god"


def test_only_the_chosen_cell_is_current() -> None:
    drawn = table([shown(4.5, (3, 3), interval=(4.4, 4.6), n=9)])
    (cell,) = drawn.rows[0].cells
    assert 'aria-current="true"' in cells(drawn.rows[0], (), "?celle=", cell)
    assert "aria-current" not in cells(drawn.rows[0], (), "?celle=", None)
