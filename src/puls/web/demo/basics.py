"""What a second start of the demo needs to know, without loading what made it."""

from pathlib import Path


def is_ready(data: Path) -> bool:
    """True when the demo country is in this data folder, whole."""
    return (data / "demo" / "ready").exists()


def is_begun(data: Path) -> bool:
    """True when somebody began to put it there."""
    return (data / "demo" / "started").exists()


def mark(data: Path, name: str) -> None:
    """Leave a mark that the demo is "started" or "ready"."""
    (data / "demo").mkdir(exist_ok=True)
    (data / "demo" / name).touch()
