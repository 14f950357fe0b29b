"""The structure of a LimeSurvey survey (.lss): what it asks, in its languages, as plain objects.

The file is XML: sections with rows with fields. It is read once, in bounded depth and number of
rows; a document type, and with it every entity that unfolds, is refused before it is read. Texts
come without their HTML.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

import nh3

from puls.errors import ImportFileError
from puls.registers.refused import Refused, Why

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 200_000
DEEPEST = 16
"""document, section, rows, row, field; what a theme is set to lies deeper, and is not read."""
EXPECTED = "the structure of a LimeSurvey survey (.lss)"
EXPORT = "In LimeSurvey: Display/Export, Survey structure (.lss)."
_TAG = re.compile(r"<[^<>]{0,2000}>")
_BLOCK = re.compile(r"</?(?:p|br|div|li|ul|ol|td|th|tr|h[1-6])\b", re.IGNORECASE)
"""What starts a new line on a page, and needs a blank where it goes."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9-]{1,30})?")
"""Its first part names folders, so nothing that leads out of them."""
_PLACEHOLDER = re.compile(r"\{[^{}]{1,500}\}")
Rows = Sequence[Mapping[str, str]]
Texts = Mapping[str, str]
"""By language, as the file calls it."""


@dataclass(frozen=True)
class Choice:
    """One possible answer."""

    code: str
    texts: Texts


@dataclass(frozen=True)
class Question:
    """kind: LimeSurvey's letter. parts: its subquestions. notes: what it has that texts have not:
    "logic", "placeholder", "other", "hidden", "random", "filter"."""

    code: str
    kind: str
    group: int
    texts: Texts
    choices: tuple[Choice, ...] = ()
    parts: tuple[Choice, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Structure:
    """languages: the survey's own first. groups: their names, in order."""

    title: Texts
    welcome: Texts
    languages: tuple[str, ...]
    groups: tuple[Texts, ...]
    questions: tuple[Question, ...]


def read(file: Path) -> Structure:
    """The survey in a file. ImportFileError with what was expected."""
    name = file.name
    try:
        size = file.stat().st_size
        data = file.read_bytes() if size <= MOST_BYTES else b""
    except OSError as slip:
        problem = f"cannot be opened ({slip.strerror or slip})"
        raise ImportFileError(str(file), "", problem, EXPECTED, "Check the path.") from None
    if size > MOST_BYTES:
        raise Refused(name, Why.TOO_LARGE, most=MOST_BYTES // 1024**2)
    if not data.strip():
        raise Refused(name, Why.EMPTY)
    return _structure(name, _Reader(name).read(data))


@dataclass
class _Reader:
    """Collects the rows of each section."""

    name: str
    sections: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    _path: list[str] = field(default_factory=list)
    _text: list[str] = field(default_factory=list)
    _rows: int = 0

    def read(self, data: bytes) -> dict[str, list[dict[str, str]]]:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._document_type
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        try:
            parser.Parse(data, True)
        except expat.ExpatError as slip:
            raise ImportFileError(
                self.name, f"line {slip.lineno}", "not XML that can be read", EXPECTED, EXPORT
            ) from None
        except (LookupError, ValueError):
            raise Refused(self.name, Why.ENCODING) from None
        return self.sections

    def _document_type(self, *_told: object) -> None:
        raise Refused(self.name, Why.DOCUMENT_TYPE)

    def _start(self, tag: str, _attributes: object) -> None:
        self._path.append(tag)
        self._text.clear()
        if len(self._path) > DEEPEST:
            raise Refused(self.name, Why.TOO_DEEP)
        if len(self._path) == 4 and self._path[2:] == ["rows", "row"]:
            self._rows += 1
            if self._rows > MOST_ROWS:
                raise Refused(self.name, Why.TOO_MANY_ROWS, most=f"{MOST_ROWS:,}")
            self.sections.setdefault(self._path[1], []).append({})

    def _end(self, tag: str) -> None:
        match self._path:
            case [_, section, "rows", "row", _]:
                self.sections[section][-1][tag] = "".join(self._text).strip()
            case [_, "LimeSurveyDocType"]:
                self.sections["LimeSurveyDocType"] = [{"is": "".join(self._text).strip()}]
            case [_, "languages", "language"]:
                self.sections.setdefault("languages", []).append({"is": "".join(self._text)})
            case _:
                pass
        self._path.pop()
        self._text.clear()


def plain(text: str) -> str:
    """Words without HTML, placeholders of LimeSurvey, and braces, which mean something in Puls."""
    bare = html.unescape(nh3.clean(_BLOCK.sub(r" \g<0>", text), tags=set()))
    bare = _PLACEHOLDER.sub("", bare).replace("{", "(").replace("}", ")")
    # What was written as an entity may be a tag again.
    return " ".join(_TAG.sub(" ", bare).replace("\u200b", "").split())


def _structure(name: str, sections: Mapping[str, Rows]) -> Structure:
    def wrong(problem: str) -> ImportFileError:
        return ImportFileError(name, "", problem, EXPECTED, EXPORT)

    kind = next((row["is"] for row in sections.get("LimeSurveyDocType", ())), "")
    if kind != "Survey":
        raise wrong(f"this is LimeSurvey's '{kind[:40]}'" if kind else "not from LimeSurvey")
    told = sections.get("surveys_languagesettings", ())
    questions = sections.get("questions", ())
    if not questions:
        raise wrong("it asks nothing")
    base = next((row.get("language", "") for row in sections.get("surveys", ())), "")
    languages = [each["is"].strip() for each in sections.get("languages", ())]
    ordered = dict.fromkeys(each for each in (base, *languages) if each)
    if not ordered:
        raise wrong("no language")
    strange = next((each for each in ordered if not _LANGUAGE.fullmatch(each)), None)
    if strange is not None:
        raise wrong(f"{ascii(strange)[:40]} is no language")
    places, groups = _groups(sections)
    return Structure(
        title={row.get("surveyls_language", ""): plain(row.get("surveyls_title", ""))
               for row in told},
        welcome={
            row.get("surveyls_language", ""): plain(
                row.get("surveyls_welcometext") or row.get("surveyls_description", "")
            )
            for row in told
        },
        languages=tuple(ordered),
        groups=groups,
        questions=_questions(sections, places),
    )  # fmt: skip


def _groups(sections: Mapping[str, Rows]) -> tuple[dict[str, int], tuple[Texts, ...]]:
    """Places by id, and names in order."""
    rows = {row.get("gid", ""): row for row in sections.get("groups", ())}
    order = sorted(rows, key=lambda gid: _whole(rows[gid].get("group_order", "")))
    # Since LimeSurvey 4 words stand in a section of their own, before it in the row itself.
    words = sections.get("group_l10ns") or sections.get("groups", ())
    names = [
        {row.get("language", ""): plain(row.get("group_name", "")) for row in words
         if row.get("gid", "") == gid}
        for gid in order
    ]  # fmt: skip
    return {gid: place for place, gid in enumerate(order)}, tuple(names)


def _questions(sections: Mapping[str, Rows], places: Mapping[str, int]) -> tuple[Question, ...]:
    words: dict[str, dict[str, str]] = {}
    for row in [*sections.get("question_l10ns", ()), *sections.get("questions", ()),
                *sections.get("subquestions", ())]:  # fmt: skip
        if "question" in row:
            words.setdefault(row.get("qid", ""), {})[row.get("language", "")] = row["question"]
    choices = _choices(sections)
    parts: dict[str, list[Mapping[str, str]]] = {}
    for row in _once(sections.get("subquestions", ())):
        parts.setdefault(row.get("parent_qid", ""), []).append(row)
    extras: dict[str, set[str]] = {}
    for row in sections.get("question_attributes", ()):
        note = _NOTED.get(row.get("attribute", ""))
        if note and row.get("value", "") not in ("", "0", "N"):
            extras.setdefault(row.get("qid", ""), set()).add(note)
    for row in sections.get("conditions", ()):
        extras.setdefault(row.get("qid", ""), set()).add("logic")
    made = []
    for row in _once(sections.get("questions", ())):
        qid = row.get("qid", "")
        if row.get("parent_qid", "0") not in ("", "0"):
            continue
        notes = set(extras.get(qid, ()))
        if row.get("relevance", "") not in ("", "1"):
            notes.add("logic")
        if row.get("other", "") == "Y":
            notes.add("other")
        if any(_PLACEHOLDER.search(text) for text in words.get(qid, {}).values()):
            notes.add("placeholder")
        below = sorted(parts.get(qid, ()), key=lambda each: _whole(each.get("question_order", "")))
        made.append((places.get(row.get("gid", ""), 0), _whole(row.get("question_order", "")),
            Question(
                code=row.get("title", ""),
                kind=row.get("type", ""),
                group=places.get(row.get("gid", ""), 0),
                texts=_plain(words.get(qid, {})),
                choices=tuple(choices.get(qid, ())),
                parts=tuple(
                    Choice(each.get("title", ""), _plain(words.get(each.get("qid", ""), {})))
                    for each in below if each.get("scale_id", "0") in ("", "0")
                ),
                notes=tuple(sorted(notes)),
            )))  # fmt: skip
    return tuple(question for *_, question in sorted(made, key=lambda each: each[:2]))


_NOTED = {"array_filter": "filter", "array_filter_exclude": "filter", "hidden": "hidden",
          "random_order": "random", "answer_order": "random"}  # fmt: skip


def _choices(sections: Mapping[str, Rows]) -> dict[str, list[Choice]]:
    words: dict[str, dict[str, str]] = {}
    for row in sections.get("answer_l10ns", ()):
        words.setdefault(row.get("aid", ""), {})[row.get("language", "")] = row.get("answer", "")
    older: dict[tuple[str, str], dict[str, str]] = {}
    found: dict[str, dict[str, tuple[int, dict[str, str]]]] = {}
    for row in sections.get("answers", ()):
        qid, code = row.get("qid", ""), row.get("code", "")
        if row.get("scale_id", "0") not in ("", "0"):
            continue
        texts = words.get(row.get("aid", ""), {})
        if "answer" in row:
            texts = older.setdefault((qid, code), {})
            texts[row.get("language", "")] = row["answer"]
        found.setdefault(qid, {})[code] = (_whole(row.get("sortorder", "")), texts)
    return {
        qid: [
            Choice(code, _plain(texts))
            for code, (_, texts) in sorted(by_code.items(), key=lambda each: each[1][0])
        ]
        for qid, by_code in found.items()
    }


def _once(rows: Rows) -> list[Mapping[str, str]]:
    """A row a question: older files repeat each for every language."""
    return list({row.get("qid", ""): row for row in reversed(rows)}.values())[::-1]


def _plain(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: plain(text) for language, text in texts.items()}


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
