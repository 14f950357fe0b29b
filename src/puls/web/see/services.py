"""Writing of saved selections: kept under a name, renamed, replaced, deleted.

They are shared within the administration: a team talks about one picture, and a new leader finds
what the one before looked at. Which numbers each person then sees is still a question of reach.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from puls.errors import NotAllowed, NotNow
from puls.web.accounts.models import User
from puls.web.see.models import LONGEST_QUERY, Selection
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Unit
from puls.web.tenants.permissions import can


def selection_keep(by: Reach, user: User, unit: Unit, name: str, query: str) -> Selection:
    """Keep a view under a name. NotNow where the name is taken, or the view too long to keep.

    query: as `choices.Choice.query` gives it, without the first "?".
    """
    if len(query) > LONGEST_QUERY:
        raise NotNow(_("This is more than can be kept under a name. Choose fewer columns."))
    try:
        with transaction.atomic():
            return Selection.objects.create(
                tenant_id=by.tenant_key,
                unit=unit,
                name=name,
                query=query,
                made_by=user,
                made_on=timezone.localdate(),
            )
    except IntegrityError:
        raise NotNow(_taken()) from None


def selection_rename(by: Reach, user: User, selection: Selection, name: str) -> None:
    """Another name; the address stays. NotAllowed, or NotNow where the name is taken."""
    check_change(by, user, selection)
    selection.name = name
    try:
        with transaction.atomic():
            selection.save(update_fields=["name"])
    except IntegrityError:
        raise NotNow(_taken()) from None


def selection_delete(by: Reach, user: User, selection: Selection) -> None:
    """Gone for everybody in the administration. NotAllowed."""
    check_change(by, user, selection)
    selection.delete()


def may_change(by: Reach, user: User, selection: Selection) -> bool:
    """Whoever kept it, and those who manage people: a name must not outlive its maker."""
    return selection.made_by_id == user.pk or can("people_see", by)


def check_change(by: Reach, user: User, selection: Selection) -> None:
    if not may_change(by, user, selection):
        raise NotAllowed(_("Only the one who kept this selection, or a leader, can change it."))


def _taken() -> str:
    return _("There is a selection with this name here already. Choose another name.")
