"""A process that is under way at the demo's own school, so that one sees what one looks like."""

from datetime import timedelta

from django.utils import timezone, translation

from puls.web.accounts.models import User
from puls.web.demo.making import Making
from puls.web.demo.people import person
from puls.web.improve import proposing, queries, services, steps
from puls.web.improve.states import State
from puls.web.improve.ties import Tie, TieKind
from puls.web.packs import pack
from puls.web.tenants.access import Reach, as_person, as_reach, memberships_of, reach_of
from puls.web.tenants.models import Role, Unit

WEEKS_AGO = 3
"""The data are looked at, the problem is found, and the team is about to think together."""


def add_improvement(made_of: Making) -> None:
    """The process, if there is none yet. Written as its people write: in their reach."""
    leader, teacher = person(made_of, Role.LEADER), person(made_of, Role.TEACHER)
    home, told = made_of.home, made_of.story["process"]
    process = told["key"]
    reach = reach_of_person(leader.email)
    content = pack()
    language = content.languages[0]
    with as_reach(reach), translation.override(language):
        if process not in content.processes or queries.improvements(home):
            return
        unit = Unit.objects.get(pk=home)
        begins = timezone.localdate() - timedelta(weeks=WEEKS_AGO)
        made = services.improvement_begin(
            reach,
            unit,
            content.text(language, f"process.{process}.title"),
            leader.name,
            process,
            proposing.from_process(content.processes[process], home, begins, content, language),
        )
        services.improvement_move(reach, made.pk, State.UNDER_WAY, leader.name)
        know, problem, listen, *_ = queries.steps(made.pk)
        placed = Tie(TieKind.RUBRIC, rubric=told["rubric"], rubric_level=told["level"])
        steps.step_tie(reach, problem.pk, [placed], leader.name)
        steps.step_write(
            reach,
            problem.pk,
            {"problem": told["problem"]},
            {"problem": problem.problem},
            leader.name,
        )
        heard = {"comments": told["heard"].strip()}
        steps.step_write(reach, listen.pk, heard, {"comments": ""}, teacher.name)
        for step in (know, problem, listen):
            steps.step_done(reach, step.pk, True, leader.name)


def reach_of_person(email: str) -> Reach:
    user = User.objects.get(email=email)
    with as_person(user.pk):
        return reach_of(memberships_of(user)[0])
