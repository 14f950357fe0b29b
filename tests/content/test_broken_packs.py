# ruff: noqa: E501  (a row of the table is read across)
"""A slip in a pack is told with file, key and what is allowed. One row a slip.

Each case changes one file of the foreign pack: a text in it is replaced, or (when the text is "")
the file is written anew.
"""

import shutil
from pathlib import Path

import pytest

from puls.content.loading import load_pack
from puls.errors import ContentError

FOREIGN = Path(__file__).parent.parent / "packs"
PACK, COUNTRY = "maison_musique", "countries/corail"

# file, this text, becomes this, the key that is named, what the message must hold
CASES = {
    # YAML itself
    "not yaml": ("pack.yaml", "{signed_in: 6", "{signed_in: [6", "line 6", "YAML"),
    "a key twice": ("pack.yaml", "levels: 4", "levels: 4\nlevels: 3", "line 6, column 1", "'levels'"),
    "a key twice, below": ("criteria/joy.v1.yaml", "{fr: le conseil", "{fr: x, fr: le", "line 6", "'fr'"),
    "a list, not keys": ("scales/faces_1_3.yaml", "", "- key\n", "(whole file)", "key: value"),
    "an empty file": ("scales/faces_1_3.yaml", "", "", "(whole file)", "key: value"),
    "not a safe tag": ("pack.yaml", '"1"', "!!python/name:os.system", "line 2", "could not determine"),
    "an alias to nothing": ("pack.yaml", '"1"', "*other", "line 2", "undefined alias"),
    # keys
    "unknown key": ("pack.yaml", "levels: 4", "levels: 4\nlevel: 4", "level", "thresholds"),
    "unknown key below": ("pack.yaml", "signed_in: 6,", "signed_in: 6, k: 5,", "thresholds.k", "public"),
    "unknown key in a row": ("surveys/student.v1.yaml", "reversed", "revers", "constructs[1].items[2].revers", "reversed"),
    "missing key": ("scales/faces_1_3.yaml", "low: 1\n", "", "low", "whole number from 0 to 10"),
    "a key with capitals": ("scales/faces_1_3.yaml", "key: f", "key: F", "key", "small letters"),
    "another key than the file": ("indicators/children.yaml", "key: children", "key: kids", "key", "kids.yaml"),
    "another version than the file": ("surveys/student.v1.yaml", "version: 1", "version: 2", "version", "student.v2.yaml"),
    "another key than the folder": ("pack.yaml", "maison_musique", "maison", "key", "maison_musique"),
    # types
    "text for a number": ("pack.yaml", "levels: 4", "levels: four", "levels", "2 to 7"),
    "true for a number": ("pack.yaml", "levels: 4", "levels: true", "levels", "2 to 7"),
    "number out of range": ("pack.yaml", "levels: 4", "levels: 1", "levels", "2 to 7"),
    "text for true": ("indicators/children.yaml", "additive: true", "additive: yes", "from.additive", "true, false"),
    "a number for text": ("rubrics/listening.yaml", '"1"', "1.1", "number", "text"),
    "no day": ("frameworks/plan_2020.yaml", "2020-02-01", "2020", "valid_from", "2026-11-23"),
    "a day that is none": ("frameworks/plan_2020.yaml", "-02-01", "-02-30", "(whole file)", "YAML"),
    "one word for a list": ("pack.yaml", "[fr]", "fr", "languages", "list"),
    "a word twice": ("pack.yaml", "[fr]", "[fr, fr]", "languages", "once"),
    # pack
    "unknown country": ("pack.yaml", "corail", "atlantis", "key", "corail"),
    "unknown language": ("pack.yaml", "[fr]", "[fr, en]", "languages", "fr"),
    "public below signed in": ("pack.yaml", "public: 10", "public: 5", "thresholds.public", "from 6"),
    "threshold of two": ("pack.yaml", "signed_in: 6", "signed_in: 2", "thresholds.signed_in", "from 3"),
    "unknown role": ("pack.yaml", "owner: school", "boss: school", "reach.boss", "owner"),
    "unknown tier": ("pack.yaml", "owner: school", "owner: county", "reach.owner", "island"),
    "unknown column": ("pack.yaml", "[student_joy", "[joy", "colour_table", "children, share_playing, student_joy"),
    # country
    "a tier twice": (f"{COUNTRY}/country.yaml", "key: school", "key: country", "tiers[3].key", "each tier once"),
    "unknown tenant tier": (f"{COUNTRY}/country.yaml", "tenant_tier: island", "tenant_tier: isle", "tenant_tier", "island"),
    "code is no pattern": (f"{COUNTRY}/country.yaml", "[A-Z]{2}", "[A-Z", "tiers[2].code", "regular"),
    "no such school year": (f"{COUNTRY}/country.yaml", "day: 1", "day: 30", "school_year_starts", "a day"),
    "language of three words": (f"{COUNTRY}/country.yaml", "[fr]", "[french]", "languages", "nb, nn, en"),
    # surveys
    "unknown scale": ("surveys/student.v1.yaml", "faces_1_3", "faces", "scale", "faces_1_3"),
    "an item twice": ("surveys/student.v1.yaml", "joy_2", "joy_1", "constructs[1].items[2].key", "once in a survey"),
    "no items": ("surveys/student.v1.yaml", "items:\n      - {key: joy_1}\n      - {key: joy_2, reversed: true}", "items: []", "constructs[1].items", "1 to 6 items"),
    "more items than sixtieths can hold": ("surveys/student.v1.yaml", "- {key: joy_1}", "\n      ".join(f"- {{key: j_{n}}}" for n in range(7)), "constructs[1].items", "1 to 6 items"),
    "unknown audience": ("surveys/student.v1.yaml", "audience: student", "audience: pupil", "audience", "student"),
    "a scale upside down": ("scales/faces_1_3.yaml", "high: 3", "high: 1", "high", "from 2 to 10"),
    # criteria
    "cuts not ascending": ("criteria/joy.v1.yaml", "[1.5, 2, 2.5]", "[1.5, 2.5, 2]", "cuts", "above"),
    "cuts alike": ("criteria/joy.v1.yaml", "[1.5, 2, 2.5]", "[1.5, 2, 2]", "cuts", "above"),
    "too few cuts": ("criteria/joy.v1.yaml", "[1.5, 2, 2.5]", "[1.5, 2]", "cuts", "3 cut points"),
    "cuts off the scale": ("criteria/joy.v1.yaml", "2.5]", "3.5]", "criteria", "between 1 and 3"),
    "a cut that is a word": ("criteria/joy.v1.yaml", "2.5]", "high]", "cuts", "list of numbers"),
    "a cut of 400 digits": ("criteria/joy.v1.yaml", "2.5]", "1" + "0" * 400 + "]", "cuts", "too large. Allowed: below"),
    "a cut of 400 digits and a point": ("criteria/joy.v1.yaml", "2.5]", "1" + "0" * 400 + ".0]", "cuts", "too large"),
    "nobody set them": ("criteria/joy.v1.yaml", "{fr: le conseil des îles}", "{}", "set_by.fr", "text"),
    "set in an unknown language": ("criteria/joy.v1.yaml", "{fr: le conseil des îles}", "{fr: x, en: y}", "set_by.en", "fr"),
    "cuts in an unknown unit": ("criteria/joy.v1.yaml", "mean_1_3", "mean_1_5", "unit", "mean_1_3"),
    "criteria under the old name": ("criteria/joy.v1.yaml", "version: 1", "version: 12", "version", "joy.v12.yaml"),
    # background questions
    "a background question twice": ("surveys/student.v1.yaml", "background:", "background:\n  - {key: years_here, options: [a, b]}", "background[2].key", "once"),
    "a background question that is an item": ("surveys/student.v1.yaml", "key: years_here", "key: joy_1", "background[1].key", "is an item too"),
    "a background question that is a column": ("surveys/student.v1.yaml", "key: years_here", "key: leaf", "background[1].key", "a key of its own, not leaf"),
    "a background question that is a kind of cells": ("surveys/student.v1.yaml", "key: years_here", "key: pooled", "background[1].key", "a word of Puls"),
    "an option twice": ("surveys/student.v1.yaml", "[first, later]", "[first, first]", "background[1].options", "once"),
    "a single option": ("surveys/student.v1.yaml", "[first, later]", "[first]", "background[1].options", "2 to 20 options"),
    "an option with a dot": ("surveys/student.v1.yaml", "[first, later]", "[first, lat.er]", "background[1].options", "small letters"),
    "an option that is a number": ("surveys/student.v1.yaml", "[first, later]", "[1, 2]", "background[1].options", "'1' is no key"),
    "an unknown key of a background question": ("surveys/student.v1.yaml", "options:", "choices: [], options:", "background[1].choices", "options"),
    "an option without words": ("text/fr/mots.yaml", ", later: Depuis plus longtemps", "", "background.years_here.later", "no words"),
    # prerequisites and smallest differences
    "an unknown prerequisite": ("indicators/student_joy.yaml", "[share_playing]", "[share]", "prerequisites", "'share' is no indicator. Allowed: children, share_playing"),
    "its own prerequisite": ("indicators/student_joy.yaml", "[share_playing]", "[student_joy]", "prerequisites", "cannot be its own"),
    "a prerequisite twice": ("indicators/student_joy.yaml", "[share_playing]", "[children, children]", "prerequisites", "once"),
    "a difference in an unknown unit": ("pack.yaml", "{mean_1_3: 0.15}", "{mean_1_3: 0.15, mean_1_5: 0.2}", "smallest_difference.mean_1_5", "mean_1_3"),
    "a difference of nothing": ("pack.yaml", "{mean_1_3: 0.15}", "{mean_1_3: 0}", "smallest_difference.mean_1_3", "above 0"),
    "a negative difference": ("pack.yaml", "{mean_1_3: 0.15}", "{mean_1_3: -0.15}", "smallest_difference.mean_1_3", "above 0"),
    "a difference of 400 digits": ("pack.yaml", "{mean_1_3: 0.15}", "{mean_1_3: 1" + "0" * 400 + "}", "smallest_difference.mean_1_3", "too large"),
    "a difference that is a word": ("pack.yaml", "{mean_1_3: 0.15}", "{mean_1_3: small}", "smallest_difference.mean_1_3", "a number above 0"),
    "no smallest difference for a survey": ("pack.yaml", "{mean_1_3: 0.15}", "{percent: 2}", "smallest_difference.mean_1_3", "above 0"),
    "no smallest differences at all": ("pack.yaml", "smallest_difference: {mean_1_3: 0.15}\n", "", "smallest_difference.mean_1_3", "above 0"),
    "no smallest difference for what is judged given": ("indicators/share_playing.yaml", "decimals: 0", "decimals: 0\nprerequisites: [children]", "smallest_difference.percent", "share_playing"),
    # associations
    "an association with an unknown": ("pack.yaml", "[children, share_playing]", "[kids, share_playing]", "associations[1]", "'kids' is no indicator. Allowed: children"),
    "an association with itself": ("pack.yaml", "[children, share_playing]", "[children, children]", "associations[1]", "two different indicators"),
    "an association twice": ("pack.yaml", "- [children, share_playing]", "- [student_joy, share_playing]", "associations[2]", "each pair once"),
    "an association of three": ("pack.yaml", "[children, share_playing]", "[children, share_playing, student_joy]", "associations[1]", "[one, another]"),
    "an association of numbers": ("pack.yaml", "[children, share_playing]", "[children, 2]", "associations[1]", "[one, another]"),
    "an association that is a word": ("pack.yaml", "- [children, share_playing]", "- children", "associations[1]", "[one, another]"),
    "associations that are no list": ("pack.yaml", "associations:\n  - [children, share_playing]\n  - [share_playing, student_joy]", "associations: {}", "associations", "a list of pairs"),
    # processes
    "a process under another name": ("processes/listen_first.yaml", "key: listen_first", "key: listen", "key", "listen.yaml"),
    "a process of one step": ("processes/listen_first.yaml", "", "key: listen_first\nnumber: 1\nsteps:\n  - {kind: data, week: 0, questions: 0}\n", "steps", "2 to 12 steps"),
    "an unknown kind of step": ("processes/listen_first.yaml", "kind: reflect", "kind: think", "steps[2].kind", "act, data, decide, evaluate, own, problem, reflect"),
    "a step before the one above": ("processes/listen_first.yaml", "week: 3, lasts: 6", "week: 1, lasts: 6", "steps[3].week", "2 or later"),
    "a step that lasts no time": ("processes/listen_first.yaml", "lasts: 6", "lasts: 0", "steps[3].lasts", "from 1 to 52"),
    "an unknown indicator in a process": ("processes/listen_first.yaml", "[student_joy,", "[joy,", "steps[1].indicators", "'joy' is unknown. Allowed: children"),
    "an unknown rubric in a process": ("processes/listen_first.yaml", "[listening]", "[hearing]", "steps[2].rubrics", "listening"),
    "minutes in another way of working": ("processes/listen_first.yaml", "alone: 5", "silent: 5", "steps[2].minutes.silent", "alone, group, together"),
    "an unknown key of a step": ("processes/listen_first.yaml", "lasts: 6", "weeks: 6", "steps[3].weeks", "lasts"),
    "a process without a reason": ("text/fr/processus.yaml", "    why: Qui écoute apprend.\n", "", "process.listen_first.why", "no words"),
    "a problem that the step does not have": ("text/fr/processus.yaml", "how: Six semaines.", "how: Six semaines., problem: Encore ?", "process.listen_first.step_3.problem", "nothing uses"),
    # questions about two indicators
    "questions about an unknown": ("pack.yaml", "about: [share_playing", "about: [share", "pair_questions[2].about", "'share' is no indicator. Allowed: two roles (prerequisite, process, result) or two"),
    "questions about a role and an indicator": ("pack.yaml", "[prerequisite, result]", "[prerequisite, student_joy]", "pair_questions[1].about", "two roles"),
    "questions about roles the wrong way round": ("pack.yaml", "[prerequisite, result]", "[result, prerequisite]", "pair_questions[1].about", "[prerequisite, result]"),
    "questions about one indicator": ("pack.yaml", "about: [share_playing, student_joy]", "about: [student_joy, student_joy]", "pair_questions[2].about", "two different"),
    "questions about three": ("pack.yaml", "about: [share_playing,", "about: [children, share_playing,", "pair_questions[2].about", "[one, another]"),
    "questions about a pair twice": ("pack.yaml", "pair_questions:", "pair_questions:\n  - {about: [student_joy, share_playing], number: 1}", "pair_questions[3].about", "each pair once"),
    "no questions": ("pack.yaml", "number: 1}", "number: 0}", "pair_questions[1].number", "from 1 to 9"),
    "a question without words": ("text/fr/questions.yaml", "    question_2: Qui aimerait jouer et ne le fait pas ?\n", "", "pair.share_playing.student_joy.question_2", "no words"),
    "a question that nobody asks": ("pack.yaml", "student_joy], number: 2}", "student_joy], number: 1}", "pair.share_playing.student_joy.question_2", "uses these words"),
    "a question about a third": ("text/fr/questions.yaml", "« {b} »", "« {c} »", "pair.prerequisite_result.question_1", "{a}, {b}"),
    "words of a chart missing": ("text/fr/graphiques.yaml", "sure: vont ensemble dans le pays", "sur: vont", "chart.map.sure", "no words"),
    "a chart's words with another's place": ("text/fr/graphiques.yaml", "Valeur", "Valeur {n}", "chart.map.value", "no placeholders"),
    # breakdowns and admission
    "a breakdown nobody is asked about": ("pack.yaml", "{years_here: [", "{sex: [", "breakdowns.sex", "no survey has this background question. Allowed: years_here"),
    "a breakdown at an unknown tier": ("pack.yaml", "[country, island]", "[country, county]", "breakdowns.years_here", "'county' is no tier. Allowed: country, island, school"),
    "a breakdown at no tier": ("pack.yaml", "[country, island]", "[]", "breakdowns.years_here", "country, island, school"),
    "an unknown kind of cells": ("pack.yaml", "pooled, correction]", "pooled, corrections]", "admission", "'corrections' is no kind of cells. Allowed: correction, pooled, unit, years_here"),
    "a kind of cells twice": ("pack.yaml", "pooled, correction]", "pooled, pooled]", "admission", "once"),
    "a breakdown without its place": ("pack.yaml", "[years_here, unit,", "[unit,", "admission", "'years_here' has no place"),
    "units without their place": ("pack.yaml", "[years_here, unit,", "[years_here,", "admission", "'unit' has no place"),
    "no order for a breakdown": ("pack.yaml", "admission: [years_here, unit, pooled, correction]\n", "", "admission", "'years_here' has no place"),
    # frameworks and rubrics
    "ends before it begins": ("frameworks/plan_2020.yaml", "areas:", "valid_to: 2019-01-01\nareas:", "valid_to", "2020-02-01"),
    "rubric in an unknown area": ("rubrics/listening.yaml", "area: life", "area: lives", "area", "conditions, life"),
    # indicators
    "unknown area": ("indicators/student_joy.yaml", "area: life", "area: lives", "area", "conditions, life"),
    "unknown role of an indicator": ("indicators/student_joy.yaml", "role: result", "role: premise", "role", "prerequisite, process, result"),
    "unknown survey": ("indicators/student_joy.yaml", "survey: student", "survey: parent", "from.survey", "student"),
    "unknown construct": ("indicators/student_joy.yaml", "construct: joy", "construct: fun", "from.construct", "joy"),
    "no source": ("indicators/student_joy.yaml", "{survey: student, construct: joy}", "{}", "from.survey", "survey with construct, or register with additive"),
    "both sources": ("indicators/student_joy.yaml", "construct: joy", "construct: joy, register: census", "from.register", "construct, survey"),
    "unknown criteria": ("indicators/student_joy.yaml", "criteria: joy", "criteria: fun", "criteria", "joy"),
    "criteria in another unit": ("indicators/share_playing.yaml", "decimals: 0", "decimals: 0\ncriteria: joy", "criteria", "criteria in percent"),
    "unknown unit of measure": ("indicators/children.yaml", "unit: children", "unit: kids", "unit", "children, mean_1_3"),
    "a unit beside the scale": ("indicators/student_joy.yaml", "unit: mean_1_3\ndecimals: 2\ncriteria: joy", "unit: percent\ndecimals: 2", "unit", "mean_1_3"),
    "version zero": ("indicators/children.yaml", "version: 1", "version: 0", "version", "from 1"),
    "not bound to any table": ("sources/census.yaml", "{ENF: children, JOUE", "{JOUE", "from.register", "census"),
    # sources
    "a cell for no indicator": ("sources/census.yaml", "ENF: children", "ENF: kids", "tables[1].cells.ENF", "children, share_playing"),
    "a survey's indicator in a register": ("sources/census.yaml", "ENF: children", "ENF: student_joy", "tables[1].cells.ENF", "children"),
    "two codes for one indicator": ("sources/census.yaml", "ENF: children", "ENF: children, E: children", "tables[1].cells", "one code"),
    "no cells": ("sources/census.yaml", "{ENF: children, JOUE: share_playing}", "{}", "tables[1].cells", "indicator"),
    "unknown reader": ("sources/census.yaml", "reader: ssb", "reader: excel", "reader", "gsi"),
    "pattern without a group": ("sources/census.yaml", "I-([A-Z]{2})", "I-..", "region_pattern", "one group"),
    "pattern that is none": ("sources/census.yaml", "I-([A-Z]{2})", "I-(", "region_pattern", "one group"),
    "a region twice": ("sources/census.yaml", "{MER:", "{TOTAL: x, MER:", "skip.TOTAL", "once"),
    # words
    "words missing": ("text/fr/mots.yaml", "short: Joie, ", "", "indicator.student_joy.short", "no words"),
    "words unused": ("text/fr/mots.yaml", "joy: {name: Joie}", "joy: {name: Joie}\n  joyy: {name: Joie}", "construct.joyy.name", "construct.joy.name"),
    "words of two kinds": ("text/fr/mots.yaml", "pack: {name: Maison de musique", "pack: {name: 2", "pack.name", "text"),
    "empty words": ("text/fr/mots.yaml", "pack: {name: Maison de musique}", "pack: {name: ''}", "pack.name", "text"),
    "unknown placeholder": ("text/fr/raisons.yaml", 'few: "Caché : moins de {k}', 'few: "Caché : moins de {n}', "reason.few", "{k}"),
    "placeholder in plain words": ("text/fr/mots.yaml", "joy_1: J'aime venir", "joy_1: J'aime {n}", "item.student.joy_1", "no placeholders"),
    "a brace alone": ("text/fr/raisons.yaml", "moins de {k} r", "moins de {k r", "reason.few", "{k}"),
    "a unit without its value": ("text/fr/mots.yaml", 'format: "{value} %"', 'format: "%"', "unit.percent.format", "{value}"),
    "words twice": ("text/fr/raisons.yaml", "reason:", "pack: {name: Encore}\nreason:", "pack.name", "each key once"),
    "a tier without a name": (f"{COUNTRY}/text/fr.yaml", "{name: île}", "{}", "tier.island.name", "no words"),
    "words for no tier": (f"{COUNTRY}/text/fr.yaml", "{name: île}", "{name: île}\n  county: {name: x}", "tier.county.name", "tier.country.name"),
}  # fmt: skip

# Where the message names another file than the one that was changed.
ELSEWHERE = {
    "unknown country": "countries/atlantis/country.yaml",
    "not bound to any table": f"{PACK}/indicators/children.yaml",
    "cuts off the scale": f"{PACK}/indicators/student_joy.yaml",
    "words missing": f"{PACK}/text/fr",
    "an option without words": f"{PACK}/text/fr",
    "a question without words": f"{PACK}/text/fr",
    "a question that nobody asks": f"{PACK}/text/fr/questions.yaml",
    "words of a chart missing": f"{PACK}/text/fr",
    "a process without a reason": f"{PACK}/text/fr",
    "no smallest difference for what is judged given": f"{PACK}/pack.yaml",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOREIGN, tmp_path / "packs"))


@pytest.mark.parametrize("case", CASES)
def test_a_slip_is_told(case: str, root: Path) -> None:
    file, old, new, key, allowed = CASES[case]
    name = file if file.startswith(COUNTRY) else f"{PACK}/{file}"
    before = (root / name).read_text(encoding="utf-8")
    assert old in before, "the case changes nothing"
    after = before.replace(old, new, 1) if old else new
    (root / name).write_text(after, encoding="utf-8")
    with pytest.raises(ContentError) as told:
        load_pack(PACK, (root,))
    assert told.value.file == ELSEWHERE.get(case, name), told.value
    assert key == told.value.key or told.value.key.startswith(f"{key},"), told.value
    assert allowed in str(told.value), told.value
    assert str(root) not in str(told.value)


def test_a_pack_that_is_not_there_names_those_that_are(root: Path) -> None:
    with pytest.raises(ContentError, match="Allowed: maison_musique") as told:
        load_pack("skole", (root,))
    assert told.value.file == "skole/pack.yaml"


def test_a_file_that_is_not_utf8(root: Path) -> None:
    file = root / PACK / "text/fr/mots.yaml"
    file.write_bytes(file.read_text(encoding="utf-8").encode("latin-1"))
    with pytest.raises(ContentError, match="Allowed: UTF-8") as told:
        load_pack(PACK, (root,))
    assert told.value.key.startswith("byte ")


def test_words_of_a_language_that_the_pack_does_not_have(root: Path) -> None:
    (root / PACK / "text/en").mkdir()
    with pytest.raises(ContentError, match="Allowed: fr") as told:
        load_pack(PACK, (root,))
    assert told.value.file == f"{PACK}/text/en"


@pytest.mark.parametrize(
    ("stray", "allowed"),
    [
        ("indicator/joy.yaml", "indicators"),  # the folder's name misspelt
        ("indicators/joy.yml", "*.yaml"),  # the ending misspelt
        ("text/fr/mots.txt", "*.yaml"),
    ],
)
def test_a_file_that_nobody_reads_is_not_passed_over(stray: str, allowed: str, root: Path) -> None:
    file = root / PACK / stray
    file.parent.mkdir(exist_ok=True)
    file.write_text("key: joy", encoding="utf-8")
    with pytest.raises(ContentError) as told:
        load_pack(PACK, (root,))
    assert told.value.file.startswith(f"{PACK}/{stray.split('/')[0]}")
    assert allowed in str(told.value)


def test_a_pack_without_words(root: Path) -> None:
    shutil.rmtree(root / PACK / "text")
    with pytest.raises(ContentError, match="has no words here") as told:
        load_pack(PACK, (root,))
    assert told.value.file == f"{PACK}/text/fr"


def test_a_missing_language_of_the_country(root: Path) -> None:
    (root / COUNTRY / "text/fr.yaml").unlink()
    with pytest.raises(ContentError, match="missing") as told:
        load_pack(PACK, (root,))
    assert told.value.file == f"{COUNTRY}/text/fr.yaml"


def test_an_item_may_not_turn_around_in_the_next_version(root: Path) -> None:
    first = root / PACK / "surveys/student.v1.yaml"
    second = first.read_text(encoding="utf-8").replace("version: 1", "version: 2")
    (first.parent / "student.v2.yaml").write_text(second, encoding="utf-8")
    assert len(load_pack(PACK, (root,)).surveys) == 2
    turned = second.replace(", reversed: true", "")
    (first.parent / "student.v2.yaml").write_text(turned, encoding="utf-8")
    with pytest.raises(ContentError, match="a new key for a changed item") as told:
        load_pack(PACK, (root,))
    assert told.value.file == f"{PACK}/surveys/student.v2.yaml"


def test_no_stays_a_word_and_0301_a_code(root: Path) -> None:
    """YAML 1.1 reads `no` as false and 0301 as the octal number 193."""
    file = root / PACK / "sources/census.yaml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("{TOTAL: co}", "{0301: no, no: co, 12: co}")
    file.write_text(text, encoding="utf-8")
    assert load_pack(PACK, (root,)).bindings[0].regions == {"0301": "no", "no": "co", "12": "co"}
