"""Setting the demo up: whole, and whole again after an interruption anywhere."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connections

from puls.content.definitions import Pack
from puls.errors import SetupError
from puls.units import UnitTree
from puls.web.accounts.models import User
from puls.web.assess.models import Cell, Release
from puls.web.collect.folders import Folders
from puls.web.collect.models import ImportRecord, Round
from puls.web.demo import country, load, people
from puls.web.demo.basics import is_begun, is_ready, mark
from puls.web.demo.making import Making, making
from puls.web.improve.models import Improvement, Step
from puls.web.packs import pack as own_pack
from puls.web.tenants.access import as_reach, as_whole_tree
from puls.web.tenants.models import Membership, Tenant, Unit
from tests.web.cast import reach_for


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


@pytest.fixture
def pack() -> Pack:
    return own_pack()


@pytest.fixture
def one_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo country with its newest year only; the parents' survey is left out."""
    monkeypatch.setattr(country, "SURVEYED", range(2025, 2026))
    monkeypatch.setattr(country, "COUNTED", range(2025, 2026))

    def few(pack: Pack) -> Making:
        return replace(making(pack), asked={"student": 0.2, "parent": 0.02})

    monkeypatch.setattr(country, "making", few)


def set_up(pack: Pack, folders: Folders) -> None:
    load.load(pack, folders, lambda _: None)


def contents() -> dict[str, int]:
    with as_whole_tree("assess"):
        found = {
            "round": Round.objects.using("assess").count(),
            "import": ImportRecord.objects.using("assess").count(),
            "release": Release.objects.using("assess").count(),
            "cell": Cell.objects.using("assess").count(),
        }
    with as_whole_tree("owner"):
        return found | {
            "unit": Unit.objects.using("owner").count(),
            "tenant": Tenant.objects.using("owner").count(),
            "user": User.objects.using("owner").count(),
            "membership": Membership.objects.using("owner").count(),
            "improvement": Improvement.objects.using("owner").count(),
            "step": Step.objects.using("owner").count(),
        }


@pytest.mark.usefixtures("one_year", "db")
def test_interrupted_at_one_step_after_the_other_it_ends_as_if_it_never_was(
    pack: Pack, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[tuple[object, str]] = [
        (load, "units_load"),
        (people, "membership_add"),
        (load, "import_population"),
        (load, "load_round"),
        (load, "release_period"),
        (load, "write_answers"),
        (load, "open_a_round"),
    ]
    for module, step in steps:
        with monkeypatch.context() as broken:
            broken.setattr(module, step, _once_and_never_again(getattr(module, step)))
            with pytest.raises(KeyboardInterrupt):
                set_up(pack, folders)
        assert not is_ready(folders.data)
    set_up(pack, folders)
    assert is_ready(folders.data)
    found = contents()
    assert found["round"] == 3  # one of them open
    assert found["import"] == 3  # GSI, KOSTRA and population
    assert found["release"] == 1
    assert found["cell"] > 30_000
    assert (found["user"], found["membership"]) == (10, 10)
    assert found["tenant"] == 357 + 15 + 1
    set_up(pack, folders)
    assert contents() == found
    _look_at(folders)


def _once_and_never_again(step: Callable[..., object]) -> Callable[..., object]:
    """The step is done once and then the machine stops."""

    def done(*given: object, **named: object) -> object:
        step(*given, **named)
        raise KeyboardInterrupt

    return done


def _look_at(folders: Folders) -> None:
    """Everybody finds their place, everything says that it is made up, answers are left to try."""
    with as_whole_tree("assess"):
        assert set(Release.objects.using("assess").values_list("is_synthetic", flat=True)) == {True}
        sources = ImportRecord.objects.using("assess").values_list("source", "is_synthetic")
        assert dict(sources) == {"gsi": True, "kostra": True, "population": False}
    with as_whole_tree("owner"):
        assert not Tenant.objects.using("owner").filter(is_synthetic=False).exists()
        members = list(Membership.objects.using("owner").select_related("user"))
    for member in members:
        with as_reach(reach_for(member)):
            own = Cell.objects.filter(unit=member.unit_id, from_answers=True, part="", years=1)
            assert own.count() == 19
    left = {file.name for file in (folders.data / "demo").iterdir()}
    assert {"answers-student-2026-27.csv", "answers-parent-2026-27.csv"} <= left


def test_a_folder_with_somebodys_own_data_is_left_alone(
    places: UnitTree, pack: Pack, folders: Folders
) -> None:
    with pytest.raises(SetupError, match="holds data of your own"):
        set_up(pack, folders)
    assert not is_begun(folders.data)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(("locked", "times"), [(True, 1), (False, 2)], ids=["", "without the lock"])
def test_two_who_begin_at_once_set_it_up_once(
    locked: bool, times: int, pack: Pack, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    def setting_up(_: object, into: Folders, say: load.Say) -> None:
        done.append(say)
        with suppress(threading.BrokenBarrierError):
            middle.wait(timeout=1)
        mark(into.data, "ready")

    def one(say: load.Say) -> None:
        load.load(pack, folders, say)
        connections.close_all()

    done: list[object] = []
    middle, said = threading.Barrier(2), []
    monkeypatch.setattr(load, "_load", setting_up)
    if not locked:
        monkeypatch.setattr(load, "alone", lambda *_: nullcontext())
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, [said.append, said.append]))
    assert len(done) == times
    assert said == ["Waiting for another process to set the demo up"] * locked
