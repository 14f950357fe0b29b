"""Codes that let somebody answer once: drawn, read as people type them, and known only as digests.

A code is ten characters of 32, drawn by the operating system: 32 ** 10, about 1.1e15 codes. No more
than `MOST_OPEN` lead to a form at the same time, so that a blind guess meets one of them with a
chance below 1e6 / 1.1e15 < 1e-9. What is kept of a code is an HMAC under its round's key; without
the key nobody can try codes against what is kept.
"""

import hmac
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no letter that is taken for a digit, and no U."""
LENGTH = 10
DIGEST_BYTES = 32
MOST_OPEN = 1_000_000
"""Codes of all open rounds together."""
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"} | dict.fromkeys(" -–.\u00a0\t", None))


def draw() -> str:
    """A new code."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read(typed: str) -> str:
    """The code that somebody typed or "": small letters, spaces, hyphens, O and I are forgiven."""
    code = typed[:40].upper().translate(_READ_AS)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def shown(code: str) -> str:
    """As on paper: two groups that can be held in mind one after the other."""
    return f"{code[:5]}-{code[5:]}"


def digest(key: bytes, code: str) -> bytes:
    """What is kept of a code. key: the round's own (`vault`)."""
    return hmac.digest(hmac.digest(key, b"codes", "sha256"), code.encode(), "sha256")
