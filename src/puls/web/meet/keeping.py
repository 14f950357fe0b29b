"""A revealed vote on a rubric, kept beside the descriptions of the school's quality.

There it stands among the spreads of its years, as long as the rule of spreads lets it be told.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from puls import periods
from puls.web.meet import voting
from puls.web.meet.models import Item, Kind, Meeting
from puls.web.packs import pack
from puls.web.quality.services import spread_add
from puls.web.tenants.access import Reach
from puls.web.tenants.permissions import Place, can

LEVELS = ("1", "2", "3", "4")


def vote_keep(by: Reach, meeting: Meeting, item: Item) -> str:
    """Offer what came of a vote to be kept. Says in a sentence what came of that, "" for nothing.

    Nothing: it is no vote on a rubric, it may not be seen, or this leader keeps no spreads. A vote
    that was told not to be anonymous stays in its meeting.
    """
    counts = voting.result(item)
    if item.kind != Kind.RUBRIC or counts is None or item.named:
        return ""
    if not can("placing_run", by, Place(meeting.tenant_id, meeting.path)):
        return ""
    starts = timezone.localtime(meeting.starts).date()
    period = periods.of(starts, pack().country.school_year_starts)
    if spread_add(by, meeting.unit, period, item.rubric, [counts[n] for n in LEVELS], item.pk):
        return _("The result is kept with the rubric, under the school’s quality.")
    return _(
        "The result stays in this meeting alone: kept with the rubric it could tell what single"
        " persons answered."
    )
