"""Meetings: the invitation, what happens in the room, and what was decided."""
