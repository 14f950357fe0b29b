"""`.venv` is made once, repaired when something in it is gone, and made anew when it moved."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from launch import environment
from launch.steps import Trouble

HASH = " \\\n    --hash=sha256:00\n"


@pytest.fixture
def ran(place: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the set-up would have run, instead of running it."""
    done: list[str] = []

    def pretend(what: str, _command: object) -> None:
        done.append(what)
        if what == "Making the virtual environment":
            make_folders(place)

    monkeypatch.setattr(environment, "run", pretend)
    monkeypatch.setattr(environment, "works", lambda *command: Path(command[0]).exists())
    return done


def make_folders(place: Path) -> None:
    (place / ".venv" / "bin").mkdir(parents=True)
    (place / ".venv" / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    (place / ".venv" / "bin" / "python").touch()
    (place / ".venv" / "bin" / "pip").write_text(f"#!{place}/.venv/bin/python\n")


def test_the_first_time_everything_is_made(place: Path, ran: list[str]) -> None:
    environment.make_environment()
    assert ran == ["Making the virtual environment", "Fetching uv"]
    assert (place / ".venv" / "bin" / "puls").stat().st_mode & 0o111
    on_path = place / ".venv" / "lib" / "python3.11" / "site-packages" / "puls.pth"
    assert on_path.read_text() == f"{place}/src\n"


def test_a_good_environment_is_kept(place: Path, ran: list[str]) -> None:
    make_folders(place)
    environment.make_environment()
    assert ran == ["Fetching uv"]


def half(place: Path) -> None:
    """As an interruption leaves it: a Python, no pip."""
    make_folders(place)
    (place / ".venv" / "bin" / "pip").unlink()


def moved(place: Path) -> None:
    """As moving or copying the project's folder leaves it: scripts point to the old place."""
    make_folders(place)
    (place / ".venv" / "bin" / "pip").write_text("#!/elsewhere/.venv/bin/python\n")


def orphaned(place: Path) -> None:
    """As an upgrade of the system leaves it: the Python it links to is gone."""
    make_folders(place)
    (place / ".venv" / "bin" / "python").unlink()
    (place / ".venv" / "bin" / "python").symlink_to("/nowhere/python3.10")


@pytest.mark.parametrize("state", [half, moved, orphaned])
def test_a_broken_environment_is_made_anew(
    place: Path, ran: list[str], state: Callable[[Path], None]
) -> None:
    state(place)
    (place / ".venv" / "left-over").touch()
    environment.make_environment()
    assert ran[0] == "Making the virtual environment"
    assert not (place / ".venv" / "left-over").exists()


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_gets_one_sentence(
    monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(Trouble) as told:
        environment.need_venv_module()
    assert f"lacks the module '{module}': install it" in str(told.value)
    assert "apt-get install python3." in str(told.value)
    assert "\n" not in str(told.value)


MISSING = {
    "installed": ("polars==2.1.0" + HASH, ["polars-2.1.0"], set()),
    "spelled otherwise": ("django-allauth==65.21.1" + HASH, ["Django_Allauth-65.21.1"], set()),
    "with a dot": ("ruamel-yaml==1.0" + HASH, ["ruamel.yaml-1.0"], set()),
    "gone": ("polars==2.1.0" + HASH, [], {("polars", "2.1.0")}),
    "another version": ("polars==2.1.0" + HASH, ["polars-2.2.0"], {("polars", "2.1.0")}),
    "not for this system": ("tzdata==2026.6 ; sys_platform == 'win32'" + HASH, [], set()),
}


@pytest.mark.parametrize(("asked", "installed", "expected"), MISSING.values(), ids=MISSING.keys())
def test_a_package_that_has_gone_is_noticed(
    place: Path, asked: str, installed: list[str], expected: set[tuple[str, str]]
) -> None:
    make_folders(place)
    (place / "requirements" / "base.txt").write_text(asked)
    for package in installed:
        add_package(package)
    assert environment.missing("base") == expected


def test_a_package_whose_modules_have_gone_is_noticed(place: Path) -> None:
    make_folders(place)
    (place / "requirements" / "base.txt").write_text("polars==2.1.0" + HASH)
    add_package("polars-2.1.0").rmdir()
    assert environment.missing("base") == {("polars", "2.1.0")}


def add_package(name: str) -> Path:
    """Installs an empty package; gives its folder of modules."""
    site = environment.site_packages()
    notes, modules = site / f"{name}.dist-info", site / name.partition("-")[0]
    notes.mkdir()
    modules.mkdir()
    record = f"../../../bin/it,,\n{notes.name}/METADATA,,\n{modules.name}/__init__.py,,\n"
    (notes / "RECORD").write_text(record)
    return modules


def start(tmp_path: Path, cli: str) -> subprocess.CompletedProcess[str]:
    """Runs the installed command with other code behind it."""
    (tmp_path / "puls").mkdir()
    (tmp_path / "puls" / "__init__.py").touch()
    (tmp_path / "puls" / "cli.py").write_text(cli)
    (tmp_path / "command").write_text(environment.COMMAND_TEXT)
    command = [sys.executable, tmp_path / "command"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_module_missing_at_the_start_gets_one_sentence(tmp_path: Path) -> None:
    done = start(tmp_path, "import nowhere_at_all\n")
    assert done.returncode == 1
    assert done.stderr.startswith("The Python module 'nowhere_at_all' is missing from ")
    assert done.stderr.count("\n") == 1


def test_a_broken_module_of_our_own_is_not_taken_for_a_missing_package(tmp_path: Path) -> None:
    assert "Traceback" in start(tmp_path, "import puls.no_such_room\n").stderr


def test_ctrl_c_ends_without_a_traceback(tmp_path: Path) -> None:
    done = start(tmp_path, "def main():\n    raise KeyboardInterrupt\n")
    assert (done.returncode, done.stderr) == (130, "")


def test_a_stop_signal_is_an_ordered_end(tmp_path: Path) -> None:
    cli = """
import atexit, os, signal

def main():
    atexit.register(print, "database stopped")
    os.kill(os.getpid(), signal.SIGTERM)
"""
    done = start(tmp_path, cli)
    assert (done.returncode, done.stdout) == (128 + 15, "database stopped\n")
