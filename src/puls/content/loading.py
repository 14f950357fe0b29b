"""Packs and countries from their folders: one definition a file, into frozen, checked objects.

A pack lives in <root>/<key>/ and its country in <root>/countries/<key>/; the first root that has
it wins, so that somebody's own packs can stand beside those that come with Puls. Every problem is
a ContentError that names the file (relative to its root), the key and what is allowed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from puls.content import agreements, builders, declared
from puls.content.bindings import RegisterBinding
from puls.content.definitions import (
    Country,
    Criteria,
    Indicator,
    Pack,
    Reach,
    RegisterSource,
    Scale,
    Survey,
    SurveySource,
    Thresholds,
    Tier,
)
from puls.content.paging import page_words
from puls.content.practices import examples
from puls.content.processes import processes
from puls.content.reading import Fields, listed, load_yaml, only, read_folder
from puls.content.wording import all_texts
from puls.errors import ContentError

BUILT_IN = Path(__file__).resolve().parent.parent / "packs"
ROLES = ("national", "county", "owner", "leader", "teacher")
"""What a member can be; a pack says how far down each of them sees."""
PARTS = (
    "pack.yaml",
    "open_data.yaml",
    "pages.yaml",
    "demo.yaml",
    "README.md",
    "frameworks",
    "scales",
    "surveys",
    "criteria",
    "indicators",
    "rubrics",
    "processes",
    "practice",
    "sources",
    "text",
    "locale",
)
"""`locale` is made by the set-up out of pages.yaml."""

_LANGUAGE = re.compile(r"[a-z]{2,3}")
T = TypeVar("T")


def load_pack(key: str, roots: Sequence[Path] = (BUILT_IN,)) -> Pack:
    """Everything that a pack defines, with its country and words, or ContentError."""
    root = _root_with(f"{key}/pack.yaml", roots)
    folder, name = root / key, f"{key}/pack.yaml"
    fields = Fields(load_yaml(folder / "pack.yaml", name), name)
    if fields.key("key") != key:
        raise fields.wrong("key", f"stands in a folder called {key}", key)
    country = load_country(fields.key("country"), roots)
    only(folder, root, PARTS)
    languages = _languages(fields)
    for language in languages:
        if language not in country.languages:
            raise fields.wrong("languages", f"'{language}' is unknown", listed(country.languages))
    levels, units = fields.whole("levels", 2, 7), fields.texts("units")
    scales = _by_key(read_folder(folder / "scales", root, builders.scale), folder, "scales")
    surveys = _surveys(folder, root, scales)
    frameworks = read_folder(folder / "frameworks", root, builders.framework)
    areas = list(dict.fromkeys(area for each in frameworks for area in each.areas))
    criteria = _criteria(folder, root, levels, units, languages)
    in_force = {each.key: each for each in criteria.values()}
    indicators = _indicators(folder, root, areas, units, in_force, surveys)
    agreements.check_breaks(f"{key}/indicators", surveys, indicators)
    agreements.check_measured(f"{key}/indicators", indicators)
    agreements.check_prerequisites(f"{key}/indicators", indicators)
    indicators = agreements.with_smallest(fields, units, indicators)
    associations = declared.associations(fields, indicators)
    surveys = agreements.with_pairs(surveys, indicators, associations)
    breakdowns = declared.breakdowns(fields, surveys, country)
    bindings = _bindings(folder, root, indicators)
    rubrics = read_folder(
        folder / "rubrics", root, lambda each, stem: builders.rubric(each, stem, areas)
    )
    made = processes(folder, root, indicators, [rubric.key for rubric in rubrics])
    columns = fields.texts("colour_table")
    for column in columns:
        if column not in indicators:
            raise fields.wrong("colour_table", f"'{column}' is no indicator", listed(indicators))
    pack = Pack(
        key=key,
        version=fields.text("version"),
        country=country,
        languages=languages,
        thresholds=_thresholds(fields.fields("thresholds")),
        reach=_reach(fields.fields("reach"), country),
        frameworks=tuple(sorted(frameworks, key=lambda each: each.valid_from)),
        surveys=surveys,
        indicators=indicators,
        rubrics={rubric.key: rubric for rubric in sorted(rubrics, key=lambda each: each.number)},
        bindings=bindings,
        texts={},
        levels=levels,
        default_columns=columns,
        units=units,
        shown_per=_shown_per(fields, units),
        criteria=criteria,
        associations=associations,
        pair_questions=declared.pair_questions(fields, indicators),
        trend_questions=fields.whole("trend_questions", 0, 9)
        if fields.offers("trend_questions")
        else 0,
        admission=declared.admission(fields, breakdowns),
        breakdowns=breakdowns,
        similar=declared.similar(fields, indicators),
        processes=made,
        departments=fields.texts("departments") if fields.offers("departments") else (),
        alike=declared.alike(fields, indicators),
        year_wheel=declared.year_wheel(fields),
        school_register=declared.school_register(fields),
        examples=examples(folder, root, areas, [each.key for each in rubrics], made),
        page_words=page_words(folder, root, languages),
        folder=folder,
    )
    fields.done()
    country_root = _root_with(f"countries/{country.key}/country.yaml", roots)
    return replace(pack, texts=all_texts(pack, root, country_root))


def load_country(key: str, roots: Sequence[Path] = (BUILT_IN,)) -> Country:
    """Tiers, codes, school year and languages of a country, or ContentError."""
    name = f"countries/{key}/country.yaml"
    root = _root_with(name, roots)
    fields = Fields(load_yaml(root / name, name), name)
    if fields.key("key") != key:
        raise fields.wrong("key", f"stands in a folder called {key}", key)
    tiers: list[Tier] = []
    codes: dict[str, str] = {}
    for row in fields.rows("tiers"):
        tier = Tier(row.key("key"), row.whole("weight", 1, 10**9))
        if tier.key in {before.key for before in tiers}:
            raise row.wrong("key", f"'{tier.key}' stands twice", "each tier once")
        code = row.text("code", default="")
        row.done()
        try:
            re.compile(code)
        except re.error as slip:
            raise row.wrong("code", f"'{code}': {slip}", "a regular expression") from None
        if code:
            codes[tier.key] = code
        tiers.append(tier)
    if len(tiers) < 2:
        raise fields.wrong("tiers", f"has {len(tiers)}", "the country and at least one tier below")
    country = Country(
        key=key,
        tiers=tuple(tiers),
        tenant_tier=fields.choice("tenant_tier", [tier.key for tier in tiers]),
        school_year_starts=fields.month_day("school_year_starts"),
        languages=_languages(fields),
        root=fields.text("root"),
        codes=codes,
        classification=declared.classification(fields),
    )
    fields.done()
    return country


def _root_with(name: str, roots: Sequence[Path]) -> Path:
    for root in roots:
        if (root / name).is_file():
            return root
    kind = "countries/*/country.yaml" if name.startswith("countries/") else "*/pack.yaml"
    there = {found.parent.name for root in roots for found in root.glob(kind)}
    raise ContentError(name, "key", "there is no such folder with this file", listed(there))


def _languages(fields: Fields) -> tuple[str, ...]:
    languages = fields.texts("languages")
    wrong = [each for each in languages if not _LANGUAGE.fullmatch(each)]
    if wrong or not languages:
        problem = f"'{wrong[0]}' is no language" if wrong else "is empty"
        raise fields.wrong("languages", problem, "codes such as nb, nn, en")
    return languages


def _shown_per(pack: Fields, units: Sequence[str]) -> dict[str, int]:
    if not pack.offers("shown_per"):
        return {}
    fields = pack.fields("shown_per")
    found = {unit: fields.whole(unit, 2, 1_000_000) for unit in units if fields.offers(unit)}
    fields.done()
    return found


def _thresholds(fields: Fields) -> Thresholds:
    signed_in = fields.whole("signed_in", 3, 1000)
    # A public page never shows what a signed-in reader may not see.
    made = Thresholds(signed_in, fields.whole("public", signed_in, 1000))
    fields.done()
    return made


def _reach(fields: Fields, country: Country) -> Reach:
    tiers = country.tier_keys
    # A country with fewer tiers may have no use for one of the roles.
    lowest = {role: fields.choice(role, tiers) for role in ROLES if fields.offers(role)}
    if not lowest:
        raise fields.wrong("owner", "no role reaches anything", listed(ROLES))
    fields.done()
    return Reach(lowest)


def _by_key(found: Iterable[T], folder: Path, part: str) -> dict[str, T]:
    """Definitions by key; file names hold the keys, so they are already unique."""
    made = {str(getattr(each, "key", "")): each for each in found}
    if not made:
        raise ContentError(f"{folder.name}/{part}", "(folder)", "holds no definitions", "*.yaml")
    return made


def _surveys(folder: Path, root: Path, scales: dict[str, Scale]) -> dict[tuple[str, int], Survey]:
    found = read_folder(
        folder / "surveys", root, lambda each, stem: builders.survey(each, stem, scales)
    )
    agreements.check_items(f"{folder.name}/surveys", found)
    return {(survey.key, survey.version): survey for survey in found}


def _criteria(
    folder: Path, root: Path, levels: int, units: Sequence[str], languages: Sequence[str]
) -> dict[str, Criteria]:
    """All versions by `Criteria.id`, those of a key rising."""
    found = read_folder(
        folder / "criteria",
        root,
        lambda each, stem: builders.criteria(each, stem, levels, units, languages),
    )
    rising = sorted(found, key=lambda each: (each.key, each.version))
    agreements.check_versions(f"{folder.name}/criteria", rising)
    return {each.id: each for each in rising}


def _indicators(
    folder: Path,
    root: Path,
    areas: Sequence[str],
    units: Sequence[str],
    criteria: dict[str, Criteria],
    surveys: Mapping[tuple[str, int], Survey],
) -> dict[str, Indicator]:
    newest = {survey.key: survey for _, survey in sorted(surveys.items())}

    def build(fields: Fields, stem: str) -> Indicator:
        made = builders.indicator(fields, stem, areas, units, criteria)
        if isinstance(made.source, SurveySource):
            agreements.check_survey_source(fields, made, made.source, newest)
        return made

    return _by_key(read_folder(folder / "indicators", root, build), folder, "indicators")


def _bindings(
    folder: Path, root: Path, indicators: Mapping[str, Indicator]
) -> tuple[RegisterBinding, ...]:
    def build(fields: Fields, stem: str) -> list[RegisterBinding]:
        made = builders.source(fields, stem)
        own = [
            each.key
            for each in indicators.values()
            if isinstance(each.source, RegisterSource) and each.source.source == stem
        ]
        for number, binding in enumerate(made, start=1):
            for code, indicator in binding.cells.items():
                if indicator not in own:
                    problem = f"'{indicator}' is no indicator from {stem}"
                    raise fields.wrong(f"tables[{number}].cells.{code}", problem, listed(own))
        return made

    bindings = tuple(each for made in read_folder(folder / "sources", root, build) for each in made)
    bound = {indicator for binding in bindings for indicator in binding.cells.values()}
    for each in indicators.values():
        if isinstance(each.source, RegisterSource) and each.key not in bound:
            sources = listed({binding.source for binding in bindings})
            problem = f"no table of '{each.source.source}' feeds this indicator"
            file = f"{folder.name}/indicators/{each.key}.yaml"
            raise ContentError(file, "from.register", problem, f"a cell in a source ({sources})")
    return bindings
