"""A cell broken down, such as girls and boys, in the survey's order; what is hidden is named."""

from collections.abc import Iterable

from puls.cells import ReleasedCell, Status
from puls.content.definitions import Indicator, Pack, SurveySource
from puls.views import numbers


def sentences(
    parts: Iterable[ReleasedCell], indicator: Indicator, pack: Pack, language: str, *, k: int
) -> list[tuple[str, list[str]]]:
    """The parts of one unit's indicator by the question they are broken down by.

    k: the threshold of the release that they come from. A part that nobody belongs to has no cell.

    >>> sentences(...)
    [("Kjønn", ["Jenter 4,1 (30 svarte)", "Gutter: skjult fordi færre enn 5 svarte"])]
    """
    released = {cell.part: cell for cell in parts if cell.part}
    found = []
    for key, options in _asked(indicator, pack):
        told = [
            _told(cell, f"background.{key}.{option}", indicator, pack, language, k)
            for option in options
            if (cell := released.get(f"{key}.{option}")) is not None
        ]
        if told:
            found.append((pack.text(language, f"background.{key}.name"), told))
    return found


def _asked(indicator: Indicator, pack: Pack) -> list[tuple[str, tuple[str, ...]]]:
    """The background questions of the indicator's survey, options of all versions in order."""
    if not isinstance(indicator.source, SurveySource):
        return []
    found: dict[str, dict[str, None]] = {}
    for (key, _), survey in sorted(pack.surveys.items()):
        if key == indicator.source.survey:
            for asked in survey.background:
                found.setdefault(asked.key, {}).update(dict.fromkeys(asked.options))
    return [(key, tuple(options)) for key, options in found.items()]


def _told(
    cell: ReleasedCell, name: str, indicator: Indicator, pack: Pack, language: str, k: int
) -> str:
    part = numbers.capitalised(pack.text(language, name))
    if cell.status is not Status.SHOWN:
        return pack.text(language, f"part.{cell.status}").format(part=part, k=k)
    sized, indicator = numbers.readable(cell, indicator, pack)
    assert sized.value is not None, "a shown part has a value"
    words = {
        "part": part,
        "value": numbers.quantity(sized.value, indicator, pack, language),
        "n": numbers.number(sized.n or 0, 0, language),
    }
    return pack.text(language, "part.told").format(**words)
