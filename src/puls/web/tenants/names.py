"""What pages call a unit."""

from django.utils.translation import gettext as _

from puls.content.definitions import Pack
from puls.web.tenants.models import Unit


def unit_name(unit: Unit, pack: Pack, language: str) -> str:
    """What a page calls a unit: municipalities and the like with their tier, as people do.

    "Karmøy municipality", "Rogaland county", but "Norway" and "Karmøy kulturskole".
    """
    tiers = pack.country.tier_keys
    depth = tiers.index(unit.tier)
    if depth == 0:
        return pack.text(language, "country.name")
    if depth <= tiers.index(pack.country.tenant_tier):
        tier = pack.text(language, f"tier.{unit.tier}.name")
        return _("%(name)s %(tier)s") % {"name": unit.name, "tier": tier}
    return unit.name


def short_name(unit: Unit, pack: Pack, language: str) -> str:
    """The name alone, for a path of names."""
    return unit_name(unit, pack, language) if unit.depth == 0 else unit.name
