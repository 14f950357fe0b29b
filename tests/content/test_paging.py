"""The words of a pack in the sentences of pages."""

import shutil
from pathlib import Path

import pytest

from puls.content.loading import load_pack
from puls.content.paging import said
from puls.errors import ContentError

FOREIGN = Path(__file__).parent.parent / "packs"
WORDS = {"skole": "barnehage", "elev": "barn", "elever": "barn", "på skolen": "i barnehagen"}


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Plasser skolen", "Plasser barnehagen"),
        ("Skoler og skoleår", "Barnehager og barnehageår"),
        ("Noen på skolen", "Noen i barnehagen"),  # the longer one counts
        ("På skolen", "I barnehagen"),
        ("Hver elev, alle elever", "Hver barn, alle barn"),
        ("Kulturskolen", "Kulturskolen"),  # only where a word begins
        ("%(skole)s ber deg", "%(skole)s ber deg"),  # the name of a gap
        ("Ingenting", "Ingenting"),
    ],
)
def test_a_word_is_replaced_wherever_one_begins_with_it(sentence: str, told: str) -> None:
    assert said(sentence, WORDS) == told


def test_what_was_put_in_is_not_replaced_again() -> None:
    assert said("a b", {"a": "b", "b": "a"}) == "b a"


def test_without_words_nothing_changes() -> None:
    assert said("Plasser skolen", {}) == "Plasser skolen"


@pytest.mark.parametrize(
    ("content", "key", "problem"),
    [
        ("en: {school: house}", "en", "does not speak it"),
        ("fr: [école]", "fr", "keys and values"),
        ("fr: {école: [maison]}", "fr.école", "text"),
    ],
)
def test_a_slip_is_told_with_its_place(
    tmp_path: Path, content: str, key: str, problem: str
) -> None:
    for part in ("maison_musique", "countries"):
        shutil.copytree(FOREIGN / part, tmp_path / part)
    (tmp_path / "maison_musique/pages.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(ContentError, match="pages") as told:
        load_pack("maison_musique", [tmp_path])
    assert told.value.key == key
    assert problem in str(told.value)
