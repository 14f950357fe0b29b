"""The wheel carries all that Puls needs to run: packs, pages, styles and words."""

import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from launch.front_end import MADE_LICENCE, compiled, entries, made
from launch.steps import ROOT


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    [wheel] = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(wheel) as inside:
        return set(inside.namelist())


def in_wheel(file: Path) -> str:
    return file.relative_to(ROOT / "src").as_posix()


def test_it_carries_every_file_of_the_project(carried: set[str]) -> None:
    mine = {
        in_wheel(file)
        for file in (ROOT / "src" / "puls").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and file.suffix != ".mo"
    }
    assert mine - carried == set()


def test_it_carries_what_the_set_up_made(carried: set[str]) -> None:
    if not MADE_LICENCE.is_file():
        pytest.skip("style sheets are bundled at set-up: ./puls test does it")
    assert len(made()) == len(entries())
    from_set_up = {in_wheel(file) for file in (MADE_LICENCE, *made())}
    from_set_up |= {in_wheel(file) for file in compiled()}
    assert from_set_up <= carried


def test_it_carries_the_licence(carried: set[str]) -> None:
    assert any(name.endswith("licenses/LICENSE") for name in carried)
