"""A dialogue map in words: the same as the picture, as lists."""

from collections.abc import Iterable, Mapping
from html import escape

from puls.views import symbols
from puls.views.charts.dialogue_parts import Column, Node


def listing(columns: Iterable[Column], words: Mapping[str, str]) -> str:
    """The columns of a dialogue map as lists, for phones and screen readers: the same in words.

    words: map.unclear {others}, as the map itself has it.
    """
    parts = []
    for column in columns:
        items = "".join(f"<li>{_item(node, words)}</li>" for node in column.nodes)
        parts.append(
            f'<section><h3>{escape(column.name)}</h3><ol class="map-list">{items}</ol></section>'
        )
    return f'<div class="map-lists">{"".join(parts)}</div>'


def _item(node: Node, words: Mapping[str, str]) -> str:
    name = escape(node.name)
    if node.href:
        current = ' aria-current="true"' if node.chosen else ""
        name = f'<a href="{escape(node.href)}"{current}>{name}</a>'
    spot = node.spot
    if spot.level is not None:
        look = f"l{spot.level}of{spot.levels}"
        sign = symbols.bars(spot.level, spot.levels)
    elif spot.uncertain:
        look, sign = "uncertain", symbols.dots()
    else:
        look, sign = ("plain" if spot.text else "hidden"), ""
    if sign:
        view = f'viewBox="0 0 {symbols.WIDTH} {symbols.HEIGHT}"'
        sign = f'<svg class="symbol" {view} aria-hidden="true" focusable="false">{sign}</svg>'
    value = " ".join(part for part in (spot.text, spot.arrow) if part)
    chip = f"<b>{escape(value)}</b> " if value else ""
    said = [*node.told, *node.thought]
    if node.unclear:
        said.append(words["map.unclear"].format(others=", ".join(node.unclear)))
    told = "".join(f"<li>{escape(sentence)}</li>" for sentence in said)
    told = f'<ul class="map-told">{told}</ul>' if told else ""
    word = " · ".join(part for part in (spot.word, spot.tag) if part)
    return (
        f'<div class="map-item"><span class="map-name">{name}</span>'
        f'<span class="look chip {look}">{sign}{chip}{escape(word)}</span></div>{told}'
    )
