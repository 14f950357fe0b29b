"""What a pack says of its definitions together, in its own file: pack.yaml.

Associations, questions and comparisons name indicators, breakdowns name background questions, the
order of admission names breakdowns. What names something else is a ContentError with file, key and
what is allowed.
"""

from collections.abc import Collection

from puls.content.agreements import Indicators, Pairs, Surveys
from puls.content.bindings import SchoolRegister
from puls.content.builders import KINDS
from puls.content.definitions import Classification, Country, RegisterSource, Role, Similar
from puls.content.reading import Fields, listed


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


def alike(fields: Fields, indicators: Indicators) -> tuple[str, ...]:
    """The register indicators by which schools find others like them, as `alike` lists them."""
    registers = _of_registers(indicators)
    keys = fields.texts("alike") if fields.offers("alike") else ()
    for key in keys:
        if key not in registers:
            raise fields.wrong("alike", f"'{key}' is no indicator of a register", listed(registers))
    return keys


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


def year_wheel(fields: Fields) -> dict[str, tuple[int, int]]:
    """Month and day of what comes each year."""
    if not fields.offers("year_wheel"):
        return {}
    below = fields.fields("year_wheel")
    return {key: below.month_day(key) for key in below.names()}


def school_register(fields: Fields) -> SchoolRegister | None:
    """Which units of the national register are schools of this kind."""
    if not fields.offers("school_register"):
        return None
    below = fields.fields("school_register")
    industries = below.texts("industries") if below.offers("industries") else ()
    categories = below.texts("categories") if below.offers("categories") else ()
    below.done()
    if not industries and not categories:
        raise fields.wrong("school_register", "names nothing", "industries, categories")
    return SchoolRegister(industries, categories)


def classification(fields: Fields) -> Classification | None:
    """Where a country's mergers are told."""
    if not fields.offers("classification"):
        return None
    below = fields.fields("classification")
    address = below.text("address").rstrip("/")
    if not address.startswith("https://"):
        raise below.wrong("address", f"'{address}' is no safe address", "https://...")
    found = Classification(address, below.text("codes"), below.text("above", default=""))
    below.done()
    return found
