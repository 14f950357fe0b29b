"""All reading of units, tenants and memberships."""

from datetime import date

from django.conf import settings
from django.db.models import Q
from django.http import Http404
from django.utils.translation import get_language

from puls import units
from puls.views.names import sort_key
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Partnership, Unit, UnitChange


def unit_tree(using: str = "default") -> units.UnitTree:
    """The tree as the reader sees it: the own subtree and its ancestors.

    The back office gets all of it inside `as_whole_tree`.
    """
    partners: dict[str, list[str]] = {}
    for unit, partner in Partnership.objects.using(using).values_list("unit_id", "partner_id"):
        partners.setdefault(unit, []).append(partner)
    rows = Unit.objects.using(using).order_by("path")
    found = {row.key: plain(row, tuple(sorted(partners.get(row.key, ())))) for row in rows}
    changes = (
        UnitChange.objects.using(using).filter(old__in=found, new__in=found).order_by("on", "id")
    )
    return units.UnitTree(
        found.values(), [units.Change(row.on, row.old_id, row.new_id) for row in changes]
    )


def plain(row: Unit, partners: tuple[str, ...] = ()) -> units.Unit:
    """A row as the library's own object."""
    return units.Unit(
        key=row.key,
        tier=row.tier,
        name=row.name,
        parent=row.parent_id,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        code=row.code,
        partners=partners,
    )


def unit_or_404(reach: Reach, key: str) -> Unit:
    """A unit within reach. Any other is not found, exactly as one that does not exist."""
    try:
        unit = Unit.objects.get(key=key)
    except Unit.DoesNotExist:
        raise Http404 from None
    if not reach.sees(unit.path):
        raise Http404
    return unit


def children(reach: Reach, unit: Unit, day: date) -> list[Unit]:
    """The units right below that exist on the day and that the reader sees, by name."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    ended = Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    found = [row for row in Unit.objects.filter(begun & ended, parent=unit) if reach.sees(row.path)]
    language = get_language() or settings.LANGUAGE_CODE
    return sorted(found, key=lambda row: sort_key(row.name, language))


def ancestors(unit: Unit) -> list[Unit]:
    """The units above, from the country down."""
    above = unit.path.split("/")[:-1]
    return list(Unit.objects.filter(key__in=above).order_by("depth"))
