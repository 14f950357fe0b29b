"""./puls: what its words lead to, and what it says when it cannot go on."""

import importlib.util
import os
import socket
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

import launch.main
from launch import checks, steps
from puls.errors import SetupError
from puls.web.server import need_free_port


@pytest.fixture
def script() -> ModuleType:
    loader = SourceFileLoader("puls_script", str(steps.ROOT / "puls"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def taken() -> int:
    """A port that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_an_old_python_says_what_to_do(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "OLDEST", (9, 0))
    monkeypatch.setattr(script, "NEWER", ())
    with pytest.raises(SystemExit, match="needs Python 3") as told:
        script.main()
    assert "\n" not in str(told.value)


def test_an_old_python_steps_aside_for_a_newer_one_that_runs(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, code in (("python3.14", 127), ("python3.13", 0)):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {code}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    started: list[str] = []
    monkeypatch.setattr(os, "execv", lambda path, _: started.append(path))
    script.run_by_newer_python()
    assert started[0] == str(tmp_path / "python3.13")


def test_a_demo_on_a_taken_port_says_so_before_any_set_up(
    taken: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(launch.main, "ready", lambda: pytest.fail("set up all the same"))
    assert launch.main.main(["demo", "--port", str(taken)]) == 1
    assert launch.main.main(["demo", f"--port={taken}"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[0] == said[1]
    assert said[0].startswith(f"Port {taken} is already in use")
    assert said[0].endswith(f"--port {taken + 1}.")


PORTS = {
    0: "0 is not a port: choose one from 1024 to 65535 with --port.",
    65536: "65536 is not a port: choose one from 1024 to 65535 with --port.",
}


@pytest.mark.parametrize(("port", "sentence"), PORTS.items())
def test_a_number_that_is_no_port(port: int, sentence: str) -> None:
    with pytest.raises(SetupError) as told:
        need_free_port("127.0.0.1", port)
    assert str(told.value) == sentence


def test_an_address_that_is_not_of_this_machine() -> None:
    with pytest.raises(SetupError, match=r"Nobody can listen at 192\.0\.2\.1"):
        need_free_port("192.0.2.1", 8000)


def test_a_port_is_free_again_when_its_user_has_gone(taken: int) -> None:
    with pytest.raises(SetupError):
        need_free_port("127.0.0.1", taken)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    need_free_port("127.0.0.1", port)


def test_other_words_become_the_installed_command(monkeypatch: pytest.MonkeyPatch) -> None:
    became: list[list[str]] = []
    monkeypatch.setattr(launch.main, "ready", lambda: None)
    monkeypatch.setattr(os, "execve", lambda _path, words, _env: became.append(words[2:]))
    launch.main.main(["import", "ssb", "file.json"])
    assert became == [["import", "ssb", "file.json"]]


TROUBLES = {
    "our own": (steps.Trouble("The oven is cold: light it."), "The oven is cold: light it.\n"),
    "another user's folder": (
        PermissionError(13, "Permission denied", "/theirs/.venv/bin/python"),
        "/theirs/.venv/bin/python is closed to you: clone Puls into a folder of your own, "
        "or run it as the user who set this one up.\n",
    ),
    "a full disk": (
        OSError(28, "No space left on device"),
        "The machine does not let Puls go on: [Errno 28] No space left on device.\n",
    ),
}


@pytest.mark.parametrize(("trouble", "sentence"), TROUBLES.values(), ids=TROUBLES.keys())
def test_trouble_is_one_sentence_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    trouble: Exception,
    sentence: str,
) -> None:
    def ready() -> None:
        raise trouble

    monkeypatch.setattr(launch.main, "ready", ready)
    assert launch.main.main(["import"]) == 1
    assert capsys.readouterr().err == sentence


def test_without_a_browser_the_tests_say_how_to_get_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("PULS_CHROMIUM", raising=False)
    with pytest.raises(steps.Trouble, match="need Chromium: install it"):
        checks.chromium()


def test_a_named_browser_is_used_and_must_be_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    browser = tmp_path / "chromium"
    monkeypatch.setenv("PULS_CHROMIUM", str(browser))
    with pytest.raises(steps.Trouble, match="PULS_CHROMIUM says"):
        checks.chromium()
    browser.touch()
    assert checks.chromium() == str(browser)


def test_a_stand_in_for_a_browser_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, code in (("chromium", 1), ("google-chrome", 0)):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {code}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("PULS_CHROMIUM", raising=False)
    assert checks.find_chromium() == str(tmp_path / "google-chrome")


def test_the_browser_without_windows_is_taken_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("chromium", "chromium-headless-shell"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("PULS_CHROMIUM", raising=False)
    assert checks.find_chromium() == str(tmp_path / "chromium-headless-shell")


@pytest.mark.parametrize(
    ("known", "package"), [(True, "chromium-headless-shell"), (False, "chromium")]
)
def test_the_lightest_chromium_that_there_is_is_installed(
    known: bool, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "works", lambda *_: known)
    assert checks.chromium_package() == package
