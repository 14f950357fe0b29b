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

    def tally(self, round_key: str) -> Path:
        """What `scoring.tally_answers` counted in it."""
        return self.data / "tallies" / f"{round_key}.parquet"

    def item_tally(self, round_key: str) -> Path:
        """What `scoring.tally_items` counted in it."""
        return self.data / "tallies" / f"{round_key}.items.parquet"


def folders() -> Folders:
    """Those of this installation."""
    from django.conf import settings

    return Folders(Path(settings.PULS_DATA))
