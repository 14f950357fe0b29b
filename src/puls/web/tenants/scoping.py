"""Closed by default in code: without an active scope a query on these models is an error.

The database has the same rules again (`rowlevel`), for the query that goes round the manager.
"""

from typing import TYPE_CHECKING, TypeVar

from django.db import models
from django.db.models import Q
from django_scopes.manager import DisabledQuerySet as _Disabled
from django_scopes.state import get_scope

if TYPE_CHECKING:
    from puls.web.tenants.access import Reach

M = TypeVar("M", bound=models.Model)


def closed(manager: models.Manager[M], dimension: str) -> models.QuerySet[M]:
    """A query set that raises ScopeError on whatever one asks of it."""
    refused: models.QuerySet[M] = _Disabled(
        manager.model, using=manager._db, missing_scopes={dimension}
    )
    return refused


class TenantManager(models.Manager[M]):
    """Rows of the tenant that the scope names."""

    def get_queryset(self) -> models.QuerySet[M]:
        scope = get_scope()
        if not scope.get("_enabled", True):
            return super().get_queryset()
        if "tenant" not in scope:
            return closed(self, "tenant")
        return super().get_queryset().filter(tenant=scope["tenant"])


class ReachManager(models.Manager[M]):
    """Rows with `path` and `depth` that lie within the scope's reach, or above it."""

    def get_queryset(self) -> models.QuerySet[M]:
        scope = get_scope()
        if not scope.get("_enabled", True):
            return super().get_queryset()
        if "reach" not in scope:
            return closed(self, "reach")
        return super().get_queryset().filter(within(scope["reach"]))


class OpenManager(models.Manager[M]):
    """Rows whose rule stands in the database alone; still an error outside every scope."""

    def get_queryset(self) -> models.QuerySet[M]:
        scope = get_scope()
        if scope.get("_enabled", True) and "reach" not in scope:
            return closed(self, "reach")
        return super().get_queryset()


def within(reach: "Reach") -> Q:
    """The rule of who sees, as a condition on `path` and `depth`."""
    if reach.is_whole:
        return Q()
    below = Q()
    for path in reach.paths:
        below |= Q(path=path) | Q(path__startswith=f"{path}/")
    parts = [path.split("/") for path in reach.paths]
    up_to = {"/".join(keys[:n]) for keys in parts for n in range(1, len(keys) + 1)}
    return (below & Q(depth__lte=reach.depth)) | Q(path__in=up_to)
