"""Steps that several walks take, and the second opinion of axe-core."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
INTERNAL = re.compile(r"\w+\.v\d+\b")
"""What a file of the pack is called inside, such as "many_agree.v1": nobody outside says so."""
COLOUR_RULES = ("color-contrast", "link-in-text-block")
PASSWORD = "a sea of small boats"
"""Of everybody in `tests.web.cast`, which needs Django to be set up before it is imported."""

Open = Callable[..., Any]
"""What the fixture `open_as` gives: open_as("bob", color_scheme="dark") is a page."""


def fill_in_login(page: Page, person: str) -> None:
    page.goto("/konto/logg-inn/")
    page.get_by_label("E-postadresse").fill(f"{person}@example.no")
    page.get_by_label("Passord", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Logg inn").click()
    at_home(page)


def at_home(page: Page) -> None:
    """Wait until the front page is there."""
    page.wait_for_url(lambda address: urlsplit(address).path == "/")


def axe_findings(page: Page, rules: tuple[str, ...] = RULES) -> list[str]:
    """What axe-core finds wrong with the page as it stands, and what is not meant for people."""
    assert AXE.exists(), "axe-core is missing: ./puls test installs it"
    # A page that is just being left takes all that is asked of it along.
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})",
        list(rules),
    )
    told = [f"{page.url}: shows the internal name {name}" for name in internal_names(page)]
    return told + [
        f"{page.url}: {rule['id']} ({rule['help']}) at {node['target'][0]}: "
        f"{node.get('failureSummary', '')}"
        for rule in found["violations"]
        for node in rule["nodes"][:3]
    ]


def internal_names(page: Page) -> list[str]:
    """Names of definitions that the page shows or says, in closed parts as well."""
    said = page.evaluate(
        """[...document.querySelectorAll("body, body *")].flatMap(each => [
            ...[...each.childNodes].filter(node => node.nodeType === 3).map(node => node.data),
            ...["aria-label", "title", "alt", "value"].map(name => each.getAttribute(name))
        ]).filter(Boolean).join("\\n")"""
    )
    return sorted(set(INTERNAL.findall(said)))
