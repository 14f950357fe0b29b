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

    def sealed(self, round_key: str) -> Path:
        """The answers of a sealed round."""
        return self.data / "sealed" / f"{round_key}.parquet"

    def own(self, round_key: str) -> Path:
        """What was counted of a sealed round's own items (`own_counts`)."""
        return self.data / "sealed" / f"{round_key}.own.json"

    def tally(self, round_key: str, kind: str = "answers") -> Path:
        """What was counted in it: one of `scoring.Tallies`, or parts by a background question."""
        name = round_key if kind == "answers" else f"{round_key}.{kind}"
        return self.data / "tallies" / f"{name}.parquet"

    def counted(self, round_key: str) -> Path:
        """What was asked for when it was counted. Written last: with it, all tallies are there."""
        return self.data / "tallies" / f"{round_key}.counted.json"


def folders() -> Folders:
    """Those of this installation."""
    from django.conf import settings

    return Folders(Path(settings.PULS_DATA))
