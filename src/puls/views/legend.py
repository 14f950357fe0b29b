"""The legend of a colour table: every level there can be, then whatever else stands in it."""

from puls.cells import Against, Status
from puls.content.definitions import Pack
from puls.views import symbols
from puls.views.tables import ColourTable, LegendEntry

LOOKS: dict[Status, str] = {
    Status.FEW: "hidden",
    Status.LINKED: "hidden",
    Status.NO_DATA: "empty",
    Status.NOT_COMPARABLE: "apart",
}
"""What the style sheet calls a cell without a number."""


def legend(table: ColourTable, pack: Pack, language: str) -> tuple[LegendEntry, ...]:
    """Levels with the best first; of the rest only what is there."""

    def text(key: str) -> str:
        return pack.text(language, key)

    entries = []
    for levels in table.levels:
        for level in range(levels, 0, -1):
            symbol = symbols.bars_name(level, levels)
            word = text(f"level.{level}.word")
            entries.append(LegendEntry(f"l{level}of{levels}", (symbol,), word))
    drawn = [cell for row in table.all_rows for cell in row.cells]
    present = {cell.look for cell in drawn}
    if "uncertain" in present:
        words = text("uncertain.word"), text("uncertain.why")
        entries.append(LegendEntry("uncertain", ("dots",), *words))
    for status, look in LOOKS.items():
        if look in present and all(entry.look != look for entry in entries):
            words = text(f"status.{status}.word"), text(f"status.{status}.why")
            entries.append(LegendEntry(look, (), *words))
    if "elsewhere" in present:
        entries.append(LegendEntry("elsewhere", (), text("elsewhere.word")))
    for tag in sorted({cell.tag for cell in drawn if cell.tag}):
        entries.append(LegendEntry("pooled", (), tag, text("pooled.legend")))
    for against in Against:
        marked = {sign.symbol for cell in drawn for sign in cell.marked if sign.against is against}
        if marked:
            # Up before down.
            found = tuple(sorted(marked, reverse=True))
            words = text(f"mark.{against}.legend"), text(f"mark.{against}.why")
            entries.append(LegendEntry("", found, *words))
    return tuple(entries)
