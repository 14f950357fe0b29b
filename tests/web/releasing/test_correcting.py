"""The whole way of a country's year: units, parts, years together, and answers that came late."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from django.db import connections

from puls.analysis import findings
from puls.analysis.exposure import Answers
from puls.analysis.partition import Group
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Pack
from puls.errors import NotNow
from puls.units import UnitTree
from puls.web.assess import queries
from puls.web.assess.models import Release
from puls.web.collect import sealing
from puls.web.collect.folders import Folders
from puls.web.collect.late import arrivals
from puls.web.importing.answers import import_answers
from puls.web.importing.registers import Imported
from puls.web.releasing import correcting, further, releases
from puls.web.releasing.correcting import correct
from puls.web.releasing.releases import Made, release_period
from puls.web.tenants.access import as_whole_tree
from tests.analysis.integer_auditor import Found, isolable
from tests.web.inputs import (
    BERGEN,
    DANCE,
    HAUGESUND,
    MUSIC,
    PERIOD,
    answers_file,
    kulturskole,
    student,
)
from tests.web.releasing.test_from_file_to_release import TODAY, Seen, cells

IN_TIME = {"no-1149": {MUSIC: 70, DANCE: 3}, "no-46": {BERGEN: 60}}
LATE = "student-2025-no-1106"
KEY = "student_wellbeing"
Ask = Callable[..., Imported]


@pytest.fixture
def pack() -> Pack:
    """Of every kind that can be made."""
    return replace(kulturskole(), admission=("unit", "correction", "pooled", "sex"))


@pytest.fixture
def ask(places: UnitTree, tmp_path: Path, pack: Pack, folders: Folders) -> Ask:
    def answered(
        unit: str, groups: Mapping[str, int], period: int = PERIOD, add: bool = False
    ) -> Imported:
        name = f"{unit}-{period}-{sum(groups.values())}.csv"
        file = answers_file(tmp_path, student(pack), groups, name)
        return import_answers(file, "student", period, unit, pack, folders, add=add)

    return answered


@pytest.fixture
def seal(pack: Pack, folders: Folders) -> Callable[[str], None]:
    return lambda key: void(sealing.seal(key, pack, folders, lambda _: None))


def void(_: object) -> None:
    return None


@pytest.fixture
def year(ask: Ask, seal: Ask, pack: Pack, folders: Folders) -> Callable[[int], None]:
    """A year of the country, released without Haugesund."""

    def released(period: int) -> None:
        for unit, groups in IN_TIME.items():
            seal(ask(unit, groups, period).round)
        assert release_period(period, pack, folders, TODAY, unit="no", close=True)

    return released


@pytest.fixture
def late(year: Callable[[int], None], ask: Ask, seal: Ask) -> str:
    """Haugesund's round, sealed when the country was released without it."""
    year(PERIOD)
    seal(ask("no-1106", {HAUGESUND: 12}).round)
    return LATE


def all_cells() -> list[ReleasedCell]:
    with as_whole_tree("assess"), connections["assess"].cursor() as cursor:
        cursor.execute(f"SELECT {queries.CELL} FROM assess_cell WHERE from_answers")
        return [queries.cell_of(row) for row in cursor.fetchall()]


def sizes(folders: Folders) -> dict[Group, Answers]:
    """How many answered, in every group that a cell can tell apart; read from the sealed files."""
    with as_whole_tree("assess"):
        known = arrivals()
    found: dict[Group, Answers] = {}
    for file in sorted((folders.data / "sealed").glob("*.parquet")):
        arrived = known[file.stem]
        period = int(file.stem.split("-")[1])
        for leaf, sex, n in pl.read_parquet(file).group_by("leaf", "sex").len().iter_rows():
            found[Group(leaf, period, (str(sex),), arrived=arrived)] = Answers(n)
    return found


def leak(released: list[ReleasedCell], folders: Folders, tree: UnitTree, k: int) -> Found | None:
    """What an auditor finds that knows nothing of ledgers, in what is shown of one indicator."""
    groups = sizes(folders)
    sexes = {"sex.girl": "1", "sex.boy": "2", "sex.other": "3"}

    def counts(cell: ReleasedCell, group: Group) -> bool:
        return (
            cell.unit in tree.lineage(group.unit)
            and cell.period - cell.years < group.period <= cell.period
            and group.arrived <= cell.correction
            and cell.part in ("", *(part for part, sex in sexes.items() if (sex,) == group.part))
        )

    shown = [cell for cell in released if cell.status is Status.SHOWN and cell.indicator == KEY]
    counted = {cell: frozenset(g for g in groups if counts(cell, g)) for cell in shown}
    for cell, of in counted.items():
        assert cell.n == sum(groups[each].n for each in of), f"{cell}: counted otherwise"
    return isolable(set(counted.values()), groups, k)


def at(seen: Seen, unit: str) -> tuple[Status, int | None, int]:
    cell = seen[unit, KEY]
    return cell.status, cell.n, cell.correction


class TestTheCountrysRelease:
    def test_parts_come_with_the_country_and_not_before(
        self, ask: Ask, seal: Ask, pack: Pack, folders: Folders
    ) -> None:
        for unit, groups in IN_TIME.items():
            seal(ask(unit, groups).round)
        release_period(PERIOD, pack, folders, TODAY)
        release_period(PERIOD, pack, folders, TODAY, unit="no-11", close=True)
        assert {(cell.part, cell.years) for cell in all_cells()} == {("", 1)}
        release_period(PERIOD, pack, folders, TODAY, unit="no", close=True)
        with as_whole_tree("assess"):
            parts = queries.parts("no", KEY, PERIOD, using="assess")
        assert {cell.part: cell.n for cell in parts if cell.status is Status.SHOWN} == {
            "sex.girl": 61, "sex.boy": 61,
        }  # fmt: skip
        assert at(cells(["no"]), "no") == (Status.SHOWN, 133, 0)

    def test_it_comes_once_and_gives_nobody_away(
        self, year: Ask, places: UnitTree, pack: Pack, folders: Folders
    ) -> None:
        for period in (PERIOD - 1, PERIOD):
            year(period)
        released = all_cells()
        assert {cell.years for cell in released} == {1, 2}
        assert {cell.public for cell in released} == {True, False}
        assert leak(released, folders, places, pack.thresholds.signed_in) is None
        public = [cell for cell in released if cell.public]
        assert leak(public, folders, places, pack.thresholds.public) is None
        assert release_period(PERIOD, pack, folders, TODAY, unit="no", close=True) == []

    def test_the_auditor_would_have_found_a_part_too_small(
        self, year: Ask, places: UnitTree, pack: Pack, folders: Folders
    ) -> None:
        year(PERIOD)
        (slip,) = [
            replace(cell, unit=DANCE, n=3)
            for cell in all_cells()
            if (cell.unit, cell.indicator, cell.part) == ("no", KEY, "")
        ]
        found = leak([*all_cells(), slip], folders, places, pack.thresholds.signed_in)
        assert found is not None
        assert found.why == "few"

    def test_two_years_are_told_with_their_rounds(self, year: Ask) -> None:
        year(PERIOD - 1)
        year(PERIOD)
        with as_whole_tree("assess"):
            newest = Release.objects.using("assess").order_by("-id")[0]
        told = {source["table"] for source in newest.sources}
        assert told == {f"student-{p}-{u}" for p in (PERIOD - 1, PERIOD) for u in IN_TIME}

    def test_a_country_that_was_released_by_an_older_version_gets_them_later(
        self, ask: Ask, seal: Ask, pack: Pack, folders: Folders, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for unit, groups in IN_TIME.items():
            seal(ask(unit, groups).round)
        with monkeypatch.context() as older:
            older.setattr(releases, "with_further", lambda part, *_: part)
            assert release_period(PERIOD, pack, folders, TODAY, unit="no", close=True)
        assert not any(cell.part for cell in all_cells())
        (made,) = release_period(PERIOD, pack, folders, TODAY, unit="no", close=True)
        assert {source["table"] for source in made.release.sources} == set(arrivals_now())
        assert any(cell.part for cell in all_cells())

    def test_units_do_not_wait_where_the_ledger_cannot_be_opened(
        self, ask: Ask, seal: Ask, pack: Pack, folders: Folders, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unsafe(*_: object, **__: object) -> list[ReleasedCell]:
            raise NotNow("What is out is not safe.")

        for unit, groups in IN_TIME.items():
            seal(ask(unit, groups).round)
        monkeypatch.setattr(further, "more_cells", unsafe)
        said: list[str] = []
        release_period(PERIOD, pack, folders, TODAY, unit="no", close=True, left_out=said.append)
        assert said == ["Left out, parts and years together of student: What is out is not safe."]
        assert at(cells(["no"]), "no") == (Status.SHOWN, 133, 0)


@pytest.mark.parametrize(
    ("pooled", "years"),
    [
        ([], [2024, 2025]),
        ([(2023, 2024)], [2023, 2024, 2025]),
        ([(2025, 2026)], [2024, 2025, 2026]),
        ([(2021, 2022), (2022, 2023), (2023, 2024)], [2021, 2022, 2023, 2024, 2025]),
        ([(2020, 2021), (2022, 2023)], [2024, 2025]),  # nothing ties them to these
    ],
)
def test_which_years_bear_on_one(pooled: list[tuple[int, int]], years: list[int]) -> None:
    assert further._bearing_on(2025, pooled) == years


def arrivals_now() -> dict[str, int]:
    with as_whole_tree("assess"):
        return arrivals()


@pytest.mark.usefixtures("late")
class TestLate:
    def test_they_are_imported_sealed_and_wait(self, pack: Pack, folders: Folders) -> None:
        said: list[str] = []
        assert release_period(PERIOD, pack, folders, TODAY, left_out=said.append) == []
        (sentence,) = said
        assert sentence.startswith(f"Round {LATE} was sealed after no had been released without it")
        assert sentence.endswith("./puls release --correct")
        assert at(cells(["no"]), "no") == (Status.SHOWN, 133, 0)

    def test_a_correction_counts_them_and_changes_nothing_that_is_out(
        self, pack: Pack, folders: Folders, places: UnitTree
    ) -> None:
        before = all_cells()
        (made,) = correct(pack, folders, TODAY)
        units = ["no", "no-11", "no-1106", "no-1149", "no-46", HAUGESUND, MUSIC]
        seen = cells(units)
        assert {unit: at(seen, unit) for unit in units} == {
            "no": (Status.SHOWN, 145, 1),
            "no-11": (Status.SHOWN, 85, 1),
            "no-1106": (Status.SHOWN, 12, 1),
            HAUGESUND: (Status.SHOWN, 12, 1),
            "no-1149": (Status.SHOWN, 73, 0),
            "no-46": (Status.SHOWN, 60, 0),
            MUSIC: (Status.LINKED, None, 0),
        }
        assert set(before) < set(all_cells())
        assert leak(all_cells(), folders, places, pack.thresholds.signed_in) is None
        assert made.release.root_id == "no"
        told = [(each["table"], each["arrived"]) for each in made.release.sources]
        assert told == [(LATE, 1)]
        assert made.release.findings.keys() >= {"fits", "associations"}

    def test_as_of_an_older_release_it_is_as_it_was(self, pack: Pack, folders: Folders) -> None:
        with as_whole_tree("assess"):
            older = Release.objects.using("assess").order_by("-id")[0].pk
        correct(pack, folders, TODAY)
        with as_whole_tree("assess"):
            found = queries.cells(["no"], PERIOD, as_of=older, using="assess")
        assert {(cell.n, cell.correction) for cell in found} == {(133, 0)}

    def test_it_is_done_once(self, pack: Pack, folders: Folders) -> None:
        assert len(correct(pack, folders, TODAY)) == 1
        said: list[str] = []
        assert correct(pack, folders, TODAY, left_out=said.append) == []
        assert release_period(PERIOD, pack, folders, TODAY, left_out=said.append) == []
        assert (
            release_period(
                PERIOD, pack, folders, TODAY, unit="no", close=True, left_out=said.append
            )
            == []
        )
        assert said == []

    def test_only_of_the_year_that_was_asked_for(self, pack: Pack, folders: Folders) -> None:
        assert correct(pack, folders, TODAY, period=PERIOD - 1) == []
        assert len(correct(pack, folders, TODAY, period=PERIOD)) == 1

    def test_the_next_year_goes_on_as_ever(
        self, year: Ask, pack: Pack, folders: Folders, places: UnitTree
    ) -> None:
        correct(pack, folders, TODAY)
        year(PERIOD + 1)
        assert any(cell.years == 2 for cell in all_cells())
        assert leak(all_cells(), folders, places, pack.thresholds.signed_in) is None

    def test_answers_to_a_sealed_round_go_to_an_addition(
        self, ask: Ask, seal: Ask, pack: Pack, folders: Folders, places: UnitTree
    ) -> None:
        with pytest.raises(NotNow, match=r"is sealed and takes no more answers.* with --add"):
            ask("no-1149", {MUSIC: 6})
        added = ask("no-1149", {MUSIC: 6}, add=True)
        assert (added.round, added.late_for) == ("student-2025-no-1149+1", "no")
        assert ask("no-1149", {MUSIC: 6}, add=True).new is False  # the same answers again
        seal(added.round)
        correct(pack, folders, TODAY)
        seen = cells(["no", "no-1149", "karmoy-kulturskole", MUSIC])
        assert at(seen, "no") == (Status.SHOWN, 133 + 12 + 6, 1)
        assert at(seen, "no-1149") == (Status.SHOWN, 79, 1)
        assert leak(all_cells(), folders, places, pack.thresholds.signed_in) is None
        assert ask("no-1149", {MUSIC: 7}, add=True).round == "student-2025-no-1149+2"

    def test_the_same_file_is_no_addition(self, ask: Ask) -> None:
        with pytest.raises(NotNow, match=r"file called no-1149-2025-73.csv with 73 rows was impor"):
            ask("no-1149", IN_TIME["no-1149"], add=True)

    def test_too_few_are_refused_and_everything_stays(
        self,
        ask: Ask,
        seal: Ask,
        pack: Pack,
        folders: Folders,
        places: UnitTree,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        correct(pack, folders, TODAY)
        seal(ask("no-46", {BERGEN: 3}, add=True).round)
        looked: list[ReleasedCell] = []

        def spied(cells: list[ReleasedCell], *others: object) -> findings.Findings:
            looked.extend(cells)
            return findings.Findings([], {}, [])

        with monkeypatch.context() as patch:
            patch.setattr(findings, "national", spied)
            (made,) = correct(pack, folders, TODAY)
        assert set(made.statuses) == {"linked"}
        # Marks rest on what is still shown.
        own = [c for c in looked if (c.unit, c.indicator, c.period) == ("no-46", KEY, PERIOD)]
        assert [(c.n, c.correction) for c in own] == [(60, 0)]
        seen = cells(["no", "no-46", BERGEN])
        assert at(seen, "no") == (Status.SHOWN, 145, 1)
        assert at(seen, "no-46") == at(seen, BERGEN) == (Status.SHOWN, 60, 0)
        assert leak(all_cells(), folders, places, pack.thresholds.signed_in) is None
        # Those of the next who are late may stand with them.
        seal(ask("no-46", {BERGEN: 7}, add=True).round)
        correct(pack, folders, TODAY)
        assert at(cells(["no-46"]), "no-46") == (Status.SHOWN, 70, 3)
        assert leak(all_cells(), folders, places, pack.thresholds.signed_in) is None


@pytest.mark.usefixtures("places")
def test_before_the_country_is_released_they_wait(
    ask: Ask, seal: Ask, pack: Pack, folders: Folders
) -> None:
    seal(ask("no-1149", {MUSIC: 8, DANCE: 6}).round)
    release_period(PERIOD, pack, folders, TODAY, unit="no-11", close=True)
    late = ask("no-1106", {HAUGESUND: 12})
    assert late.late_for == "no-11"
    seal(late.round)
    said: list[str] = []
    assert correct(pack, folders, TODAY, left_out=said.append) == []
    (sentence,) = said
    assert sentence.startswith(f"Round {LATE} still waits: corrections for 2025-26 come once")
    release_period(PERIOD, pack, folders, TODAY, unit="no", close=True)
    assert cells(["no"])["no", KEY].n == 14
    assert correct(pack, folders, TODAY)
    assert at(cells(["no-11"]), "no-11") == (Status.SHOWN, 26, 1)


def test_a_pack_may_have_no_corrections(pack: Pack, folders: Folders) -> None:
    with pytest.raises(NotNow, match="has no corrections"):
        correct(replace(pack, admission=("unit",)), folders, TODAY)


class Killed(BaseException):
    """The machine stopped here."""


@pytest.mark.parametrize(
    ("module", "step"),
    [
        (correcting, "further"),
        (further.counting, "parts"),
        (further, "more_cells"),
        (correcting, "publish"),
        (releases, "look"),
        (releases.services, "publish"),
        (releases.services, "add_rows"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_any_step_a_correction_is_not_half_done(
    module: object,
    step: str,
    when: str,
    late: str,
    pack: Pack,
    folders: Folders,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = sorted(all_cells(), key=str)
    _killed(module, step, when, monkeypatch, lambda: correct(pack, folders, TODAY))
    assert sorted(all_cells(), key=str) == before
    assert len(correct(pack, folders, TODAY)) == 1
    assert at(cells(["no"]), "no") == (Status.SHOWN, 145, 1)


@pytest.mark.parametrize(
    ("module", "step"),
    [
        (releases, "part_of_answers"),
        (releases, "with_further"),
        (further, "more_cells"),
        (releases, "look"),
        (releases.services, "publish"),
        (releases.services, "add_rows"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_any_step_a_country_is_not_half_released(
    module: object,
    step: str,
    when: str,
    ask: Ask,
    seal: Ask,
    pack: Pack,
    folders: Folders,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def country() -> list[Made]:
        return release_period(PERIOD, pack, folders, TODAY, unit="no", close=True)

    for unit, groups in IN_TIME.items():
        seal(ask(unit, groups).round)
    _killed(module, step, when, monkeypatch, country)
    assert all_cells() == []
    with as_whole_tree("assess"):
        assert not Release.objects.using("assess").exists()
    (made,) = country()
    assert made.statuses["shown"]


def _killed(
    module: object,
    step: str,
    when: str,
    monkeypatch: pytest.MonkeyPatch,
    act: Callable[[], object],
) -> None:
    whole = getattr(module, step)

    def stop(*given: object, **named: object) -> None:
        if when == "after":
            whole(*given, **named)
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(module, step, stop)
        with pytest.raises(Killed):
            act()
