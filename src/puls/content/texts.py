"""The words of a pack: read, flattened to dotted keys, and complete in every language.

Complete means both directions: every definition has its words, and no words are left over,
so that a slip of spelling is found and not just an empty place on a page.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from string import Formatter
from typing import Any

from puls.cells import Status
from puls.content.charted import CHARTED
from puls.content.definitions import Country, Pack, Role, Rubric
from puls.content.practices import words as words_of_examples
from puls.content.reading import load_yaml, yaml_files
from puls.content.told import TOLD
from puls.errors import ContentError

Words = dict[str, str]
Wanted = dict[str, frozenset[str]]
"""By text key: the placeholders that its sentence may use."""

_CUT = ("level", "value", "cut", "setter")
_BETWEEN = ("level", "value", "cut_low", "cut_high", "setter")
_ANSWERS = ("low", "high", "n")

REASONS: Mapping[str, tuple[str, ...]] = {
    "and": (),
    "below.survey": (*_CUT, *_ANSWERS),
    "below.register": _CUT,
    "at_most.survey": (*_CUT, *_ANSWERS),
    "at_most.register": _CUT,
    "at_least.survey": (*_CUT, *_ANSWERS),
    "at_least.register": _CUT,
    "above.survey": (*_CUT, *_ANSWERS),
    "above.register": _CUT,
    "between.survey": (*_BETWEEN, *_ANSWERS),
    "between.register": _BETWEEN,
    "uncertain.survey": ("levels", "value", "cut", "setter", *_ANSWERS),
    "uncertain_many.survey": ("levels", "value", "cut_low", "cut_high", "setter", *_ANSWERS),
    "no_criteria.survey": ("value", *_ANSWERS),
    "no_criteria.register": ("value",),
    "lost_criteria": ("levels", "value"),
    "set_by": ("set_by", "year"),
    "all_set_by": ("set_by", "year"),
    "answers": ("n",),
    "pulled": (),
    "few": ("k",),
    "linked": ("k",),
    "no_data.survey": ("period",),
    "no_data.register": ("source", "period"),
    "no_data_note.register": ("source", "period", "note"),
    "elsewhere": ("source",),
    "not_comparable": ("period",),
    "provisional": ("source",),
    "of_unit": ("unit",),
    "corrected": ("late", "value", "n"),
    "corrected_since": (),
}  # fmt: skip
"""The sentences that say why a cell looks as it does, and what each may put in.

Where the value lies along the unit chooses the sentence. With higher_is_better: `below` the first
cut, `at_least` the last; without: `at_most` the first, `above` the last; else `between` two.
`uncertain` when the interval touches two levels with one cut between, `uncertain_many` with more.
`lost_criteria` when the pack no longer has those that a cell was judged by.
`answers` follows a `.register` sentence when a survey cell has no interval, `pulled` any whose
value lies outside its interval. `elsewhere` is for tiers that a register never measures. From
`provisional` on they are added behind. Values come in formatted: value "3,4" or "12 %", level
"svak", levels two level words joined by `and`, setter the sentence `set_by` in parentheses with a
blank before it, or nothing where `all_set_by` has said it once for a page, year of set_on, low and
high the interval, k the threshold, period "2025–26", source and unit names, note the register's
own symbol.
"""


def read_language(folder: Path, root: Path) -> tuple[Words, Words]:
    """(words by dotted key, file by dotted key) of every *.yaml in a folder of one language."""
    words: Words = {}
    places: Words = {}
    for path, name in yaml_files(folder, root):
        for key, sentence in flatten(load_yaml(path, name), name):
            if key in words:
                raise ContentError(
                    name, key, f"has words already in {places[key]}", "each key once"
                )
            words[key], places[key] = sentence, name
    return words, places


def flatten(content: Mapping[Any, Any], file: str, above: str = "") -> list[tuple[str, str]]:
    """{"area": {"results": {"name": "x"}}} -> [("area.results.name", "x")]."""
    found: list[tuple[str, str]] = []
    for part, value in content.items():
        key = f"{above}.{part}" if above else str(part)
        if isinstance(value, dict):
            found.extend(flatten(value, file, key))
        elif isinstance(value, str) and value.strip():
            # The joiner between two words lives from its blanks.
            found.append((key, value if key == "reason.and" else value.strip()))
        else:
            raise ContentError(
                file, key, f"is no words ({value!r})", "text, in quotes where needed"
            )
    return found


def wanted_by_country(country: Country) -> Wanted:
    names = [f"tier.{tier}.name" for tier in country.tier_keys]
    return dict.fromkeys(["country.name", *names], frozenset())


def wanted_by_pack(pack: Pack) -> Wanted:
    """Every text key that the pack's definitions need, with the placeholders it may use."""
    plain = [
        "pack.name",
        *(f"role.{role}.name" for role in Role),
        *(f"level.{number}.word" for number in range(1, pack.levels + 1)),
        *_named("uncertain", "word", "why"),
        "elsewhere.word",
        *(f"status.{status}.word" for status in Status if status is not Status.SHOWN),
        *(f"status.{status}.why" for status in Status if status is not Status.SHOWN),
        *(f"unit.{unit}.name" for unit in pack.units),
        *(f"department.{kind}.name" for kind in pack.departments),
    ]
    for framework in pack.frameworks:
        plain += _named(f"framework.{framework.key}", "name", "about")
        plain += [f"area.{area}.name" for area in framework.areas]
    for survey in pack.surveys.values():
        plain += _named(f"survey.{survey.key}", "name", "intro")
        plain += [f"construct.{construct.key}.name" for construct in survey.constructs]
        plain += [f"item.{survey.key}.{item.key}" for item in survey.items]
        steps = range(survey.scale.low, survey.scale.high + 1)
        plain += [f"scale.{survey.scale.key}.{step}" for step in (*steps, "skip")]
        for asked in survey.background:
            one = [f"one_{option}" for option in asked.options]
            plain += _named(f"background.{asked.key}", "name", "question", *asked.options, *one)
    for key in pack.indicators:
        plain += _named(f"indicator.{key}", "name", "short", "about")
    for rubric in pack.rubrics.values():
        plain += words_of_rubric(rubric)
    if pack.rubrics:
        plain += [f"rubric_level.{n}.{part}" for n in range(1, 5) for part in ("word", "about")]
    for process in pack.processes.values():
        plain += _named(f"process.{process.key}", "title", "about", "why")
        for number, step in enumerate(process.steps, start=1):
            parts = ["title", "how", "who", *(["problem"] if step.has_problem else [])]
            parts += [f"question_{asked}" for asked in range(1, step.questions + 1)]
            plain += _named(f"process.{process.key}.step_{number}", *parts)
    plain += words_of_examples(pack.examples)
    plain += [f"wheel.{key}.name" for key in pack.year_wheel]
    for source in {binding.source for binding in pack.bindings}:
        plain += _named(f"source.{source}", "name", "cadence", "about")
    wanted: Wanted = dict.fromkeys(plain, frozenset())
    wanted |= {f"unit.{unit}.format": frozenset({"value"}) for unit in pack.units}
    wanted["uncertain.between"] = frozenset({"levels"})
    wanted |= {f"reason.{key}": frozenset(places) for key, places in REASONS.items()}
    wanted |= {key: frozenset(places) for key, places in TOLD.items()}
    wanted |= {f"chart.{key}": frozenset(places) for key, places in CHARTED.items()}
    if pack.similar:
        wanted |= dict.fromkeys(("similar.name", "similar.none"), frozenset())
        wanted["similar.reason"] = frozenset(
            {"value", "count", "smallest", "largest", "low", "high"}
        )
    for number in range(1, pack.trend_questions + 1):
        wanted[f"trend.question_{number}"] = frozenset({"indicator"})
    for stem, count in pack.pair_questions.items():
        keys = [f"pair.{stem}.question_{number}" for number in range(1, count + 1)]
        wanted |= dict.fromkeys(keys, frozenset({"a", "b"}))
    return wanted


def words_of_rubric(rubric: Rubric) -> list[str]:
    """The text keys of a rubric: its title, four levels and its questions."""
    parts = [f"level_{number}" for number in range(1, 5)]
    parts += [f"question_{number}" for number in range(1, rubric.questions + 1)]
    return _named(f"rubric.{rubric.key}", "title", *parts)


def _named(stem: str, *parts: str) -> list[str]:
    return [f"{stem}.{part}" for part in parts]


def check_complete(folder: str, words: Words, places: Words, wanted: Wanted) -> None:
    """ContentError at the first key without words, words without a key, or wrong placeholder."""
    missing = sorted(wanted.keys() - words.keys())
    if missing:
        more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
        raise ContentError(folder, missing[0], f"has no words here{more}")
    for key in sorted(words.keys() - wanted.keys()):
        near = (
            get_close_matches(key, wanted, n=3)
            or sorted(other for other in wanted if other.split(".")[0] == key.split(".")[0])[:3]
        )
        raise ContentError(places[key], key, "nothing uses these words", ", ".join(near))
    for key, allowed in wanted.items():
        _check_placeholders(places[key], key, words[key], allowed)


def _check_placeholders(file: str, key: str, sentence: str, allowed: frozenset[str]) -> None:
    listed = ", ".join(f"{{{name}}}" for name in sorted(allowed)) or "no placeholders"
    try:
        used = {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
    except ValueError as slip:
        raise ContentError(file, key, f"a brace is wrong ({slip})", listed) from None
    if unknown := used - allowed:
        raise ContentError(file, key, f"'{{{min(unknown)}}}' is unknown", listed)
    if key.startswith("unit.") and allowed and not used:
        raise ContentError(file, key, "does not show the value", listed)
