"""A statistical table with any number of dimensions, as JSON-stat has it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Category:
    """One value of a dimension. unit and decimals are set on what is measured."""

    code: str
    label: str
    unit: str = ""
    decimals: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dimension:
    """role: "time", "metric", "geo" or ""."""

    name: str
    label: str
    role: str
    categories: tuple[Category, ...]
    notes: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(category.code for category in self.categories)


@dataclass(frozen=True)
class Dataset:
    """One table. Its cells are numbered from 0, the last dimension running fastest.

    table: the register's id of the table, or "".
    values: number by cell, for the cells that have one; a null is not here and never 0.
    statuses: symbol by cell, for the cells that have one; `common_status` for all others.
    is_metadata: True when the file describes the table and holds no cells.
    """

    label: str
    source: str
    table: str
    updated: datetime | None
    notes: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    values: Mapping[int, float]
    statuses: Mapping[int, str]
    common_status: str
    is_metadata: bool

    @property
    def size(self) -> tuple[int, ...]:
        return tuple(len(dimension.categories) for dimension in self.dimensions)

    @property
    def cells(self) -> int:
        return 0 if self.is_metadata else math.prod(self.size)

    @property
    def strides(self) -> Mapping[str, int]:
        """How many cells lie between two neighbouring categories, by dimension."""
        sizes = self.size
        return {
            dimension.name: math.prod(sizes[place + 1 :])
            for place, dimension in enumerate(self.dimensions)
        }

    def dimension(self, name: str) -> Dimension | None:
        return next((each for each in self.dimensions if each.name == name), None)

    def with_role(self, role: str) -> Dimension | None:
        return next((each for each in self.dimensions if each.role == role), None)

    def status(self, number: int) -> str:
        return self.statuses.get(number, self.common_status)
