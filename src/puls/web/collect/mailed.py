"""Who has got an e-mail of a round that nobody ever seals: forgotten some months after it ended."""

import shutil
from datetime import date, timedelta

from puls.web.collect.folders import Folders
from puls.web.collect.intake import INTAKE
from puls.web.collect.models import Mailed, Plan
from puls.web.tenants.access import as_whole_tree

KEPT_FOR = timedelta(days=183)
"""After a round's last day: sealing does it long before, where somebody seals."""


def forget(today: date, folders: Folders) -> int:
    """Delete what tells who was written to in rounds that ended so long ago. How many."""
    with as_whole_tree(INTAKE):
        over = Plan.objects.using(INTAKE).filter(
            closes_on__lt=today - KEPT_FOR, round__isnull=False
        )
        rounds = list(over.values_list("round_id", flat=True))
        gone, _ = Mailed.objects.using(INTAKE).filter(plan__round__in=rounds).delete()
    for each in rounds:
        if folders.mails(each).is_dir():
            shutil.rmtree(folders.mails(each))
    return gone
