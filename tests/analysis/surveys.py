"""Small surveys, and the folder of real data, for the tests of the analysis."""

from pathlib import Path

import pytest

from puls.content.definitions import Construct, Item, Scale, Survey

FIVE = Scale(key="agree_5", low=1, high=5)

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def shared(name: str) -> Path:
    """A file of real data that lies beside the project; without it the test is skipped."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"needs ../shared/data/{name}, which is not part of the project")
    return path


def survey(*constructs: str, scale: Scale = FIVE) -> Survey:
    """ "wellbeing: a b -c" is a construct with three items, of which c is reverse-worded."""
    return Survey("student", 1, "students", scale, tuple(_construct(line) for line in constructs))


def _construct(line: str) -> Construct:
    key, _, items = line.partition(":")
    return Construct(
        key.strip(), tuple(Item(item.lstrip("-"), item.startswith("-")) for item in items.split())
    )
