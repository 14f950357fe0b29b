"""What definitions of a pack promise about each other, beyond one file.

An item keeps its meaning over versions; a survey's indicator fits its scale, and has a new version
when other items are asked. Prerequisites and associations name indicators, questions name roles or
indicators, breakdowns name background questions, the order of admission names breakdowns, and a
version of criteria follows the one before it. Every broken promise is a ContentError with file, key
and what is allowed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from puls.content.builders import KINDS
from puls.content.definitions import (
    Country,
    Criteria,
    Indicator,
    RegisterSource,
    Role,
    Scale,
    Similar,
    Survey,
    SurveySource,
)
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


def associations(fields: Fields, indicators: Indicators) -> Pairs:
    """Pairs of different indicators, each pair once whichever way round."""
    if not fields.offers("associations"):
        return ()
    found = fields.pairs("associations")
    before: set[frozenset[str]] = set()
    for number, pair in enumerate(found, start=1):
        at = f"associations[{number}]"
        for key in pair:
            if key not in indicators:
                raise fields.wrong(at, f"'{key}' is no indicator", listed(indicators))
        if pair[0] == pair[1]:
            raise fields.wrong(at, f"{pair[0]} stands twice", "two different indicators")
        if frozenset(pair) in before:
            raise fields.wrong(at, f"{pair[0]} with {pair[1]} stands twice", "each pair once")
        before.add(frozenset(pair))
    return found


def similar(fields: Fields, indicators: Indicators) -> Similar | None:
    """Which administrations are compared with each other; None where the pack names nothing."""
    if not fields.offers("similar"):
        return None
    below = fields.fields("similar")
    by, registers = below.text("by"), _of_registers(indicators)
    if by not in registers:
        raise below.wrong("by", f"'{by}' is no indicator of a register", listed(registers))
    found = Similar(by, below.whole("groups", 2, 99))
    below.done()
    return found


def _of_registers(indicators: Indicators) -> list[str]:
    return [key for key, each in indicators.items() if isinstance(each.source, RegisterSource)]


def pair_questions(fields: Fields, indicators: Indicators) -> dict[str, int]:
    """How many questions the pack asks about two roles or a pair of indicators, by text key."""
    if not fields.offers("pair_questions"):
        return {}
    roles = [str(role) for role in Role]
    found: dict[str, int] = {}
    for row in fields.rows("pair_questions"):
        about = row.pair("about")
        one, other = about
        if one in roles and other in roles:
            if roles.index(one) > roles.index(other):
                raise row.wrong("about", f"'{other}' comes before '{one}'", f"[{other}, {one}]")
            stem = f"{one}_{other}"
        else:
            for key in about:
                if key not in indicators:
                    allowed = f"two roles ({', '.join(roles)}) or two indicators"
                    raise row.wrong("about", f"'{key}' is no indicator", allowed)
            if one == other:
                raise row.wrong("about", f"'{one}' stands twice", "two different indicators")
            stem = f"{one}.{other}"
        if stem in found or f"{other}.{one}" in found:
            raise row.wrong("about", f"{one} with {other} stands twice", "each pair once")
        found[stem] = row.whole("number", 1, 9)
        row.done()
    return found


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


def breakdowns(fields: Fields, surveys: Surveys, country: Country) -> dict[str, tuple[str, ...]]:
    """The tiers that results are broken down at, by background question."""
    if not fields.offers("breakdowns"):
        return {}
    below = fields.fields("breakdowns")
    asked = {question.key for survey in surveys.values() for question in survey.background}
    found: dict[str, tuple[str, ...]] = {}
    for key in below.names():
        if key not in asked:
            raise below.wrong(key, "no survey has this background question", listed(asked))
        found[key] = below.texts(key)
        if not found[key]:
            raise below.wrong(key, "is empty", listed(country.tier_keys))
        for tier in found[key]:
            if tier not in country.tier_keys:
                raise below.wrong(key, f"'{tier}' is no tier", listed(country.tier_keys))
    for survey in surveys.values():
        of_one = [question.key for question in survey.background if question.key in found]
        if len(of_one) > 1:
            # What two give away together cannot be told from counts by one.
            problem = f"survey {survey.key}.v{survey.version} is broken down by {of_one[0]} already"
            raise below.wrong(of_one[1], problem, "one question for a survey")
    return found


def admission(fields: Fields, declared: Collection[str]) -> tuple[str, ...]:
    """Kinds of cells in the order of admission; a declared breakdown must have its place."""
    order = fields.texts("admission") if fields.offers("admission") else KINDS[:1]
    known = (*KINDS, *declared)
    for kind in order:
        if kind not in known:
            raise fields.wrong("admission", f"'{kind}' is no kind of cells", listed(known))
    for kind in (KINDS[0], *declared):
        if kind not in order:
            raise fields.wrong("admission", f"'{kind}' has no place in it", listed(known))
    return order


def alike(fields: Fields, indicators: Indicators) -> tuple[str, ...]:
    """The register indicators by which schools find others like them, as `alike` lists them."""
    registers = [k for k, each in indicators.items() if isinstance(each.source, RegisterSource)]
    keys = fields.texts("alike") if fields.offers("alike") else ()
    for key in keys:
        if key not in registers:
            raise fields.wrong("alike", f"'{key}' is no indicator of a register", listed(registers))
    return keys


def year_wheel(fields: Fields) -> dict[str, tuple[int, int]]:
    """Month and day of what comes each year, as `year_wheel` has them: "10-01"."""
    below = fields.fields("year_wheel") if fields.offers("year_wheel") else None
    found: dict[str, tuple[int, int]] = {}
    for key in below.names() if below is not None else ():
        assert below is not None
        written = below.text(key)
        try:
            day = date.fromisoformat(f"2001-{written}")
        except ValueError:
            raise below.wrong(key, f"'{written}' is no day", 'month and day, as "10-01"') from None
        found[key] = (day.month, day.day)
    return found
