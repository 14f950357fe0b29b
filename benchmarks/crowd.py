"""People who all come at nine, in a process of their own: `python -m benchmarks.crowd < JSON`.

Takes {"port", "per_second", "codes": [...]}. Each second so many arrive, whether those before have
got through or not: each opens a line of its own, fetches the form, sends its code with 40 answers
and a text, and tries again after a moment for as long as nobody says that it is stored. Every tenth
sends once more afterwards, as an impatient finger does. Each comes from an address of its own.
Prints {"acknowledged": [codes], "doubled": how often a second sending was "recorded" again,
"busy": how often it was told to come again, "broken": how often a line broke, "late_ms": how late
people set out at most, "p50", "p99", "longest": milliseconds from arriving to the acknowledgement}.
"""

import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from benchmarks import asked, takers

SECONDS_FOR_A_TRY = 15.0
SECONDS_TO_GIVE_UP = 180.0


@dataclass
class Seen:
    acknowledged: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    late: float = 0.0
    doubled: int = 0
    busy: int = 0
    broken: int = 0


async def person(port: int, code: str, number: int, seen: Seen) -> None:
    began = time.perf_counter()
    fetched = False
    while time.perf_counter() < began + SECONDS_TO_GIVE_UP:
        try:
            async with asyncio.timeout(SECONDS_FOR_A_TRY):
                status, became = await visit(port, code, number, fetched)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            seen.broken += 1
        else:
            fetched = True
            if status == 200:
                seen.acknowledged.append(code)
                seen.times.append(time.perf_counter() - began)
                break
            assert status == 503, (status, became)
            seen.busy += 1
        await asyncio.sleep(random.uniform(0.2, 1.0))
    if number % 10 == 0:
        try:
            async with asyncio.timeout(SECONDS_FOR_A_TRY):
                status, became = await visit(port, code, number, True)
                seen.doubled += status == 200 and became == "recorded"
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            seen.broken += 1


async def visit(port: int, code: str, number: int, fetched: bool) -> tuple[int, str]:
    """One line: the form unless it was fetched before, then the answers. Status, what became."""
    here = f"127.{1 + number % 100}.{number // 100 % 250}.{1 + number // 25_000 % 250}"
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(here, 0))
    try:
        if not fetched:
            writer.write(f"GET /svar/{asked.ADDRESS} HTTP/1.1\r\n{takers.FORM_HEAD}\r\n".encode())
            status, _ = await reply(reader)
            assert status == 200, status
        writer.write(takers.submission(asked.ADDRESS, code))
        status, body = await reply(reader)
        return status, json.loads(body)["became"] if status == 200 else ""
    finally:
        writer.close()


async def reply(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
    return int(head.split(b" ", 2)[1]), await reader.readexactly(length)


async def come(given: dict[str, Any]) -> dict[str, Any]:
    seen, codes = Seen(), given["codes"]
    started = time.perf_counter()
    async with asyncio.TaskGroup() as everybody:
        for number, code in enumerate(codes):
            due = started + number / given["per_second"]
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            seen.late = max(seen.late, time.perf_counter() - due)
            everybody.create_task(person(given["port"], code, number, seen))
    times = sorted(1000 * each for each in seen.times) or [0.0]
    return {
        "acknowledged": seen.acknowledged, "doubled": seen.doubled, "busy": seen.busy,
        "broken": seen.broken, "late_ms": 1000 * seen.late, "p50": times[len(times) // 2],
        "p99": times[len(times) * 99 // 100], "longest": times[-1],
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(asyncio.run(come(json.load(sys.stdin)))))
