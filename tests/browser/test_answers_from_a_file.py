"""A leader says what the columns of a file are, without a script, on a desk and on a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import COLOUR_RULES, RULES, Open, axe_findings
from tests.registers.spreadsheets import xlsx

pytestmark = pytest.mark.browser


def exported() -> bytes:
    """Half understood: a word that is on no scale, a department that is called otherwise."""
    from puls.web.packs import pack

    survey, nb = pack().surveys["parent", 1], pack().texts["nb"]
    words = [nb[f"scale.{survey.scale.key}.{n}"] for n in range(1, 6)]
    heads = [nb[f"item.parent.{item.key}"] for item in survey.items]
    rows = [["Tidspunkt", "Navn", "E-post", "Hvor går barnet?", *heads]]
    for n in range(24):
        said = [words[(n + at) % 5] for at in range(len(heads))]
        rows.append(["2026-11-02", "Kari", "k@example.no", ("Musikk", "Dans")[n % 2], *said])
    rows[1][4], rows[2][3], rows[3][5], rows[4][4] = "Tja", "Ballett", "Vet ikke", "4 - nokså"
    return xlsx(*rows)


def looked_at(page: Page, pictures: Path | None, name: str) -> list[str]:
    """What axe finds, in light and dark and on a phone, none of which may be too wide."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += axe_findings(page, RULES if scheme == "light" else COLOUR_RULES)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            if pictures:
                page.screenshot(path=pictures / f"{name}-{width}-{scheme}.png", full_page=True)
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


def test_from_the_round_s_page_to_what_would_come_in(open_as: Open) -> None:
    import os

    pictures = Path(os.environ["PULS_PICTURES"]) if "PULS_PICTURES" in os.environ else None
    page = open_as("bob", reduced_motion="reduce")
    page.goto("/runder/")
    page.get_by_role("link", name="Foreldreundersøkelse 2026–27").click()
    page.get_by_role("link", name="Svar fra en fil").click()
    expect(page.get_by_role("heading", name="Svar fra en fil")).to_be_visible()
    found = looked_at(page, pictures, "upload")
    page.get_by_label("Fil med svar").set_input_files(
        {"name": "foreldre.xlsx", "mimeType": "application/xlsx", "buffer": exported()}
    )
    page.get_by_role("button", name="Last opp og se på den").click()
    expect(page.get_by_text("2 celler er ikke forstått ennå")).to_be_visible()
    found += looked_at(page, pictures, "asked")
    page.get_by_label("Ballett").select_option("Dans")
    page.get_by_label("Tja").select_option("3 · Midt imellom")
    page.get_by_label("4 - nokså").select_option("4 · Litt enig")
    page.get_by_role("button", name="Les på nytt").first.click()
    expect(page.get_by_text("24 svar er klare til å komme inn")).to_be_visible()
    found += looked_at(page, pictures, "ready")
    assert not found, "\n".join(found)
    page.get_by_role("button", name="Gi opp og slett filen").click()
    expect(page.get_by_role("heading", name="Foreldreundersøkelse 2026–27")).to_be_visible()
