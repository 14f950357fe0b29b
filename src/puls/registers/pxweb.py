"""Fetching tables of Statistics Norway: PxWebApi 2.

The description comes first. What is asked for follows from the pack's bindings and the unit tree,
so that nothing is fetched that nothing is made of. Decided here:

* Empty cells count: a question is split until each part is within the server's limit.
* A server whose limit would take more than 500 questions is not asked at all.
* A short question is a GET, a long one a POST: an address of more than 2,100 characters gets 404.
* A code is never asked for twice: the server would answer 500 without a word.
* A table that changes while it is fetched is fetched another time.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice, product
from math import ceil, prod
from pathlib import Path
from typing import Any

from puls.content.bindings import RegisterBinding
from puls.registers import jsonstat, ssb
from puls.registers.dataset import Category, Dataset
from puls.registers.fetching import LATER, Fetcher, FetchError
from puls.registers.files import read_json
from puls.units import UnitTree

MOST_CELLS = 800_000
MOST_PIECES = 500
"""Questions for one table: at thirty a minute, a quarter of an hour."""

LONGEST_ADDRESS = 2_000
PLAIN = re.compile(r"[\w.-]+", re.ASCII)
"""Words that mean themselves in an address; others could be taken for an expression."""

Selection = Mapping[str, Sequence[str]]
"""Codes by dimension, each once."""


def fetch(
    ask: Fetcher, base: str, bindings: Sequence[RegisterBinding], tree: UnitTree, folder: Path
) -> list[Path]:
    """The table that these bindings read, as JSON-stat files in the folder, which is empty.

    bindings: all of one table. Raises FetchError, or ImportFileError where the description is
    not what the bindings need.
    """
    table = bindings[0].table
    described = folder / f"{table}-description.json"
    where = f"{base}/tables/{table}/metadata"
    described.write_bytes(ask.get(where, {"outputFormat": "json-stat2"}).body)
    dataset = jsonstat.read(described)
    lists = {dim: each for binding in bindings for dim, each in binding.codelists.items()}
    dataset = _by_lists(ask, base, dataset, described, lists, folder)
    chosen = ssb.wanted(described.name, dataset, bindings, tree)
    most = min(most_cells(ask, base, folder), MOST_CELLS)
    parts = list(islice(pieces(chosen, most), MOST_PIECES + 1))
    if len(parts) > MOST_PIECES:
        problem = (
            f"table {table} would take more than {MOST_PIECES} questions, as the server gives at"
            f" most {most:,} cells in an answer (maxDataCells)"
        )
        raise FetchError(base, problem, "Import the table from a file, or try again later.")
    files = []
    for number, part in enumerate(parts, start=1):
        file = folder / f"{table}-{number}.json"
        address, question = asked(f"{base}/tables/{table}/data", part, lists)
        answer = ask.get(address) if question is None else ask.post(address, question)
        file.write_bytes(answer.body)
        files.append(file)
    described.unlink()
    return files


def updated(ask: Fetcher, base: str, table: str, folder: Path) -> datetime | None:
    """When the table was last changed; None where the server does not say."""
    said = _json(ask, f"{base}/tables/{table}", folder).get("updated")
    try:
        moment = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment and not moment.tzinfo else moment


def most_cells(ask: Fetcher, base: str, folder: Path) -> int:
    """How many cells the server gives in one answer."""
    said = _json(ask, f"{base}/config", folder).get("maxDataCells")
    return said if type(said) is int and said > 0 else MOST_CELLS


def pieces(selection: Selection, most: int) -> Iterator[dict[str, tuple[str, ...]]]:
    """The selection in parts of at most so many cells each, every cell in exactly one.

    >>> list(pieces({"A": "xy", "B": "123"}, 4))
    [{'A': ('x', 'y'), 'B': ('1', '2')}, {'A': ('x', 'y'), 'B': ('3',)}]
    """
    cuts = dict.fromkeys(selection, 1)

    def longest(name: str) -> int:
        return ceil(len(selection[name]) / cuts[name])

    while prod(map(longest, selection)) > most:
        cuts[max(selection, key=longest)] += 1
    slices = [
        [tuple(codes[at : at + longest(name)]) for at in range(0, len(codes), longest(name))]
        for name, codes in selection.items()
    ]
    for part in product(*slices):
        yield dict(zip(selection, part, strict=True))


def asked(
    address: str, selection: Selection, lists: Mapping[str, str] | None = None
) -> tuple[str, dict[str, Any] | None]:
    """Where to ask, and the question to POST there; None for a question that fits into a GET."""
    lists = lists or {}
    for name, codes in selection.items():
        if len(set(codes)) < len(codes):
            problem = f"a code of {name} stands twice in the question"
            raise FetchError(address, problem, "Name each code once.")
    said = [*selection, *lists.values(), *(code for codes in selection.values() for code in codes)]
    words = [f"valuecodes[{name}]={','.join(codes)}" for name, codes in selection.items()]
    words += [f"codelist[{name}]={each}" for name, each in lists.items()]
    whole = "&".join([f"{address}?outputFormat=json-stat2", *words])
    # Each bracket takes three characters when it is sent.
    if all(map(PLAIN.fullmatch, said)) and len(whole) + 4 * len(words) <= LONGEST_ADDRESS:
        return whole, None
    rows = [
        {"variableCode": name, "valueCodes": list(codes)}
        | ({"codelist": lists[name]} if name in lists else {})
        for name, codes in selection.items()
    ]
    return f"{address}?outputFormat=json-stat2", {"selection": rows}


def offered(described: Mapping[str, Any], dimension: str) -> tuple[str, ...]:
    """The code lists that a description offers for a dimension.

    The key is `codeLists` on servers of 2025 and `codelists` on those of 2026.
    """
    part: Any = described.get("dimension")
    for key in (dimension, "extension"):
        part = part.get(key) if isinstance(part, dict) else None
    found = (part.get("codelists") or part.get("codeLists")) if isinstance(part, dict) else None
    rows = found if isinstance(found, list) else []
    return tuple(str(row["id"]) for row in rows if isinstance(row, dict) and "id" in row)


def _by_lists(
    ask: Fetcher,
    base: str,
    dataset: Dataset,
    described: Path,
    lists: Mapping[str, str],
    folder: Path,
) -> Dataset:
    """The description with the categories of the code lists that the bindings name."""
    for name, wanted in lists.items():
        there = offered(read_json(described, jsonstat.EXPECTED, jsonstat.NEXT_STEP), name)
        if wanted not in there:
            problem = f"{name} has no code list '{wanted}', but {', '.join(there[:20]) or 'none'}"
            raise FetchError(base, problem, "Name one of them under 'codelists' in the source.")
        rows = _json(ask, f"{base}/codelists/{wanted}", folder).get("values")
        if not isinstance(rows, list) or not all(
            isinstance(row, dict) and isinstance(row.get("code"), str) for row in rows
        ):
            raise FetchError(base, f"the code list {wanted} has no values", LATER)
        values = tuple(
            dict.fromkeys(Category(r["code"], str(r.get("label", r["code"]))) for r in rows)
        )
        dimensions = tuple(
            replace(each, categories=values) if each.name == name else each
            for each in dataset.dimensions
        )
        dataset = replace(dataset, dimensions=dimensions)
    return dataset


def _json(ask: Fetcher, address: str, folder: Path) -> dict[str, Any]:
    file = folder / "answer.json"
    file.write_bytes(ask.get(address).body)
    try:
        content = read_json(file, "JSON as PxWebApi 2 gives it", LATER)
    finally:
        file.unlink()
    if not isinstance(content, dict):
        raise FetchError(address, "the answer is no object { }", LATER)
    return content
