"""Slips of paper with a code each, to cut apart and hand out: twelve to a page of A4."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import segno
import typst


@dataclass(frozen=True)
class Slips:
    """What stands on every slip, and the codes.

    heading: the survey. who: school and group. how: a sentence on what to do. promise: a sentence
    on anonymity. place: the short address to type. link: the address that a code is put behind.
    codes: as typed and as shown, a pair a slip.
    """

    language: str
    title: str
    heading: str
    who: str
    how: str
    promise: str
    place: str
    link: str
    codes: Sequence[tuple[str, str]]


def pdf(slips: Slips) -> bytes:
    """The sheets as PDF/UA-1."""
    told = {
        "language": slips.language,
        "title": slips.title,
        "heading": slips.heading,
        "who": slips.who,
        "how": slips.how,
        "promise": slips.promise,
        "place": slips.place,
        "slips": [{"code": shown, "qr": qr(f"{slips.link}#{code}")} for code, shown in slips.codes],
    }
    made = _compiler().compile(
        format="pdf", sys_inputs={"told": json.dumps(told)}, pdf_standards="ua-1"
    )
    assert isinstance(made, bytes)
    return made


def qr(text: str) -> str:
    """A QR code as SVG, black on white, with the quiet zone that readers need."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, border=2, dark="#000", light="#fff"
    )
    return out.getvalue().decode()


@cache
def _compiler() -> typst.Compiler:
    here = Path(__file__).parent
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(here / "fonts")]
    )
    return typst.Compiler(
        str(here / "typst" / "slips.typ"), root=str(here / "typst"), font_paths=fonts
    )
