"""What lies beside the pack for a reader: the published versions of an administration."""

import logging
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from uuid import UUID

from puls.content.definitions import Pack
from puls.content.own import OwnDefinition, with_own
from puls.errors import ContentError
from puls.web.own.models import Definition, Kind
from puls.web.own.states import IN_FORCE, State
from puls.web.packs import built_in, reading
from puls.web.tenants.access import as_whole_tree

MOST_KEPT = 200
"""Packs with own definitions in memory; those not asked for longest go first."""

log = logging.getLogger(__name__)
Marks = tuple[tuple[UUID, str], ...]
_kept: OrderedDict[tuple[str, str, Marks], Pack] = OrderedDict()
_lock = Lock()


def with_own_of(pack: Pack, tenant: str | None, using: str) -> Pack:
    """The pack with an administration's own; None for the administration: all that can be seen.

    What is published never changes, so ids and states say all: one small query, and what was
    put together for them before.
    """
    rows = Definition.objects.using(using).filter(published_at__isnull=False)
    if tenant is not None:
        rows = rows.filter(tenant=tenant)
    marks: Marks = tuple(rows.order_by("key").values_list("id", "state"))
    if not marks:
        return pack
    at = (pack.key, pack.version, marks)
    with _lock:
        found = _kept.get(at)
        if found is not None:
            _kept.move_to_end(at)
            return found
    made = without_what_does_not_fit(pack, [definition(row) for row in rows.order_by("key")])
    with _lock:
        _kept[at] = made
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return made


def definition(row: Definition) -> OwnDefinition:
    is_survey = row.kind == Kind.SURVEY
    return OwnDefinition(row.key, row.body, row.words, State(row.state) in IN_FORCE, is_survey)


@contextmanager
def all_of_the_installation() -> Iterator[None]:
    """Inside, `pack()` has what every administration has published: for work on all answers."""
    with as_whole_tree("owner"):
        found = with_own_of(built_in(), None, "owner")
    with reading(found):
        yield


def without_what_does_not_fit(pack: Pack, own: Iterable[OwnDefinition]) -> Pack:
    """One that no longer fits, as the pack has lost its quality area, is left out and told of."""
    for each in own:
        try:
            pack = with_own(pack, [each])
        except ContentError as problem:
            log.warning("An own definition is left out: %s", problem)
    return pack
