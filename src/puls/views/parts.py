"""A cell broken down, such as girls and boys: only what was released, in the survey's order."""

from collections.abc import Iterable

from puls.cells import ReleasedCell, Status
from puls.content.definitions import Indicator, Pack, SurveySource
from puls.views import numbers


def sentences(
    parts: Iterable[ReleasedCell], indicator: Indicator, pack: Pack, language: str
) -> list[tuple[str, list[str]]]:
    """The parts of one unit's indicator by the question they are broken down by.

    >>> sentences(...)
    [("Kjønn", ["Jenter 4,1 (n = 30)", "Gutter 3,6 (n = 22)"])]
    """
    shown = {cell.part: cell for cell in parts if cell.part and cell.status is Status.SHOWN}
    found = []
    for key, options in _asked(indicator, pack):
        told = [
            _told(shown[f"{key}.{option}"], f"background.{key}.{option}", indicator, pack, language)
            for option in options
            if f"{key}.{option}" in shown
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


def _told(cell: ReleasedCell, name: str, indicator: Indicator, pack: Pack, language: str) -> str:
    sized, indicator = numbers.readable(cell, indicator, pack)
    assert sized.value is not None, "a shown part has a value"
    words = {
        "part": numbers.capitalised(pack.text(language, name)),
        "value": numbers.quantity(sized.value, indicator, pack, language),
        "n": numbers.number(sized.n or 0, 0, language),
    }
    return pack.text(language, "part.told").format(**words)
