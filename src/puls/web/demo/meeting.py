"""Meetings of the demo's own school: one next week, and one that was held, with its minutes."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone, translation

from puls.web.demo.improving import reach_of_person
from puls.web.demo.making import Making
from puls.web.demo.people import person
from puls.web.improve import queries as improve
from puls.web.meet import people, queries, room, services, voting
from puls.web.meet.freezing import frozen
from puls.web.meet.models import Item, Kind, Meeting
from puls.web.meet.services import Author, Origin, Plan, Thing
from puls.web.packs import pack
from puls.web.tenants.access import Reach, as_reach
from puls.web.tenants.models import Role, Unit


def add_meetings(made: Making) -> None:
    """Both, if there are none yet. Written as the leader writes, in the own reach."""
    leader, teacher = person(made, Role.LEADER), person(made, Role.TEACHER)
    told = made.story["meeting"]
    reach, author = reach_of_person(leader.email), Author(leader.name, leader.email)
    with as_reach(reach), translation.override(pack().languages[0]):
        if queries.meetings(made.home):
            return
        unit = Unit.objects.get(pk=made.home)
        today = timezone.localdate()
        # Tuesdays: the one of next week, and one two weeks before it.
        tuesday = today + timedelta(days=8 - today.weekday())
        _held(reach, unit, author, tuesday - timedelta(days=14), told)
        coming = _planned(reach, unit, author, tuesday, told)
        invited = [f"{teacher.name} <{teacher.email}>", *told["more"]]
        wanted = list(people.wanted("\n".join(invited)))
        people.invitees_add(reach, coming.pk, wanted, pack().languages[0])


def _planned(
    reach: Reach, unit: Unit, author: Author, day: date, told: Mapping[str, Any]
) -> Meeting:
    """A meeting about cells as they are, from the process where there is one."""
    running = improve.running(unit.key)
    cells = frozen(reach, [(unit.key, key) for key in told["cells"]], None, None, pack())
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
        Thing(Kind.QUESTION, told["question"], minutes=20),
        Thing(
            Kind.RUBRIC,
            "Hvilket nivå er vi oftest på?",
            "Hva kan vi gjøre for å stabilisere oss på et høyere nivå?",
            15,
            rubric=told["rubric"],
        ),
    ]
    plan = Plan(
        told["title"],
        timezone.make_aware(datetime.combine(day, time(14))),
        60,
        about=told["about"],
        where=told["where"],
    )
    origin = Origin(improvement=running[0].pk) if running else None
    return services.meeting_add(reach, unit, plan, things, author, origin)


def _held(reach: Reach, unit: Unit, author: Author, day: date, told: Mapping[str, Any]) -> Meeting:
    """A meeting that went through: notes on heaps, a vote of eleven, and what was agreed on."""
    things = [
        Thing(Kind.QUESTION, told["held_question"], minutes=20),
        Thing(Kind.RUBRIC, "Hvilket nivå er vi oftest på?", rubric=told["rubric"]),
    ]
    starts = timezone.make_aware(datetime.combine(day, time(14)))
    made = services.meeting_add(
        reach,
        unit,
        Plan(told["held_title"], starts, 45, where=told["held_where"]),
        things,
        author,
    )
    room.room_open(reach, made.pk)
    first, rubric = queries.agenda(made)
    for each in told["notes"]:
        room.note_add(made.pk, first.pk, each["text"])
    for note, each in zip(queries.notes(made), told["notes"], strict=True):
        room.note_group(reach, made.pk, note.pk, each["heap"])
    votes = told["votes"]
    for _phone in votes:
        room.came_in(made.pk)
    voting.vote_open(reach, made.pk, rubric.pk)
    # Nobody's votes: the counts alone, as they are kept for everybody.
    counts = {level: votes.count(level) for level in "4321"}
    Item.objects.filter(pk=rubric.pk).update(counts=counts, voted=len(votes))
    voting.vote_reveal(reach, made.pk, rubric.pk)
    room.line_add(reach, made.pk, "decision", told["decided"], author.name)
    room.line_add(reach, made.pk, "question", told["left_open"], author.name)
    return room.room_close(reach, made.pk, author.name)
