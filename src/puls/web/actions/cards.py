"""Actions as cards for one reader: with the moves that this reader may make."""

from django.utils import timezone

from puls.content.definitions import Pack
from puls.web.actions import telling
from puls.web.actions.notes import ActionNote
from puls.web.tenants.access import ReachRequest
from puls.web.tenants.models import Unit
from puls.web.tenants.names import unit_name
from puls.web.tenants.permissions import Place, can


def cards_of(
    request: ReachRequest, found: list[ActionNote], place: Unit, content: Pack, language: str
) -> list[telling.Card]:
    """Actions as cards for this reader; those of other units carry their name."""
    today = timezone.localdate()
    names = {
        each.key: unit_name(each, content, language)
        for each in Unit.objects.filter(key__in={each.unit for each in found})
    }
    return [
        telling.card(
            each,
            today,
            language,
            may=can("action_write", request.reach, Place(each.tenant, each.path)),
            unit_name="" if each.unit == place.key else names.get(each.unit, ""),
        )
        for each in found
    ]
