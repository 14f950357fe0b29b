"""Writing of units: whole trees from a country's data, and single schools and departments."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from puls import units
from puls.errors import NotNow, SetupError
from puls.web.packs import country_units, pack
from puls.web.tenants.access import Reach, as_reach, as_whole_tree
from puls.web.tenants.models import Partnership, Role, Tenant, Unit, UnitChange
from puls.web.tenants.permissions import Place, check, tier_below

LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "Æ": "ae", "Ø": "o", "Å": "a"})
"""Letters that would vanish from an address."""


def administration(unit_key: str, path: str) -> Reach:
    """The reach of an administration over all that is its own, for work on its behalf."""
    return Reach(
        tenant_key=unit_key,
        paths=(path,),
        depth=len(pack().country.tiers),
        role=Role.OWNER,
        unit=unit_key,
    )


def units_load(
    tree: units.UnitTree, tenants: Mapping[str, str] | None = None, using: str = "owner"
) -> int:
    """Writes a whole tree: new units, changed names and validity, changes, partners.

    tenants: whose own unit it is, by unit key; the tenants must exist (`tenant_add`).
    Returns the number of units that were not there before. Twice changes nothing, and a unit that
    is no longer in the tree stays. SetupError when one has moved: that would be another unit.
    """
    whose = tenants or {}
    with as_whole_tree(using):
        before = dict(Unit.objects.using(using).values_list("key", "path"))
        for key, path in before.items():
            if key in tree and tree.path(key) != path:
                raise SetupError(
                    f"The unit {key} lies at {path} in the database and at {tree.path(key)} in the "
                    "new tables. A unit never moves: give it a new code, and tie the two together "
                    "in changes.csv."
                )
        rows = [_row(unit, tree, whose.get(unit.key)) for unit in tree.units.values()]
        updated = ["name", "code", "valid_from", "valid_to"]
        if whose:
            updated.append("tenant")
        Unit.objects.using(using).bulk_create(
            sorted(rows, key=lambda row: row.depth),
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=updated,
            batch_size=1000,
        )
        UnitChange.objects.using(using).bulk_create(
            (UnitChange(on=c.on, old_id=c.old, new_id=c.new) for c in tree.changes),
            ignore_conflicts=True,
        )
        Partnership.objects.using(using).bulk_create(
            (
                Partnership(unit_id=unit.key, partner_id=partner, path=tree.path(unit.key))
                for unit in tree.units.values()
                for partner in unit.partners
            ),
            ignore_conflicts=True,
        )
    return len(tree.units.keys() - before.keys())


def _row(unit: units.Unit, tree: units.UnitTree, tenant: str | None) -> Unit:
    path = tree.path(unit.key)
    return Unit(
        key=unit.key,
        tier=unit.tier,
        name=unit.name,
        parent_id=unit.parent,
        path=path,
        depth=path.count("/"),
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
        code=unit.code,
        tenant_id=tenant,
    )


def unit_begin(
    by: Reach | None,
    parent: Unit,
    name: str,
    *,
    tier: str = "",
    partners: Sequence[str] = (),
    using: str = "default",
) -> Unit:
    """A new school or department, added by a member, or by the back office (`using` owner).

    by: the member's reach; None for the back office.
    tier: what the caller believes it to be, where that should be checked.
    partners: keys of the other municipalities that run the school; they get to read it.
    Raises NotAllowed, or NotNow with the reason why it cannot lie there.
    """
    # On one line: names stand in subjects of e-mails, which end where a line does.
    tenant_key, name = parent.tenant_id or parent.key, " ".join(name.split())
    if by is not None:
        check("unit_add", by, Place(tenant_key, parent.path))
    _check_fit(parent, tier, partners)
    with as_reach(administration(tenant_key, parent.path), using):
        if not Tenant.objects.using(using).filter(pk=tenant_key).exists():
            raise NotNow(_("%(name)s has no place in Puls yet. Add it first.") % {"name": parent})
        if not name or Unit.objects.using(using).filter(parent=parent, name=name).exists():
            raise NotNow(_("There is already a unit called “%(name)s” here.") % {"name": name})
        unit = unit_add(parent, name, tenant_key=tenant_key, using=using)
        Partnership.objects.using(using).bulk_create(
            Partnership(unit=unit, partner_id=partner, path=unit.path)
            for partner in dict.fromkeys(partners)
        )
    return unit


def _check_fit(parent: Unit, tier: str, partners: Sequence[str]) -> None:
    """NotNow when nothing, or nothing of this kind, may lie below the unit."""
    country = pack().country
    below = tier_below(parent.depth, country)
    if not below:
        raise NotNow(_("Nothing of one's own can be added below %(unit)s.") % {"unit": parent})
    if tier and tier != below:
        words = {"unit": parent, "below": below, "tier": tier}
        raise NotNow(_("Below %(unit)s lies a %(below)s, not a %(tier)s.") % words)
    if parent.valid_to is not None:
        raise NotNow(_("%(name)s no longer exists.") % {"name": parent})
    if partners and parent.tier != country.tenant_tier:
        raise NotNow(_("A part of %(unit)s has no partners of its own.") % {"unit": parent})
    known = {unit.key for unit in partners_for(parent.key)}
    for partner in partners:
        if partner not in known:
            raise NotNow(_("“%(key)s” cannot be a partner here.") % {"key": partner})


def partners_for(host: str) -> list[units.Unit]:
    """The units that may run a school together with this one: its likes of today."""
    tier = pack().country.tenant_tier
    found = country_units().units.values()
    return [each for each in found if each.tier == tier and not each.valid_to and each.key != host]


def unit_add(
    parent: Unit,
    name: str,
    *,
    tenant_key: str,
    key: str = "",
    valid_from: date | None = None,
    using: str = "default",
) -> Unit:
    """A new school or department of a tenant, one tier below its parent.

    Its key is made from its name: "karmoy-kulturskole", "karmoy-kulturskole.dans"; one that
    somebody else has gets the parent's code behind it. Needs the administration's reach.
    """
    tiers = pack().country.tier_keys
    depth = parent.depth + 1
    if depth >= len(tiers):
        raise NotNow(_("There is nothing below a %(tier)s.") % {"tier": tiers[-1]})
    for candidate in [key] if key else _keys(name, parent):
        try:
            with transaction.atomic(using=using):
                return Unit.objects.using(using).create(
                    key=candidate,
                    tier=tiers[depth],
                    name=name,
                    parent=parent,
                    path=f"{parent.path}/{candidate}",
                    depth=depth,
                    valid_from=valid_from,
                    tenant_id=tenant_key,
                )
        except IntegrityError:
            # Taken, perhaps by a unit that this reader may not see: only the database knows.
            continue
    raise NotNow(_("There is already a unit called “%(name)s” here.") % {"name": name})


def _keys(name: str, parent: Unit) -> Iterator[str]:
    slug = slugify(name.translate(LETTERS))[:50] or "unit"
    if parent.tenant_id is not None:
        yield f"{parent.key}.{slug}"
        return
    yield slug
    yield f"{slug}-{parent.code or parent.key}"
