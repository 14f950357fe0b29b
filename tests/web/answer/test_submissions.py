"""Forms are read as the library reads them, quickly where nothing needs its care."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks import takers
from puls.web.answer.submissions import MOST_FIELDS, Malformed, read

PIECES = st.sampled_from(["q1", "q2", "=", "&", "%", "+", "%C3%A5", "%FF", "%zz", "4", "", "a b"])


def by_the_library(body: bytes) -> dict[str, str] | None:
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=bool(body),
            errors="strict", max_num_fields=MOST_FIELDS,
        )  # fmt: skip
    except ValueError:
        return None
    return dict(pairs) if len(dict(pairs)) == len(pairs) else None


@given(st.lists(PIECES, max_size=12).map("".join))
@example("q1=4&q1=4")
@example("q1=4&&q2=1")
@example("q1")
@example("")
@example("&".join(f"q{n}=1" for n in range(MOST_FIELDS)))
@example("&".join(f"q{n}=1" for n in range(MOST_FIELDS + 1)))
def test_read_as_the_library_does(text: str) -> None:
    body = text.encode()
    try:
        found: dict[str, str] | None = read(body)
    except Malformed:
        found = None
    assert found == by_the_library(body)


@pytest.mark.parametrize("code", ["K7M2P94QXT"])
def test_a_whole_form(code: str) -> None:
    fields = takers.fields(code) | {"e2": "Så fint!\r\n1 + 1 = 2 & 100 %"}
    assert read(urlencode(fields).encode()) == fields
