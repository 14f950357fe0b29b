"""The quality report from first draft to what the council reads: who may what, and what is kept."""

import io
import re
from collections.abc import Iterator

import pytest
from django.db import Error, transaction
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from puls.errors import NotNow
from puls.units import UnitTree
from puls.web.assess.models import Release
from puls.web.quality import services as quality
from puls.web.quality.models import Kind
from puls.web.report import queries, services
from puls.web.report.drafting import Part
from puls.web.report.models import Version
from puls.web.tenants.access import as_reach, reach_of
from puls.web.tenants.models import Unit
from tests.web.cast import Cast, LogIn
from tests.web.see import world

YEAR = "2025-26"
LIST = "/kvalitetsmelding/"
PAGE = f"{LIST}{YEAR}/"
FILE = f"{PAGE}utgave/1/kvalitetsmelding.pdf"


@pytest.fixture
def released(places: UnitTree, cast: Cast) -> Release:
    return world.release(places)


@pytest.fixture
def alice(released: Release, cast: Cast, log_in: LogIn) -> Client:
    return log_in(cast.alice)


@pytest.fixture
def begun(alice: Client) -> Client:
    assert alice.post(LIST, {"skolear": YEAR}).status_code == 302
    return alice


@pytest.fixture
def inside(begun: Client, cast: Cast) -> Iterator[None]:
    with as_reach(reach_of(cast.alice)):
        yield


def text_of(data: bytes) -> str:
    found = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return " ".join(found.replace("\xad", "").split())


def publish(alice: Client) -> None:
    number = alice.get(PAGE).context["now"].number
    alice.post(PAGE, {"approve": str(number)})
    alice.post(PAGE, {"publish": "1"})


def test_the_draft_says_what_stands_out_and_how_numbers_came_to_be(begun: Client) -> None:
    page = begun.get(PAGE).text
    for words in (
        "Kvalitetsmelding 2025–26",
        "Karmøy kommune",
        "Kulturskolens undervisnings- og læringskvalitet",
        "Enhetene side om side",
        "Hva vi gjør videre",
        "færre enn 5 svar",
        "Ikke godkjent ennå",
        "Syntetiske data",
    ):
        assert words in page, words


def test_the_draft_takes_up_what_schools_have_finished(cast: Cast, alice: Client) -> None:
    reach, at = reach_of(cast.bob), (2025, Kind.RUBRIC, "assessment_for_learning")
    with as_reach(reach):
        school = Unit.objects.get(key=reach.unit)
        quality.description_save(reach, school, *at, ("We **see**.\n\n- one", ""), 0, "Bob")
        quality.description_finish(reach, school, *at, 1, "Bob")
        about = (2025, Kind.RUBRIC, "learning_relations")
        quality.description_save(reach, school, *about, ("A draft of ours.", ""), 0, "Bob")
    alice.post(LIST, {"skolear": YEAR})
    page = alice.get(PAGE).text
    area = page.split('id="area-teaching_and_learning"')[1].split("</section>")[0]
    assert "<p>Karmøy kulturskole om «Vurdering for læring»:</p>" in area
    assert "<p>We see.</p>" in area
    assert "<p>one</p>" in area
    assert "A draft of ours." not in page


def test_a_text_is_saved_as_a_version_and_the_old_one_stays(begun: Client) -> None:
    address = f"{PAGE}del/next/"
    answer = begun.post(address, {"text": "Vi øver mer.\n\nHver uke.", "based_on": "1"})
    assert answer.status_code == 302
    page = begun.get(PAGE).text
    assert "<p>Vi øver mer.</p>" in page
    assert "<p>Hver uke.</p>" in page
    old = begun.get(f"{PAGE}versjon/1/").text
    assert "Vi øver mer." not in old
    begun.post(f"{PAGE}versjon/1/")
    assert "Vi øver mer." not in begun.get(PAGE).text
    assert "Vi øver mer." in begun.get(f"{PAGE}versjon/2/").text


def test_nobodys_words_are_written_over_unseen(begun: Client) -> None:
    address = f"{PAGE}del/next/"
    begun.post(address, {"text": "Den ene.", "based_on": "1"})
    answer = begun.post(address, {"text": "Den andre.", "based_on": "1"})
    assert answer.status_code == 200
    assert "Den andre." in answer.text
    assert "Den ene." in begun.get(PAGE).text
    # Another part may be saved meanwhile.
    other = begun.post(f"{PAGE}del/about/", {"text": "Om oss.", "based_on": "1"})
    assert other.status_code == 302


def test_only_what_is_approved_is_published_and_a_new_text_is_not(begun: Client) -> None:
    begun.post(PAGE, {"publish": "1"})
    assert not begun.get(LIST).context["published"]
    begun.post(PAGE, {"approve": "1"})
    begun.post(f"{PAGE}del/next/", {"text": "Nytt.", "based_on": "1"})
    begun.post(PAGE, {"approve": "1"})  # The older version is no longer the newest.
    begun.post(PAGE, {"publish": "1"})
    assert not begun.get(LIST).context["published"]
    publish(begun)
    assert len(begun.get(LIST).context["published"]) == 1
    begun.post(PAGE, {"publish": "1"})
    assert len(begun.get(LIST).context["published"]) == 1


# Who reads what: the draft, the published page, its file; charlie is elsewhere.
READERS = [
    # who,      draft, part, published, file
    ("alice",   200,   200,  200,       200),
    ("bob",     302,   403,  200,       200),
    ("tom",     302,   403,  200,       200),
    ("charlie", 404,   403,  404,       404),
    ("nora",    404,   403,  404,       404),
    ("frida",   404,   403,  404,       404),
]  # fmt: skip


@pytest.mark.parametrize(("who", "draft", "part", "published", "file"), READERS)
def test_who_reads_what(
    who: str,
    draft: int,
    part: int,
    published: int,
    file: int,
    begun: Client,
    cast: Cast,
    log_in: LogIn,
) -> None:
    publish(begun)
    reader = log_in(getattr(cast, who))
    assert reader.get(PAGE).status_code == draft
    assert reader.get(f"{PAGE}del/next/").status_code == part
    assert reader.get(f"{PAGE}utgave/1/").status_code == published
    assert reader.get(FILE).status_code == file
    if who != "alice":
        assert reader.post(PAGE, {"approve": "1"}).status_code in (403, 404)
        assert reader.post(LIST, {"skolear": YEAR}).status_code == 403
        assert reader.get(f"{PAGE}utkast.pdf").status_code == 403


def test_before_it_is_published_nobody_else_finds_it(
    begun: Client, cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    assert bob.get(PAGE).status_code == 404
    assert not bob.get(LIST).context["published"]


def test_a_leader_finds_no_draft_in_the_database_either(begun: Client, cast: Cast) -> None:
    with as_reach(reach_of(cast.alice)):
        assert Version.objects.count() == 1
    with as_reach(reach_of(cast.bob)):
        assert Version.objects.count() == 0


def test_what_is_published_stays_as_it_was(
    begun: Client, cast: Cast, log_in: LogIn, places: UnitTree
) -> None:
    begun.post(f"{PAGE}del/next/", {"text": "Slik ble det vedtatt.", "based_on": "1"})
    publish(begun)
    bob = log_in(cast.bob)
    page, file = bob.get(f"{PAGE}utgave/1/").text, bob.get(FILE).content
    assert "Slik ble det vedtatt." in page
    assert "Slik ble det vedtatt." in text_of(file)
    world.release(places, share=99.9, answers=False)
    begun.post(f"{PAGE}del/next/", {"text": "Noe annet.", "based_on": "2"})
    publish(begun)
    assert bob.get(FILE).content == file
    again = bob.get(f"{PAGE}utgave/1/").text
    assert "Slik ble det vedtatt." in again
    assert "99,9" not in again
    assert "99,9" not in bob.get(f"{PAGE}utgave/2/").text, "its numbers are of its own release"


def test_pages_have_the_pictures_of_the_file_and_no_colour_without_symbol_and_word(
    places: UnitTree, cast: Cast, log_in: LogIn
) -> None:
    world.release(places, period=world.PERIOD - 1)
    world.release(places)
    alice = log_in(cast.alice)
    alice.post(LIST, {"skolear": YEAR})
    draft = alice.get(PAGE).text
    publish(alice)
    edition = log_in(cast.bob).get(f"{PAGE}utgave/1/").text
    for page in (draft, edition):
        assert page.count('<svg class="chart wide"') > 1
        assert len(re.findall(r'id="[^"]*-w-t"', page)) == len(
            set(re.findall(r'id="[^"]*-w-t"', page))
        )
        chips = re.findall(r'<span class="look chip l\dof\d">(.*?)</span></p>', page)
        assert chips
        assert all("<svg" in chip and "<span>" in chip for chip in chips)
    titles = re.findall(r'<title id="[^"]*-w-t">([^<]*)', edition)
    assert titles == re.findall(r'<title id="[^"]*-w-t">([^<]*)', draft)
    in_file = text_of(alice.get(FILE).content)
    assert all(title in in_file for title in titles)


def test_the_file_is_a_document_of_its_language(begun: Client) -> None:
    begun.post("/konto/sprak/", {"language": "en", "next": "/"})
    data = begun.get(f"{PAGE}utkast.pdf").content
    text = text_of(data)
    assert "Kvalitetsmelding 2025–26" in text
    assert "Syntetiske data" in text
    assert "Enhetene side om side" in text


def test_a_part_that_nobody_wrote_is_left_out(begun: Client) -> None:
    assert "Hva vi gjør videre" in begun.get(PAGE).text
    assert "Hva vi gjør videre" not in text_of(begun.get(f"{PAGE}utkast.pdf").content)
    publish(begun)
    assert "Hva vi gjør videre" not in begun.get(f"{PAGE}utgave/1/").text


def test_a_report_in_english(alice: Client) -> None:
    alice.post("/konto/sprak/", {"language": "en", "next": "/"})
    alice.post(LIST, {"skolear": YEAR})
    assert "Quality report 2025–26" in text_of(alice.get(f"{PAGE}utkast.pdf").content)


def test_texts_are_only_text(begun: Client) -> None:
    text = "<script>alert(1)</script> #panic() *x*"
    begun.post(f"{PAGE}del/next/", {"text": text, "based_on": "1"})
    assert "<script>alert" not in begun.get(PAGE).text
    assert "#panic()" in text_of(begun.get(f"{PAGE}utkast.pdf").content)


@pytest.mark.parametrize(
    "address", [f"{LIST}1999-00/", f"{LIST}tull/", f"{PAGE}del/tull/", f"{PAGE}versjon/9/",
                f"{PAGE}utgave/1/"]
)  # fmt: skip
def test_what_is_not_there(address: str, begun: Client) -> None:
    assert begun.get(address).status_code == 404


def test_it_is_begun_once(begun: Client) -> None:
    begun.post(LIST, {"skolear": YEAR})
    assert begun.get(PAGE).context["now"].number == 1


@pytest.mark.parametrize(
    ("unit", "path"),
    [
        ("no-1149", "no/no-11/no-1149"),
        ("no-1149", "no/no-11/no-1149/karmoy-kulturskole"),
        ("karmoy-kulturskole", "no/no-11/no-1149/karmoy-kulturskole"),
    ],
)
def test_the_database_takes_a_report_from_the_owner_alone(
    unit: str, path: str, begun: Client, cast: Cast
) -> None:
    with as_reach(reach_of(cast.bob)), pytest.raises(Error), transaction.atomic():
        Version.objects.create(
            tenant_id="no-1149", unit_id=unit, path=path, period=2024, number=1, language="nb",
            release=1, parts=[], about="x", saved_by="Bob", saved_at=timezone.now(),
        )  # fmt: skip


def test_paragraphs() -> None:
    assert Part("k", "h", "en\nto\r\n\r\n \n\ntre ").paragraphs == ("en to", "tre")


def test_services_keep_text_within_bounds(inside: None, cast: Cast) -> None:
    with pytest.raises(NotNow):
        services.part_save(reach_of(cast.alice), 2025, "next", "x" * 20_001, 1, "Alice")
    assert queries.newest(2025).number == 1  # type: ignore[union-attr]
