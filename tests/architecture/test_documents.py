"""What the documents say is there is there."""

import argparse
import re
from collections.abc import Iterator

import pytest

from launch.steps import ROOT
from puls.cli import build_parser

README = (ROOT / "README.md").read_text()
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "GLOSSARY.md", "DECISIONS.md", "docs/architecture.md")


def commands(parser: argparse.ArgumentParser, words: str = "") -> Iterator[str]:
    """Every command in full: "demo", "import ssb" ..."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield from commands(below, f"{words} {name}".strip())
            return
    yield words


def test_the_two_commands_stand_first() -> None:
    first, second, *_ = README.splitlines()
    assert first.strip().startswith("./puls demo")
    assert second.strip().startswith("./puls test")


@pytest.mark.parametrize("command", sorted(commands(build_parser())))
def test_every_command_is_in_the_readme(command: str) -> None:
    assert re.search(rf"\./puls {command}\b", README)


def test_the_readme_names_no_command_that_is_not_there() -> None:
    known = {*commands(build_parser()), "test", "lock"}
    named = re.findall(r"`\./puls ([a-z]+(?: [a-z]+)?)", README)
    for words in named:
        assert words in known or words.split()[0] in known, words


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    file = ROOT / document
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", file.read_text()):
        assert (file.parent / target).exists(), target


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text()
    for number in range(1, 16):
        assert re.search(rf"^{number}\.\w", text, re.MULTILINE), number
    assert "Appendix" in text
    assert text.rstrip().endswith("require the production of a new EUPL version.")
