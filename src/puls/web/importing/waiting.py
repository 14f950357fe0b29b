"""A file of answers between its upload and its import: it can be read for an hour, and is sealed.

What was read of the file lies encrypted in the data folder, under a key that nobody has but the
browser that sent the file: it comes along in a cookie, and the name of the file here is made of
it, and of whose it is. So neither the disk nor the database nor a backup of both gives anybody
the answers, the names or the addresses in it, and once the browser has forgotten the key nobody
can read it again.
"""

import errno
import hashlib
import json
import os
import secrets
import time
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.translation import gettext as _

from puls.errors import NotNow
from puls.registers.exported import Column, Table
from puls.web.collect.folders import Folders

SECONDS = 3600
MOST_WAITING = 50
MOST_OF_A_PERSON = 4
"""Files of one person that wait: nobody takes the places of all. The oldest goes."""
CLOCK_SECONDS = 60
"""So far ahead a file may seem to be: a clock is put right now and then."""
NONCE = 12


@dataclass(frozen=True)
class Waiting:
    """name: of the file, as it was sent."""

    name: str
    table: Table


def keep(folders: Folders, name: str, table: Table, whose: str) -> str:
    """Keep what was read; gives the token to come back with. NotNow where too many wait.

    whose: the person and the round, without which the token opens nothing.
    """
    sweep(folders)
    folder = folders.waiting
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    person = _digest(b"person", whose.partition("/")[0])[:16]
    own = sorted(folder.glob(f"*-{person}"), key=_written)
    for oldest in own[: max(0, len(own) + 1 - MOST_OF_A_PERSON)]:
        oldest.unlink(missing_ok=True)
    if sum(1 for _each in folder.iterdir()) >= MOST_WAITING:
        raise NotNow(_("Too many files wait for their import. Try again in an hour."))
    token = secrets.token_urlsafe(32)
    plain = zlib.compress(json.dumps({"name": name, "table": asdict(table)}).encode(), 1)
    nonce = os.urandom(NONCE)
    stored = nonce + AESGCM(_key(token)).encrypt(nonce, plain, whose.encode())
    file = folder / f"{_digest(b'name', token)}-{person}"
    try:
        place = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(place, "wb") as out:
            out.write(stored)
    except OSError as slip:
        file.unlink(missing_ok=True)
        if slip.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise NotNow(_("The server has no room for the file. Tell whoever runs Puls.")) from None
    return token


def waiting(folders: Folders, token: str, whose: str) -> Waiting | None:
    """What the token stands for; None when it is used up, too old, or somebody else's."""
    file = _found(folders, token)
    if file is None:
        return None
    try:
        if _is_over(file):
            file.unlink(missing_ok=True)
            return None
        stored = file.read_bytes()
        plain = AESGCM(_key(token)).decrypt(stored[:NONCE], stored[NONCE:], whose.encode())
    except (OSError, InvalidTag):
        return None
    told = json.loads(zlib.decompress(plain))
    table = told["table"]
    return Waiting(
        told["name"],
        Table(
            table["kind"],
            tuple(Column(**column) for column in table["columns"]),
            tuple(map(tuple, table["rows"])),
            tuple(table["numbers"]),
        ),
    )


def forget(folders: Folders, token: str) -> None:
    """Nothing is left of it."""
    file = _found(folders, token)
    if file is not None:
        file.unlink(missing_ok=True)


def sweep(folders: Folders) -> int:
    """Remove what is older than an hour; gives how many there were."""
    gone = 0
    for file in folders.waiting.glob("*") if folders.waiting.is_dir() else ():
        try:
            if _is_over(file):
                file.unlink()
                gone += 1
        except FileNotFoundError:
            continue
    return gone


def _is_over(file: Path) -> bool:
    """Whether it has lain here for an hour, or is from a time to come: the clock was set back."""
    return not -CLOCK_SECONDS <= time.time() - file.stat().st_mtime <= SECONDS


def _written(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _found(folders: Folders, token: str) -> Path | None:
    return next(folders.waiting.glob(f"{_digest(b'name', token)}-*"), None)


def _digest(what: bytes, of: str) -> str:
    return hashlib.sha256(what + of.encode()).hexdigest()


def _key(token: str) -> bytes:
    return hashlib.sha256(b"key" + token.encode()).digest()
