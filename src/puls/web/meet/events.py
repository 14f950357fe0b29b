"""What happens in a room, told to every screen that shows it.

An event gets its number while its meeting is held for one writer alone, until the transaction is
over. So numbers become visible in their order, and who knows the last one misses none.
"""

import json
from typing import Any

from django.db import connections

from puls.web.meet.models import Event, Meeting

CHANNEL = "puls_meet"
STAGE, VOTES, NOTE, JOINED = "stage", "votes", "note", "joined"
"""What is up has changed; how many have voted; a note or a line of the minutes; how many are in."""


def tell(held: Meeting, kind: str, **data: Any) -> int:
    """Keep an event of a meeting that is held (`select_for_update`), and tell it once it is safe.

    data: numbers and nothing of anybody: it goes to every phone.
    """
    held.last_event += 1
    held.save(update_fields=["last_event"])
    Event.objects.create(
        tenant_id=held.tenant_id,
        path=held.path,
        meeting=held,
        number=held.last_event,
        kind=kind,
        data=data,
    )
    told = {"m": held.pk.hex, "n": held.last_event, "k": kind, "d": data}
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(told)])
    return held.last_event
