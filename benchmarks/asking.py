"""Asking a server, in a process of its own: `python -m benchmarks.asking < JSON`.

Takes {"port", "at", "seconds", "once", "requests": [[path, cookie], ...]}. Asks `at` at once over
lines that stay open, at random, for so many seconds; with "once" each request once instead. Prints
{"count", "seconds", "kept", "bytes", "p50", "p99"}: times in milliseconds, bytes of all bodies as
sent, and how many answers came from memory: those are the deflated ones.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Seen:
    times: list[float] = field(default_factory=list)
    kept: int = 0
    bytes: int = 0


async def line(port: int, coming: Iterator[list[str]], until: float, seen: Seen) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    for path, cookie in coming:
        began = time.perf_counter()
        if began > until:
            break
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip, deflate, br\r\n"
            f"Cookie: {cookie}\r\n\r\n".encode()
        )
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        assert head.startswith(b"http/1.1 200"), head
        seen.bytes += await body(reader, head)
        seen.kept += b"content-encoding: deflate" in head
        seen.times.append(time.perf_counter() - began)
    writer.close()


async def body(reader: asyncio.StreamReader, head: bytes) -> int:
    """Reads an answer to its end; its size."""
    _, named, rest = head.partition(b"content-length: ")
    if named:
        return len(await reader.readexactly(int(rest.split(b"\r\n")[0])))
    size = 0
    while length := int(await reader.readline(), 16):
        await reader.readexactly(length + 2)
        size += length
    await reader.readline()
    return size


def at_random(requests: list[list[str]]) -> Iterator[list[str]]:
    chance = random.Random(1)
    while True:
        yield chance.choice(requests)


async def ask(given: dict[str, Any]) -> dict[str, float]:
    requests = given["requests"]
    coming = iter(requests) if given.get("once") else at_random(requests)
    seen, began = Seen(), time.perf_counter()
    until = began + given["seconds"]
    await asyncio.gather(*(line(given["port"], coming, until, seen) for _ in range(given["at"])))
    took = time.perf_counter() - began
    times = sorted(each * 1000 for each in seen.times)
    return {
        "count": len(times), "seconds": took, "kept": seen.kept, "bytes": seen.bytes,
        "p50": times[len(times) // 2], "p99": times[len(times) * 99 // 100],
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(asyncio.run(ask(json.load(sys.stdin)))))
