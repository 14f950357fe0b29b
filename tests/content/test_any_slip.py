"""Whatever is broken in a pack's files, the reader meets a ContentError and no traceback."""

import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puls.content.loading import load_pack
from puls.errors import ContentError

FOREIGN = Path(__file__).parent.parent / "packs"
PLACES = [
    (path.relative_to(FOREIGN).as_posix(), number)
    for path in sorted(FOREIGN.glob("**/*.yaml"))
    for number in range(len(path.read_text(encoding="utf-8").splitlines()))
]
VALUES = [
    "",
    "[]",
    "{}",
    "~",
    "5",
    "-1",
    "1.5",
    "true",
    "2020-01-01",
    "[{}]",
    "{a: 1}",
    "a b",
    "\0",
]


def broken(line: str, how: str) -> str:
    """The line gone, moved to the right, or with another value behind its key."""
    if how == "gone":
        return ""
    if how == "indented":
        return f"  {line}\n"
    return f"{line.partition(':')[0]}: {how}\n"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy to break; every example mends what it broke."""
    return Path(shutil.copytree(FOREIGN, tmp_path_factory.mktemp("copy") / "packs"))


@settings(max_examples=40, deadline=None)
@given(place=st.sampled_from(PLACES), how=st.sampled_from(["gone", "indented", *VALUES]))
def test_a_broken_line_is_told_or_harmless(root: Path, place: tuple[str, int], how: str) -> None:
    name, number = place
    whole = (FOREIGN / name).read_text(encoding="utf-8")
    lines = whole.splitlines(keepends=True)
    lines[number] = broken(lines[number].rstrip("\n"), how)
    (root / name).write_text("".join(lines), encoding="utf-8")
    try:
        with suppress(ContentError):
            load_pack("maison_musique", (root,))
    finally:
        (root / name).write_text(whole, encoding="utf-8")
