"""Meetings of the demo's own school: one next week, and one that was held, with its minutes."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone, translation

from puls.web.demo.basics import HOME
from puls.web.demo.improving import reach_of_person
from puls.web.demo.people import PEOPLE
from puls.web.improve import queries as improve
from puls.web.meet import people, queries, room, services, voting
from puls.web.meet.freezing import frozen
from puls.web.meet.models import Item, Kind, Meeting
from puls.web.meet.services import Author, Origin, Plan, Thing
from puls.web.packs import pack
from puls.web.tenants.access import Reach, as_reach
from puls.web.tenants.models import Role, Unit

TALKED_ABOUT = ("student_feedback", "student_formative_assessment")
LEVELS = "23333233142"
"""What eleven people voted."""
NOTES = (
    ("Jeg sier mye, men spør sjelden hva de tok med seg", "Å spørre"),
    ("Vi kan avslutte timen med å la eleven si neste steg", "Å spørre"),
    ("Øveplanen ligger i mappa, men brukes ikke", "Øveplanen"),
    ("Korps og dans gir tilbakemelding til gruppa, ikke til hver enkelt", ""),
)
MORE = ("Kari Korleder <korleder@demo.puls>", "Dag Danselærer <dans@demo.puls>")


def add_meetings() -> None:
    """Both, if there are none yet. Written as the leader writes, in the own reach."""
    leader = next(person for person in PEOPLE if person.role == Role.LEADER)
    teacher = next(person for person in PEOPLE if person.role == Role.TEACHER)
    reach, author = reach_of_person(leader.email), Author(leader.name, leader.email)
    with as_reach(reach), translation.override(pack().languages[0]):
        if queries.meetings(HOME):
            return
        unit = Unit.objects.get(pk=HOME)
        today = timezone.localdate()
        # Tuesdays: the one of next week, and one two weeks before it.
        tuesday = today + timedelta(days=8 - today.weekday())
        _held(reach, unit, author, tuesday - timedelta(days=14))
        coming = _planned(reach, unit, author, tuesday)
        invited = [f"{teacher.name} <{teacher.email}>", *MORE]
        wanted = list(people.wanted("\n".join(invited)))
        people.invitees_add(reach, coming.pk, wanted, pack().languages[0])


def _planned(reach: Reach, unit: Unit, author: Author, day: date) -> Meeting:
    """A meeting about cells as they are, from the process where there is one."""
    running = improve.running(HOME)
    cells = frozen(reach, [(HOME, key) for key in TALKED_ABOUT], None, None, pack())
    language = pack().languages[0]
    things = [
        Thing(
            Kind.CELL,
            pack().text(language, f"indicator.{cell.indicator}.name"),
            minutes=5,
            cell=cell,
        )
        for cell in cells
    ]
    things += [
        Thing(Kind.QUESTION, "Når fikk en elev sist vite hva neste steg er?", minutes=20),
        Thing(
            Kind.RUBRIC,
            "Hvilket nivå er vi oftest på?",
            "Hva kan vi gjøre for å stabilisere oss på et høyere nivå?",
            15,
            rubric="assessment_for_learning",
        ),
    ]
    plan = Plan(
        "Tilbakemeldinger som blir brukt",
        timezone.make_aware(datetime.combine(day, time(14))),
        60,
        about="Vi ser på hva elevene svarte, og finner ut hva vi prøver fram til jul.",
        where="Øvingsrom 2",
    )
    origin = Origin(improvement=running[0].pk) if running else None
    return services.meeting_add(reach, unit, plan, things, author, origin)


def _held(reach: Reach, unit: Unit, author: Author, day: date) -> Meeting:
    """A meeting that went through: notes on heaps, a vote of eleven, and what was agreed on."""
    things = [
        Thing(Kind.QUESTION, "Hva legger vi merke til i svarene?", minutes=20),
        Thing(Kind.RUBRIC, "Hvilket nivå er vi oftest på?", rubric="assessment_for_learning"),
    ]
    starts = timezone.make_aware(datetime.combine(day, time(14)))
    made = services.meeting_add(
        reach, unit, Plan("Hva sier elevene oss?", starts, 45, where="Kantina"), things, author
    )
    room.room_open(reach, made.pk)
    first, rubric = queries.agenda(made)
    for text, _heap in NOTES:
        room.note_add(made.pk, first.pk, text)
    for note, (_text, heap) in zip(queries.notes(made), NOTES, strict=True):
        room.note_group(reach, made.pk, note.pk, heap)
    for _phone in LEVELS:
        room.came_in(made.pk)
    voting.vote_open(reach, made.pk, rubric.pk)
    # Nobody's votes: the counts alone, as they are kept for everybody.
    counts = {level: LEVELS.count(level) for level in "4321"}
    Item.objects.filter(pk=rubric.pk).update(counts=counts, voted=len(LEVELS))
    voting.vote_reveal(reach, made.pk, rubric.pk)
    room.line_add(
        reach, made.pk, "decision", "Hver time slutter med at eleven sier neste steg.", author.name
    )
    room.line_add(reach, made.pk, "question", "Hvordan gjør vi dette i dansegruppene?", author.name)
    return room.room_close(reach, made.pk, author.name)
