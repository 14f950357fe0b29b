"""The notebook runs as a script, on the library alone, and shows what it is there to show."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from launch.steps import ROOT

NOTEBOOK = ROOT / "notebooks" / "01_answers_to_colours.py"

ALONE = """
import runpy, socket, sys

def refuse(*_):
    raise AssertionError("a notebook needs no network")

socket.socket.connect = refuse
socket.getaddrinfo = refuse
runpy.run_path(sys.argv[1], run_name="__main__")
web = sorted(name for name in sys.modules if name.split(".")[0] in ("django", "psycopg"))
assert not web, f"a notebook needs no web: {web}"
"""


def cells(text: str) -> list[tuple[bool, str]]:
    """Whether a cell is text, and what it holds, in order."""
    head, *parts = re.split(r"^# %%(.*)\n", text, flags=re.MULTILINE)
    assert not head.strip(), "something stands before the first cell"
    kinds, bodies = parts[::2], parts[1::2]
    return [(kind.strip() == "[markdown]", body) for kind, body in zip(kinds, bodies, strict=True)]


def sections() -> dict[str, str]:
    """The code of each section, by its heading."""
    found: dict[str, str] = {}
    heading = ""
    for is_text, body in cells(NOTEBOOK.read_text()):
        if is_text:
            title = re.search(r"^# ##? (.*)$", body, re.MULTILINE)
            heading = title[1] if title else heading
        else:
            found[heading] = found.get(heading, "") + body
    return found


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the notebook prints, run from a folder of its own, where it leaves nothing."""
    folder = tmp_path_factory.mktemp("notebook")
    ran = subprocess.run(
        [sys.executable, "-B", "-W", "error", "-c", ALONE, str(NOTEBOOK)],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(folder), "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    assert list(Path(folder).iterdir()) == []
    return ran.stdout


# Counted: whole numbers, the same on every machine.
SAID = {
    "scores": "c0m0s0.music  wellbeing  4         19     1",
    "tallies": "no            8097  3.",
    "the naive rule leaks": "hide fewer than 5  372    13",
    "the best set does not": "the best safe set  358    0",
    "the ledger": "2 late answers  corrected: linked, classes: 6 | 9",
    "public cells": "everybody, k = 20                          224    0",
    "public cells chosen apart": "signed in, with a public set chosen apart  359    1",
}
# Estimated: where the number must lie, whatever the estimator.
ESTIMATED = {
    "alpha": (r"wellbeing +8238 +8097 +([\d.]+) ", 0.8, 0.9),
    "omega": (r"wellbeing +8238 +8097(?: +[\d.]+){3} +([\d.]+) ", 0.8, 0.9),
    "an item and the rest": (r"wellbeing_1 +\d+ +[\d.]+ +([\d.]+) ", 0.6, 0.8),
    "differences between schools": (r"ICC\(1\) of schools in well-being ([\d.]+)", 0.03, 0.06),
    "answers needed": (r"from (\d+) answers on half of what differs", 15, 30),
    "changes by chance": (r"Of 1030 raw changes (\d+) exceed 0.2", 150, 300),
    "changes that are real": (r"of which (\d+) are real", 12, 16),
    "associations": (r"(\d) of 7 intervals hold the correlation", 5, 7),
    "practice": (r"hold the true practice in ([\d.]+)%", 77, 83),
    "error of the mean": (r"below 30 answers: mean ([\d.]+)", 0.13, 0.15),
    "error of the estimate": (r"below 30 answers: mean [\d.]+, estimate ([\d.]+)", 0.1, 0.135),
    "a level": (r"Weak because ([\d.]+) is below the cut point 3.80", 1, 3.8),
    "changes marked": (r"real; (\d+) are marked", 4, 12),
    "what a prerequisite brings": (r"teacher relation is ([\d.]+) points higher", 0.05, 0.15),
    "marks that are right": (r"(\d+) of \d+ marks are right", 5, 12),
    "within respondents": (r"support_home +self_assessment +7991 +([\d.]+) ", 0.38, 0.48),
    "across schools": (r"hours +teacher_relation +105 +([\d.]+) ", 0.2, 0.6),
    "reliability as released": (
        r"Reliability as released\n.*\n support_home +\w+ +8222 +([\d.]+)",
        0.7,
        0.9,
    ),
    "girls shown apart": (r"sex.girl +\d+ +(\d+) ", 40, 120),
    "changes a release tells": (r"change +school +(\d+) ", 1030, 1030),
    "pairs a release tells": (r"respondents +(\d+)", 14, 14),
    "what is special": (r"what is special about a school in ([\d.]+)%", 75, 90),
}


@pytest.mark.parametrize("what", SAID)
def test_what_is_counted(what: str, printed: str) -> None:
    assert SAID[what] in printed


@pytest.mark.parametrize("what", ESTIMATED)
def test_what_is_estimated(what: str, printed: str) -> None:
    pattern, least, most = ESTIMATED[what]
    found = re.search(pattern, printed)
    assert found is not None, pattern
    assert least <= float(found[1]) <= most


@pytest.mark.parametrize("heading", [each for each in sections() if each[0].isdigit()])
def test_every_section_ends_with_a_claim_that_is_checked(heading: str) -> None:
    last = ast.parse(sections()[heading]).body[-1]
    while isinstance(last, ast.For | ast.If | ast.With):
        last = last.body[-1]
    assert isinstance(last, ast.Assert)
    assert last.msg is not None, "a claim says what it claims"


def test_every_cell_of_text_is_a_comment_and_every_other_one_is_code() -> None:
    for is_text, body in cells(NOTEBOOK.read_text()):
        lines = body.strip().splitlines()
        assert all(line.startswith("#") for line in lines) == is_text
        assert lines


def test_sections_are_numbered_without_a_gap() -> None:
    numbers = [int(each.split(".")[0]) for each in sections() if each[0].isdigit()]
    assert numbers == list(range(1, len(numbers) + 1))
