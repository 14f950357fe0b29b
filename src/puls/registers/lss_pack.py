"""A survey of LimeSurvey as files of a pack: its definition, its scale, its words.

What cannot be carried over is told question by question. A survey in Puls has one scale, items
that everybody is asked, and answers that are a step of the scale or nothing.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from puls.content.definitions import MOST_ITEMS
from puls.errors import PulsError
from puls.registers.known import NOBODY_SAID, alike
from puls.registers.lss import Choice, Question, Structure, Texts
from puls.registers.lss_kinds import FIXED, ITEMS, LISTS, NO_ITEMS, NOTES, SKIP

_NORWEGIAN = str.maketrans("øå", "oa") | {ord("æ"): "ae", ord("ß"): "ss"}
MOST_STEPS, MOST_OPTIONS = 11, 20
LONGEST_KEY = 40


@dataclass(frozen=True)
class Steps:
    """A scale: the number of its first step, the words of each, and those for no answer."""

    low: int
    steps: tuple[Texts, ...]
    skip: Texts

    @property
    def like(self) -> tuple[object, ...]:
        """What two questions with the same scale have in common."""
        return self.low, *(tuple(sorted(each.items())) for each in self.steps)


@dataclass(frozen=True)
class Carried:
    """files: text by path below the pack's folder. told: (question, what became of it)."""

    key: str
    languages: tuple[str, ...]
    files: dict[str, str]
    told: tuple[tuple[str, str], ...]
    items: int


@dataclass
class _Made:
    key: str
    languages: dict[str, str]
    """Languages of the pack, with the file's own names of them."""
    base: str
    told: list[tuple[str, str]] = field(default_factory=list)
    constructs: list[dict[str, Any]] = field(default_factory=list)
    background: list[dict[str, Any]] = field(default_factory=list)
    words: dict[str, dict[str, Any]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def tell(self, what: str, problem: str) -> None:
        self.told.append((what, problem))

    def say(self, where: str, texts: Texts, what: str, otherwise: str = "") -> None:
        """Words in every language; what one lacks is told, and stands in the survey's own."""
        fallback = texts.get(self.base) or next((t for t in texts.values() if t), otherwise)
        for language, own in self.languages.items():
            text = texts.get(own, "")
            if not text:
                text = fallback or f"({what})"
                self.tell(what, f"no words in '{own}': '{text[:50]}' stands in their place")
            at: dict[Any, Any] = self.words.setdefault(language, {})
            *above, last = where.split(".")
            for part in above:
                at = at.setdefault(part, {})
            at[int(last) if last.isdigit() else last] = text

    def name(self, *parts: str) -> str:
        """A key that is not taken yet."""
        stem = made = key_of("_".join(part for part in parts if part))
        number = 2
        while made in self.taken:
            made, number = f"{stem}_{number}", number + 1
        self.taken.add(made)
        return made


def carry(structure: Structure, audience: str, key: str = "") -> Carried:
    """The survey as files of a pack. PulsError where nothing of it can be carried over."""
    languages: dict[str, str] = {}
    for own in structure.languages:
        languages.setdefault(language_of(own), own)
    title = structure.title.get(structure.languages[0], "") or "survey"
    made = _Made(key or key_of(title), languages, structure.languages[0])
    scales = {id(q): _scale(q) for q in structure.questions if q.kind in (*ITEMS, *LISTS, "5")}
    chosen = _most_used(structure.questions, scales)
    if chosen is None:
        raise PulsError(
            "No question of the survey has answers on a scale, so there is nothing to carry over. "
            "Puls takes arrays (F, A, B), five-point choices (5), and lists that share their scale."
        )
    singles: dict[int, list[Question]] = {}
    for question in structure.questions:
        what = question.code or "(no code)"
        scale = scales.get(id(question))
        if question.kind in NO_ITEMS or question.kind not in (*ITEMS, *LISTS, "5"):
            kind = NO_ITEMS.get(question.kind, f"of the kind '{question.kind}'")
            made.tell(what, f"left out: its answer is {kind}")
            continue
        if scale is not None and scale.like == chosen.like:
            _notes(made, question)
            if question.kind in ITEMS:
                _array(made, question)
            else:
                singles.setdefault(question.group, []).append(question)
        elif question.kind in LISTS and 2 <= len(_choices(question)) <= MOST_OPTIONS:
            _notes(made, question)
            _background(made, question)
        else:
            count = len(scale.steps) if scale else 0
            made.tell(what, f"left out: another scale ({count} steps); make a survey of its own")
    for group, questions in singles.items():
        _single(made, structure.groups[group] if structure.groups else {}, questions)
    return _carried(made, structure, chosen, audience)


def key_of(text: str) -> str:
    """Words as a key: small letters, digits and _."""
    norwegian = text.casefold().translate(_NORWEGIAN)
    bare = unicodedata.normalize("NFKD", norwegian).encode("ascii", "ignore").decode()
    made = re.sub(r"[^a-z0-9]+", "_", bare).strip("_")[:LONGEST_KEY].rstrip("_")
    return made if made[:1].isalpha() else f"q_{made}".rstrip("_")


def language_of(own: str) -> str:
    """The pack's name of a language: "de" for "de-informal", "nb" for "no"."""
    short = own.partition("-")[0].casefold()
    return {"no": "nb"}.get(short, short)


def _choices(question: Question) -> list[Choice]:
    """Without those that mean no answer."""
    return [c for c in question.choices if not _says_nothing(c)]


def _says_nothing(choice: Choice) -> bool:
    return any(alike(text) in NOBODY_SAID and text for text in choice.texts.values())


def _scale(question: Question) -> Steps | None:
    """The scale that a question is answered on; None where it has none that Puls can take."""
    if question.kind in FIXED:
        numbers = range(1, FIXED[question.kind] + 1)
        return Steps(1, tuple({"": str(number)} for number in numbers), {})
    steps = _choices(question)
    if not 2 <= len(steps) <= MOST_STEPS:
        return None
    codes = [int(c.code) if c.code.isascii() and c.code.isdigit() else -1 for c in steps]
    plain = codes == list(range(codes[0], codes[0] + len(codes))) and codes[0] in (0, 1)
    low = codes[0] if plain else 0 if len(steps) == MOST_STEPS else 1
    skip = next((c.texts for c in question.choices if _says_nothing(c)), {})
    return Steps(low, tuple(c.texts for c in steps), skip)


def _most_used(questions: Sequence[Question], scales: dict[int, Steps | None]) -> Steps | None:
    counts: Counter[tuple[object, ...]] = Counter()
    first: dict[tuple[object, ...], Steps] = {}
    for question in questions:
        scale = scales.get(id(question))
        if scale is not None and (question.kind in ITEMS or question.kind == "5"):
            counts[scale.like] += len(question.parts) if question.kind in ITEMS else 1
            before = first.setdefault(scale.like, scale)
            if scale.skip and not before.skip:
                first[scale.like] = scale
    if not counts:
        # A survey of lists alone: the one that most of them share, if two do.
        counts = Counter(s.like for s in scales.values() if s is not None)
        first = {s.like: s for s in scales.values() if s is not None}
        if not counts or counts.most_common(1)[0][1] < 2:
            return None
    return first[counts.most_common(1)[0][0]]


def _notes(made: _Made, question: Question) -> None:
    for note in question.notes:
        made.tell(question.code, NOTES[note])


def _array(made: _Made, question: Question) -> None:
    parts = question.parts
    if not parts:
        made.tell(question.code, "left out: it has no subquestions")
        return
    groups = [parts[at : at + MOST_ITEMS] for at in range(0, len(parts), MOST_ITEMS)]
    if len(groups) > 1:
        made.tell(
            question.code,
            f"{len(parts)} subquestions are cut into {len(groups)} constructs, as one has at most "
            f"{MOST_ITEMS} items: move them to where they belong together",
        )
    for number, group in enumerate(groups, start=1):
        suffix = str(number) if len(groups) > 1 else ""
        construct = made.name(made.key, question.code, suffix)
        numbered = {lang: f"{text} ({number})" if suffix else text
                    for lang, text in question.texts.items() if text}  # fmt: skip
        made.say(f"construct.{construct}.name", numbered, question.code)
        items = []
        for part in group:
            item = made.name(question.code, part.code)
            made.say(f"item.{made.key}.{item}", part.texts, f"{question.code}[{part.code}]")
            items.append({"key": item})
        made.constructs.append({"key": construct, "items": items})


def _single(made: _Made, name: Texts, questions: Sequence[Question]) -> None:
    """Single questions on the scale: those of a group are a construct."""
    for at in range(0, len(questions), MOST_ITEMS):
        group = questions[at : at + MOST_ITEMS]
        construct = made.name(made.key, "group", group[0].code)
        what = f"the group of {group[0].code}"
        made.say(f"construct.{construct}.name", name, what, otherwise=group[0].code)
        items = []
        for question in group:
            item = made.name(question.code)
            made.say(f"item.{made.key}.{item}", question.texts, question.code)
            items.append({"key": item})
        made.constructs.append({"key": construct, "items": items})


def _background(made: _Made, question: Question) -> None:
    asked = made.name(made.key, question.code)
    stem = f"background.{asked}"
    made.say(f"{stem}.name", question.texts, question.code)
    made.say(f"{stem}.question", question.texts, question.code)
    options: list[str] = []
    for choice in _choices(question):
        option = _option(choice, options)
        made.say(f"{stem}.{option}", choice.texts, f"{question.code}, {choice.code}")
        made.say(f"{stem}.one_{option}", choice.texts, f"{question.code}, {choice.code}")
        options.append(option)
    made.background.append({"key": asked, "options": options})
    made.tell(
        question.code,
        "taken as a question about the person. Take it out of 'background' unless results are to "
        "be shown by it: the more is asked of a person, the less anonymous the answers are",
    )


def _option(choice: Choice, taken: Sequence[str]) -> str:
    stem = made = key_of(choice.code)
    number = 2
    while made in taken or made in ("name", "question"):
        made, number = f"{stem}_{number}", number + 1
    return made


def _carried(made: _Made, structure: Structure, chosen: Steps, audience: str) -> Carried:
    high = chosen.low + len(chosen.steps) - 1
    scale = made.name(made.key, str(chosen.low), str(high))
    for number, texts in enumerate(chosen.steps, start=chosen.low):
        fixed = dict.fromkeys(made.languages.values(), texts[""]) if "" in texts else texts
        made.say(f"scale.{scale}.{number}", fixed, f"step {number} of the scale")
    if "" in chosen.steps[0]:
        made.tell("the scale", "its steps have numbers for words: write what they mean")
    skip = {own: chosen.skip.get(own) or SKIP.get(language, SKIP["en"])
            for language, own in made.languages.items()}  # fmt: skip
    made.say(f"scale.{scale}.skip", skip, "no answer")
    made.say(f"survey.{made.key}.name", structure.title, "the title")
    made.say(f"survey.{made.key}.intro", structure.welcome, "the welcome", "…")
    first, last = (each.get(made.base, "") or each.get("", "") for each in
                   (chosen.steps[0], chosen.steps[-1]))  # fmt: skip
    made.tell(
        "the scale",
        f"{chosen.low} is '{first}' and {high} is '{last}'. If the first is the best, turn the "
        "order; set 'reversed: true' at items where agreeing is bad",
    )
    survey: dict[str, Any] = {"key": made.key, "version": 1, "audience": audience, "scale": scale}
    if made.background:
        survey["background"] = made.background
    survey["constructs"] = made.constructs
    files = {
        f"scales/{scale}.yaml": _yaml({"key": scale, "low": chosen.low, "high": high}),
        f"surveys/{made.key}.v1.yaml": _yaml(survey),
    }
    for language, words in made.words.items():
        files[f"text/{language}/{made.key}.yaml"] = _yaml(words)
    items = sum(len(each["items"]) for each in made.constructs)
    return Carried(made.key, tuple(made.languages), files, tuple(made.told), items)


def _yaml(content: dict[str, Any]) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)
