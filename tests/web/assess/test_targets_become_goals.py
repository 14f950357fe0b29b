"""What older versions called an owner's target is the owner's goal after an update."""

from django.core.management import call_command

from puls.web.assess.goals import Wish, goal_history, goals
from puls.web.tenants.access import as_reach
from tests.database import superuser
from tests.web.cast import Cast, reach_for

KEY = "student_wellbeing"


def test_an_owners_target_holds_as_its_goal(cast: Cast) -> None:
    def migrate(*to: str) -> None:
        call_command("migrate", *to, database="owner", interactive=False, verbosity=0)

    try:
        migrate("assess", "0007_measured")
        with superuser() as before:
            before.execute(
                "INSERT INTO assess_target (tenant_id, indicator, value, set_by, set_on, why,"
                " withdrawn_on) VALUES"
                " ('no-1149', %s, 4.0, 'Alice', '2025-01-01', '', '2025-02-01'),"
                " ('no-1149', %s, 4.2, 'Alice', '2025-02-01', 'We want to.', NULL)",
                [KEY, KEY],
            )
    finally:
        migrate()
    with as_reach(reach_for(cast.bob)):
        found = goals("karmoy-kulturskole")[KEY]
        assert (found.unit, found.wish, found.why) == (
            "no-1149",
            Wish(KEY, value=4.2),
            "We want to.",
        )
        assert [each.wish.value for each in goal_history("no-1149", Wish(KEY))] == [4.2, 4.0]
    with as_reach(reach_for(cast.charlie)):
        assert goals("no-1149") == {}
