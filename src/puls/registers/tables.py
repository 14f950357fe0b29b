"""What the readers give: a register's table or a round's answers, checked and ready to store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from puls.figures import Figure


@dataclass(frozen=True)
class RegisterTable:
    """One register file, read.

    source, licence: from the binding; the register's own where no binding has the table.
    table: the register's id of the table, or "" when the file does not say.
    label: the register's title of it.
    updated: when the register last changed the table; None when the file does not say.
    selection: the categories in the file, by dimension.
    notes: the register's footnotes, then what the reader has to say about the table.
    rows_in: cells (JSON-stat) or rows (Udir) in the file.
    refused: where and why, for every region, column or row that was left out.
    figures: what is bound to indicators; empty for metadata and for tables without regions.
    """

    source: str
    licence: str
    table: str
    label: str
    updated: datetime | None
    selection: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...]
    rows_in: int
    refused: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]


def together(parts: Sequence[RegisterTable]) -> RegisterTable:
    """Parts of one table, fetched one after the other, as the one they are parts of."""
    first = parts[0]
    selection: dict[str, dict[str, None]] = {}
    for part in parts:
        for name, codes in part.selection.items():
            selection.setdefault(name, {}).update(dict.fromkeys(codes))
    return replace(
        first,
        selection={name: tuple(codes) for name, codes in selection.items()},
        notes=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
        rows_in=sum(part.rows_in for part in parts),
        refused=tuple(dict.fromkeys(each for part in parts for each in part.refused)),
        figures=tuple(figure for part in parts for figure in part.figures),
    )


@dataclass(frozen=True)
class AnswersTable:
    """The answers of one round, a row a respondent.

    rows_in: rows below the header; each is in `frame` or in `refused`.
    refused: (row, why) of respondents who answered nothing.
    frame: `leaf` (the leaf group's key, String), one Int8 column per background question of the
        survey (the option's number from 1, null where it was not said), then one Int8 column per
        item, null where it was skipped. Nothing else of the file is kept.
    """

    rows_in: int
    refused: tuple[tuple[str, str], ...]
    frame: pl.DataFrame
