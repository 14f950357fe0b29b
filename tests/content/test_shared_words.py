"""What all packs of a country say alike stands once, and any pack may say it in its own way."""

import re
import shutil
from itertools import combinations
from pathlib import Path

import pytest

from puls.content.loading import BUILT_IN, load_pack
from puls.content.texts import read_language
from puls.errors import ContentError

FOREIGN = Path(__file__).parent.parent / "packs"
PACKS = sorted(found.parent.name for found in BUILT_IN.glob("*/pack.yaml"))
LANGUAGES = ("nb", "en")


def shared(language: str) -> dict[str, str]:
    return read_language(BUILT_IN / "countries/norway/shared" / language, BUILT_IN)[0]


def own(pack: str, language: str) -> dict[str, str]:
    return read_language(BUILT_IN / pack / "text" / language, BUILT_IN)[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shared_sentence_is_used_by_some_pack(language: str) -> None:
    used = set().union(*(load_pack(pack).texts[language] for pack in PACKS))
    assert shared(language).keys() - used == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("pack", PACKS)
def test_no_pack_repeats_a_shared_sentence(pack: str, language: str) -> None:
    words, common = own(pack, language), shared(language)
    assert [key for key in words if common.get(key) == words[key]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_long_sentence_stands_in_two_packs(language: str) -> None:
    for one, other in combinations(PACKS, 2):
        ours, theirs = own(one, language), own(other, language)
        twice = [key for key in ours if len(ours[key]) > 90 and theirs.get(key) == ours[key]]
        assert twice == [], (one, other)


def test_a_pack_has_its_own_word_where_it_wants_one() -> None:
    names = {key: load_pack(key).text("nb", "tier.school.name") for key in PACKS}
    assert names == {"barnehage": "barnehage", "kulturskole": "kulturskole", "skole": "skole"}
    assert load_pack("kulturskole").text("nb", "chart.trend.year") == "Skoleår"
    assert load_pack("barnehage").text("nb", "chart.trend.year") == "Barnehageår"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The foreign pack, whose country now shares one of its sentences."""
    for part in ("maison_musique", "countries"):
        shutil.copytree(FOREIGN / part, tmp_path / part)
    folder = tmp_path / "countries/corail/shared/fr"
    folder.mkdir(parents=True)
    reasons = tmp_path / "maison_musique/text/fr/raisons.yaml"
    text = reasons.read_text(encoding="utf-8")
    (line,) = re.findall(r"(?m)^  answers: .*\n", text)
    reasons.write_text(text.replace(line, ""), encoding="utf-8")
    (folder / "mots.yaml").write_text(f"reason:\n{line}", encoding="utf-8")
    return tmp_path


def add(root: Path, words: str) -> None:
    (root / "countries/corail/shared/fr/autres.yaml").write_text(words, encoding="utf-8")


def test_a_shared_sentence_completes_a_pack(root: Path) -> None:
    before = load_pack("maison_musique", [FOREIGN])
    assert load_pack("maison_musique", [root]).texts == before.texts


def test_the_packs_own_sentence_wins(root: Path) -> None:
    add(root, "pack: {name: Autre}")
    assert load_pack("maison_musique", [root]).text("fr", "pack.name") == "Maison de musique"


def test_a_pack_may_leave_a_shared_unit_of_measure_unused(root: Path) -> None:
    add(root, "unit: {litres: {name: litres, format: '{value} l'}}")
    assert "unit.litres.name" not in load_pack("maison_musique", [root]).texts["fr"]


@pytest.mark.parametrize(
    ("words", "key", "problem"),
    [
        ("reason: {answer: '{n}'}", "reason.answer", "nothing uses these words"),
        ("status: {hid: {word: x}}", "status.hid.word", "nothing uses these words"),
        ("reason: {answers: x}", "reason.answers", "has words already in"),
    ],
)
def test_a_slip_in_shared_words_is_told(root: Path, words: str, key: str, problem: str) -> None:
    add(root, words)
    with pytest.raises(ContentError) as told:
        load_pack("maison_musique", [root])
    assert told.value.key == key
    assert problem in told.value.problem
    assert told.value.file.startswith("countries/corail/shared/fr/")


def test_a_shared_sentence_that_is_gone_is_missed(root: Path) -> None:
    (root / "countries/corail/shared/fr/mots.yaml").unlink()
    with pytest.raises(ContentError) as told:
        load_pack("maison_musique", [root])
    assert (told.value.key, told.value.problem) == ("reason.answers", "has no words here")


def test_a_wrong_placeholder_in_shared_words_is_told_with_their_file(root: Path) -> None:
    file = root / "countries/corail/shared/fr/mots.yaml"
    file.write_text("reason: {answers: '{m} réponses'}", encoding="utf-8")
    with pytest.raises(ContentError) as told:
        load_pack("maison_musique", [root])
    assert told.value.file == "countries/corail/shared/fr/mots.yaml"
    assert "'{m}' is unknown" in told.value.problem
