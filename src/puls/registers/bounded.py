"""Files of a kind that is hard to read safely, opened by a process that can hurt nobody.

The process (`opened`) gets the bytes and limits of memory and time, and nothing else: no key, no
address of the database, no right to write a file. What it gives is plain JSON of a bounded size.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

from puls.registers.refused import Refused, Why

MODULE = "puls.registers.opened"
PATIENCE_SECONDS = 40
"""Of the clock; the process itself may use less of a processor."""
MOST_TOLD = 96 * 1024 * 1024
"""Bytes of JSON."""

_turns = threading.BoundedSemaphore(1)
"""One file at a time in each worker: ten at once would need ten times the memory."""


def opened(name: str, kind: str, data: bytes, limits: Mapping[str, int]) -> dict[str, Any]:
    """What the process read in a file of this kind. Refused where it could not, or did not end."""
    with _turns:
        told = _told(json.dumps({"kind": kind, **limits}).encode() + b"\n" + data)
    if told is None:
        raise Refused(name, Why.TOO_MUCH)
    if "why" in told:
        most = {"most": f"{told['most']:,}"} if "most" in told else {}
        raise Refused(name, Why(told["why"]), **most)
    return told


def _told(asked: bytes) -> dict[str, Any] | None:
    command = [sys.executable, "-I", "-m", MODULE]
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # Empty but for this: no key, no address of the database.
        env={"LC_ALL": "C.UTF-8"},
        cwd=os.sep,
    )
    clock = threading.Timer(PATIENCE_SECONDS, child.kill)
    clock.start()
    try:
        with child:
            assert child.stdin is not None
            assert child.stdout is not None
            try:
                child.stdin.write(asked)
                child.stdin.close()
            except BrokenPipeError:
                pass
            told = child.stdout.read(MOST_TOLD + 1)
            if len(told) > MOST_TOLD:
                child.kill()
    finally:
        clock.cancel()
    if child.returncode != 0 or len(told) > MOST_TOLD:
        return None
    found = json.loads(told)
    assert isinstance(found, dict)
    return found
