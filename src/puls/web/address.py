"""Where people reach Puls: the one address in every link of an e-mail.

It never comes from a request, whose Host header anybody can forge.
"""

import os
from pathlib import Path

DEFAULT = "http://127.0.0.1:8000"
EVERYWHERE = ("", "0.0.0.0", "::")
"""Hosts that a server listens at, but that nobody can open."""


def of(data: Path) -> str:
    """PULS_ADDRESS, else where this data folder was served last, so that commands know it too."""
    kept = note_of(data)
    found = os.environ.get("PULS_ADDRESS") or (kept.read_text().strip() if kept.exists() else "")
    return (found or DEFAULT).rstrip("/")


def note_of(data: Path) -> Path:
    return data / "address"


def keep(data: Path, address: str) -> None:
    """Note where the data folder is served."""
    half = note_of(data).with_name(f"address.{os.getpid()}")
    half.write_text(f"{address}\n")
    half.replace(note_of(data))


def announce(host: str, port: int) -> None:
    """Tell this process and its workers where they serve, unless PULS_ADDRESS says better."""
    if not os.environ.get("PULS_ADDRESS"):
        os.environ["PULS_ADDRESS"] = served_at(host, port)


def served_at(host: str, port: int) -> str:
    """The address of a server: one that listens everywhere is reached from this machine."""
    name = "127.0.0.1" if host in EVERYWHERE else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def hosts(name: str) -> list[str]:
    """The Host headers that are answered: the address's own, on this machine all its names."""
    if name in ("127.0.0.1", "localhost", "::1"):
        return ["127.0.0.1", "localhost", "[::1]"]
    return [f"[{name}]" if ":" in name else name]
