"""A process that is under way at the demo's own school, so that one sees what one looks like."""

from datetime import timedelta

from django.utils import timezone, translation

from puls.web.accounts.models import User
from puls.web.demo.basics import HOME
from puls.web.demo.people import PEOPLE
from puls.web.improve import proposing, queries, services, steps
from puls.web.improve.states import State
from puls.web.improve.ties import Tie, TieKind
from puls.web.packs import pack
from puls.web.tenants.access import Reach, as_person, as_reach, memberships_of, reach_of
from puls.web.tenants.models import Role, Unit

PROCESS = "feedback_used"
WEEKS_AGO = 3
"""The data are looked at, the problem is found, and the team is about to think together."""
PROBLEM = "Hvordan kan elevene våre få råd de faktisk bruker til neste time?"
HEARD = """\
Vi har spurt 41 elever. Noe av det de svarte:

- «Jeg skal øve på den vanskelige delen.» *Hvilken del?* «Den vanskelige.»
- «Sakte først, og så litt fortere, tre ganger.»
- «Læreren min sa mye bra, men jeg husker ikke hva.»

Det som var kort og kunne gjøres hjemme, kom tilbake. Det som var ros, ble husket som ros."""


def add_improvement() -> None:
    """The process, if there is none yet. Written as its people write: in their reach."""
    leader = next(person for person in PEOPLE if person.role == Role.LEADER)
    teacher = next(person for person in PEOPLE if person.role == Role.TEACHER)
    reach = reach_of_person(leader.email)
    content = pack()
    language = content.languages[0]
    with as_reach(reach), translation.override(language):
        if PROCESS not in content.processes or queries.improvements(HOME):
            return
        unit = Unit.objects.get(pk=HOME)
        begins = timezone.localdate() - timedelta(weeks=WEEKS_AGO)
        made = services.improvement_begin(
            reach,
            unit,
            content.text(language, f"process.{PROCESS}.title"),
            leader.name,
            PROCESS,
            proposing.from_process(content.processes[PROCESS], HOME, begins, content, language),
        )
        services.improvement_move(reach, made.pk, State.UNDER_WAY, leader.name)
        know, problem, listen, *_ = queries.steps(made.pk)
        placed = Tie(TieKind.RUBRIC, rubric="assessment_for_learning", rubric_level=2)
        steps.step_tie(reach, problem.pk, [placed], leader.name)
        steps.step_write(
            reach, problem.pk, {"problem": PROBLEM}, {"problem": problem.problem}, leader.name
        )
        steps.step_write(reach, listen.pk, {"comments": HEARD}, {"comments": ""}, teacher.name)
        for step in (know, problem, listen):
            steps.step_done(reach, step.pk, True, leader.name)


def reach_of_person(email: str) -> Reach:
    user = User.objects.get(email=email)
    with as_person(user.pk):
        return reach_of(memberships_of(user)[0])
