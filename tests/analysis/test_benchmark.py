"""The benchmark runs, finds all contenders equal, and ends with the line that is promised."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RESULT = re.compile(
    r"RESULT scoring_over_best=[\d.]+ refresh_over_best=[\d.]+ refresh_10m_over_100k=[\d.]+ "
    r"scoring_over_pandas=([\d.]+|not_measured) rss_gb=[\d.]+ release_s=[\d.]+"
)


@pytest.mark.long
@pytest.mark.timeout(300)
def test_all_contenders_agree_and_the_last_line_says_how_they_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.analysis", "3000", "6000", "--rounds", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines.count("equal to the last integer: all scoring, all refresh") == 2
    assert RESULT.fullmatch(lines[-1]), lines[-1]
    assert list(tmp_path.iterdir()) == [], "answers were left behind"
