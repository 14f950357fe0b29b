"""The cells of a colour table as HTML.

In Python rather than in a template: a large table has thousands of cells, and one costs 10
microseconds here against 80 there. Escaping is the standard library's for the same reason.
"""

from collections.abc import Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from puls.views.symbols import lettered
from puls.views.tables import TableCell
from puls.web.see.grid import Grid

register = template.Library()


@register.simple_tag
def cells(grid: Grid, drawn: Sequence[TableCell], chosen: TableCell | None = None) -> SafeString:
    """Cells that stand beside each other: each a link to its reason, or a box to tick.

    On paper, where the grid has no address, they are neither. chosen: whose reason is open.
    """
    pale = {row.key for row in grid.table.comparison} if grid.turned else frozenset()
    make = _Cells(grid)
    return mark_safe("".join(make.cell(each, each is chosen, each.unit in pale) for each in drawn))


class _Cells:
    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.start = escape(grid.cell_query)
        self.role = ' role="cell"' if grid.big else ""
        self.told = _("chosen for a meeting")

    def cell(self, cell: TableCell, chosen: bool, pale: bool) -> str:
        grid = self.grid
        classes = "first " if (cell.unit if grid.turned else cell.indicator) in grid.firsts else ""
        classes = (classes + ("pale" if pale else "")).strip()
        around = f' class="{classes}"' if classes else ""
        return f"<td{around}{self.role}>{self.inside(cell, chosen)}</td>"

    def inside(self, cell: TableCell, chosen: bool) -> str:
        looks = f"cell look {_look(cell)}"
        if not self.grid.cell_query:
            return f'<span class="{looks}">{_figure(cell, True)}{self.word(cell)}</span>'
        at = f"{escape(cell.unit)}.{escape(cell.indicator)}"
        picked = (cell.unit, cell.indicator) in self.grid.picked
        figure, word = _figure(cell), self.word(cell)
        if self.grid.picking:
            ticked = " checked" if picked else ""
            return (
                f'<label class="{looks}"><input type="checkbox" name="valgt" value="{at}"'
                f' aria-label="{escape(cell.label)}"{ticked}>{figure}{word}</label>'
            )
        label = f"{cell.label}, {self.told}" if picked else cell.label
        current = ' aria-current="true"' if chosen else ""
        return (
            f'<a class="{looks}{" picked" if picked else ""}" href="{self.start}{at}#forklaring"'
            f' aria-label="{escape(label)}"{current}>{figure}{word}</a>'
        )

    def word(self, cell: TableCell) -> str:
        if cell.look == "elsewhere":
            # Repeated over a column the words would shout; the accessible name still has them.
            return '<span class="word">–</span>'
        if not cell.word:
            return ""
        return f'<span class="word">{self.symbol(cell)}{escape(cell.word)}</span>'

    def symbol(self, cell: TableCell) -> str:
        """The drawing of the level; in a very large table a few letters that look like it.

        A drawing costs a browser as much as the rest of its cell, and ten thousand make it stutter.
        """
        if not cell.symbol:
            return ""
        if not self.grid.big:
            return f'<svg class="symbol" aria-hidden="true"><use href="#{cell.symbol}"/></svg>'
        return f'<i aria-hidden="true">{lettered(cell.level, cell.levels)}</i>'


def _figure(cell: TableCell, named: bool = False) -> str:
    """The number with what stands beside it. named: marks say themselves what they are."""
    if not cell.text:
        return ""
    value = f'<span class="value">{escape(cell.text)}</span>'
    beside = "".join(_sign(sign.symbol, sign.word if named else "") for sign in cell.marked)
    if cell.tag:
        beside += f' <span class="tag">{escape(cell.tag)}</span>'
    return f'<span class="figure">{value}{beside}</span> ' if beside else f"{value} "


def _look(cell: TableCell) -> str:
    return f"{cell.look} pooled" if cell.years > 1 else cell.look


def _sign(symbol: str, word: str) -> str:
    """A mark beside a value; in a cell with an accessible name that name says it in words."""
    kind = symbol.partition("-")[0]
    said = f'role="img" aria-label="{escape(word)}"' if word else 'aria-hidden="true"'
    return f'<svg class="sign {kind}" {said}><use href="#{symbol}"/></svg>'
