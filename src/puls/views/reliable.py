"""How surely a construct is measured, in plain words with the numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from puls.analysis.coarse import two_digits
from puls.content.definitions import Pack
from puls.views import numbers

STEADY = "0.7"
"""The reliability of a mean that is called steady: of the variance of means 70 % is no chance."""
WELL, FAIRLY = 0.8, 0.7


def sentences(found: Mapping[str, Any], pack: Pack, language: str) -> list[str]:
    """What a release says of one construct's reliability, a paragraph for each thing.

    Empty where it may say nothing. What it says of tiers stands in `of_tiers`.

    found: a row of `puls.analysis.reliability.as_json`.
    """

    def text(key: str, **words: str) -> str:
        return pack.text(language, f"reliable.{key}").format(**words)

    def written(value: float) -> str:
        return numbers.number(value, 2, language)

    told = []
    alpha = found.get("alpha")
    if alpha is not None and found.get("low") is not None:
        words = {
            "alpha": written(alpha),
            "items": str(len(found["items"])),
            "low": written(found["low"]),
            "high": written(found["high"]),
        }
        grade = "well" if alpha >= WELL else "fairly" if alpha >= FAIRLY else "poorly"
        if found.get("omega") is not None and not found.get("bounded"):
            told.append(text("alpha", omega=written(found["omega"]), **words))
        else:
            told.append(text("alpha_alone", **words))
        told[-1] += " " + text(f"respondent.{grade}")
    if found.get("asked") and found.get("n") is not None:
        n = numbers.number(found["n"], 0, language)
        told.append(text("asked", n=n, percent=_percent(found["n"] / found["asked"], language)))
    return told


@dataclass(frozen=True, slots=True)
class Tiers:
    """What is told of units: once what the numbers are, then a line a tier, then what follows."""

    what: str
    lines: tuple[str, ...]
    so: str


def of_tiers(found: Mapping[str, Any], pack: Pack, language: str) -> Tiers | None:
    """How much units of each tier differ, and how many answers make a steady mean; None: unsaid."""
    lines = []
    for tier in found.get("tiers", ()):
        if tier.get("icc1") is None:
            continue
        needed = tier.get("needed", {}).get(STEADY)
        # ICC(1) is told in whole hundredths, so neither figure has more digits to tell.
        share = numbers.number(100 * max(0.0, tier["icc1"]), 0, language)
        words = {
            "tier": numbers.capitalised(pack.text(language, f"tier.{tier['tier']}.name")),
            "percent": f"{share}\N{NO-BREAK SPACE}%",
        }
        if needed is None:
            lines.append(pack.text(language, "reliable.tier_never").format(**words))
        else:
            n = numbers.number(two_digits(needed), 0, language)
            lines.append(pack.text(language, "reliable.tier").format(n=n, **words))
    if not lines:
        return None
    at = numbers.number(float(STEADY), 1, language)
    return Tiers(
        what=pack.text(language, "reliable.between").format(reliability=at),
        lines=tuple(lines),
        so=pack.text(language, "reliable.steady"),
    )


def of_items(found: Mapping[str, Any], pack: Pack, language: str) -> dict[str, str]:
    """What may be told of single items, by key: "følger de andre med 0,61, hoppet over av 2 %"."""
    told = {}
    for item in found.get("items", ()):
        parts = []
        if item.get("item_rest") is not None:
            rest = numbers.number(item["item_rest"], 2, language)
            parts.append(pack.text(language, "reliable.item_rest").format(correlation=rest))
        if item.get("unanswered") is not None:
            share = _percent(item["unanswered"], language)
            parts.append(pack.text(language, "reliable.unanswered").format(percent=share))
        if parts:
            told[item["item"]] = ", ".join(parts)
    return told


def _percent(share: float, language: str) -> str:
    decimals = 0 if share >= 0.1 or share == 0 else 1
    return f"{numbers.number(100 * share, decimals, language)}\N{NO-BREAK SPACE}%"
