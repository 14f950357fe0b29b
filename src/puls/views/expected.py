"""What units with the same prerequisites have, in plain words: goes together, never causes."""

from collections.abc import Mapping
from math import floor, log10
from typing import Any

from puls.content.definitions import Indicator, Pack
from puls.views import numbers

SHARES = ((0.85, "most"), (0.415, "half"), (0.29, "third"), (0.225, "quarter"), (0.15, "fifth"))
"""From which explained share on it is told by which word; below these a tenth, or almost none."""
HARDLY = 0.05


def sentences(fit: Mapping[str, Any], indicator: Indicator, pack: Pack, language: str) -> list[str]:
    """What a country's release found to go with an indicator's prerequisites.

    fit: as `puls.analysis.marking.given` tells it: units, intercept, coefficients, explained; or
        refused, why, units, needed. Empty where nothing was looked for: then so are the sentences.
    """

    def text(key: str, **words: str) -> str:
        return pack.text(language, f"fit.{key}").format(**words)

    def count(key: str) -> str:
        return numbers.number(fit[key], 0, language)

    if "refused" in fit:
        if fit["units"] < fit["needed"]:
            return [text("too_few", n=count("units"), needed=count("needed"))]
        return [text(f"refused.{fit['why']}")]
    if "coefficients" not in fit:
        return []
    value = fit["intercept"] / numbers.reading_size(indicator, pack)
    told = [text("expected", value=numbers.quantity(value, indicator, pack, language))]
    told += [_told(each, indicator, pack, language) for each in fit["coefficients"]]
    if fit["explained"] is not None:
        share = max(0.0, float(fit["explained"]))
        percent = f"{numbers.number(100 * share, 0, language)}\N{NO-BREAK SPACE}%"
        if share < HARDLY:
            told.append(text("explained_little", percent=percent))
        else:
            told.append(text("explained", share=text(f"share.{part(share)}"), percent=percent))
    return [*told, text("units", n=count("units")), text("no_cause")]


def part(share: float) -> str:
    """The word for a share: 0.21 is "fifth"."""
    return next((word for least, word in SHARES if share >= least), "tenth")


def step(spread: float) -> float:
    """A round amount not larger than a spread: 1, 2 or 5 times a power of ten.

    >>> step(1437.0), step(0.34)
    (1000.0, 0.2)
    """
    assert spread > 0, "what is the same everywhere has no step"
    tens = float(10.0 ** floor(log10(spread)))
    return float(max(times * tens for times in (1, 2, 5) if times * tens <= spread * (1 + 1e-9)))


def _told(coefficient: Mapping[str, Any], indicator: Indicator, pack: Pack, language: str) -> str:
    """One coefficient: two round amounts of the prerequisite, and how far apart the results are."""
    prerequisite = pack.indicators[coefficient["prerequisite"]]
    per = numbers.reading_size(prerequisite, pack)
    spread = coefficient["spread"] / per
    width = step(spread)
    start = round(coefficient["centre"] / per / width) * width
    of_result = width / spread / numbers.reading_size(indicator, pack)
    middle, low, high = (coefficient[end] * of_result for end in ("per_spread", "low", "high"))
    kind = "open" if low < 0 < high else "more" if middle >= 0 else "less"
    if kind == "less":
        middle, low, high = -middle, -high, -low
    apart = (low, high) if kind == "open" else (0.0, middle, low, high)
    more = numbers.decimals_distinct(apart, indicator.decimals)
    amount = max(0, -floor(log10(width) + 1e-9)) - prerequisite.decimals
    return pack.text(language, f"fit.{kind}").format(
        prerequisite=pack.text(language, f"indicator.{prerequisite.key}.name"),
        start=numbers.quantity(start, prerequisite, pack, language, amount),
        end=numbers.quantity(start + width, prerequisite, pack, language, amount),
        difference=numbers.quantity(middle, indicator, pack, language, more),
        low=numbers.number(low, indicator.decimals + more, language),
        high=numbers.quantity(high, indicator, pack, language, more),
    )
