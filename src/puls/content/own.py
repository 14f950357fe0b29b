"""What an administration has defined itself, laid beside a pack.

It has the shape of the pack's own files and goes through the same builders: whatever is refused in
a pack is refused here, and whoever reads a pack need not know where a definition comes from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from puls.content import agreements, builders
from puls.content.definitions import Indicator, Pack, Rubric, Scale, Survey, SurveySource
from puls.content.order import areas
from puls.content.reading import Fields
from puls.content.texts import Words, check_complete, words_of_rubric
from puls.errors import ContentError

PREFIX = "own_"
"""Begins the keys of everything that is an administration's own, and no key of a pack."""
DECIMALS = 1
"""Of the indicators of an own survey: means on the answer scale."""


def all_versions(key: str) -> str:
    """What the keys of all versions of an own definition begin with; "" for a key of a pack.

    >>> all_versions("own_no_1149_rubric_1_v2"), all_versions("mission")
    ('own_no_1149_rubric_1_v', '')
    """
    stem, mark, number = key.rpartition("_v")
    return f"{stem}{mark}" if key.startswith(PREFIX) and number.isdigit() else ""


@dataclass(frozen=True)
class OwnDefinition:
    """A published version of a rubric or a survey.

    key: of this very version. What was placed on an older rubric keeps its words; the surveys of
    one `body["key"]` are versions of each other.
    body: as a pack's YAML has it; with a survey stand its "indicators", one for each construct.
    words: by language, then by the end of the text key ("title", "level_1"; "name", "intro",
    "construct.<key>", "item.<key>"); what a language lacks is read in the pack's first one.
    """

    key: str
    body: Mapping[str, Any]
    words: Mapping[str, Mapping[str, str]]
    in_force: bool = True
    is_survey: bool = False


def is_own(key: str) -> bool:
    """Whether a survey, an indicator or a rubric is an administration's own."""
    return key.startswith(PREFIX)


def with_own(pack: Pack, own: Iterable[OwnDefinition]) -> Pack:
    """The pack as the administration's people know it. ContentError as for a pack's files."""
    rubrics, surveys, indicators = dict(pack.rubrics), dict(pack.surveys), dict(pack.indicators)
    texts = {language: dict(words) for language, words in pack.texts.items()}
    retired = set(pack.retired)
    for each in sorted(own, key=lambda one: int(one.body.get("version", 1))):
        if each.is_survey:
            survey, measured, words = read_survey(pack, each)
            surveys[survey.key, survey.version] = survey
            indicators |= {indicator.key: indicator for indicator in measured}
            (retired.discard if each.in_force else retired.add)(survey.key)
        else:
            rubric, words = read_rubric(pack, each)
            rubrics[rubric.key] = rubric
        for language in pack.languages:
            texts[language] |= words[language]
    return replace(
        pack,
        rubrics=rubrics,
        surveys=surveys,
        indicators=indicators,
        texts=texts,
        retired=frozenset(retired),
    )


def read_rubric(pack: Pack, own: OwnDefinition) -> tuple[Rubric, dict[str, Words]]:
    """The rubric, and its words by language and text key. ContentError."""
    _check_key(own.key, own.key)
    fields = Fields(own.body, own.key)
    made = builders.rubric(fields, own.key, areas(pack))
    fields.done()
    texts = _complete(pack, own, words_of_rubric(made), lambda name: [f"rubric.{own.key}.{name}"])
    return replace(made, in_force=own.in_force), texts


def read_survey(pack: Pack, own: OwnDefinition) -> tuple[Survey, list[Indicator], dict[str, Words]]:
    """The survey, the indicator of each construct, and their words. ContentError."""
    body = dict(own.body)
    about = Fields({"indicators": body.pop("indicators", [])}, own.key)
    body.pop("area", None)
    fields = Fields(body, own.key)
    stem = f"{body.get('key', '')}.v{body.get('version', '')}"
    made = builders.survey(fields, stem, scales(pack))
    fields.done()
    _check_key(own.key, made.key)
    indicators = [_indicator(pack, made, row) for row in about.rows("indicators")]
    constructs = [each.key for each in made.constructs]
    if [each.key for each in indicators] != constructs:
        raise about.wrong("indicators", "do not fit the constructs", ", ".join(constructs))

    def names(name: str) -> list[str]:
        kind, _dot, key = name.partition(".")
        if kind == "item":
            return [f"item.{made.key}.{key}"]
        if kind == "construct":
            ends = ("name", "short", "about")
            return [f"construct.{key}.name", *(f"indicator.{key}.{end}" for end in ends)]
        return [f"survey.{made.key}.{name}"]

    wanted = [*names("name"), *names("intro")]
    wanted += [key for each in constructs for key in names(f"construct.{each}")]
    wanted += [key for item in made.items for key in names(f"item.{item.key}")]
    return made, indicators, _complete(pack, own, wanted, names)


def _indicator(pack: Pack, survey: Survey, row: Fields) -> Indicator:
    """The indicator of a construct has its key, and the scale as its unit."""
    key = row.key("key")
    unit = f"mean_{survey.scale.low}_{survey.scale.high}"
    told: dict[str, Any] = {
        "key": key,
        "version": row.whole("version", 1, 999),
        "area": row.text("area"),
        "role": row.text("role"),
        "from": {"survey": survey.key, "construct": key},
        "unit": unit,
        "decimals": DECIMALS,
    }
    if row.offers("criteria"):
        told["criteria"] = row.text("criteria")
    row.done()
    fields = Fields(told, row.file)
    in_force = {each.key: each for each in pack.criteria.values()}
    made = builders.indicator(fields, key, areas(pack), pack.units, in_force)
    source = SurveySource(survey.key, key)
    agreements.check_survey_source(fields, made, source, {survey.key: survey})
    alike = (each.smallest for each in pack.indicators.values() if each.unit == unit)
    return replace(made, smallest=next(alike, made.smallest))


def scales(pack: Pack) -> dict[str, Scale]:
    """The answer scales of the pack's surveys that its indicators have a unit for."""
    known = {each.scale.key: each.scale for each in pack.surveys.values()}
    return {
        key: each for key, each in known.items() if f"mean_{each.low}_{each.high}" in pack.units
    }


def _check_key(file: str, key: str) -> None:
    if not is_own(key):
        raise ContentError(file, "key", f"'{key}' is not an own key", f"{PREFIX}...")


def _complete(
    pack: Pack, own: OwnDefinition, wanted: Iterable[str], names: Any
) -> dict[str, Words]:
    """By language all words under their text keys. names: (end) -> the keys it stands under."""
    asked = dict.fromkeys(wanted, frozenset[str]())
    texts = {}
    for language in pack.languages:
        said = filled(pack, own.words, language)
        words = {key: text for name, text in said.items() for key in names(name)}
        check_complete(own.key, words, dict.fromkeys(words, own.key), asked)
        texts[language] = words
    return texts


def filled(pack: Pack, words: Mapping[str, Mapping[str, str]], language: str) -> Words:
    """The words of a language, and those of the pack's first one where it has none."""
    first, given = words.get(pack.languages[0], {}), words.get(language, {})
    return {name: given.get(name) or text for name, text in first.items() if text}
