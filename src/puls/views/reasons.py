"""Why a cell shows what it shows, in one or two sentences of the pack."""

from collections.abc import Iterator, Mapping
from datetime import date

from puls import periods
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Criteria, Indicator, Pack, RegisterSource, SurveySource
from puls.views import numbers
from puls.views.judging import judged


def reason(
    cell: ReleasedCell,
    indicator: Indicator,
    pack: Pack,
    language: str,
    *,
    k: int,
    unit_names: Mapping[str, str],
    tier: str = "",
    with_setter: bool = True,
    instead_of: Status = Status.SHOWN,
    first: ReleasedCell | None = None,
) -> str:
    """The reason of one cell: word, value, cut point, who set it and when, interval, n.

    k: the threshold of the release that the cell comes from. unit_names: for `cell.of_unit`.
    tier: of the cell's unit, where known: some are never measured by a register.
    with_setter: False where the page says once who set all its cut points.
    instead_of: status of the year's own cell, where years together are shown in its place.
    first: the same cell as it was first released, where the one at hand is a later correction.

    The criteria told are those that the cell was judged by, whatever holds today.

    >>> reason(...)
    "Svak fordi 3,4 er under grensen 3,6 (satt av kommunestyret, 2024), og ... 148 svarte."
    """
    indicator = judged(cell, indicator, pack)
    sentences = (
        _shown(*numbers.readable(cell, indicator, pack), pack, language, with_setter)
        if cell.status is Status.SHOWN
        else _not_shown(cell, indicator, pack, language, k, tier)
    )
    found = [*sentences, *_added(cell, indicator, pack, language, unit_names)]
    if cell.correction and cell.status is Status.SHOWN:
        found.append(_corrected(cell, first, indicator, pack, language))
    if cell.years > 1:
        words = {"span": numbers.span(cell.period, cell.years), "reason": found[0]}
        found[0] = pack.text(language, "pooled.reason").format(**words)
        if instead_of is not Status.SHOWN:
            found.append(pack.text(language, f"pooled.why.{instead_of}"))
    return " ".join(numbers.capitalised(sentence) for sentence in found)


def levels_touched(cell: ReleasedCell, pack: Pack, language: str) -> str:
    """The words of every level that value and interval touch: "svak og på vei"."""
    assert cell.level_low is not None, "no level to name"
    assert cell.level_high is not None, "no level to name"
    words = [
        pack.text(language, f"level.{level}.word")
        for level in range(cell.level_low, cell.level_high + 1)
    ]
    *first, last = words
    return pack.text(language, "reason.and").join([", ".join(first), last] if first else [last])


def place(value: float, criteria: Criteria) -> tuple[str, dict[str, float]]:
    """Where a value lies among the cut points: the sentence that says so, and the cuts it names.

    | higher is better | value against cuts 3.0 and 4.0 | sentence | cuts named |
    |---|---|---|---|
    | yes | 2.9 | below | 3.0 |
    | yes | 3.0 to 3.9 | between | 3.0 and 4.0 |
    | yes | 4.0 | at_least | 4.0 |
    | no | 3.0 | at_most | 3.0 |
    | no | 3.1 to 4.0 | between | 3.0 and 4.0 |
    | no | 4.1 | above | 4.0 |
    """
    cuts, upwards = criteria.cuts, criteria.higher_is_better
    passed = sum(value >= cut if upwards else value > cut for cut in cuts)
    if passed == 0:
        return ("below" if upwards else "at_most"), {"cut": cuts[0]}
    if passed == len(cuts):
        return ("at_least" if upwards else "above"), {"cut": cuts[-1]}
    return "between", {"cut_low": cuts[passed - 1], "cut_high": cuts[passed]}


def cuts_touched(cell: ReleasedCell, criteria: Criteria) -> tuple[float, ...]:
    """The cut points between the levels that the cell is uncertain between, rising."""
    assert cell.level_low is not None, "no level to name"
    assert cell.level_high is not None, "no level to name"
    steps = range(cell.level_low, cell.level_high)
    last = len(criteria.cuts)
    places = [step - 1 if criteria.higher_is_better else last - step for step in steps]
    return tuple(criteria.cuts[spot] for spot in sorted(places))


def pulled(cell: ReleasedCell) -> bool:
    """Whether the mean lies outside its own estimate.

    The estimate leans on what others answered, the more so the fewer answers there are. A mean
    inside it needs no explanation, however far it was pulled.
    """
    if cell.value is None or cell.low is None or cell.high is None:
        return False
    return not cell.low <= cell.value <= cell.high


def measured_above(cell: ReleasedCell, indicator: Indicator, tier: str, pack: Pack) -> bool:
    """Whether a register never measures units of this tier, and so has nothing for the cell."""
    tiers = pack.country.tier_keys
    return (
        cell.status is Status.NO_DATA
        and not cell.note
        and isinstance(indicator.source, RegisterSource)
        and tier in tiers
        and tiers.index(tier) > tiers.index(pack.country.tenant_tier)
    )


def setter(indicator: Indicator, pack: Pack, language: str, key: str = "set_by") -> str:
    """Who set an indicator's cut points, and when; "" without any. key: the pack's sentence.

    indicator: as `judging.judged` gives it, where it is about a cell.
    """
    criteria = indicator.criteria
    if criteria is None:
        return ""
    words = {"set_by": criteria.set_by[language], "year": _year(criteria.set_on)}
    return pack.text(language, f"reason.{key}").format(**words)


def _shown(
    cell: ReleasedCell, indicator: Indicator, pack: Pack, language: str, with_setter: bool
) -> Iterator[str]:
    criteria, value = indicator.criteria, cell.value
    assert value is not None, f"{cell.unit} {cell.indicator}: shown without a value"
    kind = "register" if cell.low is None else "survey"

    def filled(key: str, cuts: Mapping[str, float]) -> str:
        return _filled(key, cell, indicator, pack, language, cuts, with_setter)

    lost = criteria is None and cell.level_low is not None
    if lost:
        yield filled("reason.lost_criteria", {})
    elif criteria is None or cell.level_low is None:
        yield filled(f"reason.no_criteria.{kind}", {})
    elif cell.level is None:
        cuts = cuts_touched(cell, criteria)
        one = len(cuts) == 1
        named = {"cut": cuts[0]} if one else {"cut_low": cuts[0], "cut_high": cuts[-1]}
        key = "reason.uncertain.survey" if one else "reason.uncertain_many.survey"
        yield filled(key, named)
    else:
        where, named = place(value, criteria)
        yield filled(f"reason.{where}.{kind}", named)
    if cell.n is not None and (kind == "register" or lost):
        yield filled("reason.answers", {})
    if pulled(cell):
        yield pack.text(language, "reason.pulled")


def _filled(
    key: str,
    cell: ReleasedCell,
    indicator: Indicator,
    pack: Pack,
    language: str,
    cuts: Mapping[str, float],
    with_setter: bool,
) -> str:
    """A sentence with its numbers, written with enough decimals to be true as written."""
    carried = [part for part in (cell.value, cell.low, cell.high) if part is not None]
    more = max(
        numbers.decimals_apart(part, tuple(cuts.values()), indicator.decimals) for part in carried
    )
    if cell.low is not None and cell.high is not None and not more:
        # "3,6–3,6" looks like a slip: a narrow estimate gets the decimal that shows its width.
        same = len({numbers.rounded(e, indicator.decimals) for e in (cell.low, cell.high)}) == 1
        more = 1 if same else 0
    if pulled(cell):
        # That the mean lies outside its estimate must be seen in the numbers, too.
        assert cell.value is not None
        ends = tuple(end for end in (cell.low, cell.high) if end is not None)
        more = max(more, numbers.decimals_apart(cell.value, ends, indicator.decimals))

    def written(value: float) -> str:
        return numbers.quantity(value, indicator, pack, language, more)

    words = {name: written(cut) for name, cut in cuts.items()}
    if cell.value is not None:
        words["value"] = written(cell.value)
    if cell.low is not None and cell.high is not None:
        words["low"] = numbers.number(cell.low, indicator.decimals + more, language)
        words["high"] = written(cell.high)
    if cell.n is not None:
        words["n"] = numbers.number(cell.n, 0, language)
    if cell.level is not None:
        words["level"] = pack.text(language, f"level.{cell.level}.word")
    if cell.level_low is not None:
        words["levels"] = levels_touched(cell, pack, language)
    words["setter"] = f" ({setter(indicator, pack, language)})" if with_setter and cuts else ""
    return pack.text(language, key).format(**words)


def _year(day: date) -> str:
    return str(day.year)


def _not_shown(
    cell: ReleasedCell, indicator: Indicator, pack: Pack, language: str, k: int, tier: str
) -> Iterator[str]:
    words = {"k": str(k), "period": periods.label(cell.period), "note": cell.note}
    words["source"] = source_name(indicator, pack, language)
    key = f"reason.{cell.status}"
    if measured_above(cell, indicator, tier, pack):
        key = "reason.elsewhere"
    elif cell.status is Status.NO_DATA:
        if isinstance(indicator.source, SurveySource):
            key = "reason.no_data.survey"
        else:
            key = f"reason.no_data{'_note' if cell.note else ''}.register"
    yield pack.text(language, key).format(**words)


def _added(
    cell: ReleasedCell,
    indicator: Indicator,
    pack: Pack,
    language: str,
    unit_names: Mapping[str, str],
) -> Iterator[str]:
    if cell.provisional:
        source = source_name(indicator, pack, language)
        yield pack.text(language, "reason.provisional").format(source=source)
    if cell.of_unit:
        name = unit_names.get(cell.of_unit, cell.of_unit)
        yield pack.text(language, "reason.of_unit").format(unit=name)


def _corrected(
    cell: ReleasedCell,
    first: ReleasedCell | None,
    indicator: Indicator,
    pack: Pack,
    language: str,
) -> str:
    """What was counted later, and the number that stood before: that one stays as it was."""
    if first is None or first.n is None or cell.n is None or cell.years > 1 or cell.part:
        return pack.text(language, "reason.corrected_since")
    sized, named = numbers.readable(first, judged(first, indicator, pack), pack)
    assert sized.value is not None, "answers without a mean"
    words = {
        "late": numbers.number(cell.n - first.n, 0, language),
        "value": numbers.quantity(sized.value, named, pack, language),
        "n": numbers.number(first.n, 0, language),
    }
    return pack.text(language, "reason.corrected").format(**words)


def source_name(indicator: Indicator, pack: Pack, language: str) -> str:
    """What the indicator is read from: the survey's or the register's name."""
    if isinstance(indicator.source, RegisterSource):
        return pack.text(language, f"source.{indicator.source.source}.name")
    return pack.text(language, f"survey.{indicator.source.survey}.name")
