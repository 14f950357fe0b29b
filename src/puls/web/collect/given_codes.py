"""Codes that are given out for an open round, and how many were used.

They are the back office's: stored as digests, by `puls_intake`, after the check.
"""

import secrets

from django.db import connections
from django.utils.translation import gettext as _

from puls.errors import NotNow
from puls.web.assess.bulk import add_rows
from puls.web.collect import codes, vault
from puls.web.collect.folders import Folders
from puls.web.collect.intake import INTAKE, working
from puls.web.collect.models import Code, Group, Plan, Round
from puls.web.collect.running import check_runs, open_round_of
from puls.web.tenants.access import Reach, as_whole_tree

ASSESS = "assess"


def codes_make(by: Reach, plan: Plan, group: Group, count: int, folders: Folders) -> list[str]:
    """So many new codes for a group. They are known to the caller alone: only digests are kept."""
    check_runs(by, plan)
    return codes_store(open_round_of(plan), group.pk, count, folders)


def codes_store(round_: Round, group: object, count: int, folders: Folders) -> list[str]:
    """New codes of an open round, their digests committed before anybody gets one."""
    key = vault.read_key(folders.keys, round_.key)
    made = [codes.draw() for _ in range(count)]
    with working():
        there = Code.objects.using(INTAKE).filter(used=False).count()
        if there + count > codes.MOST_OPEN:
            raise NotNow(_("There are too many open codes. Close rounds that are over first."))
        # By digest: the order in which they lie in the database is not that of the slips.
        rows = sorted((codes.digest(key, code), round_.key, group, False) for code in made)
        add_rows(INTAKE, "collect_code", ("digest", "round_id", "group_id", "used"), rows)
    return made


def codes_forget(by: Reach, plan: Plan, group: Group) -> None:
    """The unused codes of a group no longer lead anywhere.

    As many digests of no code take their place: how many were given out is told, and without them
    it would be how many have answered.
    """
    check_runs(by, plan)
    with as_whole_tree(ASSESS):
        gone, _each = Code.objects.using(ASSESS).filter(group=group, used=False).delete()
        of_none = (secrets.token_bytes(codes.DIGEST_BYTES) for _ in range(gone))
        with working():
            rows = ((digest, plan.round_id, group.pk, False) for digest in of_none)
            add_rows(INTAKE, "collect_code", ("digest", "round_id", "group_id", "used"), rows)


def counts(plan: Plan) -> dict[object, tuple[int, int]]:
    """By group, how many codes there are and how many were used. Never to be shown as it is:
    `views.response` says what may be."""
    with as_whole_tree(INTAKE), connections[INTAKE].cursor() as cursor:
        cursor.execute(
            "SELECT group_id, count(*), count(*) FILTER (WHERE used) FROM collect_code"
            " WHERE round_id = %s GROUP BY group_id",
            [plan.round_id],
        )
        return {group: (made, used) for group, made, used in cursor.fetchall()}
