"""The set-up: every step in order, each only where it is not done."""

import fcntl
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from launch import front_end
from launch.environment import ENVIRONMENT, packages
from launch.steps import ROOT, Step


def ready(requirements: str = "base") -> None:
    """Sets up what is missing to run Puls, with the packages of that requirement file.

    With nothing to do it takes about 0.05 s. Raises Trouble.
    """
    steps = (ENVIRONMENT, packages(requirements), *front_end.STEPS)
    if not all(step.current() for step in steps):
        with alone():
            bring(steps)


def bring(steps: Sequence[Step]) -> None:
    for step in steps:
        if not step.current():
            step.run()


@contextmanager
def alone() -> Iterator[None]:
    """Only one set-up at a time in one folder: a second one waits and finds everything done."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for another ./puls that sets up this folder ...", file=sys.stderr)
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
