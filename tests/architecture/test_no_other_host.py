"""A page of Puls asks no other host for anything: nobody else learns who reads what."""

import re
from pathlib import Path

import pytest

from launch.front_end import BUNDLE
from launch.steps import ROOT

WEB = ROOT / "src" / "puls" / "web"
FETCHES = re.compile(
    r"""(?:src|srcset|action|poster|data|hx-(?:get|post))\s*=\s*["']?(?:https?:)?//
      | <link\b[^>]*\bhref\s*=\s*["']?(?:https?:)?//
      | url\(\s*["']?(?:https?:)?//
      | @import\s+["'](?:https?:)?//
      | \b(?:fetch|import)\(\s*["'`](?:https?:)?//""",
    re.VERBOSE | re.IGNORECASE,
)
KINDS = (".html", ".css", ".js", ".svg", ".txt")


def shown() -> list[Path]:
    return [file for file in sorted(WEB.rglob("*")) if file.suffix in KINDS and file != BUNDLE]


def test_templates_styles_and_scripts_name_no_other_host() -> None:
    assert shown()
    found = [
        f"{file.name}: {hit[0]}" for file in shown() for hit in FETCHES.finditer(file.read_text())
    ]
    assert found == []


def test_the_bundled_styles_name_no_other_host() -> None:
    if not BUNDLE.is_file():
        pytest.skip("style sheets are bundled at set-up: ./puls test does it")
    assert not FETCHES.search(BUNDLE.read_text())


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
