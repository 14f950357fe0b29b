"""Keys and encryption of the answers of open rounds.

Until a round is sealed, its answers lie in the database encrypted. The key is a file in the
data folder, outside the database and its backups; sealing destroys it, so that a restored
backup gives nobody the raw rows back.
"""

import hashlib
import hmac
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from puls.errors import PulsError
from puls.web.collect.durable import sync_folder
from puls.web.collect.refusals import Reason, Untaken

LEAF = 80
"""Bytes set aside for the leaf group's key, however long it is: a length tells nothing."""
NONCE = 12


def make_key(keys: Path, round_key: str) -> bytes:
    """Make the key of a new round and keep it. A key left by a round that never came to be goes."""
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = key_file(keys, round_key)
    file.unlink(missing_ok=True)
    key = AESGCM.generate_key(bit_length=256)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(key)
        out.flush()
        os.fsync(out.fileno())
    sync_folder(keys)
    return key


def read_key(keys: Path, round_key: str) -> bytes:
    """The round's key. PulsError when it is gone: without it the answers cannot be read."""
    try:
        return key_file(keys, round_key).read_bytes()
    except FileNotFoundError:
        raise Untaken(
            f"The key of round {round_key} is missing: {key_file(keys, round_key)}. Without it "
            "its answers cannot be read. Put the file back from where the data folder was copied.",
            Reason.NO_KEY,
        ) from None


def destroy_key(keys: Path, round_key: str) -> None:
    """Overwrite and remove the round's key; nothing happens when it is gone already."""
    file = key_file(keys, round_key)
    try:
        with file.open("r+b") as out:
            out.write(bytes(32))
            out.flush()
            os.fsync(out.fileno())
    except FileNotFoundError:
        return
    file.unlink()
    sync_folder(keys)


def key_file(keys: Path, round_key: str) -> Path:
    return keys / f"{round_key}.key"


class Opened(NamedTuple):
    """An answer as it was given. from_file: it came with others in a file that somebody has."""

    leaf: str
    given: bytes
    from_file: bool


def encrypt(
    key: bytes,
    round_key: str,
    answer: UUID,
    leaf: str,
    given: Sequence[int],
    *,
    from_file: bool = False,
) -> bytes:
    """One answer as stored: nonce, then what was given and the leaf, bound to round and row.

    given: what was ticked, a byte each as in `sealed.as_rows`, 0 for skipped. from_file: is bound
    too, so that no column and no length tells.
    """
    name = leaf.encode()
    assert len(name) <= LEAF, f"{leaf}: longer than any unit's key"
    plain = bytes(given) + name.ljust(LEAF, b"\0")
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, _bound(round_key, answer, from_file))


def decrypt(key: bytes, round_key: str, answer: UUID, stored: bytes) -> Opened:
    """What was given again. PulsError when the row is not as it was stored."""
    for from_file in (False, True):
        bound = _bound(round_key, answer, from_file)
        try:
            plain = AESGCM(key).decrypt(stored[:NONCE], stored[NONCE:], bound)
        except InvalidTag:
            continue
        return Opened(plain[-LEAF:].rstrip(b"\0").decode(), plain[:-LEAF], from_file)
    raise PulsError(
        f"An answer of round {round_key} cannot be read with the round's key: the row or the "
        "key was changed. Restore both from the same copy."
    )


def fingerprint(key: bytes, rows: Iterable[tuple[str, bytes]]) -> str:
    """What tells the same answers from others, in whatever order and spelling they came.

    rows: leaf and what was given, as in `encrypt`. Under the round's key, so that after sealing
    nobody can try out which few answers would have given it.
    """
    own = hmac.digest(key, b"fingerprint of answers", "sha256")
    made = hmac.new(own, digestmod=hashlib.sha256)
    for leaf, given in sorted(rows):
        made.update(leaf.encode().ljust(LEAF, b"\0") + given)
    return made.hexdigest()


def _bound(round_key: str, answer: UUID, from_file: bool) -> bytes:
    return f"{round_key}/{answer}{'/file' if from_file else ''}".encode()
