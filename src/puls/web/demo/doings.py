"""What the demo's school has decided, does and wants: made up, and tied to its released figures."""

from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone, translation

from puls.cells import Status
from puls.web.actions.models import Action
from puls.web.actions.services import (
    Planned,
    Wanted,
    action_add,
    action_move,
    decision_add,
    progress_add,
)
from puls.web.actions.states import Move, State
from puls.web.assess import lines
from puls.web.assess import queries as assess
from puls.web.assess.goals import Wish, goal_set
from puls.web.demo.basics import HOME
from puls.web.demo.people import OWNER, PEOPLE
from puls.web.improve.queries import running
from puls.web.tenants.access import Reach, as_person, as_reach, as_whole_tree, reach_of
from puls.web.tenants.models import Membership, Role, Unit

LEADER = next(person.name for person in PEOPLE if person.role is Role.LEADER)
TEACHER = next(person.name for person in PEOPLE if person.role is Role.TEACHER)
FEEDBACK, FORMATIVE, WELLBEING = (
    "student_feedback",
    "student_formative_assessment",
    "student_wellbeing",
)
SO_LONG_AGO = 2
"""School years between a finished action's baseline and the newest figures."""


def add_doings() -> None:
    """A couple of decisions, actions in several states, and goals; nothing where some are there."""
    with translation.override("nb"):
        leader = _reach(Role.LEADER)
        with as_reach(leader):
            unit = Unit.objects.get(key=HOME)
            # Not decisions: a meeting of the demo has made one.
            if Action.objects.filter(unit=unit).exists():
                return
            _feedback(leader, unit)
            _wellbeing(leader, unit)
            _goals(leader, unit)
        owner = _reach(Role.OWNER)
        with as_reach(owner):
            goal_set(
                owner,
                Unit.objects.get(key=owner.unit),
                Wish(WELLBEING, level=3),
                due=_day(560),
                decided_by="Kommunestyret",
                why="Trivsel kommer først.",
                set_by="Kari Kommune",
            )


def _reach(role: Role) -> Reach:
    with as_whole_tree(OWNER):
        email = next(person.email for person in PEOPLE if person.role is role)
        member = Membership.objects.using(OWNER).get(user__email=email)
    with as_person(member.user_id):
        return reach_of(member)


def _feedback(by: Reach, unit: Unit) -> None:
    decision = decision_add(
        by,
        unit,
        "Elevene skal få vite hva som er neste steg, hver uke.",
        why="Vi så at mange elever ikke vet hva de kan gjøre for å bli bedre.",
        decided_on=_day(-700),
        decided_by="Personalmøtet",
        written_by=LEADER,
    )
    plan = Planned(
        "Øveplan med ukentlig tilbakemelding",
        why="En kort setning om neste steg er lettere å bruke enn en lang vurdering.",
        decision=decision.pk,
        responsible_name=TEACHER,
        starts=_day(-690),
        due=_day(150),
        expected="Elevene forteller selv hva de øver på, og hvorfor.",
        rubric="assessment_for_learning",
        rubric_level=3,
        remind_on=_day(100),
        aims=(_earlier(FEEDBACK, "up", 0.3), _earlier(FORMATIVE, "up")),
    )
    key = _begun(by, unit, plan, -690)
    progress_add(
        by, key, progress=60, comment="Musikk og dans er i gang. Teater begynner etter jul.",
        written_by=TEACHER,
    )  # fmt: skip
    process = next((each.pk for each in running(HOME)), None)
    newest = decision_add(
        by,
        unit,
        "Vi lærer av hverandre hvilke råd elevene bruker.",
        why="Korte råd som kunne prøves hjemme, kom tilbake.",
        decided_on=_day(-2),
        decided_by="Personalmøtet",
        written_by=LEADER,
        improvement=process,
    )
    action_add(
        by,
        unit,
        Planned(
            "Lærerne ser på tre tilbakemeldinger sammen",
            why="Vi vil lære av hverandre hva elevene faktisk bruker.",
            decision=newest.pk,
            responsible_name=LEADER,
            starts=_day(20),
            due=_day(80),
            aims=(Wanted(FORMATIVE, "up"),),
        ),
        written_by=LEADER,
        state=State.AGREED,
        improvement=process,
    )


def _wellbeing(by: Reach, unit: Unit) -> None:
    decision = decision_add(
        by,
        unit,
        "Ingen skal komme ny til oss uten at noen venter på dem.",
        why="De nye elevene kjente få. Vi så det i svarene og hørte det av foreldrene.",
        decided_on=_day(-650),
        decided_by="Ledergruppen",
        written_by=LEADER,
    )
    done = Planned(
        "Fadder for nye elever",
        decision=decision.pk,
        responsible_name=TEACHER,
        starts=_day(-600),
        due=_day(-300),
        aims=(_earlier(WELLBEING, "up"),),
    )
    key = _begun(by, unit, done, -600)
    action_move(
        by, key, Move.FINISH, written_by=TEACHER, on=_day(-310),
        comment="Alle avdelinger har faddere. Elevene vil fortsette selv.",
    )  # fmt: skip
    paused = Planned(
        "Åpen øvingskveld hver måned",
        decision=decision.pk,
        responsible_name=LEADER,
        starts=_day(-120),
        due=_day(120),
        aims=(Wanted(WELLBEING),),
    )
    key = _begun(by, unit, paused, -120)
    progress_add(by, key, progress=25, comment="To kvelder er holdt.", written_by=LEADER)
    action_move(by, key, Move.PAUSE, written_by=LEADER, comment="Salen er stengt til februar.")
    action_add(
        by, unit, Planned("Felles konsert med grunnskolen", why="Flere skal se hva vi gjør."),
        written_by=TEACHER,
    )  # fmt: skip


def _goals(by: Reach, unit: Unit) -> None:
    goal_set(
        by,
        unit,
        Wish(FEEDBACK, level=3),
        due=_day(190),
        decided_by="Personalmøtet",
        why="Tilbakemeldinger er det elevene selv sier de trenger.",
        set_by=LEADER,
    )
    goal_set(
        by,
        unit,
        Wish(rubric="assessment_for_learning", rubric_level=3),
        due=_day(190),
        decided_by="Personalmøtet",
        set_by=LEADER,
    )


def _begun(by: Reach, unit: Unit, plan: Planned, days: int) -> UUID:
    key = action_add(by, unit, plan, written_by=LEADER, state=State.AGREED).pk
    action_move(by, key, Move.BEGIN, written_by=LEADER, on=_day(days))
    return key


def _earlier(indicator: str, direction: str = "", amount: float | None = None) -> Wanted:
    """An indicator with the figure of some years ago as its starting point, where one is shown."""
    shown = [cell.period for cell in lines.line(HOME, indicator) if cell.status is Status.SHOWN]
    if len(shown) <= SO_LONG_AGO:
        return Wanted(indicator, direction, amount)
    period = shown[-1 - SO_LONG_AGO]
    release = assess.releases(period)[0].id
    return Wanted(indicator, direction, amount, release, period)


def _day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)
