"""A survey between its form and its row: what is typed, moved about, kept, and what it lacks.

A `Sheet` is the form as it stands, complete or not. Items and constructs carry the keys that they
had before; who gets a new key, `written` decides: changed words are another question, and years of
two questions are never one line.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from puls.content.builders import AUDIENCES
from puls.content.definitions import MOST_ITEMS
from puls.content.own import OwnDefinition
from puls.web.own.lacking import Written

MOST_CONSTRUCTS = 12
LONGEST = {"name": 80, "intro": 600, "construct": 40, "item": 200}
"""Letters of each part."""
Words = dict[str, str]
"""By language."""


@dataclass(frozen=True)
class ItemSheet:
    words: Words = field(default_factory=dict)
    reversed: bool = False
    key: str = ""


@dataclass(frozen=True)
class ConstructSheet:
    name: Words = field(default_factory=dict)
    area: str = ""
    role: str = ""
    criteria: str = ""
    items: tuple[ItemSheet, ...] = (ItemSheet(), ItemSheet(), ItemSheet())
    key: str = ""


@dataclass(frozen=True)
class Sheet:
    name: Words = field(default_factory=dict)
    intro: Words = field(default_factory=dict)
    audience: str = AUDIENCES[0]
    scale: str = ""
    constructs: tuple[ConstructSheet, ...] = (ConstructSheet(),)


def read(given: Mapping[str, str], languages: Sequence[str]) -> Sheet:
    """The form as it was sent. Whatever was tampered with is left out, not refused."""

    def words(start: str) -> Words:
        found = {each: given.get(f"{start}_{each}", "").strip() for each in languages}
        return {each: text.replace("\r\n", "\n") for each, text in found.items() if text}

    constructs = []
    for at in range(MOST_CONSTRUCTS):
        if f"c{at}_area" not in given:
            break
        items = []
        for number in range(MOST_ITEMS):
            start = f"c{at}_i{number}"
            if f"{start}_{languages[0]}" not in given:
                break
            is_reversed = f"{start}_reversed" in given
            items.append(ItemSheet(words(start), is_reversed, given.get(f"{start}_key", "")))
        constructs.append(
            ConstructSheet(
                words(f"c{at}_name"),
                given[f"c{at}_area"],
                given.get(f"c{at}_role", ""),
                given.get(f"c{at}_criteria", ""),
                tuple(items),
                given.get(f"c{at}_key", ""),
            )
        )
    return Sheet(
        words("name"),
        words("intro"),
        given.get("audience", ""),
        given.get("scale", ""),
        tuple(constructs),
    )


def of_row(body: Mapping[str, Any], words: Mapping[str, Mapping[str, str]]) -> Sheet:
    """A kept survey as its form begins."""

    def said(name: str) -> Words:
        return {each: of[name] for each, of in words.items() if of.get(name)}

    told = {each["key"]: each for each in body.get("indicators", [])}
    constructs = []
    for each in body.get("constructs", []):
        key = each["key"]
        about = told.get(key, {})
        items = (
            ItemSheet(said(f"item.{item['key']}"), bool(item.get("reversed")), item["key"])
            for item in each["items"]
        )
        constructs.append(
            ConstructSheet(
                said(f"construct.{key}"),
                about.get("area", ""),
                about.get("role", ""),
                about.get("criteria", ""),
                tuple(items),
                key,
            )
        )
    return Sheet(
        said("name"),
        said("intro"),
        body.get("audience", ""),
        body.get("scale", ""),
        tuple(constructs),
    )


def act(sheet: Sheet, wanted: str) -> Sheet:
    """The sheet after a button: "add", "add:2", "up:2", "down:2", "out:2", "up:2:1" ...

    One number is a construct, two are an item of it. What is not possible changes nothing.
    """
    what, *places = wanted.split(":")
    at = [
        int(each) if each.isascii() and each.isdigit() and len(each) < 4 else -1 for each in places
    ]
    if not at:
        more = what == "add" and len(sheet.constructs) < MOST_CONSTRUCTS
        return replace(sheet, constructs=(*sheet.constructs, ConstructSheet())) if more else sheet
    if not 0 <= at[0] < len(sheet.constructs):
        return sheet
    if len(at) == 1 and what != "add":
        return replace(sheet, constructs=_moved(sheet.constructs, what, at[0]))
    one = sheet.constructs[at[0]]
    if what == "add":
        items = (*one.items, ItemSheet())[:MOST_ITEMS]
    else:
        items = _moved(one.items, what, at[1])
    changed = replace(one, items=items)
    return replace(
        sheet, constructs=(*sheet.constructs[: at[0]], changed, *sheet.constructs[at[0] + 1 :])
    )


def _moved(line: tuple[Any, ...], what: str, at: int) -> tuple[Any, ...]:
    if not 0 <= at < len(line):
        return line
    rest = [each for place, each in enumerate(line) if place != at]
    if what == "out":
        return tuple(rest)
    to = {"up": at - 1, "down": at + 1}.get(what, at)
    rest.insert(min(max(to, 0), len(rest)), line[at])
    return tuple(rest)


def written(
    sheet: Sheet,
    stem: str,
    version: int,
    before: Sequence[OwnDefinition] = (),
    known: Mapping[str, Any] | None = None,
) -> Written:
    """The sheet as it is kept, with a key for all that is asked.

    before: the published versions, the oldest first. known: the body that the draft has now.
    """
    used = _Used(stem, before, known or {})
    constructs, indicators, words = [], [], _words({"name": sheet.name, "intro": sheet.intro})
    for each in sheet.constructs:
        if not (each.name or each.area or each.role or any(item.words for item in each.items)):
            continue
        key = used.construct(each.key, sheet.scale)
        items = []
        for item in each.items:
            if not item.words:
                continue
            name = used.item(item, sheet.scale)
            items.append({"key": name, **({"reversed": True} if item.reversed else {})})
            _add(words, f"item.{name}", item.words)
        constructs.append({"key": key, "items": items})
        _add(words, f"construct.{key}", each.name)
        about: dict[str, Any] = {"key": key, "area": each.area, "role": each.role}
        if each.criteria:
            about["criteria"] = each.criteria
        indicators.append({**about, "version": used.indicator_version(key, items)})
    body = {
        "key": stem,
        "version": version,
        "audience": sheet.audience,
        "scale": sheet.scale,
        "constructs": constructs,
        "indicators": indicators,
        "area": next((each.area for each in sheet.constructs if each.area), ""),
    }
    return Written(body, words)


def _words(parts: Mapping[str, Words]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, said in parts.items():
        _add(found, name, said)
    return found


def _add(words: dict[str, dict[str, str]], name: str, said: Words) -> None:
    for language, text in said.items():
        words.setdefault(language, {})[name] = text


class _Used:
    """Which keys are taken, and what was asked under them."""

    def __init__(
        self, stem: str, before: Sequence[OwnDefinition], known: Mapping[str, Any]
    ) -> None:
        self.stem = stem
        self.asked: dict[str, tuple[Words, bool, str]] = {}
        self.scales: dict[str, str] = {}
        self.versions: dict[str, tuple[int, frozenset[tuple[str, bool]]]] = {}
        bodies = [each.body for each in before]
        for each in before:
            sheet = of_row(each.body, each.words)
            for construct in sheet.constructs:
                self.scales[construct.key] = sheet.scale
                for item in construct.items:
                    self.asked[item.key] = (item.words, item.reversed, sheet.scale)
            for about, construct_row in zip(
                each.body["indicators"], each.body["constructs"], strict=True
            ):
                self.versions[about["key"]] = about["version"], _items(construct_row["items"])
        rows = [row for body in (*bodies, known) for row in body.get("constructs", [])]
        self.constructs = {row["key"] for row in rows}
        self.items = {item["key"] for row in rows for item in row["items"]}
        self.given: set[str] = set()
        self.next_construct = 1 + max(map(_number, self.constructs), default=0)
        self.next_item = 1 + max(map(_number, self.items), default=0)

    def construct(self, key: str, scale: str) -> str:
        """The construct's own key, or a new one: for a new one, and for another scale."""
        if key in self.constructs - self.given and self.scales.get(key, scale) == scale:
            self.given.add(key)
            return key
        made = f"{self.stem}_c{self.next_construct}"
        self.next_construct += 1
        return made

    def item(self, item: ItemSheet, scale: str) -> str:
        """The item's own key, unless something else was asked under it once."""
        now = (item.words, item.reversed, scale)
        if item.key in self.items - self.given and self.asked.get(item.key, now) == now:
            self.given.add(item.key)
            return item.key
        made = f"i{self.next_item}"
        self.next_item += 1
        return made

    def indicator_version(self, key: str, items: Sequence[Mapping[str, Any]]) -> int:
        version, asked = self.versions.get(key, (1, _items(items)))
        return version if asked == _items(items) else version + 1


def _items(rows: Sequence[Mapping[str, Any]]) -> frozenset[tuple[str, bool]]:
    return frozenset((row["key"], bool(row.get("reversed"))) for row in rows)


def _number(key: str) -> int:
    found = re.search(r"(\d+)$", key)
    return int(found[1]) if found else 0
