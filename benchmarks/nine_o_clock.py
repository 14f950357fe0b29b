"""A country at nine o'clock: `python -m benchmarks.nine_o_clock`.

500 people a second answer for a minute, each once, while the web server and PostgreSQL are killed
in turn, all processes of one at the same moment. Nobody gives up; what was acknowledged is looked
for in the database afterwards. Who asks is a process of its own (`benchmarks.crowd`).
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import asked
from benchmarks.killing import Server, kill_postgres, start_postgres, stored


@dataclass(frozen=True)
class Morning:
    """What came of it. told: of `benchmarks.crowd`. lost: acknowledged, and not there."""

    told: dict[str, Any]
    kills: int
    lost: int
    doubled: int

    @property
    def acknowledged(self) -> int:
        return len(self.told["acknowledged"])


def morning(data: Path, per_second: int, seconds: float, kill_every: float) -> Morning:
    """Let them come. data: a folder that does not exist yet and PostgreSQL's user can reach."""
    codes = asked.prepare(data, int(per_second * seconds))
    server = Server(data, None)
    kills = 0
    try:
        order = {"port": server.port, "per_second": per_second, "codes": codes}
        command = [sys.executable, "-m", "benchmarks.crowd"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as crowd:
            assert crowd.stdin is not None
            crowd.stdin.write(json.dumps(order).encode())
            crowd.stdin.close()
            until = time.monotonic() + seconds
            while time.monotonic() < until and crowd.poll() is None:
                time.sleep(random.uniform(0.5, 1.5) * kill_every)
                kills += 1
                if kills % 2:
                    kill_postgres(data)
                    start_postgres(data)
                else:
                    server.kill()
                    server.again()
            assert crowd.stdout is not None
            told = json.loads(crowd.stdout.read())
        found = stored(data)
    finally:
        server.end()
        kill_postgres(data)
    lost = set(told["acknowledged"]) - set(found)
    doubled = sum(times > 1 for times in found.values()) + told["doubled"]
    return Morning(told, kills, len(lost), doubled)


def main() -> int:
    parser = argparse.ArgumentParser(description="A country at nine o'clock, with kills.")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--per-second", type=int, default=500)
    parser.add_argument("--kill-every", type=float, default=8, help="seconds; default 8")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="puls-nine-") as folder:
        Path(folder).chmod(0o711)
        found = morning(Path(folder) / "data", given.per_second, given.seconds, given.kill_every)
    told = found.told
    print(
        f"{found.kills} kills; told to come again {told['busy']} times, {told['broken']} lines"
        f" broke; from arriving to the acknowledgement p50 {told['p50']:,.0f} ms, p99"
        f" {told['p99']:,.0f} ms, longest {told['longest']:,.0f} ms; set out at most"
        f" {told['late_ms']:,.0f} ms late"
    )
    print(
        f"RESULT per_s={given.per_second} seconds={given.seconds:.0f} kills={found.kills}"
        f" acknowledged={found.acknowledged} of={int(given.per_second * given.seconds)}"
        f" lost={found.lost} doubled={found.doubled}"
    )
    return 0 if not (found.lost or found.doubled) else 1


if __name__ == "__main__":
    sys.exit(main())
