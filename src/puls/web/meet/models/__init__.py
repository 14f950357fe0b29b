"""A meeting with its agenda, those who are invited, and what is written while it goes on."""

from puls.web.meet.models.meeting import Item, Kind, Meeting
from puls.web.meet.models.people import Entrance, Invitee, Letter, Post
from puls.web.meet.models.room import Ballot, Event, Line, LineKind, Note

__all__ = [
    "Ballot",
    "Entrance",
    "Event",
    "Invitee",
    "Item",
    "Kind",
    "Letter",
    "Line",
    "LineKind",
    "Meeting",
    "Note",
    "Post",
]
