"""`puls unit add` and `puls unit list`."""

from argparse import Namespace

from puls.commands.opening import open_data
from puls.errors import PulsError

OWNER = "owner"


def add(given: Namespace) -> None:
    open_data(given)
    from puls.web.tenants.access import as_whole_tree
    from puls.web.tenants.models import Unit
    from puls.web.tenants.services import unit_begin

    with as_whole_tree(OWNER):
        parent = Unit.objects.using(OWNER).filter(pk=given.under).first()
    if parent is None:
        raise _unknown(given.under)
    partners = given.partner or ()
    unit = unit_begin(None, parent, given.name, tier=given.tier, partners=partners, using=OWNER)
    shared = f", run together with {', '.join(partners)}" if partners else ""
    print(f"{unit.name} is a {unit.tier} of {parent.name} now{shared}. Its key: {unit.key}")


def show(given: Namespace) -> None:
    open_data(given)
    from puls.web.tenants.access import as_whole_tree
    from puls.web.tenants.queries import unit_tree

    with as_whole_tree(OWNER):
        tree = unit_tree(OWNER)
    if given.unit and given.unit not in tree:
        raise _unknown(given.unit)
    now = [each for each in tree.units.values() if each.valid_to is None]
    found = [each for each in now if not given.unit or given.unit in tree.lineage(each.key)]
    width = max((len(each.key) for each in found), default=0)
    for each in found:
        shared = f"  with {', '.join(each.partners)}" if each.partners else ""
        print(f"{each.key:<{width}}  {each.tier:<12}  {each.name}{shared}")
    if not found:
        print(f"{given.unit} no longer exists.")


def _unknown(key: str) -> PulsError:
    return PulsError(f"There is no unit '{key}'. See the keys with: ./puls unit list")
