"""The cells of a colour table as HTML.

In Python rather than in a template: a large table has thousands of cells, and one costs 10
microseconds here against 80 there. Escaping is the standard library's for the same reason.
"""

from collections.abc import Collection
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from puls.views.tables import Row, TableCell

register = template.Library()


@register.simple_tag
def cells(
    row: Row, firsts: Collection[str], cell_query: str, chosen: TableCell | None
) -> SafeString:
    """All cells of a row, each a link to its reason.

    firsts: the indicators that begin a new role. cell_query: the address up to the cell's own
    part. chosen: the cell whose reason is open.
    """
    start = escape(cell_query)
    return mark_safe(
        "".join(_cell(cell, cell.indicator in firsts, start, cell is chosen) for cell in row.cells)
    )


def _cell(cell: TableCell, first: bool, start: str, chosen: bool) -> str:
    value = ""
    if cell.text:
        beside = "".join(_sign(sign.symbol) for sign in cell.marked)
        if cell.tag:
            beside += f' <span class="tag">{escape(cell.tag)}</span>'
        value = (
            f'<span class="figure"><span class="value">{escape(cell.text)}</span>{beside}</span>'
        )
    word = ""
    if cell.look == "elsewhere":
        # Repeated over a column the words would shout; the accessible name still has them.
        word = '<span class="word">–</span>'
    elif cell.word:
        symbol = (
            f'<svg class="symbol" aria-hidden="true"><use href="#{cell.symbol}"/></svg>'
            if cell.symbol
            else ""
        )
        word = f'<span class="word">{symbol}{escape(cell.word)}</span>'
    current = ' aria-current="true"' if chosen else ""
    where = f"{start}{escape(cell.unit)}.{escape(cell.indicator)}"
    return (
        f'<td{" class=first" if first else ""}><a class="cell look {_look(cell)}"'
        f' href="{where}#forklaring" aria-label="{escape(cell.label)}"{current}>'
        f"{value} {word}</a></td>"
    )


def _look(cell: TableCell) -> str:
    return f"{cell.look} pooled" if cell.years > 1 else cell.look


def _sign(symbol: str) -> str:
    """A mark beside a value; the cell's accessible name says it in words."""
    kind = symbol.partition("-")[0]
    return f'<svg class="sign {kind}" aria-hidden="true"><use href="#{symbol}"/></svg>'
