"""Actions in words: as a card of a list or a board, and as a time line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from puls.content.definitions import Pack
from puls.views import numbers
from puls.views.charts.action_line import Span, action_line
from puls.views.charts.scene import Chart
from puls.web.actions.notes import ActionNote
from puls.web.actions.states import BEGUN, OPEN, Move, State, moves
from puls.web.actions.words import MOVES, STATES


@dataclass(frozen=True, slots=True)
class MoveButton:
    """A move that the reader can make. target: the state it leads to."""

    move: Move
    name: str
    target: State


@dataclass(frozen=True, slots=True)
class Card:
    """An action in a few words. unit_name: "" at the page's own unit. due: "innen 1. mai 2026"."""

    id: str
    name: str
    href: str
    state: State
    state_word: str
    progress: int
    shows_progress: bool
    who: str
    due: str
    late: bool
    unit_name: str
    moves: tuple[MoveButton, ...]
    move_to: str


@dataclass(frozen=True, slots=True)
class StateColumn:
    """A column of the board."""

    state: State
    word: str
    cards: tuple[Card, ...]


def address(action: ActionNote) -> str:
    """The lasting address of an action."""
    return reverse("actions:action", args=[action.unit, action.id])


def card(
    action: ActionNote,
    today: date,
    language: str,
    *,
    may: bool = False,
    unit_name: str = "",
) -> Card:
    """One action. may: whether the reader may move it."""
    return Card(
        id=str(action.id),
        name=action.what,
        href=address(action),
        state=action.state,
        state_word=str(STATES[action.state]),
        progress=action.progress,
        shows_progress=shows_progress(action),
        who=action.responsible_name,
        due=when(action, language),
        late=action.is_late(today),
        unit_name=unit_name,
        moves=buttons(action.state) if may else (),
        move_to=reverse("actions:move", args=[action.unit, action.id]),
    )


def shows_progress(action: ActionNote) -> bool:
    """Whether how far it has come says anything: not before it is begun, not once it is stopped."""
    return action.state in BEGUN or action.state is State.DONE


def when(action: ActionNote, language: str) -> str:
    """Until when, or when it ended; "" where nobody said."""
    if action.ended_on is not None:
        day = numbers.day(action.ended_on, language)
        done = action.state is State.DONE
        return (_("done %(day)s") if done else _("stopped %(day)s")) % {"day": day}
    if action.due is None:
        return ""
    return _("by %(day)s") % {"day": numbers.day(action.due, language)}


def buttons(state: State) -> tuple[MoveButton, ...]:
    """What can be done with an action in this state, the usual one first."""
    return tuple(MoveButton(step.move, str(MOVES[step.move]), step.target) for step in moves(state))


def board(cards: Sequence[Card]) -> list[StateColumn]:
    """All states in their order, each with its cards."""
    return [
        StateColumn(state, str(STATES[state]), tuple(c for c in cards if c.state is state))
        for state in State
    ]


def by_state(cards: Iterable[Card]) -> list[StateColumn]:
    """The states that have any, what goes on first, then what is to come, then what is over."""
    order = (
        State.UNDER_WAY, State.PAUSED, State.AGREED, State.PROPOSED, State.DONE, State.STOPPED,
    )  # fmt: skip
    listed = list(cards)
    columns = {column.state: column for column in board(listed)}
    return [columns[state] for state in order if columns[state].cards]


def time_line(found: Sequence[ActionNote], today: date, language: str) -> Chart:
    """The actions on a line of months."""
    return action_line(
        [
            Span(
                name=each.what,
                state=str(STATES[each.state]),
                who=each.responsible_name,
                start=each.begins,
                end=each.ended_on or each.due,
                progress=each.progress,
                over=each.state not in OPEN,
                href=address(each),
            )
            for each in sorted(found, key=lambda each: (each.begins, each.what))
        ],
        today,
        language,
        _words(),
    )


def _words() -> Mapping[str, str]:
    return {
        "line.title": _("Actions over time"),
        "line.description": _("%(count)s actions, each from when to when and how far it has come.")
        % {"count": "{count}"},
        "line.today": _("today"),
        "line.action": _("Action"),
        "line.state": _("State"),
        "line.from": _("From"),
        "line.to": _("Until"),
        "line.progress": _("Progress"),
        "line.who": _("Who"),
        "line.open": _("not said"),
    }


def plain(pack: Pack, language: str, rubric: str, level: int | None) -> str:
    """A rubric that an action is about, with the level it aims at: "2.2 Vurdering ..., nivå 3"."""
    if rubric not in pack.rubrics:
        return ""
    name = f"{pack.rubrics[rubric].number} {pack.text(language, f'rubric.{rubric}.title')}"
    if level is None:
        return name
    return f"{name}, {pack.text(language, f'rubric_level.{level}.word')}"
