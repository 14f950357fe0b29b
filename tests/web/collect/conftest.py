"""A data folder of its own for each test, and a look at everything that an import leaves."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connections

from puls.content.definitions import Pack
from puls.web.collect.folders import Folders
from tests.web.collect import inputs


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "data")


@pytest.fixture(scope="session")
def pack() -> Pack:
    return inputs.kulturskole()


@pytest.fixture
def traces(folders: Folders) -> Callable[[], dict[str, int]]:
    """How many rows and files there are of everything that comes in."""

    def look() -> dict[str, int]:
        found = {}
        with connections["assess"].cursor() as cursor:
            cursor.execute("SELECT set_config('puls.reach', '*', false)")
            for table in ("round", "answer", "importrecord", "figure"):
                cursor.execute(f"SELECT count(*) FROM collect_{table}")
                found[table] = cursor.fetchone()[0]
            cursor.execute("SELECT set_config('puls.reach', '', false)")
        files = [file for file in folders.data.rglob("*") if file.is_file()]
        return found | {"file": len(files)}

    return look
