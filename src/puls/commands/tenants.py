"""`puls tenant add` and `puls tenant list`."""

from argparse import Namespace

from puls.commands.opening import open_data

OWNER = "owner"


def add(given: Namespace) -> None:
    open_data(given)
    from django.conf import settings

    from puls.web.packs import pack
    from puls.web.tenants.access import as_whole_tree
    from puls.web.tenants.models import Unit
    from puls.web.tenants.permissions import roles_at
    from puls.web.tenants.services import membership_invite, tenant_add

    tenant = tenant_add(given.unit, name=given.name or "", using=OWNER)
    print(f"{tenant.name} has its place in Puls.")
    if not given.email:
        print("Nobody can log in there yet: add --email to invite somebody.")
        return
    with as_whole_tree(OWNER):
        unit = Unit.objects.using(OWNER).get(pk=given.unit)
    role = roles_at(unit.tier, pack().country)[0]
    membership_invite(None, unit, role, given.email, using=OWNER)
    print(f"{given.email} is invited as {role.label}.")
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    if folder:
        print(f"Without EMAIL_URL e-mails are files: find it in {folder}")


def show(given: Namespace) -> None:
    open_data(given)
    from puls.web.tenants.access import as_whole_tree
    from puls.web.tenants.models import Tenant

    with as_whole_tree(OWNER):
        found = list(Tenant.objects.using(OWNER).order_by("unit__path").select_related("unit"))
    for tenant in found:
        made_up = "  synthetic" if tenant.is_synthetic else ""
        print(f"{tenant.unit_id:<10} {tenant.unit.tier:<14} {tenant.name}{made_up}")
    if not found:
        print("There are none yet. Add one with: ./puls tenant add UNIT")
