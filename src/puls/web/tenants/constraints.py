"""Promises of the database that tables of several rooms make."""

from django.db.models import CheckConstraint, F, Q, Value
from django.db.models.functions import Length, Replace
from django.db.models.lookups import Exact


def depth_is_of_path(name: str) -> CheckConstraint:
    """`depth` counts the slashes of `path`."""
    slashes = Length("path") - Length(Replace("path", Value("/"), Value("")))
    return CheckConstraint(name=name, condition=Exact(F("depth"), slashes))


def by_somebody(name: str, at: str, by: str) -> CheckConstraint:
    """Who and when are known together, or neither. at, by: the fields; by is "" for nobody."""
    return CheckConstraint(
        name=name,
        condition=Q(**{f"{at}__isnull": True, by: ""})
        | Q(**{f"{at}__isnull": False}) & ~Q(**{by: ""}),
    )
