"""Where the set-up's own pieces are put for a test, so that nothing real is touched."""

from pathlib import Path

import pytest

from launch import environment, steps


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that the set-up takes for the project's."""
    venv = tmp_path / ".venv"
    where = {
        "ROOT": tmp_path,
        "VENV": venv,
        "PYTHON": venv / "bin" / "python",
        "UV": venv / "bin" / "uv",
        "COMMAND": venv / "bin" / "puls",
        "REQUIREMENTS": tmp_path / "requirements",
        "STAMPS": venv / "stamps",
        "VAR": tmp_path / "var",
        "LOG": tmp_path / "var" / "log" / "setup.log",
    }
    for module in (steps, environment):
        for name, path in where.items():
            if hasattr(module, name):
                monkeypatch.setattr(module, name, path)
    where["REQUIREMENTS"].mkdir()
    return tmp_path
