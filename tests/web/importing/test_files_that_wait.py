"""A file of answers between upload and import, with clock, disk and one person against it."""

import errno
import os
import time
from collections.abc import Callable

import pytest

from puls.errors import NotNow
from puls.registers.exported import Column, Table
from puls.web.collect.folders import Folders
from puls.web.importing import waiting

TABLE = Table("csv", (Column("Navn"), Column("Trives")), (("Kari Nordmann", "4"),), (2,))


def aged(folders: Folders, seconds: float) -> None:
    for file in folders.waiting.iterdir():
        os.utime(file, (time.time() - seconds,) * 2)


def test_a_clock_that_was_set_back_does_not_let_it_lie_longer(folders: Folders) -> None:
    token = waiting.keep(folders, "a.csv", TABLE, "bob/1")
    aged(folders, -2 * 3600)  # written when the clock was two hours ahead
    assert waiting.waiting(folders, token, "bob/1") is None
    waiting.keep(folders, "a.csv", TABLE, "tom/1")
    aged(folders, -2 * 3600)
    assert waiting.sweep(folders) == 1


def test_a_clock_that_was_put_right_a_little_takes_no_file_away(folders: Folders) -> None:
    token = waiting.keep(folders, "a.csv", TABLE, "bob/1")
    aged(folders, -20)
    assert waiting.waiting(folders, token, "bob/1") is not None


def test_one_person_does_not_take_the_place_of_all(folders: Folders) -> None:
    other = waiting.keep(folders, "a.csv", TABLE, "tom/1")
    first = waiting.keep(folders, "a.csv", TABLE, "bob/1")
    aged(folders, 60)
    tokens = [
        waiting.keep(folders, "a.csv", TABLE, f"bob/{n}") for n in range(waiting.MOST_OF_A_PERSON)
    ]
    assert waiting.waiting(folders, first, "bob/1") is None, "the oldest of the same person goes"
    assert all(waiting.waiting(folders, each, f"bob/{n}") for n, each in enumerate(tokens))
    assert waiting.waiting(folders, other, "tom/1") is not None
    assert len(list(folders.waiting.iterdir())) == waiting.MOST_OF_A_PERSON + 1


def test_a_full_disk_leaves_nothing_behind(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def __init__(self, place: int) -> None:
            self.place = place

        def __enter__(self) -> "Full":
            return self

        def __exit__(self, *_: object) -> None:
            os.close(self.place)

        def write(self, content: bytes) -> None:
            os.write(self.place, content[:5])
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(waiting.os, "fdopen", lambda place, _mode: Full(place))
    with pytest.raises(NotNow):
        waiting.keep(folders, "a.csv", TABLE, "bob/1")
    assert list(folders.waiting.iterdir()) == []


@pytest.mark.parametrize(
    ("slip", "told"),
    [(errno.ENOSPC, NotNow), (errno.EDQUOT, NotNow), (errno.EACCES, OSError), (errno.EIO, OSError)],
)
def test_only_a_full_disk_is_told_as_one(
    slip: int, told: type[Exception], folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever else is wrong is for whoever runs Puls, and not to be tried again."""

    def refused(*_given: object) -> int:
        raise OSError(slip, os.strerror(slip))

    monkeypatch.setattr(waiting.os, "open", refused)
    with pytest.raises(told):
        waiting.keep(folders, "a.csv", TABLE, "bob/1")
    assert list(folders.waiting.iterdir()) == []


Mutant = Callable[[pytest.MonkeyPatch], None]


def anybody(patch: pytest.MonkeyPatch) -> None:
    """The token alone opens it."""
    whole_keep, whole = waiting.keep, waiting.waiting
    patch.setattr(waiting, "keep", lambda at, name, table, _whose: whole_keep(at, name, table, ""))
    patch.setattr(waiting, "waiting", lambda at, token, _whose: whole(at, token, ""))


def on_the_disk(patch: pytest.MonkeyPatch) -> None:
    """The key is the file's own name."""
    patch.setattr(waiting, "_key", lambda token: bytes.fromhex(waiting._digest(b"name", token)))


def for_ever(patch: pytest.MonkeyPatch) -> None:
    """Its age is not asked."""
    patch.setattr(waiting, "_is_over", lambda _file: False)


def given_away(folders: Folders) -> list[str]:
    """What is wrong with a file that waits; nothing where the promises hold."""
    wrong = []
    token = waiting.keep(folders, "a.csv", TABLE, "bob/1")
    (file,) = folders.waiting.iterdir()
    stored = file.read_bytes()
    if waiting.waiting(folders, token, "tom/1") is not None:
        wrong.append("anybody")
    for part in file.name.split("-"):
        try:
            key = bytes.fromhex(part)
            waiting.AESGCM(key).decrypt(stored[: waiting.NONCE], stored[waiting.NONCE :], b"bob/1")
        except (waiting.InvalidTag, ValueError):
            continue
        wrong.append("on_the_disk")
    aged(folders, waiting.SECONDS + 1)
    if waiting.waiting(folders, token, "bob/1") is not None:
        wrong.append("for_ever")
    return wrong


def test_the_promises_hold(folders: Folders) -> None:
    assert given_away(folders) == []


@pytest.mark.parametrize("mutant", [anybody, on_the_disk, for_ever])
def test_each_broken_variant_is_caught(
    mutant: Mutant, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant(monkeypatch)
    assert mutant.__name__ in given_away(folders)
