"""What a phone shows: before a meeting its agenda, in it what is up, after it what was decided."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from puls.web.answering import page
from puls.web.meet import queries, wording
from puls.web.meet.entering import entrance_required
from puls.web.meet.models import Meeting
from puls.web.meet.pockets import Pocket
from puls.web.meet.views import sprite
from puls.web.packs import language_of, pack


@require_safe
@entrance_required
def phone(request: HttpRequest, meeting: Meeting, pocket: Pocket) -> HttpResponseBase:
    """The meeting as those in it see it on their phones."""
    content, language = pack(), language_of(pack())
    points = wording.points(queries.agenda(meeting), language, content)
    context = {
        "meeting": meeting,
        "when": wording.when(meeting, language),
        "points": points,
        "sprite": sprite(points),
    }
    return page(request, "meet/phone.html", context)
