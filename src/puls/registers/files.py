"""Opening a file from outside: bytes to text to JSON, and every way in which that goes wrong."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from puls.errors import ImportFileError

MAX_BYTES = 256 * 1024 * 1024
"""Of any file. A table of answers of ten million people takes less."""

MAX_JSON_BYTES = 64 * 1024 * 1024
"""Of JSON: more than twice what the largest answer of PxWebApi (800,000 cells) takes."""

MAX_JSON_VALUES, MAX_JSON_NESTS = 4_000_000, 1_000_000
"""So many values (counted by their commas) and brackets. JSON grows up to thirtyfold when it is
read, so what has more is refused before that: the largest real answer has 1.6 million values."""

_PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip or a spreadsheet"}
_WIDE = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_RISKY_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


def read_text(file: Path, expected: str, next_step: str, most: int = MAX_BYTES) -> str:
    """The file as text, without a byte order mark. ImportFileError unless it is UTF-8 text.

    expected: what kind of file it should be, in words ("a JSON-stat file").
    next_step: how the reader gets the right file.
    most: bytes.
    """

    def wrong(
        where: str, problem: str, instead: str = expected, then: str = next_step
    ) -> ImportFileError:
        return ImportFileError(file.name, where, problem, instead, then)

    data = _read_bytes(file, expected, most)
    if not data.strip():
        raise wrong("", "the file is empty")
    for mark, kind in _PACKED.items():
        if data.startswith(mark):
            raise wrong(
                "byte 1",
                f"the file is packed ({kind})",
                then="Unpack it, then import what is inside.",
            )
    save_as = "Save it again as UTF-8."
    for mark, kind in _WIDE.items():
        if data.startswith(mark):
            raise wrong("byte 1", f"the text is {kind}", "UTF-8 text", save_as)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as slip:
        line = data.count(b"\n", 0, slip.start) + 1
        problem = (
            f"byte {data[slip.start]:#04x} is not UTF-8; the text may be Latin-1 or Windows-1252"
        )
        raise wrong(f"line {line}, byte {slip.start + 1}", problem, "UTF-8 text", save_as) from None
    if "\0" in text:
        at = text.index("\0")
        problem = "a zero byte; the file is damaged, or UTF-16"
        raise wrong(f"line {text.count(chr(10), 0, at) + 1}", problem, "UTF-8 text", save_as)
    return text


def _read_bytes(file: Path, expected: str, most: int) -> bytes:
    try:
        size = file.stat().st_size
        if size > most:
            problem = f"the file has {size / 1024**2:,.0f} MB"
            limit = f"at most {most // 1024**2} MB"
            raise ImportFileError(
                file.name, "", problem, limit, "Select fewer categories or years."
            )
        return file.read_bytes()
    except OSError as slip:
        problem = f"cannot be opened ({slip.strerror or slip})"
        raise ImportFileError(str(file), "", problem, expected, "Check the path.") from None


def read_json(file: Path, expected: str, next_step: str, twice: bool = False) -> Any:
    """The file's JSON: finite numbers, each key once. ImportFileError for anything else.

    twice: a key may stand twice, the last one counts: of what holds no figures.
    """
    text = read_text(file, expected, next_step, MAX_JSON_BYTES)

    def wrong(where: str, problem: str, instead: str = expected) -> ImportFileError:
        return ImportFileError(file.name, where, problem, instead, next_step)

    for what, found, most in (
        ("values", text.count(","), MAX_JSON_VALUES),
        ("brackets", text.count("[") + text.count("{"), MAX_JSON_NESTS),
    ):
        if found > most:
            raise wrong("", f"{found:,} {what}", f"at most {most:,}")
    if text.lstrip().startswith("<"):
        raise wrong("line 1", "this is HTML or XML, perhaps an error page or a log-in")
    try:
        content = json.loads(
            text,
            object_pairs_hook=dict if twice else _each_key_once,
            parse_constant=_no_constant,
            parse_int=_whole_number,
        )
    except json.JSONDecodeError as slip:
        where = f"line {slip.lineno}, column {slip.colno}"
        if slip.pos >= len(text.rstrip()) or slip.msg.startswith("Unterminated string"):
            raise wrong(where, "the file ends in the middle of the JSON; it was cut off") from None
        raise wrong(where, f"not JSON ({slip.msg})") from None
    except RecursionError:
        raise wrong("", "brackets inside brackets without end") from None
    except ValueError as slip:
        raise wrong("", f"not JSON that can be trusted ({slip})") from None
    if _RISKY_ESCAPE.search(text):
        for string in _strings(content):
            if "\0" in string or any("\ud800" <= letter <= "\udfff" for letter in string):
                raise wrong(
                    f"text {ascii(string)[:60]}", "a character that cannot be stored", "plain text"
                )
    return content


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise ValueError(f"the key {ascii(key)[:60]} stands twice")
            seen.add(key)
    return made


def _whole_number(digits: str) -> int:
    if len(digits) > 300:
        raise ValueError(f"a number of {len(digits):,} digits")
    return int(digits)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")


def _strings(content: Any) -> Iterator[str]:
    waiting = [content]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, dict):
            waiting.extend(part.keys())
            waiting.extend(part.values())
