"""Reading one definition file: safe YAML in, typed fields out, every slip a ContentError."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml

from puls.errors import ContentError

_Base: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

T = TypeVar("T")

KEY = re.compile(r"[a-z][a-z0-9_]*")
PAIR = "pairs such as [one, another]"
TOO_LARGE = 10**15
"""Numbers from here on are slips: no cut and no difference is so large."""


class _Loader(_Base):  # type: ignore[misc, valid-type]
    """Safe YAML without YAML 1.1's traps: `no` and 0301 stay text, a key may stand only once."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, (list, dict)):
                raise yaml.constructor.ConstructorError(
                    None, None, f"a {_kind(key)} stands as a key", key_node.start_mark
                )
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"'{key}' stands twice", key_node.start_mark
                )
            seen.add(key)
        made: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return made


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""]
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^-?[0-9]+\.[0-9]+$"), list("-0123456789")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:timestamp", re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), list("0123456789")
)


def load_yaml(path: Path, name: str) -> dict[str, Any]:
    """The mapping in a file. ContentError for anything else; `name` is how errors call the file."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        raise ContentError(name, "(whole file)", "this file is missing") from None
    except UnicodeDecodeError as slip:
        raise ContentError(name, f"byte {slip.start}", "not UTF-8 text", "UTF-8") from None
    except yaml.MarkedYAMLError as slip:
        mark = slip.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise ContentError(name, place, slip.problem or "not YAML", "YAML, each key once") from None
    except (yaml.YAMLError, ValueError) as slip:
        raise ContentError(
            name, "(whole file)", f"not YAML ({slip})", "YAML, each key once"
        ) from None
    if not isinstance(content, dict):
        raise ContentError(
            name, "(whole file)", f"a {_kind(content)} instead of keys and values", "key: value"
        )
    return content


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true/false"
    names = {dict: "mapping", list: "list", str: "text", int: "number", float: "number"}
    return "nothing" if value is None else names.get(type(value), type(value).__name__)


def listed(allowed: Iterable[object]) -> str:
    """Allowed values in one line, sorted."""
    return ", ".join(sorted(str(value) for value in allowed)) or "none"


class Fields:
    """The keys of one mapping, each taken once with its type; `done` refuses what is left."""

    def __init__(self, content: Mapping[Any, Any], file: str, at: str = "") -> None:
        self.file, self.at = file, at
        self._left = {str(key): value for key, value in content.items()}
        self._known: list[str] = []

    def name(self, key: str) -> str:
        return f"{self.at}.{key}" if self.at else key

    def wrong(self, key: str, problem: str, allowed: str = "") -> ContentError:
        return ContentError(self.file, self.name(key), problem, allowed)

    def offers(self, key: str) -> bool:
        """Whether an optional key stands there; it counts as known either way."""
        self._known.append(key)
        return key in self._left

    def names(self) -> list[str]:
        """The keys that nobody has taken yet, for mappings that may have any."""
        return list(self._left)

    def take(self, key: str, kind: type | tuple[type, ...], allowed: str) -> Any:
        self._known.append(key)
        if key not in self._left:
            raise self.wrong(key, "is missing", allowed)
        value = self._left.pop(key)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.wrong(key, f"is {_kind(value)} ({value!r})", allowed)
        return value

    def text(self, key: str, default: str | None = None) -> str:
        if default is not None and not self.offers(key):
            return default
        taken = self.take(key, (str, int), "text")
        return str(taken).strip()

    def key(self, key: str) -> str:
        value = self.text(key)
        if not KEY.fullmatch(value):
            raise self.wrong(key, f"'{value}' is no key", "small letters, digits and _")
        return value

    def whole(self, key: str, low: int, high: int) -> int:
        allowed = f"a whole number from {low} to {high}"
        value: int = self.take(key, int, allowed)
        if not low <= value <= high:
            raise self.wrong(key, f"is {value}", allowed)
        return value

    def truth(self, key: str, default: bool | None = None) -> bool:
        if default is not None and not self.offers(key):
            return default
        value: bool = self.take(key, bool, "true, false")
        return value

    def month_day(self, key: str) -> tuple[int, int]:
        """{month: 8, day: 1} as (8, 1); a day that every year has."""
        below = self.fields(key)
        month, day = below.whole("month", 1, 12), below.whole("day", 1, 31)
        below.done()
        try:
            date(2001, month, day)
        except ValueError:
            raise self.wrong(key, f"no year has a day {day} in month {month}", "a day") from None
        return month, day

    def day(self, key: str) -> date:
        value: date = self.take(key, date, "a day such as 2026-11-23")
        return value

    def maybe_day(self, key: str) -> date | None:
        return self.day(key) if self.offers(key) else None

    def choice(self, key: str, allowed: Iterable[str]) -> str:
        choices = list(allowed)
        value = self.take(key, (str, int), listed(choices))
        if str(value) not in choices:
            raise self.wrong(key, f"'{value}' is unknown", listed(choices))
        return str(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of distinct words."""
        values = self.take(key, list, "a list of words")
        for value in values:
            if not isinstance(value, (str, int)) or isinstance(value, bool):
                raise self.wrong(key, f"holds {_kind(value)} ({value!r})", "a list of words")
        found = tuple(str(value) for value in values)
        twice = [value for value in found if found.count(value) > 1]
        if twice:
            raise self.wrong(key, f"'{twice[0]}' stands twice", "each word once")
        return found

    def numbers(self, key: str) -> tuple[float, ...]:
        values = self.take(key, list, "a list of numbers")
        for value in values:
            if not isinstance(value, (int, float)) or isinstance(value, bool):
                raise self.wrong(key, f"holds {_kind(value)} ({value!r})", "a list of numbers")
            if not abs(value) < TOO_LARGE:
                raise self.wrong(key, "holds a number that is too large", f"below {TOO_LARGE}")
        return tuple(float(value) for value in values)

    def positive(self, key: str) -> float:
        """A number above 0."""
        value: float = self.take(key, (int, float), "a number above 0")
        if not value < TOO_LARGE:
            raise self.wrong(key, "is too large", f"a number above 0 and below {TOO_LARGE}")
        if value <= 0:
            raise self.wrong(key, f"is {value}", "a number above 0")
        return float(value)

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """A list of pairs of words: [[a, b], [a, c]]."""
        found = enumerate(self.take(key, list, f"a list of {PAIR}"), start=1)
        return tuple(self._pair(f"{key}[{number}]", value) for number, value in found)

    def pair(self, key: str) -> tuple[str, str]:
        """Two words: [a, b]."""
        return self._pair(key, self.take(key, list, PAIR))

    def _pair(self, at: str, value: Any) -> tuple[str, str]:
        if not isinstance(value, list) or not all(type(word) is str for word in value):
            raise self.wrong(at, f"is {_kind(value)} ({value!r})", PAIR)
        if len(value) != 2:
            raise self.wrong(at, f"holds {len(value)} words", PAIR)
        return value[0], value[1]

    def fields(self, key: str) -> Fields:
        """A mapping below this one."""
        return Fields(self.take(key, dict, "keys and values"), self.file, self.name(key))

    def rows(self, key: str) -> list[Fields]:
        """A list of mappings below this one."""
        values = self.take(key, list, "a list of keys and values")
        made = []
        for number, value in enumerate(values, start=1):
            at = f"{self.name(key)}[{number}]"
            if not isinstance(value, dict):
                raise ContentError(self.file, at, f"is {_kind(value)}", "keys and values")
            made.append(Fields(value, self.file, at))
        return made

    def words(self, key: str, optional: bool = False) -> dict[str, str]:
        """A mapping from any words to words, as it stands."""
        if optional and not self.offers(key):
            return {}
        below = self.fields(key)
        return {name: below.text(name) for name in below.names()}

    def every(self, key: str, names: Sequence[str]) -> dict[str, str]:
        """A mapping with exactly these names, for example one sentence per language."""
        below = self.fields(key)
        found = {name: below.text(name) for name in names}
        below.done()
        return found

    def done(self) -> None:
        """Refuse keys that nobody asked for: most often a slip of spelling."""
        for left in self._left:
            raise self.wrong(left, "is an unknown key", listed(set(self._known)))


def only(folder: Path, root: Path, allowed: Collection[str]) -> None:
    """Refuse what stands in a folder under another name: it would be passed over in silence."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.name not in allowed and not path.name.startswith("."):
            name = path.relative_to(root).as_posix()
            raise ContentError(name, "(name)", "is nothing that Puls reads here", listed(allowed))


def same_as_file(fields: Fields, key: str, expected: str, stem: str) -> None:
    """A definition is found by its file name, so the two must agree."""
    if stem != expected:
        raise fields.wrong(key, f"stands in a file called {stem}.yaml", f"{expected}.yaml")


def yaml_files(folder: Path, root: Path) -> list[tuple[Path, str]]:
    """(path, name in errors) of the files in a folder by name; none when it is missing."""
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    files = [(path, path.relative_to(root).as_posix()) for path in paths if path.name[0] != "."]
    for path, name in files:
        if path.suffix != ".yaml":
            raise ContentError(name, "(name)", "is nothing that Puls reads here", "*.yaml")
    return files


def read_folder(folder: Path, root: Path, build: Callable[[Fields, str], T]) -> list[T]:
    """Build one object from every file in a folder, in order of name.

    `build` gets the fields of a file and its stem; keys that it leaves are refused.
    """
    found = []
    for path, name in yaml_files(folder, root):
        fields = Fields(load_yaml(path, name), name)
        found.append(build(fields, path.stem))
        fields.done()
    return found
