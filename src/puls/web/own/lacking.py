"""What was written, and what it lacks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Written:
    """What somebody wrote, complete or not. body without the keys that Puls gives."""

    body: Mapping[str, Any]
    words: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Lack:
    """What is missing or wrong: where in the form, and a sentence."""

    field: str
    sentence: str
