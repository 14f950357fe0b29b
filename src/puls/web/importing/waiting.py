"""A file of answers between its upload and its import: it can be read for an hour, and is sealed.

What was read of the file lies encrypted in the data folder, under a key that nobody has but the
browser that sent the file: it comes along in a cookie, and the name of the file here is made of
it. So neither the disk nor the database nor a backup of both gives anybody the answers, the names
or the addresses in it, and once the browser has forgotten the key nobody can read it again.
"""

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
    if sum(1 for _each in folder.iterdir()) >= MOST_WAITING:
        raise NotNow(_("Too many files wait for their import. Try again in an hour."))
    token = secrets.token_urlsafe(32)
    plain = zlib.compress(json.dumps({"name": name, "table": asdict(table)}).encode(), 1)
    nonce = os.urandom(NONCE)
    stored = nonce + AESGCM(_key(token)).encrypt(nonce, plain, whose.encode())
    place = os.open(_file(folders, token), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(place, "wb") as out:
        out.write(stored)
    return token


def waiting(folders: Folders, token: str, whose: str) -> Waiting | None:
    """What the token stands for; None when it is used up, too old, or somebody else's."""
    file = _file(folders, token)
    try:
        if time.time() - file.stat().st_mtime > SECONDS:
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
    _file(folders, token).unlink(missing_ok=True)


def sweep(folders: Folders) -> int:
    """Remove what is older than an hour; gives how many there were."""
    gone = 0
    for file in folders.waiting.glob("*") if folders.waiting.is_dir() else ():
        try:
            if time.time() - file.stat().st_mtime > SECONDS:
                file.unlink()
                gone += 1
        except FileNotFoundError:
            continue
    return gone


def _file(folders: Folders, token: str) -> Path:
    return folders.waiting / hashlib.sha256(b"name" + token.encode()).hexdigest()


def _key(token: str) -> bytes:
    return hashlib.sha256(b"key" + token.encode()).digest()
