"""Who is reading: the reach that every page and query works within.

A reach is told to both guards at once: to the scope that the model managers ask, and to the
transaction that the database's row-level security asks. Both forget it at the end.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import update_wrapper
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.db import connections, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django_scopes import scope, scopes_disabled

from puls.web.accounts.models import User
from puls.web.packs import pack, reading_for, reading_for_everybody
from puls.web.tenants.models import Membership, Partnership, Role, Unit
from puls.web.tenants.rowlevel import SETTINGS

P = ParamSpec("P")
SESSION_KEY = "membership"
EVERYBODY_DEPTH = 99
"""Deeper than any unit: what everybody may see, the database decides alone."""


@dataclass(frozen=True)
class Reach:
    """How far a member sees.

    tenant_key: whose rows are the member's own, for example "no-1149".
    paths: the subtrees it reads; the first is the member's own unit, others are schools that
        the unit runs together with their host.
    depth: how many units deep below the country, 0 being the country itself.
    role, unit: what the member is, and where.
    """

    tenant_key: str
    paths: tuple[str, ...]
    depth: int
    role: str
    unit: str

    @property
    def is_whole(self) -> bool:
        """Whether this is the back office's work on the whole tree, never a reader."""
        return self.paths == ("*",)

    def sees(self, path: str) -> bool:
        """The rule of who sees, for one path."""
        below = any(path == mine or path.startswith(f"{mine}/") for mine in self.paths)
        above = any(mine == path or mine.startswith(f"{path}/") for mine in self.paths)
        return self.is_whole or (below and path.count("/") <= self.depth) or above


WHOLE_TREE = Reach(tenant_key="", paths=("*",), depth=99, role="", unit="")


class ReachRequest(HttpRequest):
    """A request of a member: what `reach_required` adds."""

    user: User
    reach: Reach
    membership: Membership
    may_switch: bool
    """Whether the person has other memberships to change to."""


@contextmanager
def as_reach(reach: Reach, using: str = "default") -> Iterator[None]:
    """Everything inside sees what this reach sees, in one transaction of this connection."""
    paths = "*" if reach.is_whole else ",".join(f"{path}/" for path in reach.paths)
    told = {"tenant": reach.tenant_key, "reach": paths, "depth": str(reach.depth)}
    with (
        transaction.atomic(using=using),
        _told(using, told),
        scope(tenant=reach.tenant_key, reach=reach),
        # Who works on the whole tree for a moment goes on reading what the reader reads.
        nullcontext() if reach.is_whole else reading_for(reach.tenant_key, using),
    ):
        yield


@contextmanager
def as_whole_tree(using: str) -> Iterator[None]:
    """Work of the back office on all tenants' units: owner, intake or assess, never the web."""
    assert using != "default", "the web has no reach over the whole tree: use owner or assess"
    with as_reach(WHOLE_TREE, using), scopes_disabled():
        yield


@contextmanager
def as_person(user_id: UUID, using: str = "default") -> Iterator[None]:
    """Inside, a person's own memberships can be read, before any tenant is chosen."""
    with transaction.atomic(using=using), _told(using, {"user": str(user_id)}):
        yield


@contextmanager
def as_bearer(token_hash: str, using: str = "default") -> Iterator[None]:
    """Inside, the one invitation with this token can be read."""
    with transaction.atomic(using=using), _told(using, {"invitation": token_hash}):
        yield


@contextmanager
def as_token(token_hash: str, using: str = "default") -> Iterator[None]:
    """Inside, the one key to the read API with this hash can be read."""
    with transaction.atomic(using=using), _told(using, {"token": token_hash}):
        yield


@contextmanager
def as_entrance(token_hash: str, using: str = "default") -> Iterator[None]:
    """Inside, the one meeting that this token leads into can be read and taken part in."""
    with (
        transaction.atomic(using=using),
        _told(using, {"entrance": token_hash}),
        scopes_disabled(),
        reading_for(None, using),
    ):
        yield


def everybody() -> Reach:
    """A reach that leaves it to the database which rows there are, for use in `as_everybody`."""
    root = pack().country.root
    return Reach(tenant_key="", paths=(root,), depth=EVERYBODY_DEPTH, role="", unit=root)


@contextmanager
def as_everybody(using: str = "default") -> Iterator[None]:
    """Everything inside sees what everybody may, whoever reads: the database gives public rows.

    Nothing that was told about a reader before holds inside. In code the reach is wide open, so
    that queries made for members work here too; which rows there are, the database alone decides.
    """
    with (
        transaction.atomic(using=using),
        _told(using, {**dict.fromkeys(SETTINGS, ""), "public": "yes"}),
        scope(tenant="", reach=everybody()),
        reading_for_everybody(),
    ):
        yield


SETTING = "set_config(%s, %s, true)"
"""The third argument binds the value to the transaction: without it the next reader who is given
this connection would inherit it."""


@contextmanager
def _told(using: str, settings: dict[str, str]) -> Iterator[None]:
    """Settings of the transaction; put back on leaving, as a savepoint alone would keep them.

    After an error there is nothing to put back: the rollback does it.
    """
    names = [f"puls.{name}" for name in settings]
    # One question for both: a page asks this several times. What stood there is read first, as
    # the row must be there before anything is set from it.
    reads = ", ".join(["coalesce(current_setting(%s, true), '')"] * len(names))
    sets = ", ".join([SETTING] * len(names))
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"WITH before AS MATERIALIZED (SELECT ARRAY[{reads}] AS told)"
            f" SELECT before.told, {sets} FROM before",
            [
                *names,
                *(part for pair in zip(names, settings.values(), strict=True) for part in pair),
            ],
        )
        (before, *_set) = cursor.fetchone() or ((),)
    yield
    with connections[using].cursor() as cursor:
        _tell(cursor, dict(zip(names, before, strict=True)))


def _tell(cursor: object, settings: dict[str, str]) -> None:
    calls = ", ".join([SETTING] * len(settings))
    flat = [part for pair in settings.items() for part in pair]
    cursor.execute(f"SELECT {calls}", flat)  # type: ignore[attr-defined]


def reach_of(membership: Membership, using: str = "default") -> Reach:
    """The reach that a membership gives. Needs the membership's person told (`as_person`)."""
    tiers = pack().country.tier_keys
    own = Reach(
        tenant_key=membership.tenant_id,
        paths=(membership.path,),
        depth=tiers.index(pack().reach.lowest_tier[membership.role]),
        role=membership.role,
        unit=membership.unit_id,
    )
    if membership.role not in (Role.OWNER, Role.COUNTY, Role.NATIONAL):
        return own
    with as_reach(own, using):
        shared = Partnership.objects.using(using).filter(partner__path__startswith=own.paths[0])
        paths = shared.values_list("path", flat=True)
        # A unit's own path is always seen, so a school too deep for the role is no path at all.
        extra = tuple(
            path for path in sorted(paths) if path.count("/") <= own.depth and not own.sees(path)
        )
    return Reach(own.tenant_key, own.paths + extra, own.depth, own.role, own.unit)


def memberships_of(user: User) -> list[Membership]:
    """The person's active memberships, oldest first. Needs the person told (`as_person`)."""
    with scopes_disabled():
        found = Membership.objects.filter(user=user, active=True).select_related("tenant")
        return list(found.order_by("created", "id"))


def reach_required(
    view: Callable[Concatenate[ReachRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A view for members: sets request.reach and request.membership, and renders inside.

    A template response rendered after the transaction would find no rows, and so would a
    streaming one: the first is rendered here, the second is refused.
    """

    def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User):
            return redirect_to_login(request.get_full_path())
        with as_person(user.pk):
            memberships = memberships_of(user)
            chosen = _chosen(request, memberships)
            if chosen is None:
                return _no_membership(request)
            reach = reach_of(chosen)
            with as_reach(reach):
                member: ReachRequest = request  # type: ignore[assignment]
                member.reach, member.membership = reach, chosen
                member.may_switch = len(memberships) > 1
                # Every page names the unit, also the one that says what went wrong, outside.
                chosen.unit = Unit.objects.get(pk=chosen.unit_id)
                response = view(member, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse):
                    response.render()
                assert not response.streaming, "a streaming answer would be read after its reach"
                return response

    update_wrapper(inner, view)
    return inner


def _chosen(request: HttpRequest, memberships: list[Membership]) -> Membership | None:
    """The membership picked on the page for it, else the oldest."""
    picked = request.session.get(SESSION_KEY)
    for membership in memberships:
        if str(membership.pk) == picked:
            return membership
    return memberships[0] if memberships else None


def _no_membership(request: HttpRequest) -> HttpResponseBase:
    from django.shortcuts import render

    return render(request, "tenants/no_membership.html", status=403)
