"""Names that every computer takes, and the files that are handed out."""

from collections.abc import Iterator

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from puls.errors import NotNow
from puls.web.media.attachments import LONGEST_NAME, MOST_BYTES, check_attachment, clean_name


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Årsplan 2026.pdf", "Årsplan 2026.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\bob\\plan.PDF", "plan.pdf"),
        ("a/b\\c:d?.docx", "c d.docx"),
        ('x"; filename="y.exe', "x filename y.exe"),
        ("line\r\nSet-Cookie: a=b.pdf", "line Set-Cookie a b.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("...", "fil"),
        ("", "fil"),
        ("A\u030arsplan.pdf", "Årsplan.pdf"),
    ],
)
def test_names(name: str, clean: str) -> None:
    assert clean_name(name) == clean


@given(st.text(max_size=300))
def test_a_clean_name_is_short_harmless_and_clean_already(name: str) -> None:
    clean = clean_name(name)
    assert 0 < len(clean) <= LONGEST_NAME
    assert not set(clean) & set('/\\:*?"<>|\r\n\t\0')
    assert clean_name(clean) == clean


@pytest.mark.parametrize(
    ("name", "data", "taken"),
    [
        ("plan.pdf", b"%PDF-1.7", True),
        ("plan.docx", b"PK\x03\x04", True),
        ("plan.docx", b"%PDF-1.7", False),  # another kind than its name says
        ("plan.pdf", b"<html>%PDF-", False),
        ("plan.docm", b"PK\x03\x04", False),  # programs
        ("plan.html", b"<html>", False),
        ("plan.svg", b"<svg>", False),
        ("plan.exe", b"MZ", False),
        ("plan", b"%PDF-1.7", False),
    ],
)
def test_which_files_are_taken(name: str, data: bytes, taken: bool) -> None:
    if taken:
        check_attachment(name, data)
        return
    with pytest.raises(NotNow, match="can be attached"):
        check_attachment(name, data)


def test_a_large_file_is_refused() -> None:
    with pytest.raises(NotNow, match="larger than 10 MB"):
        check_attachment("plan.pdf", b"%PDF-" + bytes(MOST_BYTES))
