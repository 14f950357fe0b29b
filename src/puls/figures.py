"""A register figure: one number of one unit in one school year, as its source states it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    indicator: key of the indicator it feeds.
    unit: key in the tree; the unit of that time, until `history.carry_figures` carries it over.
    period: start year of the school year; a year's figures belong to the one that starts in it.
    value: in the indicator's own unit; None when the source has a symbol instead of a number.
    note: the source's symbol (".", "..", ":", "*" ...), or "".
    provisional: the source may still revise it.
    comparable: False for a unit that the figures of its predecessors cannot be carried to.
    """

    indicator: str
    unit: str
    period: int
    value: float | None
    note: str = ""
    provisional: bool = False
    comparable: bool = True

    def __post_init__(self) -> None:
        assert self.comparable or self.value is None, "a figure that is not comparable has a value"
