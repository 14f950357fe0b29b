"""The whole way, in two countries: files in, rounds sealed, cells out."""

import gc
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from puls.cells import ReleasedCell, Status
from puls.content.countries import load_units
from puls.content.definitions import Pack
from puls.errors import NotNow, PulsError
from puls.units import Unit, UnitTree
from puls.web.assess import queries
from puls.web.assess.models import Release
from puls.web.collect import sealing
from puls.web.collect.folders import Folders
from puls.web.collect.models import Round
from puls.web.importing.answers import import_answers
from puls.web.importing.registers import import_register
from puls.web.releasing import releases
from puls.web.releasing.definitions import checksum
from puls.web.releasing.releases import (
    Made,
    periods_to_release,
    release_period,
    release_round,
)
from puls.web.tenants.access import as_whole_tree
from puls.web.tenants.services import units_load
from tests.web.inputs import (
    BERGEN,
    DANCE,
    HAUGESUND,
    MUSIC,
    PACKS,
    PERIOD,
    answers,
    answers_file,
    foreign,
    kostra_file,
    student,
)

TODAY = date(2026, 6, 1)
Seen = Mapping[tuple[str, str], ReleasedCell]


def cells(units: list[str], period: int = PERIOD) -> Seen:
    with as_whole_tree("assess"):
        found = queries.cells(units, period, using="assess")
    return {(cell.unit, cell.indicator): cell for cell in found}


def ask(folder: Path, unit: str, groups: Mapping[str, int], pack: Pack, folders: Folders) -> str:
    file = answers_file(folder, student(pack), groups, f"{unit}.csv")
    return import_answers(file, "student", PERIOD, unit, pack, folders).round


def seal(key: str, pack: Pack, folders: Folders) -> Made | None:
    found = sealing.seal(key, pack, folders, lambda _: None)
    return release_round(found, pack, folders, TODAY)


@pytest.mark.usefixtures("places")
class TestAnswers:
    def test_sealing_releases_the_subtree_and_nothing_above(
        self, tmp_path: Path, pack: Pack, folders: Folders
    ) -> None:
        made = seal(ask(tmp_path, "no-1149", {MUSIC: 8, DANCE: 6}, pack, folders), pack, folders)
        assert made is not None
        assert made.statuses == {"shown": 40}  # ten constructs of two groups, school, municipality
        seen = cells(["no", "no-11", "no-1149", "karmoy-kulturskole", MUSIC, DANCE])
        assert {unit for unit, _ in seen} == {"no-1149", "karmoy-kulturskole", MUSIC, DANCE}
        assert seen[MUSIC, "student_wellbeing"].n == 8

    def test_the_mean_is_that_of_the_file(
        self, tmp_path: Path, pack: Pack, folders: Folders
    ) -> None:
        seal(ask(tmp_path, "no-1149", {MUSIC: 8, DANCE: 6}, pack, folders), pack, folders)
        survey = student(pack)
        wellbeing = next(each for each in survey.constructs if each.key == "wellbeing")
        scores = [
            sum(
                survey.scale.low + survey.scale.high - row[item.key]
                if item.reversed
                else row[item.key]
                for item in wellbeing.items
            )
            / len(wellbeing.items)
            for row in answers(survey, {MUSIC: 8, DANCE: 6}).iter_rows(named=True)
        ]
        cell = cells(["no-1149"])["no-1149", "student_wellbeing"]
        assert cell.value == pytest.approx(sum(scores) / 14, abs=1e-12)

    def test_too_few_are_not_shown_and_not_to_be_worked_out(
        self, tmp_path: Path, pack: Pack, folders: Folders
    ) -> None:
        seal(ask(tmp_path, "no-1149", {MUSIC: 8, DANCE: 3}, pack, folders), pack, folders)
        seen = cells([MUSIC, DANCE, "karmoy-kulturskole", "no-1149"])
        by_unit = {unit: cell.status for (unit, key), cell in seen.items() if "wellb" in key}
        assert by_unit == {
            DANCE: Status.FEW,
            MUSIC: Status.LINKED,
            "karmoy-kulturskole": Status.SHOWN,
            "no-1149": Status.SHOWN,
        }

    def test_a_county_waits_until_all_its_rounds_are_sealed_or_it_is_closed(
        self, tmp_path: Path, pack: Pack, folders: Folders
    ) -> None:
        seal(ask(tmp_path, "no-1149", {MUSIC: 8, DANCE: 6}, pack, folders), pack, folders)
        waiting = ask(tmp_path, "no-1106", {HAUGESUND: 9}, pack, folders)
        with pytest.raises(NotNow, match=f"no-11 waits for rounds that are not sealed: {waiting}"):
            release_period(PERIOD, pack, folders, TODAY, unit="no-11")
        seal(waiting, pack, folders)
        (made,) = release_period(PERIOD, pack, folders, TODAY, unit="no-11")
        assert made.statuses == {"shown": 10}  # the county itself; what is below was released
        assert cells(["no-11"])["no-11", "student_feedback"].n == 23
        assert release_period(PERIOD, pack, folders, TODAY, unit="no-11") == []

    def test_a_county_does_not_show_what_one_municipality_answered(
        self, tmp_path: Path, pack: Pack, folders: Folders
    ) -> None:
        seal(ask(tmp_path, "no-1149", {MUSIC: 8, DANCE: 6}, pack, folders), pack, folders)
        for unit, told in (("no-11", "no-11 on 1 of 2"), ("no", "no on 1 of 3, no-11 on 1 of 2")):
            with pytest.raises(NotNow, match=f"municipality units in it: {told}"):
                release_period(PERIOD, pack, folders, TODAY, unit=unit)
            assert cells([unit]) == {}
        assert release_period(PERIOD, pack, folders, TODAY, unit="no-11", close=True)
        again = release_period(PERIOD, pack, folders, TODAY, unit="no-11")
        assert again == [], "what is released is no question any more"

    def test_closed_it_goes_on_without_the_others(
        self, tmp_path: Path, pack: Pack, folders: Folders
    ) -> None:
        seal(ask(tmp_path, "no-1149", {MUSIC: 8, DANCE: 6}, pack, folders), pack, folders)
        late = ask(tmp_path, "no-1106", {HAUGESUND: 9}, pack, folders)
        assert release_period(PERIOD, pack, folders, TODAY, unit="no-11", close=True)
        assert cells(["no-11"])["no-11", "student_feedback"].n == 14
        assert seal(late, pack, folders) is None
        assert "no-1106" not in {unit for unit, _ in cells(["no-1106"])}

    def test_where_nobody_was_asked_a_round_may_still_come(
        self, tmp_path: Path, pack: Pack, folders: Folders
    ) -> None:
        seal(ask(tmp_path, "no-1149", {MUSIC: 8, DANCE: 6}, pack, folders), pack, folders)
        release_period(PERIOD, pack, folders, TODAY, unit="no-11", close=True)
        assert cells(["no-1106", "no-46"]) == {}
        assert seal(ask(tmp_path, "no-46", {BERGEN: 9}, pack, folders), pack, folders) is not None
        assert cells(["no-46"])["no-46", "student_feedback"].n == 9

    def test_a_later_release_of_the_year_speaks_of_the_same_day(
        self, tmp_path: Path, pack: Pack, folders: Folders
    ) -> None:
        seal(ask(tmp_path, "no-1149", {MUSIC: 8, DANCE: 6}, pack, folders), pack, folders)
        (made,) = release_period(PERIOD, pack, folders, date(2028, 1, 1), unit="no-11", close=True)
        assert made.release.tree_day == TODAY

    def test_it_says_what_it_was_made_of(
        self, tmp_path: Path, pack: Pack, folders: Folders
    ) -> None:
        made = seal(ask(tmp_path, "no-1149", {MUSIC: 8, DANCE: 6}, pack, folders), pack, folders)
        assert made is not None
        release = made.release
        assert (release.pack, release.k, release.root_id) == ("kulturskole", 5, "no-1149")
        assert release.definitions == checksum(pack)
        (source,) = release.sources
        assert (source["source"], source["table"]) == ("answers", "student-2025-no-1149")
        assert len(source["checksum"]) == 64
        assert set(release.variances) == {"student"}
        assert not release.is_synthetic

    def test_made_up_answers_make_a_release_that_says_so(
        self, tmp_path: Path, pack: Pack, folders: Folders
    ) -> None:
        file = answers_file(tmp_path, student(pack), {MUSIC: 8})
        key = import_answers(
            file, "student", PERIOD, "no-1149", pack, folders, synthetic=True
        ).round
        made = seal(key, pack, folders)
        assert made is not None
        assert made.release.is_synthetic

    def test_answers_to_a_made_up_administration_are_made_up_whoever_imports_them(
        self, tmp_path: Path, pack: Pack, folders: Folders
    ) -> None:
        from tests.database import superuser

        with superuser() as connection:
            connection.execute(
                "UPDATE tenants_tenant SET is_synthetic = true WHERE unit_id = 'no-1149'"
            )
        key = ask(tmp_path, "karmoy-kulturskole", {MUSIC: 8}, pack, folders)
        with as_whole_tree("assess"):
            assert Round.objects.using("assess").get(pk=key).is_synthetic

    def test_each_unit_has_its_own_release_and_registers_are_for_all(
        self, tmp_path: Path, pack: Pack, folders: Folders
    ) -> None:
        """Nobody reads in a release which rounds others held."""
        for unit, groups in (("no-1149", {MUSIC: 8}), ("no-4601", {BERGEN: 9})):
            sealing.seal(ask(tmp_path, unit, groups, pack, folders), pack, folders, lambda _: None)
        import_register("ssb", kostra_file(tmp_path, {"1149": 12.5}), pack)
        made = release_period(PERIOD, pack, folders, TODAY)
        found = {each.release.root_id: each.release.sources for each in made}
        assert {root: [source["table"] for source in used] for root, used in found.items()} == {
            "no": ["13135"],
            "no-1149": ["student-2025-no-1149"],
            "no-4601": ["student-2025-no-4601"],
        }

    def test_a_missing_file_is_said(self, tmp_path: Path, pack: Pack, folders: Folders) -> None:
        key = ask(tmp_path, "no-1149", {MUSIC: 8}, pack, folders)
        sealing.seal(key, pack, folders, lambda _: None)
        folders.counted(key).unlink()
        folders.sealed(key).unlink()
        with pytest.raises(PulsError, match=f"sealed answers of round {key} are missing"):
            release_period(PERIOD, pack, folders, TODAY)


@pytest.mark.usefixtures("places")
def test_a_release_leaves_the_search_for_cycles_as_it_was(pack: Pack, folders: Folders) -> None:
    assert gc.isenabled()
    with releases.working():
        assert not gc.isenabled()
        with releases.working():
            pass
        assert not gc.isenabled()
    with pytest.raises(ZeroDivisionError), releases.working():
        raise ZeroDivisionError
    assert gc.isenabled()


@pytest.mark.usefixtures("places")
class TestRegisters:
    def test_figures_are_released_and_shown_on_the_only_school(
        self, tmp_path: Path, pack: Pack, folders: Folders
    ) -> None:
        import_register("ssb", kostra_file(tmp_path, {"EAK": 14.0, "1149": 12.5}), pack)
        (made,) = release_period(PERIOD, pack, folders, TODAY)
        assert made.statuses == {"shown": 3}
        seen = cells(["no", "no-1149", "karmoy-kulturskole"])
        own = seen["no-1149", "kostra_share_6_15"]
        on_school = seen["karmoy-kulturskole", "kostra_share_6_15"]
        assert (own.value, own.of_unit, own.n) == (12.5, "", None)
        assert (on_school.value, on_school.of_unit) == (12.5, "no-1149")

    def test_a_symbol_is_no_data_and_never_a_number(
        self, tmp_path: Path, pack: Pack, folders: Folders
    ) -> None:
        import_register("ssb", kostra_file(tmp_path, {"1149": None}), pack)
        release_period(PERIOD, pack, folders, TODAY)
        cell = cells(["no-1149"])["no-1149", "kostra_share_6_15"]
        assert (cell.status, cell.value, cell.note) == (Status.NO_DATA, None, "..")

    def test_the_same_figures_again_make_no_release(
        self, tmp_path: Path, pack: Pack, folders: Folders
    ) -> None:
        import_register("ssb", kostra_file(tmp_path, {"1149": 12.5}), pack)
        assert release_period(PERIOD, pack, folders, TODAY) != []
        assert release_period(PERIOD, pack, folders, TODAY) == []

    @pytest.mark.parametrize(
        ("updated", "value", "provisional"),
        [("2026-07-01T06:00:00Z", 13.0, False), ("2026-02-01T06:00:00Z", 12.5, True)],
        ids=["a newer table supersedes", "an older one does not"],
    )
    def test_of_two_tables_the_newer_counts(
        self,
        updated: str,
        value: float,
        provisional: bool,
        tmp_path: Path,
        pack: Pack,
        folders: Folders,
    ) -> None:
        march = "2026-03-15T07:00:00Z"
        import_register("ssb", kostra_file(tmp_path, {"1149": 12.5, "1106": 9.0}, march), pack)
        release_period(PERIOD, pack, folders, TODAY)
        import_register("ssb", kostra_file(tmp_path, {"1149": 13.0}, updated, "two.json"), pack)
        release_period(PERIOD, pack, folders, TODAY)
        seen = cells(["no-1149", "no-1106"])
        cell = seen["no-1149", "kostra_share_6_15"]
        assert (cell.value, cell.provisional) == (value, provisional)
        assert seen["no-1106", "kostra_share_6_15"].value == 9.0  # nobody took it back

    def test_only_what_the_new_cells_rest_on_is_named(
        self, tmp_path: Path, pack: Pack, folders: Folders
    ) -> None:
        import_register("ssb", kostra_file(tmp_path, {"1149": 12.5}), pack, synthetic=True)
        release_period(PERIOD, pack, folders, TODAY)
        made = seal(ask(tmp_path, "no-1149", {MUSIC: 8}, pack, folders), pack, folders)
        assert made is not None
        assert not made.release.is_synthetic
        with as_whole_tree("assess"):
            first = Release.objects.using("assess").order_by("id")[0]
        assert first.is_synthetic
        assert [source["table"] for source in first.sources] == ["13135"]

    def test_years_to_release_are_those_of_figures_and_rounds(
        self, tmp_path: Path, pack: Pack, folders: Folders
    ) -> None:
        assert periods_to_release() == []
        import_register("ssb", kostra_file(tmp_path, {"1149": 12.5}), pack)
        assert periods_to_release() == [PERIOD]


ISLANDS = UnitTree(
    [
        *load_units("corail", [PACKS]).units.values(),
        Unit("ecole-du-port", "school", "École du Port", "co-NO"),
        Unit("ecole-de-londe", "school", "École de l’Onde", "co-ON"),
    ]
)


def test_a_foreign_country_goes_the_same_way(db: None, tmp_path: Path, folders: Folders) -> None:
    """Three tiers, letters as codes, schools without departments, three faces, k = 6."""
    units_load(ISLANDS)
    pack = foreign()
    survey = pack.surveys["student", 1]
    groups = {"ecole-du-port": 9, "ecole-de-londe": 6}
    file = answers_file(tmp_path, survey, groups)
    key = import_answers(file, "student", 2025, "co", pack, folders).round
    made = seal(key, pack, folders)
    assert made is not None
    assert made.release.k == 6
    seen = cells(["co", "co-NO", "co-ON", *groups])
    assert {unit: cell.n for (unit, _), cell in seen.items()} == {
        "co": 15, "co-NO": 9, "co-ON": 6, "ecole-du-port": 9, "ecole-de-londe": 6,
    }  # fmt: skip
    assert all(1 <= (cell.value or 0) <= 3 for cell in seen.values())
