"""A data folder remembers the pack that it was set up with."""

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from puls.commands import opening
from puls.errors import SetupError
from puls.web import database, packs
from puls.web.share import examples
from puls.web.tenants import country


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Path]:
    """A data folder that can be opened without a database."""
    monkeypatch.setenv("PULS_DATA", str(tmp_path))
    monkeypatch.delenv("PULS_PACK", raising=False)
    settings.PULS_DATA = tmp_path
    monkeypatch.setattr(database, "prepare", lambda _: None)
    for module, name in ((country, "country_load"), (examples, "examples_load")):
        monkeypatch.setattr(module, name, lambda *_: None)
    packs.built_in.cache_clear()
    with translation.override("nb"):
        yield tmp_path
    monkeypatch.undo()
    packs.built_in.cache_clear()


def opened(folder: Path, monkeypatch: pytest.MonkeyPatch, said: str) -> str:
    """Key of the pack with which a process of its own would open the folder."""
    if said:
        monkeypatch.setenv("PULS_PACK", said)
    else:
        monkeypatch.delenv("PULS_PACK", raising=False)
    packs.built_in.cache_clear()
    opening.open_data(Namespace(data=folder))
    return packs.built_in().key


# What PULS_PACK says the first time and the second time, and what the folder is opened with then.
TWICE = [
    ("skole", "", "skole"),
    ("skole", "skole", "skole"),
    ("", "", "kulturskole"),
    ("", "kulturskole", "kulturskole"),
    ("skole", "barnehage", None),
    ("skole", "kulturskole", None),
    ("", "skole", None),
]


@pytest.mark.parametrize(("first", "second", "expected"), TWICE)
def test_a_folder_is_opened_with_the_pack_it_was_set_up_with(
    first: str, second: str, expected: str | None, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(folder, monkeypatch, first)
    if expected:
        assert opened(folder, monkeypatch, second) == expected
        return
    with pytest.raises(SetupError, match=f"not with '{second}'.*Leave PULS_PACK") as slip:
        opened(folder, monkeypatch, second)
    assert str(folder) in str(slip.value)
    assert packs.set_up_with(folder) == (first or "kulturskole")


def test_what_an_older_folder_was_set_up_with_is_not_guessed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "postgres").mkdir()
    assert opened(folder, monkeypatch, "skole") == "skole"
    assert packs.set_up_with(folder) == ""
