"""The words that charts need beside those of their indicators, from the pack."""

from collections.abc import Mapping

from puls.content.charted import CHARTED
from puls.content.definitions import Pack


def words(pack: Pack, language: str) -> Mapping[str, str]:
    """What every chart takes as `words`, in one language, by the keys of its `WORDS`."""
    return {key: pack.text(language, f"chart.{key}") for key in CHARTED}
