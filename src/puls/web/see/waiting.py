"""What waits for the reader in rooms that lie above this one, for the front page.

A room tells its own: it puts a function here when it is set up (`apps.ready`), and pages stay free
of what lies above them.
"""

from collections.abc import Callable, Iterator

from puls.web.answering import Link
from puls.web.tenants.access import Reach

Waits = Callable[[Reach], Link | None]
ROOMS: list[Waits] = []


def waiting(by: Reach) -> Iterator[Link]:
    """A sentence and where to go, of each room where something waits."""
    for room in ROOMS:
        link = room(by)
        if link is not None:
            yield link
