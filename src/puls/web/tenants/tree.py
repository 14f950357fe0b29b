"""Writing of units: whole trees from a country's data, and single schools and departments."""

from collections.abc import Iterator, Mapping
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from puls import units
from puls.errors import NotNow
from puls.web.packs import pack
from puls.web.tenants.access import Reach, as_whole_tree
from puls.web.tenants.models import Partnership, Role, Unit, UnitChange

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
    Returns the number of units that were not there before. Twice changes nothing.
    """
    whose = tenants or {}
    with as_whole_tree(using):
        before = dict(Unit.objects.using(using).values_list("key", "path"))
        for key, path in before.items():
            assert key not in tree or tree.path(key) == path, f"{key} cannot move from {path}"
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
