"""The Python side of the set-up: `.venv` with locked packages and the `puls` command."""

import os
import re
import shutil
import sys
from pathlib import Path

from launch.steps import PYTHON, ROOT, VENV, Step, Trouble, checksum, run, said, works

REQUIREMENTS = ROOT / "requirements"
UV = VENV / "bin" / "uv"
COMMAND = VENV / "bin" / "puls"

# Guarded, as the web server's workers are started by importing this file again.
COMMAND_TEXT = f"""#!{PYTHON}
import signal
import sys

if __name__ == "__main__":
    # An ordered end, so that the embedded database is stopped and not left behind.
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    try:
        from puls.cli import main

        sys.exit(main())
    except ModuleNotFoundError as missing:
        if str(missing.name).partition(".")[0] == "puls":
            raise
        sys.exit(
            f"The Python module '{{missing.name}}' is missing from {VENV}: "
            "remove that folder and run ./puls again, it will be made anew."
        )
    except KeyboardInterrupt:
        sys.exit(130)
"""


def make_environment() -> None:
    """`.venv` with uv, the `puls` command, and the project's own modules on its path."""
    # Scripts in an environment carry its path: in a moved folder they point elsewhere.
    pip = VENV / "bin" / "pip"
    stayed = pip.is_file() and os.fsencode(VENV) in pip.read_bytes()
    if not (stayed and works(PYTHON, "-m", "pip", "--version")):
        need_venv_module()
        with said("Making a virtual environment in .venv"):
            remove(VENV)
            run("Making the virtual environment", [sys.executable, "-m", "venv", VENV])
    with said("Fetching the installer uv"):
        calm = ("--quiet", "--no-input", "--disable-pip-version-check")
        asked = ("--require-hashes", "--no-deps", "-r", REQUIREMENTS / "uv.txt")
        run("Fetching uv", [PYTHON, "-m", "pip", "install", *calm, *asked])
    (site_packages() / "puls.pth").write_text(f"{ROOT / 'src'}\n")
    COMMAND.write_text(COMMAND_TEXT)
    COMMAND.chmod(0o755)


def need_venv_module() -> None:
    """Raises Trouble where this Python cannot make virtual environments (Debian splits it off)."""
    try:
        __import__("venv")
        __import__("ensurepip")
    except ImportError as missing:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise Trouble(
            f"Python {version} at {sys.executable} lacks the module '{missing.name}': install it "
            f"(on Debian and Ubuntu: apt-get install python{version}-venv), "
            "then run ./puls again."
        ) from None


def remove(folder: Path) -> None:
    """Removes a folder, or a link to one, if there is any."""
    try:
        if folder.is_symlink():
            folder.unlink()
        elif folder.exists():
            shutil.rmtree(folder)
    except OSError as problem:
        raise Trouble(f"{folder} cannot be removed ({problem.strerror}): remove it.") from None


def site_packages() -> Path:
    version = next((VENV / "lib").glob("python3.*"), None)
    if version is None:
        raise Trouble(f"{VENV} is not a virtual environment: remove it and run ./puls again.")
    return version / "site-packages"


def install(name: str) -> None:
    file = REQUIREMENTS / f"{name}.txt"
    # The installer goes by its own notes; what has gone from under them it must fetch again.
    gone = [f"--reinstall-package={package}" for package, _ in missing(name)]
    with said(f"Installing packages of {file.relative_to(ROOT)}"):
        run(
            "Installing packages",
            [UV, "pip", "install", "--python", PYTHON, "--require-hashes", *gone, "-r", file],
        )


def missing(name: str) -> set[tuple[str, str]]:
    """Packages of a requirement file, with their versions, that are not (wholly) installed.

    Packages that only some machines need are left to the installer.
    """
    text = (REQUIREMENTS / f"{name}.txt").read_text()
    always = re.findall(r"^([\w.-]+)==([^\s;]+) \\$", text, re.MULTILINE)
    return {(spelled(package), version) for package, version in always} - installed()


def installed() -> set[tuple[str, str]]:
    """Name and version of each package whose notes and first module are there."""
    site = site_packages()
    found = set()
    for notes in site.glob("*.dist-info"):
        package, _, version = notes.name.removesuffix(".dist-info").rpartition("-")
        with (notes / "RECORD").open(encoding="utf-8") as record:
            inside = (line.partition("/")[0] for line in record if not line.startswith(".."))
            first = next((top for top in inside if top != notes.name), notes.name)
        if (site / first.partition(",")[0]).exists():
            found.add((spelled(package), version))
    return found


def spelled(package: str) -> str:
    """One spelling for a package, however its author or the installer writes it."""
    return re.sub(r"[-_.]+", "-", package).lower()


def environment_asked() -> str:
    return checksum([REQUIREMENTS / "uv.txt"], COMMAND_TEXT)


ENVIRONMENT = Step(
    name="environment",
    asked=environment_asked,
    there=lambda: PYTHON.exists() and UV.exists() and COMMAND.exists(),
    bring=make_environment,
)


def packages(name: str) -> Step:
    """The step that installs `requirements/<name>.txt`."""
    return Step(
        name=name,
        asked=lambda: checksum([REQUIREMENTS / f"{name}.txt"], environment_asked()),
        there=lambda: not missing(name),
        bring=lambda: install(name),
    )
