"""What a pack lets everybody have: nothing unless it says under which licence."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from puls.content.loading import load_pack
from puls.content.opening import FILE, open_data
from puls.errors import ContentError

PACK = load_pack("kulturskole")
WHOLE = (PACK.folder / FILE).read_text()


def test_the_culture_schools_pack_names_a_licence_for_all_that_it_publishes() -> None:
    opened = open_data(PACK)
    assert opened is not None
    assert opened.answers.name == "CC BY 4.0"
    assert {key: each.name for key, each in opened.registers.items()} == {
        "gsi": "NLOD 2.0",
        "kostra": "CC BY 4.0",
        "population": "CC BY 4.0",
    }


def test_a_pack_without_the_file_publishes_nothing(tmp_path: Path) -> None:
    assert open_data(replace(PACK, folder=tmp_path)) is None


@pytest.mark.parametrize(
    ("old", "new", "key", "allowed"),
    [
        ("answers:", "answer:", "answers", "keys and values"),
        ("  kostra:", "  kostr:", "registers.kostr", "gsi, kostra, population"),
        ("https://data.norge.no", "data.norge.no", "registers.gsi.url", "https://"),
        ("{name: NLOD 2.0, ", "{", "registers.gsi.name", "text"),
        ("registers:", "extra: 1\nregisters:", "extra", "answers, registers"),
    ],
)
def test_a_slip_is_told_with_its_place(
    old: str, new: str, key: str, allowed: str, tmp_path: Path
) -> None:
    (tmp_path / FILE).write_text(WHOLE.replace(old, new, 1))
    with pytest.raises(ContentError, match=re.escape(key)) as slip:
        open_data(replace(PACK, folder=tmp_path))
    assert allowed in str(slip.value)
