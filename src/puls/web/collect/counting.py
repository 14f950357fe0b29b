"""Tallies of a sealed round, kept beside it. Needs files only, no database."""

from puls.analysis import scoring
from puls.analysis.engines import Opener
from puls.content.definitions import Survey
from puls.errors import PulsError
from puls.web.collect.durable import replacing
from puls.web.collect.folders import Folders


def is_counted(round_key: str, folders: Folders) -> bool:
    """True when the round has all its tallies; the last one written is the one asked for."""
    return folders.tally(round_key).exists()


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
    folders.tally(round_key).unlink(missing_ok=True)
    tallies = scoring.tally_round(read(file), survey)
    with replacing(folders.item_tally(round_key)) as draft:
        tallies.items.write_parquet(draft)
    with replacing(folders.tally(round_key)) as draft:
        tallies.answers.write_parquet(draft)
