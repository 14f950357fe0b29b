"""Texts that people write: Markdown in, tame HTML or plain words out.

Two guards stand behind each other. The reader of Markdown knows no HTML, and whatever is no
picture of our own or no https link becomes plain words before it is HTML. nh3 then lets through
what is on its list, and nothing else, in case the first guard has a hole.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

LONGEST = 10_000
"""Letters of one text, some four pages. The rest is not read: some texts take a time that grows
with the square of their length, at most half a second for this one."""
DEEPEST_HEADING = 6
UUID_PATTERN = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
OWN_PICTURE = re.compile(f"/bilde/({UUID_PATTERN})")
OWN_FILE = re.compile(f"/fil/({UUID_PATTERN})")
HTTPS = re.compile(r"https://[^\s/?#]+\S*", re.IGNORECASE)

TAGS = {
    "p", "br", "hr", "em", "strong", "blockquote", "code", "pre", "ul", "ol", "li", "a", "img",
    "table", "thead", "tbody", "tr", "th", "td", "h1", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt", "loading"}, "ol": {"start"}}

MOST_CELLS = 20_000
"""Of a table. A short row is filled up with cells to the width of its head, so that a wide head and
many rows of one letter would make half a million of them."""

_without_tables = MarkdownIt("commonmark", {"html": False, "maxNesting": 20})
_reader = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table")


def render(markdown: str, top: int = 3) -> SafeString:
    """The text as HTML for a page. top: the level that its first heading gets there.

    A heading is at most one deeper than the one it lies under, however it was written, so that
    the page's headings stay in order. Never fails, whatever the text is.
    """
    tokens = _tamed(_read(markdown))
    _fit_headings(tokens, top)
    html = _reader.renderer.render(tokens, _reader.options, {})
    return mark_safe(
        nh3.clean(
            html,
            tags=TAGS,
            attributes=ATTRIBUTES,
            attribute_filter=_attribute,
            url_schemes={"https"},
            link_rel="noopener nofollow",
        )
    )


def plain(markdown: str) -> str:
    """The words of the text alone, an empty line between its blocks; pictures as their words."""
    blocks = (
        ("".join(_words(token.children or [])) if token.children else token.content).strip()
        for token in _read(markdown)
        if token.type in ("inline", "fence", "code_block")
    )
    return "\n\n".join(block for block in blocks if block)


def pictures_in(markdown: str) -> frozenset[UUID]:
    """The keys of the pictures of our own that the text shows."""
    return frozenset(_keys(markdown, OWN_PICTURE, "image", "src"))


def files_in(markdown: str) -> frozenset[UUID]:
    """The keys of the files of our own that the text links to."""
    return frozenset(_keys(markdown, OWN_FILE, "link_open", "href"))


def _keys(markdown: str, own: re.Pattern[str], kind: str, attribute: str) -> Iterator[UUID]:
    for block in _read(markdown):
        for token in block.children or []:
            found = own.fullmatch(str(token.attrGet(attribute))) if token.type == kind else None
            if found:
                yield UUID(found[1])


def _read(markdown: str) -> list[Token]:
    """The blocks of a text. One that could be a boundless table is read without tables."""
    text = markdown[:LONGEST]
    lines = text.splitlines()
    widest = max((line.count("|") for line in lines), default=0)
    reader = _reader if widest * len(lines) <= MOST_CELLS else _without_tables
    return reader.parse(text)


def _is_good_link(address: object) -> bool:
    return bool(HTTPS.fullmatch(str(address)) or OWN_FILE.fullmatch(str(address)))


def _tamed(tokens: Iterable[Token]) -> list[Token]:
    """The same blocks, with plain words for pictures and links that lead where they must not."""
    tamed = []
    for token in tokens:
        # How a column is aligned would be a style, which our pages refuse; a fence's language is
        # of no use.
        token.attrs = {"start": token.attrs["start"]} if "start" in token.attrs else {}
        token.info = ""
        if token.children:
            token.children = list(_inline(token.children))
        tamed.append(token)
    return tamed


def _inline(tokens: Iterable[Token]) -> Iterator[Token]:
    kept: list[bool] = []
    for token in tokens:
        if token.type == "link_open":
            kept.append(_is_good_link(token.attrGet("href")))
            token.attrs = {"href": token.attrs["href"]}
            if kept[-1]:
                yield token
        elif token.type == "link_close":
            if kept.pop():
                yield token
        elif token.type == "image":
            yield _picture(token)
        else:
            yield token


def _picture(token: Token) -> Token:
    """A picture of our own, or its words."""
    address = str(token.attrGet("src"))
    words = "".join(_words(token.children or []))
    if not OWN_PICTURE.fullmatch(address):
        return Token("text", "", 0, content=words)
    # Its words go into one attribute, so nothing of what stood in the brackets is drawn.
    child = [Token("text", "", 0, content=words)] if words else []
    attrs: dict[str, str | int | float] = {"src": address, "alt": "", "loading": "lazy"}
    return Token("image", "img", 0, attrs=attrs, children=child, content=words)


def _words(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "image":
            yield from _words(token.children or [])
        elif token.type in ("softbreak", "hardbreak"):
            yield " "
        else:
            yield token.content


def _fit_headings(tokens: Iterable[Token], top: int) -> None:
    """Levels as they lie in each other: the first is `top`, none skips one."""
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
            while above and above[-1] >= level:
                above.pop()
            above.append(level)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(top + len(above) - 1, DEEPEST_HEADING)}"


def _attribute(tag: str, attribute: str, value: str) -> str | None:
    allowed: Mapping[tuple[str, str], Any] = {
        ("a", "href"): _is_good_link,
        ("img", "src"): OWN_PICTURE.fullmatch,
    }
    rule = allowed.get((tag, attribute))
    return value if rule is None or rule(value) else None
