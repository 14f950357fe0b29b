"""Keys from names: what stands in an address must be plain letters."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "đ": "d", "ŋ": "n", "ŧ": "t", "ß": "ss"})


def slug(name: str) -> str:
    """ "Våler kulturskole" -> "valer-kulturskole", "Unjárga" -> "unjarga"."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(LETTERS))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def taken_more_than_once(names: Iterable[str]) -> set[str]:
    """Names that more than one unit has."""
    return {name for name, count in Counter(names).items() if count > 1}
