"""States and moves in the reader's words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from puls.web.actions.states import Move, State

STATES: dict[State, Promise] = {
    State.PROPOSED: _("proposed"),
    State.AGREED: _("agreed on"),
    State.UNDER_WAY: _("under way"),
    State.PAUSED: _("paused"),
    State.DONE: pgettext_lazy("an action", "done"),
    State.STOPPED: _("stopped"),
}
MOVES: dict[Move, Promise] = {
    Move.AGREE: _("Agree on it"),
    Move.RECONSIDER: _("Propose it anew"),
    Move.BEGIN: pgettext_lazy("an action", "Begin"),
    Move.PAUSE: _("Pause"),
    Move.RESUME: _("Go on"),
    Move.FINISH: _("It is done"),
    Move.STOP: _("Stop"),
    Move.TAKE_UP: _("Take it up again"),
}
