"""A survey of LimeSurvey becomes files of a pack that load, and what is left out is told."""

import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from puls.commands import surveys
from puls.content.definitions import Pack
from puls.content.loading import BUILT_IN, load_pack
from puls.errors import ImportFileError, PulsError
from puls.registers import lss, lss_pack
from puls.registers.lss_pack import Carried
from puls.registers.refused import Refused, Why
from tests.shared_data import shared

STEPS = ["Uenig", "Midt imellom", "Enig", "Vet ikke"]


def rows(section: str, *content: dict[str, object]) -> str:
    made = "".join(
        "<row>" + "".join(f"<{k}><![CDATA[{v}]]></{k}>" for k, v in row.items()) + "</row>"
        for row in content
    )
    return f"<{section}><rows>{made}</rows></{section}>"


def survey(*questions: dict[str, object], parts: int = 2, more: str = "") -> bytes:
    """An array Q1 in two languages, and whatever questions beside."""
    words: list[dict[str, object]] = [
        {"qid": 1, "question": "<p>Hvor <b>enig</b> er du?</p>", "language": "no"},
        {"qid": 1, "question": "How much {TOKEN:X} do you agree?", "language": "en"},
    ]
    subs, answers, told = [], [], []
    for n in range(parts):
        subs.append({"qid": 100 + n, "parent_qid": 1, "title": f"SQ{n}", "question_order": n})
        words.append({"qid": 100 + n, "question": f"Ting &amp; tang {n}", "language": "no"})
        words.append({"qid": 100 + n, "question": f"Thing {n}", "language": "en"})
    for n, step in enumerate(STEPS):
        answers.append({"aid": n, "qid": 1, "code": f"A{n}", "sortorder": n, "scale_id": 0})
        told.append({"aid": n, "answer": step, "language": "no"})
        told.append({"aid": n, "answer": f"{step} (en)", "language": "en"})
    asked = [{"qid": 1, "parent_qid": 0, "gid": 1, "type": "F", "title": "Q1", "relevance": "1"}]
    for n, question in enumerate(questions):
        base = {"qid": 10 + n, "parent_qid": 0, "gid": 1, "title": f"X{n}", "question_order": n + 1}
        asked.append({**base, **question})
        words.append({"qid": 10 + n, "question": f"Mer {n}", "language": "no"})
    title = {"surveyls_language": "no", "surveyls_title": "Årets måling!"}
    return (
        "<document><LimeSurveyDocType>Survey</LimeSurveyDocType>"
        "<languages><language>no</language><language>en</language></languages>"
        + rows("groups", {"gid": 1, "group_order": 1})
        + rows("group_l10ns", {"gid": 1, "group_name": "Trivsel", "language": "no"})
        + rows("questions", *asked) + rows("subquestions", *subs) + rows("question_l10ns", *words)
        + rows("answers", *answers) + rows("answer_l10ns", *told)
        + rows("surveys", {"language": "no"}) + rows("surveys_languagesettings", title)
        + f"{more}</document>"
    ).encode()  # fmt: skip


def carried(folder: Path, data: bytes, key: str = "") -> Carried:
    file = folder / "a.lss"
    file.write_bytes(data)
    return lss_pack.carry(lss.read(file), "student", key)


def loaded(folder: Path, made: Carried) -> Pack:
    """A pack with the survey in it, in the language of the file where it lacks another."""
    root = folder / "packs"
    shutil.copytree(BUILT_IN, root)
    for path, text in made.files.items():
        for language in ("nb", "en"):
            at = path.replace(f"text/{made.languages[0]}/", f"text/{language}/")
            if path.startswith("text/") and f"text/{language}/" in made.files:
                at = path
            (root / "kulturskole" / at).write_text(text)
    return load_pack("kulturskole", [root])


def test_an_array_becomes_a_construct_with_its_items_in_all_languages(tmp_path: Path) -> None:
    made = carried(tmp_path, survey())
    assert made.key == "arets_maling"
    assert made.languages == ("nb", "en")
    pack = loaded(tmp_path, made)
    found = pack.surveys["arets_maling", 1]
    assert [item.key for item in found.items] == ["q1_sq0", "q1_sq1"]
    assert (found.scale.low, found.scale.high) == (1, 3)
    assert pack.text("nb", "item.arets_maling.q1_sq0") == "Ting & tang 0"
    assert pack.text("en", "item.arets_maling.q1_sq1") == "Thing 1"
    assert pack.text("nb", f"construct.{found.constructs[0].key}.name") == "Hvor enig er du?"
    assert pack.text("en", f"construct.{found.constructs[0].key}.name") == "How much do you agree?"
    assert pack.text("nb", f"scale.{found.scale.key}.3") == "Enig"
    assert pack.text("nb", f"scale.{found.scale.key}.skip") == "Vet ikke"
    assert ("Q1", "a placeholder in braces was taken out of its words: read them through") in (
        made.told
    )


TOLD = [
    ({"type": "T"}, "its answer is a text"),
    ({"type": "M"}, "several choices at once"),
    ({"type": "5"}, "another scale (5 steps)"),
    ({"type": "L"}, "another scale (0 steps)"),
    ({"type": "?"}, "of the kind '?'"),
]


@pytest.mark.parametrize(("question", "told"), TOLD)
def test_what_cannot_be_carried_over_is_told(
    tmp_path: Path, question: dict[str, object], told: str
) -> None:
    made = carried(tmp_path, survey(question))
    assert made.items == 2
    assert any(what == "X0" and told in problem for what, problem in made.told), made.told


def test_logic_is_told_also_of_what_is_carried_over(tmp_path: Path) -> None:
    data = survey(more=rows("conditions", {"qid": 1}))
    assert ("Q1", "LimeSurvey showed it to some only; Puls asks everybody") in (
        carried(tmp_path, data).told
    )


def test_a_long_array_is_cut_into_constructs_and_that_is_told(tmp_path: Path) -> None:
    made = carried(tmp_path, survey(parts=8))
    found = loaded(tmp_path, made).surveys[made.key, 1]
    assert [len(construct.items) for construct in found.constructs] == [6, 2]
    assert any("cut into 2 constructs" in problem for _, problem in made.told)


@pytest.mark.parametrize(("name", "items"), [("citric_survey", 1), ("citric_answers", 5)])
def test_real_surveys_load(tmp_path: Path, name: str, items: int) -> None:
    data = (shared("survey") / f"{name}.lss").read_bytes()
    made = carried(tmp_path, data)
    assert len(loaded(tmp_path, made).surveys[made.key, 1].items) == items == made.items


def test_files_are_written_once_and_never_over_others(tmp_path: Path) -> None:
    made = carried(tmp_path, survey())
    folder = tmp_path / "pack"
    with pytest.raises(PulsError, match="There is no folder"):
        surveys._write(folder, made.files)
    folder.mkdir()
    surveys._write(folder, made.files)
    surveys._write(folder, made.files)
    (folder / "surveys/arets_maling.v1.yaml").write_text("mine")
    with pytest.raises(PulsError, match="Nothing was written"):
        surveys._write(folder, {**made.files, "scales/new.yaml": "x"})
    assert not (folder / "scales/new.yaml").exists()


@pytest.mark.parametrize("language", ["../../../elsewhere", "..", "/etc", "nb/..", "å"])
def test_a_language_leads_to_no_other_folder(tmp_path: Path, language: str) -> None:
    told = f"<language>{language}</language>".encode()
    data = survey().replace(b"<language>en</language>", told)
    with pytest.raises(ImportFileError, match="is no language"):
        carried(tmp_path, data)


LAUGHS = (
    "<!DOCTYPE d [" + '<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise("abcdefghij"))
    + "]><document><LimeSurveyDocType>&j;</LimeSurveyDocType></document>"
).encode()  # fmt: skip
HOSTILE = {
    "entities in entities": (LAUGHS, Why.DOCUMENT_TYPE),
    "a file of the machine": (
        b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><document>&x;</document>',
        Why.DOCUMENT_TYPE,
    ),
    "deep without end": (b"<a>" * 1_000_000, Why.TOO_DEEP),
    "rows without end": (
        b"<document><questions><rows>" + b"<row/>" * 300_000, Why.TOO_MANY_ROWS,
    ),
    "nothing": (b" ", Why.EMPTY),
    "more than anybody exports": (b"<a>" + b" " * (21 * 1024 * 1024), Why.TOO_LARGE),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(tmp_path: Path, name: str) -> None:
    data, why = HOSTILE[name]
    with pytest.raises(Refused) as caught:
        carried(tmp_path, data)
    assert caught.value.why is why


@pytest.mark.parametrize("data", [
    b"<document>", b"no XML", b"<document><LimeSurveyDocType>Group</LimeSurveyDocType></document>",
    b"<document/>", b'<?xml version="1.0" encoding="none"?><document/>', b"\x00\xff\xfe",
])  # fmt: skip
def test_what_is_no_survey_is_told(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ImportFileError):
        carried(tmp_path, data)


def test_all_of_it_in_bounded_memory(tmp_path: Path) -> None:
    """A process that may use 400 MB and 20 seconds refuses them all."""
    for name, (data, _why) in HOSTILE.items():
        (tmp_path / f"{name}.lss").write_bytes(data)
    script = (
        "import resource, sys\nfrom pathlib import Path\n"
        "resource.setrlimit(resource.RLIMIT_AS, (400 << 20,) * 2)\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (20, 20))\n"
        "from puls.registers import lss\nfrom puls.registers.refused import Refused\n"
        "for file in sorted(Path(sys.argv[1]).glob('*.lss')):\n"
        "    try: lss.read(file); sys.exit(file.name)\n"
        "    except Refused: pass\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True, timeout=60)


def test_html_is_cleaned_of_all_that_it_can_hide() -> None:
    for text, expected in (
        ("<script>alert(1)</script>Hei", "Hei"), ("a<br>b", "a b"), ("&lt;b&gt;x&lt;/b&gt;", "x"),
        ("<p>En</p><p>To</p>", "En To"), ("Er {Q1.shown} bra?", "Er bra?"), ("a { b", "a ( b"),
        ("x <img src=x onerror=y>", "x"), ("<b>Fet</b>.", "Fet."),
    ):  # fmt: skip
        assert lss.plain(text) == expected
