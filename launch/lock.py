"""`./puls lock`: pins every package with hashes, for all systems, and without any address."""

from collections.abc import Sequence

from launch.environment import REQUIREMENTS, UV
from launch.front_end import node_and_npm
from launch.setup import ready
from launch.steps import run, said

OPTIONS = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
)


def lock(arguments: Sequence[str]) -> int:
    """Writes requirements/*.txt from *.in, and package-lock.json from package.json.

    Pins stay unless a new requirement needs another; `--upgrade` brings the newest of all.
    """
    ready()
    for name in ("uv", "node", "base", "test"):
        source, target = REQUIREMENTS / f"{name}.in", REQUIREMENTS / f"{name}.txt"
        # Tests run against the very versions that users run.
        same = ("--constraint", REQUIREMENTS / "base.txt") if name == "test" else ()
        with said(f"Locking {name}"):
            asked = [*OPTIONS, *same, *arguments, source, "--output-file", target]
            run(f"Locking {name}", [UV, "pip", "compile", "--quiet", *asked])
    with said("Locking the front end"):
        _, npm = node_and_npm()
        newest = "update" if "--upgrade" in arguments else "install"
        run("Locking the front end", [*npm, newest, "--package-lock-only", "--ignore-scripts"])
    return 0
