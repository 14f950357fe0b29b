"""Columns that are not answers, such as names: not shown, not kept, not in a command's words."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from puls.content.definitions import Pack
from puls.errors import ImportFileError
from puls.registers.exported import Table
from puls.registers.mapping import ColumnMap, Understood
from puls.web.collect.folders import Folders
from puls.web.importing import answers, column_maps, map_form, mapped
from puls.web.importing.answers import How
from tests.registers.spreadsheets import xlsx
from tests.web.cast import Cast, LogIn
from tests.web.collect.test_asking import opened
from tests.web.importing.test_answers_from_a_file import NAMES, Walk, file, table

Change = Callable[[pytest.MonkeyPatch], None]
LEFT_OUT = "Nei, aldri"
"""A value that somebody left out: it may be anything."""


def shown_raw(patch: pytest.MonkeyPatch) -> None:
    """The headings that are not read come with their first cell."""

    def unread(table: Table, chosen: ColumnMap) -> list[str]:
        taken = set(chosen.columns.values())
        return [
            f"{column.name}: {table.rows[0][place]}"
            for place, column in enumerate(table.columns)
            if column.name not in taken
        ]

    patch.setattr(map_form, "unread", unread)


def kept_in_the_map(patch: pytest.MonkeyPatch) -> None:
    """A map keeps what was left out, too."""
    patch.setattr(column_maps, "_telling", lambda values: dict(values))


def kept_with_the_import(patch: pytest.MonkeyPatch) -> None:
    """Rows that were left out are kept as they stood."""
    whole = answers.ImportRecord.objects.using

    class Kept:
        def create(self, **named: Any) -> Any:
            return whole("intake").create(**{**named, "rows_refused": [[*NAMES]]})

        def __getattr__(self, name: str) -> Any:
            return getattr(whole("intake"), name)

    patch.setattr(answers.ImportRecord.objects, "using", lambda _alias: Kept())


def told_by_the_command(patch: pytest.MonkeyPatch) -> None:
    """The error quotes the row, and not only the cell that is not understood."""
    whole = mapped._not_understood

    def quoting(name: str, read: Understood) -> ImportFileError:
        told = whole(name, read)
        return ImportFileError(name, "", f"{told} {', '.join(NAMES)}", "", "")

    patch.setattr(mapped, "_not_understood", quoting)


def in_tables(of: Sequence[str]) -> bool:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('puls.reach', '*', false)")
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename LIKE 'collect_%'"
        )
        found = []
        for (name,) in cursor.fetchall():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {name} t")
            found.append(cursor.fetchone()[0])
        cursor.execute("SELECT set_config('puls.reach', '', false)")
    text = " ".join(found).casefold()
    return any(each.casefold() in text for each in of)


def leaks(walk: Walk, pack: Pack, folders: Folders, tmp_path: Path) -> set[str]:
    """Where a name of the file turns up, or a value that was left out; nowhere, as it should be."""
    found = set()
    rows = table(pack, c4=LEFT_OUT)
    page = walk.upload(file(rows))
    field = page.split(f">{LEFT_OUT} ")[0].rpartition('id="')[2].split('"')[0]
    page += walk.press("save", {field: "-"}, name="Forms")
    if any(name in page for name in NAMES):
        found.add("shown_raw")
    if in_tables([LEFT_OUT]):
        found.add("kept_in_the_map")
    page = walk.press("import", {field: "-"})
    assert "8 svar kom inn" in page, page[page.find("<main") :][:3000]
    if in_tables(NAMES):
        found.add("kept_with_the_import")
    export = tmp_path / "svar.xlsx"
    export.write_bytes(xlsx(*rows))
    made = walk.plan
    try:
        mapped.import_mapped(
            export, "Forms", made.survey, made.period, made.unit_id, pack, folders, How(add=True)
        )
    except ImportFileError as error:
        if any(name in str(error) for name in NAMES):
            found.add("told_by_the_command")
    else:
        found.add("nothing was said")
    return found


@pytest.fixture
def walk(cast: Cast, pack: Pack, folders: Folders, log_in: LogIn, settings: Any) -> Walk:
    settings.PULS_DATA = str(folders.data)
    return Walk(log_in(cast.bob), opened(pack, folders, cast.bob))


def test_nothing_of_them_turns_up_anywhere(
    walk: Walk, pack: Pack, folders: Folders, tmp_path: Path
) -> None:
    assert leaks(walk, pack, folders, tmp_path) == set()


@pytest.mark.parametrize(
    "mutant", [shown_raw, kept_in_the_map, kept_with_the_import, told_by_the_command]
)
def test_each_broken_variant_is_caught(
    mutant: Change,
    walk: Walk,
    pack: Pack,
    folders: Folders,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mutant(monkeypatch)
    assert mutant.__name__ in leaks(walk, pack, folders, tmp_path)
