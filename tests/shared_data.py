"""Real data that lies beside the project and is no part of it. Without it a test is skipped."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared(name: str) -> Path:
    """A file or folder of it, by its path there; skips the test that asks where it is not."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"needs ../shared/data/{name}, which is not part of the project")
    return path
