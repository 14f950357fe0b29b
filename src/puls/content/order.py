"""The order in which indicators and quality areas are listed wherever one chooses among them."""

from puls.content.definitions import Indicator, Pack, RegisterSource


def in_order(pack: Pack) -> list[Indicator]:
    """All indicators: the first table's, then surveys in the order asked, then registers."""
    asked = {
        (survey.key, construct.key): place
        for survey in pack.surveys.values()
        for place, construct in enumerate(survey.constructs)
    }
    first = {key: place for place, key in enumerate(pack.default_columns)}

    def place(indicator: Indicator) -> tuple[int, str, int, str]:
        source = indicator.source
        if indicator.key in first:
            return 0, "", first[indicator.key], ""
        if isinstance(source, RegisterSource):
            return 2, source.source, 0, indicator.key
        return 1, source.survey, asked[source.survey, source.construct], ""

    return sorted(pack.indicators.values(), key=place)


def areas(pack: Pack) -> tuple[str, ...]:
    """The quality areas of the pack's framework plans, in their order."""
    return tuple(dict.fromkeys(area for plan in pack.frameworks for area in plan.areas))


def named_by_area(pack: Pack, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each quality area's name with its indicators as (key, name), as forms offer them.

    In an area what people answer comes first, then what registers know, each as `in_order`.
    """
    every = sorted(in_order(pack), key=lambda each: isinstance(each.source, RegisterSource))
    return [
        (
            pack.text(language, f"area.{area}.name"),
            [
                (each.key, pack.text(language, f"indicator.{each.key}.name"))
                for each in every
                if each.area == area
            ],
        )
        for area in areas(pack)
    ]
