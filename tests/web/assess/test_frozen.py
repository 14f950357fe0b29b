"""A release never changes: tried as every role, and as the superuser."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from django.db import connections
from django.db.utils import DatabaseError, IntegrityError

from puls.cells import Against, Mark, ReleasedCell, ReleasedMark, Status
from puls.units import UnitTree
from puls.web.assess import looking_back, models, queries
from puls.web.assess.models import Cell, Release
from puls.web.assess.services import Draft, publish
from puls.web.tenants.access import as_reach, as_whole_tree
from tests.database import superuser
from tests.web.cast import Cast, reach_for

DRAFT = Draft(
    pack="kulturskole",
    pack_version="1",
    definitions="0" * 64,
    k=5,
    period=2025,
    tree_day=date(2026, 6, 1),
    root="no",
    is_synthetic=False,
    sources=[{"source": "answers", "table": "student-2025-no"}],
    variances={"student": {"wellbeing": {"sigma2": 0.5, "tau2": [0, 0, 0.01, 0.02, 0]}}},
    measured={"student_wellbeing": ["student", "wellbeing"]},
)
MUSIC = "karmoy-kulturskole.musikk"
CHANGES = ("UPDATE {} SET period = 2024", "DELETE FROM {}", "TRUNCATE {} CASCADE")
TABLES = ("assess_release", "assess_cell", "assess_mark")
NUMBERS = ("value", "n", "low", "high", "level_low", "level_high")


def shown(unit: str, value: float = 4.0, indicator: str = "student_wellbeing") -> ReleasedCell:
    return ReleasedCell(unit, indicator, 1, 2025, Status.SHOWN, value, 12, 3.9, 4.2, 2, 3)


def figure(unit: str, value: float, provisional: bool = False) -> ReleasedCell:
    return ReleasedCell(
        unit, "kostra_share_6_15", 1, 2025, Status.SHOWN, value, provisional=provisional
    )


def changed(unit: str, mark: Mark = Mark.UP, period: int = 2025) -> ReleasedMark:
    place = (unit, "student_wellbeing", period, Against.CHANGE)
    return ReleasedMark(*place, 3.6, 0.4, 0.2, 0.6, mark, period - 1)


def released(
    tree: UnitTree,
    answers: Sequence[ReleasedCell] = (),
    registers: Sequence[ReleasedCell] = (),
    draft: Draft = DRAFT,
    marks: Sequence[ReleasedMark] = (),
) -> Release:
    with as_whole_tree("assess"):
        return publish(draft, tree, answers, registers, marks)


class TestNeverChanged:
    @pytest.mark.parametrize("table", TABLES)
    @pytest.mark.parametrize("change", CHANGES)
    @pytest.mark.parametrize("role", ["default", "intake", "assess", "owner"])
    def test_by_any_role(self, role: str, change: str, table: str, places: UnitTree) -> None:
        released(places, [shown("no-1149")], marks=[changed("no-1149")])
        with connections[role].cursor() as cursor:
            cursor.execute("SELECT set_config('puls.reach', '*', false)")
            with pytest.raises(DatabaseError, match=r"permission denied|a release never changes"):
                cursor.execute(change.format(table))

    @pytest.mark.parametrize("table", TABLES)
    @pytest.mark.parametrize("change", CHANGES)
    def test_by_the_superuser_who_does_not_mean_it(
        self, change: str, table: str, places: UnitTree
    ) -> None:
        released(places, [shown("no-1149")], marks=[changed("no-1149")])
        with superuser() as connection, pytest.raises(Exception, match="a release never changes"):
            connection.execute(change.format(table))


class TestConstraints:
    def test_a_cell_of_answers_is_released_once(self, places: UnitTree) -> None:
        released(places, [shown("no-1149")])
        with pytest.raises(IntegrityError, match="answers_released_once"):
            released(places, [shown("no-1149", 4.1)])
        with as_whole_tree("assess"):
            assert Release.objects.using("assess").count() == 1  # not even an empty release

    @pytest.mark.parametrize(
        ("slip", "constraint"),
        [
            ({"status": "few"}, "cell_has_a_value_when_shown_and_only_then"),
            ({"value": None}, "cell_has_a_value_when_shown_and_only_then"),
            ({"status": "hidden", **dict.fromkeys(NUMBERS)}, "cell_status_known"),
            ({"n": None}, "cell_with_answers_says_how_many"),
            ({"from_answers": False}, "cell_with_answers_says_how_many"),
            ({"low": 4.5}, "cell_interval_is_one"),
            ({"level_low": 4}, "cell_levels_are_a_range"),
            ({"path": "no/no-46/no-4601"}, "cell_path_is_of_unit"),
            ({"years": 0}, "cell_counts_a_year_or_more"),
            ({"status": "few", "public": True, **dict.fromkeys(NUMBERS)}, "cell_public_only_when"),
            ({"from_answers": False, "n": None, "part": "sex.girl"}, "cell_of_registers_is_whole"),
            ({"from_answers": False, "n": None, "years": 2}, "cell_of_registers_is_whole"),
            ({"from_answers": False, "n": None, "correction": 1}, "cell_of_registers_is_whole"),
        ],
    )
    def test_half_a_truth_is_refused(
        self, slip: dict[str, object], constraint: str, places: UnitTree
    ) -> None:
        release = released(places, [shown("no-1149")])
        good = {
            "release": release, "unit_id": "no-11", "tier": "county", "path": "no/no-11",
            "depth": 1, "indicator": "student_wellbeing", "version": 1, "period": 2025,
            "from_answers": True, "status": "shown", "value": 4.0, "n": 12, "low": 3.9,
            "high": 4.2, "level_low": 2, "level_high": 3,
        }  # fmt: skip
        with pytest.raises(IntegrityError, match=constraint), as_whole_tree("assess"):
            Cell.objects.using("assess").bulk_create([Cell(**(good | slip))])
        with as_whole_tree("assess"):
            Cell.objects.using("assess").bulk_create([Cell(**good)])

    @pytest.mark.parametrize(
        "other", [{"part": "sex.girl"}, {"years": 2}, {"correction": 1}], ids=lambda each: str(each)
    )
    def test_another_kind_of_cell_stands_beside_it(
        self, other: dict[str, object], places: UnitTree
    ) -> None:
        beside = replace(shown("no-1149", 4.1), **other)  # type: ignore[arg-type]
        released(places, [shown("no-1149"), beside])
        with pytest.raises(IntegrityError, match="answers_released_once"):
            released(places, [beside])

    @pytest.mark.parametrize(
        ("slip", "constraint"),
        [
            ({"mark": "best"}, "mark_known"),
            ({"since": None}, "mark_of_a_change_says_since_when"),
            ({"since": 2025}, "mark_of_a_change_says_since_when"),
            ({"against": "given"}, "mark_of_a_change_says_since_when"),
            ({"against": "others"}, "mark_of_a_change_says_since_when"),
            ({"low": 0.7}, "mark_interval_is_one"),
            ({"path": "no/no-46/no-4601"}, "mark_path_is_of_unit"),
        ],
    )
    def test_half_a_mark_is_refused(
        self, slip: dict[str, object], constraint: str, places: UnitTree
    ) -> None:
        release = released(places, [shown("no-11")])
        good = {
            "release": release, "unit_id": "no-11", "path": "no/no-11", "depth": 1,
            "indicator": "student_wellbeing", "period": 2025, "against": "change", "since": 2024,
            "expected": 3.6, "estimate": 0.4, "low": 0.2, "high": 0.6, "mark": "up",
        }  # fmt: skip
        with pytest.raises(IntegrityError, match=constraint), as_whole_tree("assess"):
            models.Mark.objects.using("assess").bulk_create([models.Mark(**(good | slip))])
        with as_whole_tree("assess"):
            models.Mark.objects.using("assess").bulk_create([models.Mark(**good)])


class TestReading:
    def test_a_cell_comes_back_as_it_was_released(self, cast: Cast, places: UnitTree) -> None:
        cells = [
            shown("no-1149"),
            ReleasedCell(MUSIC, "student_wellbeing", 1, 2025, Status.FEW),
            replace(figure("karmoy-kulturskole", 12.5, True), of_unit="no-1149", note="*"),
        ]
        released(places, cells[:2], cells[2:])
        with as_reach(reach_for(cast.alice)):
            found = queries.cells(["no-1149", "karmoy-kulturskole", MUSIC], 2025)
        assert sorted(found, key=str) == sorted(cells, key=str)

    def test_the_newest_release_wins_unless_asked_as_of_an_older(
        self, cast: Cast, places: UnitTree
    ) -> None:
        first = released(places, [shown("no-1149")], [figure("no-1149", 12.0, True)])
        second = released(places, [], [figure("no-1149", 13.0)])
        with as_reach(reach_for(cast.alice)):
            now = queries.cells(["no-1149"], 2025)
            then = queries.cells(["no-1149"], 2025, as_of=first.pk)
            assert [note.id for note in queries.releases(2025)] == [second.pk, first.pk]
        assert [cell.value for cell in now] == [13.0, 4.0]
        assert [cell.value for cell in then] == [12.0, 4.0]

    def test_a_page_asks_for_everybody_of_one_year_as_corrected_last(
        self, cast: Cast, places: UnitTree
    ) -> None:
        own = shown("no-1149")
        kinds = {
            "girls": replace(own, part="sex.girl", n=7),
            "boys": replace(own, part="sex.boy", n=5),
            "two": replace(own, years=2, n=20),
            "three": replace(own, years=3, n=30),
        }
        first = released(places, [own, *kinds.values()])
        better = [replace(own, correction=1, n=14), replace(kinds["two"], correction=1, n=22)]
        released(places, better)
        with as_reach(reach_for(cast.alice)):
            assert queries.cells(["no-1149"], 2025) == better[:1]
            assert queries.cells(["no-1149"], 2025, as_of=first.pk) == [own]
            assert queries.pooled(["no-1149"], 2025) == [better[1], kinds["three"]]
            parts = queries.parts("no-1149", "student_wellbeing", 2025)
            assert parts == [kinds["boys"], kinds["girls"]]
            assert queries.parts("no-1149", "student_feedback", 2025) == []
        with as_whole_tree("assess"):
            assert queries.released_before(2025, True, "assess") == [own]
            ever = looking_back.ever_released(DRAFT.measured, [2025], 2025, "no", "assess")
            assert looking_back.decided_before(DRAFT.measured, 2025, "assess") == [own]
            assert looking_back.pooled_years(DRAFT.measured, "assess") == [
                (2023, 2025), (2024, 2025),
            ]  # fmt: skip
        assert sorted(ever, key=str) == sorted([own, *kinds.values(), *better], key=str)

    def test_a_correction_that_cannot_be_shown_leaves_what_was_shown(
        self, cast: Cast, places: UnitTree
    ) -> None:
        hidden = ReleasedCell("no-11", "student_wellbeing", 1, 2025, Status.FEW)
        released(places, [shown("no-1149"), hidden])
        refused = ReleasedCell("no-1149", "student_wellbeing", 1, 2025, Status.LINKED, correction=1)
        better = replace(hidden, status=Status.LINKED, correction=1)
        released(places, [refused, better])
        with as_reach(reach_for(cast.alice)):
            assert queries.cells(["no-1149"], 2025) == [shown("no-1149")]
            assert queries.cells(["no-11"], 2025) == [better]
        with as_whole_tree("assess"):
            now, years = DRAFT.measured, [2024, 2025]
            ever = looking_back.ever_released(now, years, 2024, "no-11", "assess")
            assert ever == [hidden, shown("no-1149"), better]
            assert looking_back.ever_released(now, [2024], 2024, "no", "assess") == []

    def test_a_figure_that_is_gone_is_gone(self, cast: Cast, places: UnitTree) -> None:
        released(places, [], [figure("no-1149", 12.0)])
        gone = ReleasedCell("no-1149", "kostra_share_6_15", 1, 2025, Status.NO_DATA, note="..")
        released(places, [], [gone])
        with as_reach(reach_for(cast.alice)):
            assert queries.cells(["no-1149"], 2025) == [gone]

    def test_what_was_told_of_response_is_remembered(self, places: UnitTree) -> None:
        def row(construct: str, asked: int | None, n: int | None) -> dict[str, object]:
            return {"construct": construct, "asked": asked, "items": [{"n": n}, {"n": None}]}

        rows = [row("wellbeing", None, None), row("feedback", 90, None), row("mastery", None, 88)]
        for period, said in ((2024, rows[:2]), (2024, rows[:1]), (2025, rows[2:])):
            findings = {"reliability": {"student": said}}
            released(places, [], draft=replace(DRAFT, period=period, findings=findings))
        with as_whole_tree("assess"):
            told = queries.told_of_response("student", [2024, 2025], "assess")
            assert told == {"feedback": {2024}, "mastery": {2025}}
            assert queries.told_of_response("student", [2023], "assess") == {}
            assert queries.told_of_response("parent", [2024, 2025], "assess") == {}

    def test_marks_and_findings_are_those_of_the_newest_national_release_that_has_some(
        self, cast: Cast, places: UnitTree
    ) -> None:
        looked = replace(DRAFT, findings={"fits": {"student_wellbeing": 1}})
        first = released(places, draft=looked, marks=[changed("no-1149"), changed(MUSIC)])
        again = replace(DRAFT, findings={"fits": {"student_wellbeing": 2}})
        released(places, draft=again, marks=[changed("no-1149", Mark.NONE)])
        released(places, [shown("no-1149")])
        units = ["no-1149", MUSIC]
        with as_reach(reach_for(cast.bob)):
            assert queries.marks(units, 2025) == [changed("no-1149", Mark.NONE)]
            then = queries.marks(units, 2025, as_of=first.pk)
            assert sorted(then, key=str) == sorted([changed("no-1149"), changed(MUSIC)], key=str)
            assert queries.findings(2025) == again.findings
            assert queries.findings(2025, as_of=first.pk) == looked.findings
            assert queries.findings(2024) == {}
            assert queries.marks(units, 2024) == []
        with as_reach(reach_for(cast.charlie)):  # what the nation found is for all, marks are not
            assert queries.findings(2025) == again.findings
            assert queries.marks(units, 2025) == []

    def test_periods_newest_first(self, cast: Cast, places: UnitTree) -> None:
        for year in (2024, 2025):
            cell = replace(shown("no-1149"), period=year)
            released(places, [cell], draft=replace(DRAFT, period=year))
        with as_reach(reach_for(cast.alice)):
            assert queries.periods() == [2025, 2024]
            assert queries.cells(["no-1149"], 2024)[0].period == 2024

    @pytest.mark.parametrize(
        ("who", "sees"),
        [
            ("alice", {"no", "no-11", "no-1149", "karmoy-kulturskole", MUSIC}),
            ("bob", {"no", "no-11", "no-1149", "karmoy-kulturskole", MUSIC}),
            ("charlie", {"no"}),
            ("nora", {"no", "no-11", "no-1149"}),
            ("frida", {"no", "no-11", "no-1149"}),
        ],
    )
    def test_who_sees_which_cells(
        self, who: str, sees: set[str], cast: Cast, places: UnitTree
    ) -> None:
        units = ["no", "no-11", "no-1149", "karmoy-kulturskole", MUSIC]
        released(places, [shown(unit) for unit in units])
        with as_reach(reach_for(getattr(cast, who))):
            assert {cell.unit for cell in queries.cells(units, 2025)} == sees

    def test_who_sees_that_there_was_a_release(self, cast: Cast, places: UnitTree) -> None:
        released(places, [shown("no-1149")], draft=replace(DRAFT, root="no-1149"))
        seen = {}
        for who in ("alice", "bob", "charlie", "frida"):
            with as_reach(reach_for(getattr(cast, who))):
                seen[who] = bool(queries.releases(2025))
        assert seen == {"alice": True, "bob": True, "charlie": False, "frida": True}

    def test_without_a_reach_there_is_nothing(self, places: UnitTree) -> None:
        released(places, [shown("no-1149")])
        assert queries.cells(["no-1149"], 2025) == []

    def test_national_variances_are_those_of_the_newest_national_release(
        self, places: UnitTree
    ) -> None:
        with as_whole_tree("assess"):
            assert queries.national_variances("student", "assess") == {}
        released(places, [shown("no-1149")])
        other = replace(DRAFT, root="no-11", variances={"student": {}})
        released(places, [shown("no-11")], draft=other)
        with as_whole_tree("assess"):
            found = queries.national_variances("student", "assess")
        assert found["wellbeing"]["sigma2"] == 0.5
