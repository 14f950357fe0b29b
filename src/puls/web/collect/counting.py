"""Tallies of a sealed round, kept beside it. Needs files only, no database.

What was counted is written down last, and is what says that all tallies are there. A round that
was counted by an older version, or before the pack asked for a breakdown or for constructs that
go together, has none or another note: it is counted again from its sealed file, once.
"""

import json
from typing import Any

import polars as pl

from puls.analysis import scoring
from puls.analysis.engines import Opener
from puls.analysis.scoring import Tallies
from puls.content.definitions import Survey
from puls.errors import PulsError
from puls.web.collect.durable import replacing
from puls.web.collect.folders import Folders

FORMAT = 2
"""Of the tallies. Another one means that all rounds are counted again."""


def is_counted(round_key: str, survey: Survey, folders: Folders) -> bool:
    """True when the round has all the tallies that the survey asks for today."""
    note = folders.counted(round_key)
    kinds = [*Tallies._fields, *(_by(each.key) for each in survey.background)]
    if not all(file.exists() for file in (note, *(folders.tally(round_key, k) for k in kinds))):
        return False
    try:
        return bool(json.loads(note.read_text(encoding="utf-8")) == _asked(survey))
    except ValueError:
        return False


def count(
    round_key: str, survey: Survey, folders: Folders, read: Opener = scoring.read_sealed
) -> None:
    """Count a sealed round into its tallies, anew if they are there.

    read: opens the sealed file on an engine (`engines.opened`).
    """
    file = folders.sealed(round_key)
    if not file.exists():
        raise PulsError(
            f"The sealed answers of round {round_key} are missing: {file}. Put the file back from "
            "where the data folder was copied."
        )
    folders.counted(round_key).unlink(missing_ok=True)
    for kind, tally in scoring.tally_round(read(file), survey)._asdict().items():
        _write(tally, round_key, kind, folders)
    for each in survey.background:
        _write(scoring.tally_parts(read(file), survey, each.key), round_key, _by(each.key), folders)
    with replacing(folders.counted(round_key)) as draft:
        draft.write_text(json.dumps(_asked(survey)), encoding="utf-8")


def tallies(round_key: str, survey: Survey, folders: Folders) -> Tallies:
    """The tallies of a sealed round, counted now where something is missing."""
    _need(round_key, survey, folders)
    return Tallies(*(pl.read_parquet(folders.tally(round_key, kind)) for kind in Tallies._fields))


def parts(round_key: str, survey: Survey, background: str, folders: Folders) -> pl.DataFrame:
    """The tally of a sealed round by one of the survey's background questions, as above."""
    _need(round_key, survey, folders)
    return pl.read_parquet(folders.tally(round_key, _by(background)))


def _need(round_key: str, survey: Survey, folders: Folders) -> None:
    if not is_counted(round_key, survey, folders):
        count(round_key, survey, folders)


def _write(tally: pl.DataFrame, round_key: str, kind: str, folders: Folders) -> None:
    with replacing(folders.tally(round_key, kind)) as draft:
        tally.write_parquet(draft)


def _by(background: str) -> str:
    return f"by-{background}"


def _asked(survey: Survey) -> dict[str, Any]:
    """What is counted of a survey, as JSON gives it back."""
    return {
        "format": FORMAT,
        "survey": f"{survey.key}.v{survey.version}",
        "background": {each.key: list(each.options) for each in survey.background},
        "pairs": [list(pair) for pair in survey.pairs],
    }
