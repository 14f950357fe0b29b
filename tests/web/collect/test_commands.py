"""The commands as they are typed: what they print, and one sentence when something is wrong."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.utils import translation

from puls import cli
from puls.commands import imports, releases, rounds, tenants
from puls.content.definitions import Pack
from puls.units import Unit, UnitTree
from puls.web.collect.folders import Folders
from puls.web.tenants.services import units_load
from tests.shared_data import shared
from tests.web.cast import corner_of_norway
from tests.web.inputs import DANCE, HAUGESUND, MUSIC, answers_file, kostra_file, student

ASKED = ("--period", "2025-26", "--unit", "no-1149")
Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(
    places: None,
    folders: Folders,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Typed]:
    """Runs a command on the test's own database; gives exit code, output and errors."""
    for module in (imports, releases, rounds, tenants):
        monkeypatch.setattr(module, "open_data", lambda _: folders.data)
    with translation.override("en"):
        yield _typing(capsys)


def _typing(capsys: pytest.CaptureFixture[str]) -> Typed:

    def run(*words: object) -> tuple[int, str, str]:
        code = cli.main([str(word) for word in words])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_the_way_of_the_readme(typed: Typed, tmp_path: Path, pack: Pack) -> None:
    file = answers_file(tmp_path, student(pack), {MUSIC: 8, DANCE: 6})
    asked = ("--survey", "student", *ASKED)

    code, out, _ = typed("import", "answers", file, *asked)
    assert code == 0
    assert "answers.csv: 14 answers into answers student-2025-no-1149." in out
    assert "Next, when all answers are in: ./puls seal student-2025-no-1149" in out

    code, out, _ = typed("import", "answers", file, *asked)
    assert (code, out.endswith("Nothing changed.\n")) == (0, True)

    _, out, _ = typed("round", "list")
    assert out.split() == ["student-2025-no-1149", "2025-26", "open"]

    code, out, _ = typed("seal", "student-2025-no-1149")
    assert code == 0
    assert "is sealed with 14 answers; its key is destroyed." in out
    assert "2025-26, no-1149: 40 shown." in out

    _, out, _ = typed("seal", "student-2025-no-1149")
    assert "Nothing is new" in out

    _, out, _ = typed("score", "--all")
    assert out == "Counted 1 sealed round.\n"

    _, out, _ = typed("release", "--period", "2025-26", "--unit", "no-11", "--close")
    assert "2025-26, no-11: 10 shown." in out

    _, out, _ = typed("release")
    assert out == "Nothing is new: all that was sealed and imported is released.\n"


def test_other_answers_come_in_when_it_is_said_whose_they_are(
    typed: Typed, tmp_path: Path, pack: Pack
) -> None:
    first = answers_file(tmp_path, student(pack), {MUSIC: 8})
    second = answers_file(tmp_path, student(pack), {DANCE: 6}, "second.csv")
    asked = ("--survey", "student", *ASKED)
    assert typed("import", "answers", first, *asked)[0] == 0
    code, out, err = typed("import", "answers", second, *asked)
    assert (code, out) == (1, "")
    assert "holds 8 answers already, the last from answers.csv" in err
    assert typed("import", "answers", second, *asked, "--add")[0] == 0
    assert typed("import", "answers", second, *asked, "--replace")[0] == 0
    assert "is sealed with 6 answers" in typed("seal", "student-2025-no-1149")[1]


def test_the_way_of_answers_that_come_late(typed: Typed, tmp_path: Path, pack: Pack) -> None:
    asked = ("--survey", "student", "--period", "2025-26")
    files = {
        "no-1149": answers_file(tmp_path, student(pack), {MUSIC: 30}),
        "no-1106": answers_file(tmp_path, student(pack), {HAUGESUND: 12}, "late.csv"),
    }
    typed("import", "answers", files["no-1149"], *asked, "--unit", "no-1149")
    typed("seal", "student-2025-no-1149")
    typed("release", "--unit", "no-11", "--close")
    nothing = "Nothing is to be corrected: no sealed round came too late.\n"
    assert typed("release", "--correct")[1] == nothing

    code, out, _ = typed("import", "answers", files["no-1106"], *asked, "--unit", "no-1106")
    assert code == 0
    assert "./puls seal student-2025-no-1106\nThey came late: no-11 was released for 2025-26" in out
    assert "After sealing: ./puls release --correct\n" in out
    code, out, _ = typed("seal", "student-2025-no-1106")
    assert (code, "sealed after no-11 had been released without it" in out) == (0, True)
    assert "Nothing is new" not in out

    code, out, _ = typed("release", "--correct")
    assert (code, out.startswith("Round student-2025-no-1106 still waits")) == (0, True)
    assert "./puls release --period 2025-26 --unit no" in out
    assert typed("release", "--period", "2025-26", "--unit", "no", "--close")[0] == 0
    code, out, _ = typed("release", "--correct", "--period", "2025-26")
    assert code == 0
    assert "2025-26, no: " in out
    assert typed("release", "--correct")[1] == nothing


def test_registers_say_what_they_left_out(typed: Typed, tmp_path: Path) -> None:
    skipped = {f"EKG{number:02}": 1.0 for number in range(1, 8)}
    code, out, _ = typed("import", "ssb", kostra_file(tmp_path, {"1149": 12.5, **skipped}))
    assert code == 0
    assert "kostra.json: 1 figures into kostra 13135.\n" in out
    assert "Of these 1 new, 0 changed, 0 as before.\n8 rows read, 7 left out.\n" in out
    assert "  EKG01 EKG01: KOSTRA group of municipalities, not a unit\n" in out
    assert "  and 2 more, kept with the import\nNext: ./puls release\n" in out
    code, out, _ = typed("import", "ssb", kostra_file(tmp_path, {"1149": 13.0}), "--dry-run")
    assert code == 0
    assert "Of these 0 new, 1 changed, 0 as before.\n" in out
    assert "This was a dry run: nothing was kept." in out
    assert "Next" not in out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("import", "ssb", "{html}"), "page.json"),
        (("import", "gsi", "{html}"), "page.json"),
        (("import", "gsi", "{missing}"), "cannot be opened"),
        (
            ("import", "answers", "{html}", "--survey", "student", *ASKED),
            "page.json",
        ),
        (
            ("import", "answers", "{html}", "--survey", "x", *ASKED),
            "There is no survey 'x'",
        ),
        (("seal", "student-2031-no"), "There is no round 'student-2031-no'"),
        (("score", "student-2031-no"), "There is no round"),
        (("score", "student-2031-no", "--all"), "Name one round, or --all of them, not both."),
        (("release", "--unit", "nowhere", "--period", "2025"), "There is no unit 'nowhere'"),
        (("release", "--close"), "--close says for which unit not to wait"),
        (("release", "--correct", "--unit", "no-11"), "--correct is for the whole country"),
        (("tenant", "add", "nowhere"), "There is no unit “nowhere”."),
        (("tenant", "add", "no-1149"), "Karmøy already has its place in Puls."),
        (("audit", "{missing}"), "missing"),
        (("audit", "{html}"), "page.json"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_exit_code_1(
    words: tuple[str, ...], sentence: str, typed: Typed, tmp_path: Path
) -> None:
    (tmp_path / "page.json").write_text("<!DOCTYPE html><title>Service unavailable</title>")
    files = {"{html}": tmp_path / "page.json", "{missing}": tmp_path / "missing.json"}
    code, out, err = typed(*(files.get(word, word) for word in words))
    assert (code, out) == (1, "")
    assert sentence in err
    assert "Traceback" not in err
    assert err.endswith("\n")


def test_a_task_broken_off_ends_its_line_first(typed: Typed, tmp_path: Path, pack: Pack) -> None:
    file = answers_file(tmp_path, student(pack), {MUSIC: 8})
    typed("import", "answers", file, "--survey", "student", *ASKED)
    code, _, err = typed("release", "--period", "2025", "--unit", "no-11")
    assert code == 1
    assert err.startswith("Releasing 2025-26 ... \nno-11 waits for rounds")


def test_a_round_that_is_open_is_not_counted(typed: Typed, tmp_path: Path, pack: Pack) -> None:
    file = answers_file(tmp_path, student(pack), {MUSIC: 8})
    typed("import", "answers", file, "--survey", "student", *ASKED)
    code, _, err = typed("score", "student-2025-no-1149")
    assert (code, "Seal it with: ./puls seal student-2025-no-1149" in err) == (1, True)


def test_without_rounds_the_list_says_how_to_begin(typed: Typed) -> None:
    assert typed("round", "list")[1].startswith("There are no rounds yet.")


def test_administrations_are_listed_with_their_units(typed: Typed) -> None:
    assert "no-1149    municipality   Karmøy\n" in typed("tenant", "list")[1]


def test_an_administration_is_added_and_its_first_person_invited(
    typed: Typed, mailoutbox: list[EmailMessage]
) -> None:
    vindafjord = Unit("no-1160", "municipality", "Vindafjord", "no-11", code="1160")
    units_load(UnitTree([*corner_of_norway().units.values(), vindafjord]))
    code, out, _ = typed("tenant", "add", "no-1160", "--email", "vera@example.no")
    assert code == 0
    assert out.startswith("Vindafjord has its place in Puls.\nvera@example.no is invited as owner")
    assert "e-mails are files: find it in " in out
    assert [mail.to for mail in mailoutbox] == [["vera@example.no"]]
    assert typed("tenant", "add", "no-1160")[0] == 1


@pytest.mark.parametrize(
    "words",
    [
        ("import", "answers", "x.csv", "--survey", "s", "--unit", "u", "--period", "2025-27"),
        ("audit", "x.csv", "--k", "0"),
        ("release", "--period", "soon"),
        (),
    ],
)
def test_what_cannot_be_meant_is_explained(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(words)
    assert stopped.value.code == 2
    assert "usage: puls" in capsys.readouterr().err


def test_the_data_folder_may_stand_before_or_after_the_command() -> None:
    parser = cli.build_parser()
    for words in (["--data", "d", "round", "list"], ["round", "list", "--data", "d"]):
        assert parser.parse_args(words).data == Path("d")
    assert parser.parse_args(["round", "list"]).data is None


def test_the_audit_of_a_whole_country_needs_no_database_and_ends_in_its_result() -> None:
    teams = shared("disclosure/teams.csv")
    code = (
        "import sys; from puls.cli import main\n"
        f"code = main(['audit', {str(teams)!r}, '--k', '5'])\n"
        "sys.exit(code or any(name.startswith('django') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "RESULT published=4655 isolable=0"
