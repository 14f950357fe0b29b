"""The national school register NSR (Udir): units as its interface gives them, version 3 or 4.

One unit (`/enhet/974738465`), a list of them, or a page of a list. Version 3 says `Orgnr` and
`Kommunenr`, version 4 `Organisasjonsnummer` and `Kommunenummer`. Names, numbers and what somebody
is are read; people, telephones and addresses are not.
"""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from puls.errors import ImportFileError
from puls.registers.files import read_json

EXPECTED = "units of the school register NSR as JSON"
NEXT_STEP = "Fetch them again from https://data-nsr.udir.no."
OWNED_BY = "Eierstruktur"
LONGEST_NAME = 200
"""Letters, as many as a unit's name may have."""

GONE_BUT_LISTED = "A"
"""The kind of leaving that means "none"."""


@dataclass(frozen=True)
class School:
    """One unit of the register.

    number: organisation number, text: those abroad have letters. municipality: the code of where
    it lies. owner: organisation number of who owns it, or "". industries: codes, the first first.
    left: "" while it is active; else the register's letter (F: merged, S: deleted, D: twice ...).
    left_on: the first day without it, where the register says; changed_on: its last change.
    """

    number: str
    name: str
    municipality: str
    owner: str
    industries: tuple[str, ...]
    categories: tuple[str, ...]
    left: str
    left_on: date | None
    changed_on: date | None


def read(file: Path) -> tuple[School, ...]:
    """The units in a file, in their order. ImportFileError with the unit and the key."""
    content = read_json(file, EXPECTED, NEXT_STEP)
    if isinstance(content, dict):
        listed = content.get("EnhetListe", content.get("Enheter"))
        content = [content] if listed is None else listed
    if not isinstance(content, list) or not content:
        raise ImportFileError(file.name, "", "no list of units", EXPECTED, NEXT_STEP)
    found = [_Parse(file.name, number).school(each) for number, each in enumerate(content, start=1)]
    first: dict[str, int] = {}
    for number, school in enumerate(found, start=1):
        if first.setdefault(school.number, number) != number:
            where = f"unit {number} ({school.number} {school.name})"
            problem = f"unit {first[school.number]} has the same number"
            raise ImportFileError(file.name, where, problem, "each unit once", NEXT_STEP)
    return tuple(found)


class _Parse:
    """Reads one unit; knows the file's name and the unit's place for the errors."""

    def __init__(self, file: str, number: int) -> None:
        self.file, self.where = file, f"unit {number}"

    def wrong(self, key: str, problem: str, expected: str) -> ImportFileError:
        return ImportFileError(self.file, f"{self.where}, {key}", problem, expected, NEXT_STEP)

    def school(self, content: Any) -> School:
        own = self.mapping(content, "")
        number = self.text(own, "Organisasjonsnummer", "Orgnr")
        self.where += f" ({number[:20]})"
        if not re.fullmatch(r"[0-9A-Z]{6,12}", number):
            raise self.wrong("Orgnr", f"'{number[:40]}' is no number", "nine digits")
        left = self.mapping(own.get("Utgaattype") or {}, "Utgaattype").get("Id", GONE_BUT_LISTED)
        active = own.get("ErAktiv")
        if not isinstance(active, bool):
            raise self.wrong("ErAktiv", "is neither true nor false", "true or false")
        kind = str(left)[:5] if left != GONE_BUT_LISTED else ""
        place = self.mapping(own.get("Kommune"), "Kommune")
        return School(
            number=number,
            name=self.name(own),
            municipality=self.text(place, "Kommunenummer", "Kommunenr"),
            owner=self._owner(own),
            industries=tuple(self.text(each, "Kode") for each in self.rows(own, "Naeringskoder")),
            categories=tuple(self.text(each, "Navn") for each in self.rows(own, "Skolekategorier")),
            left="" if active else kind or "S",
            left_on=self.day(own, "UtgaattDato"),
            changed_on=self.day(own, "DatoEndret"),
        )

    def name(self, own: dict[str, Any]) -> str:
        name = " ".join(self.text(own, "Navn").split())
        if len(name) > LONGEST_NAME:
            problem = f"'{name[:40]}…' has {len(name)} letters"
            raise self.wrong("Navn", problem, f"a name of at most {LONGEST_NAME} letters")
        return name

    def _owner(self, own: dict[str, Any]) -> str:
        for relation in self.rows(own, "ForeldreRelasjoner"):
            kind = self.mapping(relation.get("Relasjonstype") or {}, "Relasjonstype")
            if kind.get("Navn") == OWNED_BY:
                unit = self.mapping(relation.get("Enhet"), "ForeldreRelasjoner, Enhet")
                return self.text(unit, "Organisasjonsnummer", "Orgnr")
        return ""

    def mapping(self, value: Any, key: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.wrong(key, "missing or not an object { }", "an object { }")
        return value

    def rows(self, own: dict[str, Any], key: str) -> list[dict[str, Any]]:
        value = own.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.wrong(key, "is no list", "a list [ ]")
        return [self.mapping(each, key) for each in value]

    def text(self, own: dict[str, Any], *keys: str) -> str:
        """The text or number under the first of these keys that is there."""
        value = next((own[key] for key in keys if own.get(key) is not None), None)
        if type(value) not in (str, int) or not str(value).strip():
            raise self.wrong(keys[-1], "missing, or no text", "text")
        return str(value).strip()

    def day(self, own: dict[str, Any], key: str) -> date | None:
        value = own.get(key)
        if value is None:
            return None
        try:
            return date.fromisoformat(str(value)[:10])
        except ValueError:
            raise self.wrong(key, f"{ascii(value)[:40]} is no time", "2024-08-01") from None
