"""What an older version has released and imported is there after an update, and means the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from puls.analysis.measured import FORMER, UNKNOWN
from puls.cells import ReleasedCell, Status
from puls.units import UnitTree
from puls.web.assess import looking_back, queries
from puls.web.assess.models import Release
from puls.web.collect.late import arrivals
from puls.web.collect.rounds import rounds
from puls.web.tenants.access import as_reach, as_whole_tree
from tests.database import made_once, superuser
from tests.web.cast import Cast, reach_for

BEFORE = {"assess": "0002_never_emptied", "collect": "0002_answers_once"}
"""The last migrations of the version that knew units' own cells of one year only."""
CELLS = [
    ReleasedCell("no-1149", "kostra_share_6_15", 1, 2025, Status.SHOWN, 12.5),
    ReleasedCell("no-1149", "student_feedback", 1, 2025, Status.FEW),
    ReleasedCell("no-1149", "student_moods", 1, 2025, Status.FEW),
    ReleasedCell(
        "no-1149", "student_wellbeing", 1, 2025, Status.SHOWN, 4.0, 12, 3.9, 4.2, 2, 3
    ),
]  # fmt: skip


@contextmanager
def older_version() -> Iterator[None]:
    """Tables as they were; on leaving they are brought up to date."""

    def migrate(*to: str) -> None:
        call_command("migrate", *to, database="owner", interactive=False, verbosity=0)

    try:
        for app, last in BEFORE.items():
            migrate(app, last)
        yield
    finally:
        migrate()


@pytest.fixture
def updated(cast: Cast, places: UnitTree) -> None:
    # Tables are made older and newer again once: what later tests need is what that left in them.
    made_once("older versions", _updated)


def _updated() -> None:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    with older_version(), superuser() as before:
        before.execute(
            "INSERT INTO assess_release (id, made_at, pack, pack_version, definitions, k, period,"
            " tree_day, root_id, path, depth, sources, variances, is_synthetic) OVERRIDING SYSTEM"
            " VALUE VALUES (7, %s, 'kulturskole', '1', '', 5, 2025, %s, 'no-1149',"
            " 'no/no-11/no-1149', 2, %s, '{}', false)",
            [now, now.date(), '[{"source": "answers", "table": "student-2025-no-1149"}]'],
        )
        for c in CELLS:
            before.execute(
                "INSERT INTO assess_cell (release_id, unit_id, tier, path, depth, indicator,"
                " version, period, from_answers, status, value, n, low, high, level_low,"
                " level_high, note, provisional, of_unit) VALUES (7, %s, 'municipality',"
                " 'no/no-11/no-1149', 2, %s, 1, 2025, %s, %s, %s, %s, %s, %s, %s, %s, '', false,"
                " '')",
                [c.unit, c.indicator, c.indicator.startswith("student"), c.status, c.value, c.n,
                 c.low, c.high, c.level_low, c.level_high],
            )  # fmt: skip
        before.execute(
            "INSERT INTO collect_round (key, survey, survey_version, period, unit_id, tenant_id,"
            " state, is_synthetic, sealed_at, answers) VALUES ('student-2025-no-1149', 'student',"
            " 1, 2025, 'no-1149', 'no-1149', 'sealed', false, %s, 12)",
            [now],
        )


@pytest.mark.usefixtures("updated")
def test_it_is_read_as_everybodys_of_one_year_first_released(cast: Cast) -> None:
    with as_reach(reach_for(cast.alice)):
        assert queries.cells(["no-1149"], 2025) == CELLS
        assert queries.pooled(["no-1149"], 2025) == []
        assert queries.marks(["no-1149"], 2025) == []
        assert queries.findings(2025) == {}
    with as_whole_tree("assess"):
        assert arrivals() == {"student-2025-no-1149": 0}
        assert [each.addition for each in rounds("assess")] == [0]


@pytest.mark.usefixtures("updated")
def test_what_it_measured_is_what_the_pack_at_hand_says() -> None:
    with as_whole_tree("assess"):
        (release,) = Release.objects.using("assess").all()
        every = looking_back.decided_before({"mood": ["student", "feedback"]}, 2025, "assess")
    assert release.measured["student_wellbeing"] == ["student", "wellbeing"]
    assert release.measured["student_moods"] is None
    assert "kostra_share_6_15" not in release.measured
    # Nobody remembers what the moods were, so they may be these.
    assert [(c.indicator, c.version) for c in every] == [("mood", FORMER), ("mood", UNKNOWN)]


@pytest.mark.usefixtures("updated")
def test_it_still_never_changes() -> None:
    with superuser() as connection:
        for table in ("assess_cell", "assess_release"):
            with pytest.raises(Exception, match="a release never changes"):
                connection.execute(f"DELETE FROM {table}")
