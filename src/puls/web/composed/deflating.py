"""The content encoding "deflate" (zlib, RFC 1950), put together out of parts compressed before.

Each part is deflated for itself and ends on a whole byte, so parts can stand in any order. What
zlib wants at the end, a checksum of the whole, is two sums that can be added up. Gzip's checksum
cannot: putting it together takes ten times as long as everything else.
"""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

HEADER = b"\x78\xda"
LAST = b"\x03\x00"
"""An empty part that says that none follows."""
MODULUS = 65521
MOST_STORED = 0xFFFF


@dataclass(frozen=True, slots=True)
class Part:
    """data: deflated. checksum, length: of the text that it holds, Adler-32 and bytes."""

    data: bytes
    checksum: int
    length: int


def deflated(text: bytes) -> Part:
    """A part, as small as it gets."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = packer.compress(text) + packer.flush(zlib.Z_FULL_FLUSH)
    return Part(data, zlib.adler32(text), len(text))


def stored(text: bytes) -> Part:
    """A part as it is, at most 65,535 bytes: its size tells nothing of what else is on the page.

    Secrets are stored. Compressed beside what an address may choose, their size would tell them.
    """
    size = len(text)
    assert size <= MOST_STORED
    data = struct.pack("<BHH", 0, size, size ^ MOST_STORED) + text
    return Part(data, zlib.adler32(text), size)


def together(parts: Iterable[Part]) -> bytes:
    """The answer's body, which says what the parts say one after the other."""
    data = [HEADER]
    low, high = 1, 0
    for part in parts:
        data.append(part.data)
        # Adler-32: the sum of all bytes, and the sum of that sum after each byte.
        high = (high + (part.checksum >> 16) + part.length * (low - 1)) % MODULUS
        low = (low + (part.checksum & 0xFFFF) - 1) % MODULUS
    return b"".join([*data, LAST, struct.pack(">HH", high, low)])
