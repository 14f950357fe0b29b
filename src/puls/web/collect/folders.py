"""Where the files of rounds lie in the data folder."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Folders:
    """The data folder's parts that belong to rounds; everything else about a round is a row."""

    data: Path

    @property
    def keys(self) -> Path:
        """Keys of open rounds (`vault`)."""
        return self.data / "keys"

    @property
    def waiting(self) -> Path:
        """Files of answers that somebody is about to import (`importing.waiting`)."""
        return self.data / "waiting"

    def mails(self, round_key: str) -> Path:
        """E-mails about a round, in a demo that sends none (`mail_files`)."""
        return self.data / "mail" / round_key

    def sealed(self, round_key: str) -> Path:
        """The answers of a sealed round."""
        return self.data / "sealed" / f"{round_key}.parquet"

    def own(self, round_key: str) -> Path:
        """What was counted of a sealed round's own items (`own_counts`)."""
        return self.data / "sealed" / f"{round_key}.own.json"

    def counts(self, round_key: str) -> Path:
        """What was counted in it: `scoring.Counts`."""
        return self.data / "tallies" / f"{round_key}.npz"

    def parts(self, round_key: str, background: str) -> Path:
        """What was counted in it by a background question: `scoring.tally_parts`."""
        return self.data / "tallies" / f"{round_key}.by-{background}.parquet"

    def of_older_formats(self, round_key: str) -> list[Path]:
        """Where tallies were kept when each kind had a file, laid out in rows."""
        names = ("", ".items", ".products", ".missing")
        return [self.data / "tallies" / f"{round_key}{name}.parquet" for name in names]

    def counted(self, round_key: str) -> Path:
        """What was asked for when it was counted. Written last: with it, all others are there."""
        return self.data / "tallies" / f"{round_key}.counted.json"


def folders() -> Folders:
    """Those of this installation."""
    from django.conf import settings

    return Folders(Path(settings.PULS_DATA))
