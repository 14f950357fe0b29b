"""Counts of a sealed round, kept beside it. Needs files only, no database.

They are kept as they were counted, and rows are laid out when somebody reads them. What was asked
for is written down last, and is what says that all files are there. A round that
was counted by an older version, or before the pack asked for a breakdown or for constructs that
go together, has none or another note: it is counted again from its sealed file, once.
"""

import json
from typing import Any

import polars as pl

from puls.analysis import keeping, scoring
from puls.analysis.engines import Opener
from puls.analysis.scoring import Tallies
from puls.content.definitions import Survey
from puls.errors import PulsError
from puls.web.collect.durable import replacing
from puls.web.collect.folders import Folders

FORMAT = 3
"""Of the files. Another one means that all rounds are counted again."""


def is_counted(round_key: str, survey: Survey, folders: Folders) -> bool:
    """True when the round has all the counts that the survey asks for today."""
    note = folders.counted(round_key)
    parts = [folders.parts(round_key, each.key) for each in survey.background]
    if not all(file.exists() for file in (note, folders.counts(round_key), *parts)):
        return False
    try:
        return bool(json.loads(note.read_text(encoding="utf-8")) == _asked(survey))
    except ValueError:
        return False


def count(
    round_key: str, survey: Survey, folders: Folders, read: Opener = scoring.read_sealed
) -> None:
    """Count a sealed round, anew if that was done before.

    read: opens the sealed file on an engine (`engines.opened`).
    """
    file = folders.sealed(round_key)
    if not file.exists():
        raise PulsError(
            f"The sealed answers of round {round_key} are missing: {file}. Put the file back from "
            "where the data folder was copied."
        )
    folders.counted(round_key).unlink(missing_ok=True)
    with replacing(folders.counts(round_key)) as draft:
        keeping.write(scoring.count_round(read(file), survey), draft)
    for each in survey.background:
        with replacing(folders.parts(round_key, each.key)) as draft:
            scoring.tally_parts(read(file), survey, each.key).write_parquet(draft)
    with replacing(folders.counted(round_key)) as draft:
        draft.write_text(json.dumps(_asked(survey)), encoding="utf-8")
    for older in folders.of_older_formats(round_key):
        older.unlink(missing_ok=True)


def tallies(round_key: str, survey: Survey, folders: Folders) -> Tallies:
    """The tallies of a sealed round, counted now where something is missing."""
    _need(round_key, survey, folders)
    return scoring.laid_out(keeping.read(folders.counts(round_key)), survey)


def answers(round_key: str, survey: Survey, folders: Folders) -> pl.DataFrame:
    """`Tallies.answers` alone, as above: the other rows are not laid out."""
    _need(round_key, survey, folders)
    counts = keeping.read(folders.counts(round_key))
    return scoring.score_tables(counts.groups, counts.scored)[0]


def parts(round_key: str, survey: Survey, background: str, folders: Folders) -> pl.DataFrame:
    """The tally of a sealed round by one of the survey's background questions, as above."""
    _need(round_key, survey, folders)
    return pl.read_parquet(folders.parts(round_key, background))


def _need(round_key: str, survey: Survey, folders: Folders) -> None:
    if not is_counted(round_key, survey, folders):
        count(round_key, survey, folders)


def _asked(survey: Survey) -> dict[str, Any]:
    """What is counted of a survey, as JSON gives it back."""
    return {
        "format": FORMAT,
        "survey": f"{survey.key}.v{survey.version}",
        "background": {each.key: list(each.options) for each in survey.background},
        "pairs": [list(pair) for pair in survey.pairs],
    }
