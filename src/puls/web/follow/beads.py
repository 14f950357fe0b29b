"""The thread in words: six places, each with what is there or what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from puls.content.definitions import Pack
from puls.views import numbers
from puls.web.actions import telling
from puls.web.actions.following import followed
from puls.web.actions.notes import Origin
from puls.web.actions.origins import action_out_of, asking
from puls.web.actions.words import STATES
from puls.web.answering import Link
from puls.web.follow.thread import Thread
from puls.web.media.texts import plain
from puls.web.meet.wording import when
from puls.web.picked import MOST_PICKED
from puls.web.tenants.access import Reach


@dataclass(frozen=True, slots=True)
class Bead:
    """One thing on the thread. thread: the thread taken up there; "" where it is already."""

    name: str
    href: str
    note: str = ""
    thread: str = ""
    here: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """One of the six places. missing: what to say where no bead is; next: what to do then."""

    key: str
    title: str
    beads: tuple[Bead, ...]
    missing: str = ""
    next: Link | None = None


def places(found: Thread, reach: Reach, may: bool, pack: Pack, language: str) -> list[Place]:
    """The six places in their order. may: whether the reader writes at the unit."""
    return [
        _indicators(found, may, pack, language),
        _problems(found, may),
        _meetings(found, may, language),
        _decisions(found, may, language),
        _actions(found, may, language),
        _measurements(found, reach, may, pack, language),
    ]


def _to(found: Thread, kind: str, key: str) -> tuple[str, bool]:
    """The thread taken up elsewhere, and whether that is where it already is."""
    here = (kind, key) == (found.kind, found.key)
    return ("" if here else reverse("follow:chain", args=[kind, key])), here


def _indicators(found: Thread, may: bool, pack: Pack, language: str) -> Place:
    beads = []
    for key in found.indicators:
        thread, here = _to(found, "indikator", f"{found.unit}.{key}")
        name = pack.text(language, f"indicator.{key}.name")
        href = reverse("see:trend", args=[found.unit, key])
        beads.append(Bead(name, href, thread=thread, here=here))
    return Place(
        "indikator",
        _("Indicator"),
        tuple(beads),
        _("No indicator is chosen, so no measurement can say whether anything has moved."),
        _link(may and found.actions, _("Choose one in the plan"), _change(found)),
    )


def _change(found: Thread) -> str:
    if not found.actions:
        return ""
    first = found.actions[0]
    return reverse("actions:change", args=[first.unit, first.id])


def _problems(found: Thread, may: bool) -> Place:
    beads = []
    for improvement, step in found.steps:
        thread, here = _to(found, "forbedring", str(improvement.pk))
        href = reverse("improve:improvement", args=[improvement.pk])
        beads.append(Bead(plain(step.problem), href, improvement.title, thread, here))
    return Place(
        "problem",
        _("Problem"),
        tuple(beads),
        _("Nobody has written down which problem this is about."),
        _link(
            may, _("Begin a process"), reverse("improve:new", args=[found.unit]) + _picked(found)
        ),
    )


def _meetings(found: Thread, may: bool, language: str) -> Place:
    beads = []
    for each in found.meetings:
        thread, here = _to(found, "mote", str(each.pk))
        href = reverse("meet:meeting", args=[each.pk])
        beads.append(Bead(each.title, href, when(each, language), thread, here))
    return Place(
        "mote",
        _("Meeting"),
        tuple(beads),
        _("No meeting is tied to this."),
        _link(may, _("Plan a meeting"), reverse("meet:new") + _meeting_about(found)),
    )


def _decisions(found: Thread, may: bool, language: str) -> Place:
    beads = []
    for each in found.decisions:
        thread, here = _to(found, "beslutning", str(each.id))
        href = reverse("actions:decision", args=[each.unit, each.id])
        note = ", ".join(
            part for part in (numbers.day(each.decided_on, language), each.decided_by) if part
        )
        beads.append(Bead(each.text, href, note, thread, here))
    return Place(
        "beslutning",
        _("Decision"),
        tuple(beads),
        _("No decision is written down."),
        _link(
            may,
            _("Write it down"),
            reverse("actions:decision_new", args=[found.unit]) + asking(_origin(found)),
        ),
    )


def _actions(found: Thread, may: bool, language: str) -> Place:
    beads = []
    for each in found.actions:
        thread, here = _to(found, "tiltak", str(each.id))
        note = ", ".join(
            part
            for part in (
                str(STATES[each.state]),
                f"{each.progress}\N{NO-BREAK SPACE}%" if telling.shows_progress(each) else "",
                telling.when(each, language),
            )
            if part
        )
        beads.append(Bead(each.what, telling.address(each), note, thread, here))
    new = reverse("actions:new", args=[found.unit])
    if found.decisions:
        new = action_out_of(found.decisions[0].id, found.unit, _origin(found))
    else:
        about = {"indikator": found.indicators[0]} if found.indicators else {}
        new += asking(_origin(found), **about)
    return Place(
        "tiltak",
        _("Action"),
        tuple(beads),
        _("Nothing is done about it yet."),
        _link(may, _("Write an action"), new),
    )


def _measurements(found: Thread, reach: Reach, may: bool, pack: Pack, language: str) -> Place:
    beads: list[Bead] = []
    for action in found.actions:
        for each in followed(action, reach, pack, language):
            if found.kind == "indikator" and each.key not in found.indicators:
                continue
            thread, _here = _to(found, "indikator", f"{found.unit}.{each.key}")
            beads.append(Bead(f"{each.name}: {each.word}", each.href, each.sentence, thread))
    missing = _("There is nothing to measure before an action has an indicator.")
    return Place(
        "maling",
        _("Next measurement"),
        _different(beads),
        missing,
        _link(may and found.actions, _("Choose one in the plan"), _change(found)),
    )


def _origin(found: Thread) -> Origin:
    """Where something that is written from here comes from: the newest of each that is there."""
    steps = found.steps
    improvement = steps[-1][0] if steps else next(iter(found.improvements), None)
    return Origin(
        improvement.pk if improvement else None,
        steps[-1][1].pk if steps else None,
        found.meetings[-1].pk if found.meetings else None,
    )


def _picked(found: Thread) -> str:
    """The cells of the thread as an address names picked ones; "" for none."""
    cells = [f"{found.unit}.{key}" for key in found.indicators[:MOST_PICKED]]
    return "?valgt=" + ",".join(cells) if cells else ""


def _meeting_about(found: Thread) -> str:
    """What a meeting that is planned from here begins with: its last step, else its cells."""
    steps = found.steps
    return f"?steg={steps[-1][1].pk}" if steps else _picked(found)


def _different(beads: Sequence[Bead]) -> tuple[Bead, ...]:
    """Each once: two actions that began alike say the same."""
    return tuple(dict.fromkeys(beads))


def _link(may: object, name: str, href: str) -> Link | None:
    return Link(name, href) if may and href else None
