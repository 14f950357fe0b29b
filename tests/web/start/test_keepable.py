"""A zero byte or half of a pair of letters in any text: a space stands for it, nothing breaks."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from puls.web.middleware import keepable

# What came in, and what is kept of it.
KEPT = [
    ("Mer\0tid", "Mer tid"),
    ("\0", " "),
    ("Øv\ud800mer", "Øv mer"),
    ("\udfffslutt", " slutt"),
    ("🎻 hel", "🎻 hel"),
    ("ny\r\nlinje", "ny\r\nlinje"),
]


@pytest.mark.parametrize(("sent", "kept"), KEPT)
def test_what_is_kept_of_a_text(sent: str, kept: str) -> None:
    asked = QueryDict(mutable=True)
    asked.setlist("text", ["first", sent])
    assert keepable(asked).getlist("text") == ["first", kept]


@given(st.lists(st.text(st.characters(codec=None)), min_size=1, max_size=3))
def test_every_text_can_be_kept_and_loses_no_letter(sent: list[str]) -> None:
    asked = QueryDict(mutable=True)
    asked.setlist("text", sent)
    kept = keepable(asked).getlist("text")
    assert [len(each) for each in kept] == [len(each) for each in sent]
    assert "\0" not in "".join(kept).encode().decode()
