"""PDF files, slides and pictures of a page: who gets them, what stands in them, what never does."""

import io
from typing import Any

import pytest
from django.test import Client
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader

from puls.units import UnitTree
from puls.web.assess.models import Release
from puls.web.packs import pack
from tests.web.cast import Cast, LogIn
from tests.web.see import world
from tests.web.see.test_pages import PEOPLE, REACH
from tests.web.see.world import FEEDBACK, SCHOOL, WELLBEING

YEAR = "2025-26"
PDF = f"/hvor-er-vi/{SCHOOL}/{YEAR}/hvor-er-vi.pdf"
PPTX = f"/hvor-er-vi/{SCHOOL}/{YEAR}/hvor-er-vi.pptx"
PNG = f"/over-tid/{SCHOOL}/{FEEDBACK}.png"


@pytest.fixture
def bob(released: Release, cast: Cast, log_in: LogIn) -> Client:
    return log_in(cast.bob)


def pdf_text(data: bytes) -> str:
    """All words; soft hyphens only say where one may be broken."""
    found = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return found.replace("\xad", "")


def slide_text(data: bytes) -> str:
    found = []
    for slide in Presentation(io.BytesIO(data)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            elif shape.has_table:
                found += [c.text_frame.text for row in shape.table.rows for c in row.cells]
        if slide.has_notes_slide:
            found.append(slide.notes_slide.notes_text_frame.text)
    return "\n".join(found)


@pytest.mark.parametrize(("unit", "row"), REACH)
def test_who_gets_documents_of_which_unit(
    unit: str, row: str, released: Release, cast: Cast, log_in: LogIn, monkeypatch: Any
) -> None:
    # What is in them is tested below; here only who gets one.
    monkeypatch.setattr("puls.documents.pdf.pdf", lambda _: b"%PDF")
    monkeypatch.setattr("puls.documents.pictures.png", lambda _: b"png")
    for person, sees in zip(PEOPLE, row.split(), strict=True):
        browser = log_in(getattr(cast, person))
        expected = 200 if sees == "yes" else 404
        address = f"/hvor-er-vi/{unit}/{YEAR}/hvor-er-vi.pdf"
        assert browser.get(address).status_code == expected, f"{person} at {address}"
        if sees == "no":
            address = f"/over-tid/{unit}/{FEEDBACK}.png"
            assert browser.get(address).status_code == 404, f"{person} at {address}"


def test_strangers_are_asked_to_log_in(released: Release) -> None:
    for address in (PDF, PPTX, PNG):
        assert Client().get(address).status_code == 302


@pytest.mark.parametrize(
    ("address", "kind", "name"),
    [
        (PDF, "application/pdf", f"puls-{SCHOOL}-{YEAR}-syntetisk.pdf"),
        (
            PPTX,
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            f"puls-{SCHOOL}-{YEAR}-syntetisk.pptx",
        ),
        (PNG, "image/png", f"puls-{SCHOOL}-{FEEDBACK}-syntetisk.png"),
    ],
)
def test_kind_and_name(bob: Client, address: str, kind: str, name: str) -> None:
    answer = bob.get(address)
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "private" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nb", ("Fargetabell", "Det som skiller seg ut", "Syntetiske data")),
        ("en", ("Colour table", "What stands out", "Synthetic data")),
    ],
)
def test_the_pdf_is_in_the_language_of_the_reader(
    bob: Client, language: str, words: tuple[str, ...]
) -> None:
    bob.post("/konto/sprak/", {"language": language, "next": "/"})
    data = bob.get(PDF).content
    text = " ".join(pdf_text(data).split())
    for word in ("Karmøy kulturskole", *words):
        assert word in text, word
    root: Any = PdfReader(io.BytesIO(data)).trailer["/Root"]
    assert root["/Lang"].startswith(language)


def test_reasons_stand_in_pdf_and_notes(bob: Client) -> None:
    reason = "Svak fordi 3,4 er under grensen"
    assert reason in " ".join(pdf_text(bob.get(PDF, HTTP_ACCEPT_LANGUAGE="nb").content).split())
    assert reason in slide_text(bob.get(PPTX, HTTP_ACCEPT_LANGUAGE="nb").content)


def test_what_is_hidden_stays_hidden(bob: Client) -> None:
    department = f"/hvor-er-vi/{SCHOOL}.dans/{YEAR}/hvor-er-vi"
    for ending, read in ((".pdf", pdf_text), (".pptx", slide_text)):
        text = read(bob.get(department + ending, HTTP_ACCEPT_LANGUAGE="nb").content)
        assert "skjult" in text


def test_the_choice_of_the_page_is_taken_along(bob: Client) -> None:
    name = pack().text("nb", f"indicator.{FEEDBACK}.name")
    register = pdf_text(bob.get(PDF + "?vis=register", HTTP_ACCEPT_LANGUAGE="nb").content)
    assert name not in register
    assert name in pdf_text(bob.get(PDF, HTTP_ACCEPT_LANGUAGE="nb").content)


def test_charts_come_with_a_second_year(bob: Client, places: UnitTree) -> None:
    def figures(data: bytes) -> bytes:
        return data.count(b"/S /Figure") or data.count(b"/S/Figure")

    assert not figures(bob.get(PDF).content)
    world.release(places, period=2024)
    assert figures(bob.get(PDF).content) > 3


def test_it_leads_back_to_the_release_it_was_made_from(
    bob: Client, released: Release, places: UnitTree
) -> None:
    text = "".join(pdf_text(bob.get(PDF).content).split())
    assert f"http://testserver/hvor-er-vi/{SCHOOL}/{YEAR}/?per={released.pk}" in text
    before = bob.get(f"{PDF}?per={released.pk}").content
    world.release(places, share=22.5, answers=False)
    assert "22,5" in pdf_text(bob.get(PDF, HTTP_ACCEPT_LANGUAGE="nb").content)
    assert bob.get(f"{PDF}?per={released.pk}").content == before


def test_the_picture_says_where_it_comes_from(bob: Client) -> None:
    answer = bob.get(PNG)
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.width > 1400
    assert bob.get(f"/over-tid/{SCHOOL}/no_such.png").status_code == 404


@pytest.mark.parametrize("address", [PDF.replace(YEAR, "1999-00"), PDF.replace(YEAR, "2025")])
def test_only_real_school_years(bob: Client, address: str) -> None:
    assert bob.get(address).status_code == 404


def test_a_choice_without_anything_is_still_a_document(bob: Client) -> None:
    address = f"/hvor-er-vi/{SCHOOL}/{YEAR}/hvor-er-vi"
    for ending in (".pdf", ".pptx"):
        assert bob.get(f"{address}{ending}?vis=undersokelse-parent").status_code == 200


def test_all_of_a_units_indicators(bob: Client) -> None:
    data = bob.get(PDF + "?vis=alle", HTTP_ACCEPT_LANGUAGE="nb").content
    assert pack().text("nb", f"indicator.{WELLBEING}.name").split()[0] in pdf_text(data)
