"""`./puls test`: every check there is, pytest last."""

import os
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from launch.setup import ready
from launch.steps import PYTHON, ROOT, VENV, Trouble, child_env, run, said, works

# First the one without windows of its own: its toolbars cost as much as the pages in them.
CHROMIUM_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
APT = ("apt-get", "-o", "DPkg::Lock::Timeout=60")

CHECKS: Mapping[str, tuple[str, ...]] = {
    "ruff check": ("ruff", "check", "."),
    "ruff format": ("ruff", "format", "--check", "."),
    "mypy": ("mypy",),
    "import contracts": ("lint-imports", "--no-cache"),
}


def test(arguments: Sequence[str]) -> int:
    """Runs all checks and then pytest; the exit code is 0 only when nothing failed.

    `--long` includes the long tests. Any other argument is pytest's own; then pytest alone runs.
    """
    browser = chromium()
    ready("test")
    passed_on = [argument for argument in arguments if argument != "--long"]
    failed = [] if passed_on else [name for name in CHECKS if not check(name)]
    if failed:
        print(f"Failed before the tests: {', '.join(failed)}.", flush=True)
    chosen = [] if "--long" in arguments else ["-m", "not long"]
    # A file's tests in one process, or what they share would be made in both.
    at_once = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
    command: list[str | Path] = [PYTHON, "-m", "pytest", *at_once, *chosen, *passed_on]
    env = child_env() | {"PULS_CHROMIUM": browser}
    done = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False)
    return done.returncode or len(failed)


def check(name: str) -> bool:
    """Runs one check, quiet unless it finds something. Whether it passed."""
    program, *arguments = CHECKS[name]
    started = time.monotonic()
    done = subprocess.run(
        [VENV / "bin" / program, *arguments],
        cwd=ROOT,
        env=child_env(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    result = "passed" if done.returncode == 0 else "FAILED"
    print(f"{name}: {result} ({time.monotonic() - started:.1f} s)", flush=True)
    if done.returncode != 0:
        print(done.stdout.rstrip(), flush=True)
    return done.returncode == 0


def chromium() -> str:
    """The path of a Chromium for the browser tests, installed from the distribution if need be.

    Raises Trouble where there is none and none can be installed.
    """
    found = find_chromium()
    if found is None and shutil.which("apt-get"):
        asked_as = () if os.geteuid() == 0 else ("sudo", "-n")
        if works(*asked_as, "true"):
            with said("Installing Chromium for the browser tests"):
                quiet = (*asked_as, "env", "DEBIAN_FRONTEND=noninteractive", *APT)
                run("Reading package lists", [*quiet, "update"])
                run("Installing Chromium", [*quiet, "install", "--yes", chromium_package()])
            found = find_chromium()
    if found is None:
        raise Trouble(
            "The browser tests need Chromium: install it with your system's package manager "
            "(on Debian: apt-get install chromium), or give its path in PULS_CHROMIUM."
        )
    return found


def chromium_package() -> str:
    """The lightest package of a Chromium that this distribution has."""
    shell = "chromium-headless-shell"
    return shell if works("apt-cache", "show", shell) else "chromium"


def find_chromium() -> str | None:
    named = os.environ.get("PULS_CHROMIUM")
    if named:
        if not Path(named).is_file():
            raise Trouble(f"PULS_CHROMIUM says {named}, which is not there: correct or unset it.")
        return named
    paths = (shutil.which(name) for name in CHROMIUM_NAMES)
    # Some distributions put a stand-in on the path that only says how to get the real one.
    return next((path for path in paths if path and works(path, "--version")), None)
