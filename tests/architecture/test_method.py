"""The method is written down: every module is described, every formula has source and limits."""

import ast
import re
from collections.abc import Iterator

import pytest

from launch.steps import ROOT

DOCS = ROOT / "docs"
METHOD = (DOCS / "method.md").read_text()
DESCRIBED_IN = ("method.md", "safety.md", "scale.md")
MODULES = {
    file.stem
    for file in (ROOT / "src" / "puls" / "analysis").glob("*.py")
    if file.stem != "__init__"
}
OWED = {
    "a formula": r"^    \S",
    "a source": r"^- \*Source\.\* \w",
    "what is assumed": r"^- \*Assumed\.\* \w",
    "when not to trust it": r"^- \*Not to be trusted\*",
}


def undocumented(body: list[ast.stmt], inside: str = "") -> Iterator[str]:
    """Public functions, classes and methods without a word about them."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            if not ast.get_docstring(node):
                yield inside + node.name
            if isinstance(node, ast.ClassDef):
                yield from undocumented(node.body, f"{node.name}.")


def untold(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    """Public functions with the errors that they raise, with a sentence for their reader, untold.

    "Errors as below" is enough where the arguments are those of the next function.
    """
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from untold(node.body)
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        told = ast.get_docstring(node) or ""
        for error in sorted({error for each in ast.walk(node) for error in raised(each)}):
            if error not in told and "errors as below" not in told:
                yield node.name, error


def raised(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Assert) and node.msg is not None:
        yield "AssertionError"
    elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        name = ast.unparse(node.exc.func)
        if name[0].isupper():
            yield name


def sections() -> dict[str, str]:
    _, *parts = re.split(r"^## (.*)\n", METHOD, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def anchor(heading: str) -> str:
    """As it is made of a heading where Markdown is shown."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def test_every_module_of_the_analysis_is_described_and_no_other() -> None:
    text = "".join((DOCS / name).read_text() for name in DESCRIBED_IN)
    assert set(re.findall(r"\bpuls\.analysis\.(\w+)", text)) == MODULES


@pytest.mark.parametrize("section", sections())
@pytest.mark.parametrize("what", OWED)
def test_a_section_says(what: str, section: str) -> None:
    assert re.search(OWED[what], sections()[section], re.MULTILINE), f"{section}: {what}"


def test_every_section_is_in_the_table_and_the_table_leads_to_sections() -> None:
    named = re.findall(r"\]\(#([^)]+)\)", METHOD)
    assert sorted(set(named)) == sorted(anchor(section) for section in sections())


@pytest.mark.parametrize("name", sorted(file.name for file in DOCS.glob("*.md")))
def test_links_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)\)", (DOCS / name).read_text()):
        assert (DOCS / target).exists(), target


@pytest.mark.parametrize("module", sorted(MODULES))
def test_everything_public_says_what_it_is(module: str) -> None:
    tree = ast.parse((ROOT / "src" / "puls" / "analysis" / f"{module}.py").read_text())
    assert ast.get_docstring(tree), "the module says what it is for"
    assert list(undocumented(tree.body)) == []


@pytest.mark.parametrize("module", sorted(MODULES))
def test_everything_public_says_what_it_refuses(module: str) -> None:
    tree = ast.parse((ROOT / "src" / "puls" / "analysis" / f"{module}.py").read_text())
    assert list(untold(tree.body)) == []


def test_what_is_refused_without_a_word_is_seen() -> None:
    text = 'def a():\n    "It."\n    assert b, "no"\ndef c():\n    "Error."\n    raise Error(1)'
    assert list(untold(ast.parse(text).body)) == [("a", "AssertionError")]


def test_what_is_not_documented_is_seen() -> None:
    text = 'def a():\n    pass\nclass B:\n    "It."\n    def c(self):\n        pass'
    assert list(undocumented(ast.parse(text).body)) == ["a", "B.c"]
