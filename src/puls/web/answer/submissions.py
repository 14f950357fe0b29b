"""What a browser sends, read whole or refused: nothing of a half-understood form is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from puls.errors import PulsError
from puls.web.answer.forms import Asked
from puls.web.collect import codes
from puls.web.collect.own_items import LONGEST, Kind, to_bytes

MOST_BYTES = 32_768
"""Of a submission: four written answers in the widest letters, percent-encoded, and the rest."""
MOST_FIELDS = 400


class Malformed(PulsError):
    """Not what our form sends."""


@dataclass(frozen=True)
class Sent:
    """code: as read, or "" where it is none. typed: as typed.

    given: by field, what was answered; skipped ones are left out.
    language: the one asked for instead of sending, or "". shown: the one that the form was in.
    """

    code: str
    typed: str
    given: Mapping[str, str]
    language: str
    shown: str


def read(body: bytes) -> dict[str, str]:
    """The fields of a form. Malformed where one comes twice or nothing can be read."""
    if not body:
        return {}
    try:
        pairs = body.decode("ascii").split("&", MOST_FIELDS)
        if len(pairs) > MOST_FIELDS:
            raise Malformed("This is longer than any form.")
        fields = {}
        for pair in pairs:
            # Nearly all are as short as "q7=4": only the others are worth the library's care.
            if "%" in pair or "+" in pair:
                ((name, value),) = parse_qsl(
                    pair, keep_blank_values=True, strict_parsing=True, errors="strict"
                )
            else:
                name, value = pair.split("=", 1)
            fields[name] = value
    except ValueError:
        raise Malformed("This is not a form.") from None
    if len(fields) != len(pairs):
        raise Malformed("A field came twice.")
    return fields


def understand(fields: dict[str, str], asked: Asked) -> Sent:
    """A submission to this form. Malformed for a field or a value that the form does not have."""
    options = asked.options
    given = {}
    for name, value in fields.items():
        if name in options:
            if value not in options[name]:
                raise Malformed(f"{name} has no such answer.")
            if value != "0":
                given[name] = value
        elif name in asked.written:
            said = value.replace("\r\n", "\n").replace("\0", "").strip()
            if len(said) > LONGEST:
                raise Malformed(f"{name} is longer than {LONGEST} letters.")
            if said:
                given[name] = said
        elif name not in ("code", "language", "send", "shown"):
            raise Malformed(f"The form has no field {name[:20]!r}.")
    languages = {name: fields.get(name, "") for name in ("language", "shown")}
    if not set(languages.values()) <= {"", *asked.languages}:
        raise Malformed("The form has no such language.")
    typed = fields.get("code", "")
    return Sent(codes.read(typed), typed[:20], given, **languages)


def as_bytes(sent: Sent, asked: Asked) -> bytes:
    """The answers as they are stored: a byte an item and a background question, then own items."""
    get = sent.given.get
    packs = bytes([int(get(place, "0")) for place in asked.places])
    if not asked.own:
        return packs
    own = [
        int(sent.given.get(f"e{n}", 0)) if each.kind is Kind.SCALE else sent.given.get(f"e{n}", "")
        for n, each in enumerate(asked.own, start=1)
    ]
    return packs + to_bytes(asked.own, own)
