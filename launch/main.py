"""What `./puls` does with its words."""

import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import NoReturn

from launch.checks import test
from launch.environment import COMMAND, ENVIRONMENT
from launch.lock import lock
from launch.setup import ready
from launch.steps import PYTHON, ROOT, Trouble, child_env

HELP = """\
./puls demo [--port 8000] [--data DIR]   a whole country to look at, on your own machine
./puls test [--long] [TESTS]             every check, or only the tests named (pytest's words)
./puls lock [--upgrade]                  pins the packages anew
./puls COMMAND ...                       any other command of Puls, after setting up what is missing
"""


def main(arguments: Sequence[str]) -> int:
    try:
        return dispatch(list(arguments))
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except PermissionError as problem:
        print(
            f"{problem.filename} is closed to you: clone Puls into a folder of your own, "
            "or run it as the user who set this one up.",
            file=sys.stderr,
        )
        return 1
    except OSError as problem:
        print(f"The machine does not let Puls go on: {problem}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def dispatch(arguments: list[str]) -> int:
    match arguments:
        case ["test", *rest]:
            return test(rest)
        case ["lock", *rest]:
            return lock(rest)
        case [] | ["-h" | "--help" | "help"]:
            print(HELP, flush=True)
            return run_puls(["--help"]) if ENVIRONMENT.current() else 0
        case ["demo", *rest]:
            need_port(rest)
    ready()
    return run_puls(arguments)


def run_puls(arguments: list[str]) -> NoReturn:
    """Becomes the installed `puls` command."""
    env = child_env()
    # Python starts Puls four times as fast when it may keep what it compiled.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    os.execve(PYTHON, [str(PYTHON), str(COMMAND), *arguments], env)


def need_port(arguments: list[str]) -> None:
    """Raises Trouble when the port is taken: before the set-up, so that nobody waits in vain."""
    sys.path.insert(0, str(ROOT / "src"))
    from puls.errors import SetupError
    from puls.web.server import need_free_port

    words = " ".join(arguments).replace("--port=", "--port ").split()
    given = [after for word, after in pairwise(words) if word == "--port"] or ["8000"]
    if given[-1].isdigit():
        try:
            need_free_port("127.0.0.1", int(given[-1]))
        except SetupError as problem:
            raise Trouble(str(problem)) from None
