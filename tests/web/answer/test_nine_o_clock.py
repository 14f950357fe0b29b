"""A country at nine o'clock: 500 a second for a minute, with kills, and nothing is lost.

PULS_NINE=10 chooses another number of seconds. Mutants that this would catch: `test_killed`, which
kills the same processes.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from benchmarks.nine_o_clock import morning

SECONDS = float(os.environ.get("PULS_NINE", "60"))


@pytest.mark.long
def test_a_country_at_nine_o_clock_loses_nothing() -> None:
    folder = Path(tempfile.mkdtemp(prefix="puls-nine-"))
    folder.chmod(0o711)
    try:
        found = morning(folder / "data", per_second=500, seconds=SECONDS, kill_every=8)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{found.acknowledged} acknowledged, {found.kills} kills, p99 {found.told['p99']:.0f} ms")
    assert (found.lost, found.doubled) == (0, 0)
    assert found.acknowledged == int(500 * SECONDS), "everybody got through"
    assert found.kills >= 2
