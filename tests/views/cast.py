"""Cells, units and the pack that the tests of the views are about."""

from functools import cache
from typing import Any

from puls.cells import ReleasedCell, Status
from puls.content.definitions import Pack
from puls.content.loading import load_pack
from puls.views.colour_table import colour_table
from puls.views.tables import ColourTable, Kind, RowUnit

PERIOD = 2025
# Higher is better, cut points 3.6 and 4.1, one decimal, answers 1 to 5.
FEEDBACK = "student_feedback"
# Lower is better, a share in percent from a register.
WAITING = "kostra_waiting_share"
# A register figure that nobody has set cut points for.
COST = "kostra_net_per_child"

KARMOY = RowUnit("karmoy-kulturskole", "Karmøy kulturskole", Kind.SELF)
MUSIC = RowUnit("karmoy-kulturskole.music", "Musikk", Kind.CHILD, "/musikk/")
DANCE = RowUnit("karmoy-kulturskole.dance", "Dans", Kind.CHILD)
THEATRE = RowUnit("karmoy-kulturskole.theatre", "Teater", Kind.CHILD)
NORWAY = RowUnit("no", "Norge", Kind.COMPARISON)


@cache
def pack() -> Pack:
    return load_pack("kulturskole")


def shown(
    value: float,
    levels: tuple[int, int] | None,
    indicator: str = FEEDBACK,
    unit: RowUnit = KARMOY,
    interval: tuple[float, float] | None = None,
    n: int | None = None,
    **more: Any,
) -> ReleasedCell:
    """A shown cell; levels: the lowest and highest that it touches."""
    low, high = interval or (None, None)
    level_low, level_high = levels or (None, None)
    return ReleasedCell(
        unit.key,
        indicator,
        pack().indicators[indicator].version,
        PERIOD,
        Status.SHOWN,
        value=value,
        n=n,
        low=low,
        high=high,
        level_low=level_low,
        level_high=level_high,
        **more,
    )


def silent(
    status: Status, indicator: str = FEEDBACK, unit: RowUnit = KARMOY, note: str = ""
) -> ReleasedCell:
    """A cell without a number."""
    version = pack().indicators[indicator].version
    return ReleasedCell(unit.key, indicator, version, PERIOD, status, note=note)


def table(
    cells: list[ReleasedCell],
    indicators: tuple[str, ...] = (FEEDBACK,),
    units: tuple[RowUnit, ...] = (KARMOY,),
    language: str = "nb",
    **more: Any,
) -> ColourTable:
    chosen = [pack().indicators[key] for key in indicators]
    return colour_table(cells, chosen, units, pack(), language, period=PERIOD, **more)
