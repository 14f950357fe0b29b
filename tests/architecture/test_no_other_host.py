"""A page of Puls asks no other host for anything: nobody else learns who reads what."""

import re
from pathlib import Path

import pytest

from launch.front_end import MADE, made
from launch.steps import ROOT

WEB = ROOT / "src" / "puls" / "web"
FETCHES = re.compile(
    r"""(?:src|srcset|action|poster|data)\s*=\s*["']?(?:https?:)?//
      | <link\b[^>]*\bhref\s*=\s*["']?(?:https?:)?//
      | url\(\s*["']?(?:https?:)?//
      | @import\s+["'](?:https?:)?//
      | \b(?:fetch|import)\(\s*["'`](?:https?:)?//""",
    re.VERBOSE | re.IGNORECASE,
)
KINDS = (".html", ".css", ".js", ".svg", ".txt")


def shown() -> list[Path]:
    every = sorted(file for file in WEB.rglob("*") if MADE not in file.parents)
    return [file for file in every if file.suffix in KINDS]


def test_templates_styles_and_scripts_name_no_other_host() -> None:
    assert shown()
    found = [
        f"{file.name}: {hit[0]}" for file in shown() for hit in FETCHES.finditer(file.read_text())
    ]
    assert found == []


def test_what_the_set_up_made_names_no_other_host() -> None:
    if not made():
        pytest.skip("style sheets are bundled at set-up: ./puls test does it")
    assert [file.name for file in made() if FETCHES.search(file.read_text())] == []


MUTANTS = (
    '<script src="https://cdn.example/x.js"></script>',
    "<img src=//cdn.example/x.png>",
    '<link rel="stylesheet" href="https://cdn.example/x.css">',
    "@import 'https://cdn.example/x.css';",
    "background: url(https://cdn.example/x.png)",
    'fetch("https://cdn.example/x.json")',
)


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_request_to_another_host_is_seen(mutant: str) -> None:
    assert FETCHES.search(mutant)


def test_a_link_for_people_is_not_a_request() -> None:
    assert not FETCHES.search('<a href="https://www.ssb.no/">SSB</a>')
