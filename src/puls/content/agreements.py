"""What definitions of a pack promise about each other, beyond one file.

An item keeps its meaning over versions; a survey's indicator fits its scale, and has a new version
when other items are asked. Prerequisites name indicators, and a version of criteria follows the one
before it. Every broken promise is a ContentError with file, key and what is allowed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from puls.content.definitions import Criteria, Indicator, Scale, Survey, SurveySource
from puls.content.reading import Fields, listed
from puls.errors import ContentError

Surveys = Mapping[tuple[str, int], Survey]
Indicators = Mapping[str, Indicator]
Pairs = tuple[tuple[str, str], ...]


def check_items(folder: str, surveys: Iterable[Survey]) -> None:
    """An item keeps its direction and scale from version to version."""
    # An item that means something else in the next version would mix two questions in one column.
    meaning: dict[tuple[str, str], tuple[bool, Scale]] = {}
    for survey in surveys:
        for item in survey.items:
            is_now = (item.reversed, survey.scale)
            if meaning.setdefault((survey.key, item.key), is_now) != is_now:
                file = f"{folder}/{survey.key}.v{survey.version}.yaml"
                problem = f"'{item.key}' has another direction or scale in another version"
                raise ContentError(file, "constructs", problem, "a new key for a changed item")


def check_survey_source(
    fields: Fields, made: Indicator, source: SurveySource, newest: Mapping[str, Survey]
) -> None:
    """The newest version of its survey asks the construct, on the scale that the unit says."""
    if source.survey not in newest:
        raise fields.wrong("from.survey", f"'{source.survey}' is unknown", listed(newest))
    survey = newest[source.survey]
    constructs = [construct.key for construct in survey.constructs]
    if source.construct not in constructs:
        problem = f"'{source.construct}' is not asked in {survey.key}.v{survey.version}"
        raise fields.wrong("from.construct", problem, listed(constructs))
    low, high = survey.scale.low, survey.scale.high
    if made.unit != f"mean_{low}_{high}":
        problem = f"'{made.unit}' does not fit the scale {survey.scale.key}"
        raise fields.wrong("unit", problem, f"mean_{low}_{high}")
    if made.criteria and not all(low < cut < high for cut in made.criteria.cuts):
        problem = f"'{made.criteria.key}' has cuts off the scale"
        raise fields.wrong("criteria", problem, f"cuts between {low} and {high}")


def check_breaks(folder: str, surveys: Surveys, indicators: Indicators) -> None:
    """An indicator has a new version whenever its construct is asked by other items.

    Years of one version are compared, so a line over the years would not show that break.
    """
    for each in indicators.values():
        source = _survey_source(each)
        asked = [
            frozenset(construct.items)
            for (key, _), survey in sorted(surveys.items())
            for construct in survey.constructs
            if SurveySource(key, construct.key) == source
        ]
        least = 1 + sum(one != other for one, other in pairwise(asked))
        if each.version < least:
            file = f"{folder}/{each.key}.yaml"
            problem = f"is {each.version}, and its items were others in {least - 1} versions before"
            raise ContentError(file, "version", problem, f"{least} or higher")


def check_measured(folder: str, indicators: Indicators) -> None:
    """No two indicators measure the same construct of a survey.

    Their cells would be the same answers twice, each chosen as if the other were not there.
    """
    first: dict[SurveySource, str] = {}
    for each in indicators.values():
        source = _survey_source(each)
        if source and first.setdefault(source, each.key) != each.key:
            file, other = f"{folder}/{each.key}.yaml", f"{folder}/{first[source]}.yaml"
            problem = f"'{source.construct}' of {source.survey} is measured in {other}, too"
            raise ContentError(file, "from.construct", problem, "one indicator for a construct")


def check_versions(folder: str, rising: Sequence[Criteria]) -> None:
    """Versions of criteria count from 1 without holes, and are set in that order.

    rising: by key, then version. What is judged stays the same: the unit of measure and which
    end of it is good.
    """
    for before, after in pairwise([None, *rising]):
        assert after is not None
        file = f"{folder}/{after.id}.yaml"
        if before is None or before.key != after.key:
            if after.version != 1:
                problem = f"is {after.version}, and there is no version before it"
                raise ContentError(file, "version", problem, f"1, in {after.key}.v1.yaml")
            continue
        if after.version != before.version + 1:
            problem = f"is {after.version}, and the version before it {before.version}"
            raise ContentError(file, "version", problem, f"{before.version + 1}")
        if after.set_on < before.set_on:
            problem = f"{after.set_on} is before version {before.version}"
            raise ContentError(file, "set_on", problem, f"{before.set_on} or later")
        if after.unit != before.unit:
            problem = f"'{after.unit}' is another than in version {before.version}"
            raise ContentError(file, "unit", problem, f"{before.unit}, or criteria with a new key")
        if after.higher_is_better != before.higher_is_better:
            problem = f"turns around what is good in version {before.version}"
            raise ContentError(file, "higher_is_better", problem, "criteria with a new key")


def check_prerequisites(folder: str, indicators: Indicators) -> None:
    """Prerequisites are other indicators, asked of or counted by others than the result.

    Two may be each other's: each is held against shown figures of the other, once, and nothing
    follows prerequisites of prerequisites.
    """
    for each in indicators.values():
        for key in each.prerequisites:
            wrong = _wrong_prerequisite(each, key, indicators)
            if wrong:
                raise ContentError(f"{folder}/{each.key}.yaml", "prerequisites", *wrong)


def _wrong_prerequisite(
    result: Indicator, key: str, indicators: Indicators
) -> tuple[str, str] | None:
    """What is wrong with one prerequisite, and what is allowed."""
    if key not in indicators:
        return f"'{key}' is no indicator", listed(indicators)
    if key == result.key:
        return f"'{key}' cannot be its own prerequisite", "another indicator"
    source, theirs = result.source, indicators[key].source
    if not isinstance(source, SurveySource) or not isinstance(theirs, SurveySource):
        return None
    if source.survey == theirs.survey:
        # Their moods and their chance errors would be in both: what is expected would follow
        # each unit's own result and hide just what it should show.
        problem = f"'{key}' is answered by the same respondents ({source.survey}) as the result"
        return problem, "an indicator from a register or another survey"
    return None


def with_smallest(
    fields: Fields, units: Collection[str], indicators: Indicators
) -> dict[str, Indicator]:
    """The indicators with the smallest relevant difference of their unit of measure.

    Needed for all units in which differences are marked: those of survey indicators and of
    indicators with prerequisites.
    """
    by_unit: dict[str, float] = {}
    if fields.offers("smallest_difference"):
        below = fields.fields("smallest_difference")
        by_unit = {unit: below.positive(unit) for unit in units if below.offers(unit)}
        below.done()
    for each in indicators.values():
        is_marked = isinstance(each.source, SurveySource) or each.prerequisites
        if is_marked and each.unit not in by_unit:
            problem = f"is missing, and differences of {each.key} are marked"
            raise fields.wrong(f"smallest_difference.{each.unit}", problem, "a number above 0")
    return {
        key: replace(each, smallest=by_unit[each.unit]) if each.unit in by_unit else each
        for key, each in indicators.items()
    }


def with_pairs(
    surveys: Surveys, indicators: Indicators, pairs: Pairs
) -> dict[tuple[str, int], Survey]:
    """The surveys with the construct pairs that both ends of an association ask of them.

    A version that does not ask one of the two constructs does not get the pair.
    """
    return {
        place: replace(each, pairs=_pairs(each, indicators, pairs))
        for place, each in surveys.items()
    }


def _pairs(survey: Survey, indicators: Indicators, pairs: Pairs) -> Pairs:
    asked = {construct.key for construct in survey.constructs}
    found: dict[frozenset[str], tuple[str, str]] = {}
    for pair in pairs:
        sources = [_survey_source(indicators[key]) for key in pair]
        one, other = (
            source.construct if source and source.survey == survey.key else "" for source in sources
        )
        if one in asked and other in asked:
            found.setdefault(frozenset((one, other)), (one, other))
    return tuple(found.values())


def _survey_source(indicator: Indicator) -> SurveySource | None:
    return indicator.source if isinstance(indicator.source, SurveySource) else None
