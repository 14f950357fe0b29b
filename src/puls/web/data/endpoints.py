"""The endpoints of the read API, as one table: addresses, the OpenAPI document and the page rest
on it, and so does the test that tries every endpoint with every role."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LIMIT, MOST_LIMIT = 200, 2000
"""How many entries an answer has, unless asked for otherwise."""


@dataclass(frozen=True)
class Parameter:
    """One thing that may be asked. place: "path" or "query". kind: of OpenAPI's types."""

    name: str
    about: str | Promise
    place: str = "query"
    kind: str = "string"
    example: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Endpoint:
    """name: of the function in `answers`. gives: the schema of an entry, or of the answer itself.

    paged: the answer is a list in parts. parameters: those of the query.
    """

    name: str
    path: str
    about: str | Promise
    gives: str
    paged: bool = True
    parameters: tuple[Parameter, ...] = ()

    @property
    def in_path(self) -> tuple[Parameter, ...]:
        return tuple(PLACES[name] for name in PLACES if f"{{{name}}}" in self.path)


PLACES = {
    "unit": Parameter("unit", _("key of a unit"), "path", example="no-1149"),
    "indicator": Parameter(
        "indicator", _("key of an indicator"), "path", example="student_wellbeing"
    ),
    "period": Parameter("period", _("school year"), "path", example="2025-26"),
}
LANGUAGE = Parameter("language", _("language of names; the first of the pack without it"))
RELEASE = Parameter(
    "release",
    _("number of a release: the answer as it was when that one was the newest"),
    kind="integer",
)
INDICATOR = Parameter("indicator", _("only this indicator"), example="student_wellbeing")
TIER = Parameter("tier", _("only units of this tier"), example="municipality")
PAGING = (
    Parameter("limit", _("entries in an answer, at most 2000; 200 without it"), kind="integer"),
    Parameter("offset", _("entries to leave out from the start"), kind="integer"),
)
ENDPOINTS = (
    Endpoint(
        "units",
        "units",
        _("Units that the key reads, from the country down."),
        "Unit",
        parameters=(TIER, Parameter("below", _("only units below this one"), example="no-11")),
    ),
    Endpoint("unit", "units/{unit}", _("One unit."), "Unit", paged=False),
    Endpoint(
        "indicators",
        "indicators",
        _("What the figures are: definitions of indicators, with criteria."),
        "Indicator",
        parameters=(LANGUAGE,),
    ),
    Endpoint(
        "indicator",
        "indicators/{indicator}",
        _("One indicator."),
        "Indicator",
        paged=False,
        parameters=(LANGUAGE,),
    ),
    Endpoint("periods", "periods", _("School years that anything was released for."), "Period"),
    Endpoint(
        "releases",
        "periods/{period}/releases",
        _("The releases of a school year, the newest first, with sources and licences."),
        "Release",
    ),
    Endpoint(
        "cells",
        "units/{unit}/periods/{period}/cells",
        _(
            "Figures of a unit in a school year. A figure that is not shown has a status and no "
            "numbers."
        ),
        "Cell",
        parameters=(
            Parameter(
                "kind",
                _(
                    "year: everybody in the year (without it); pooled: several years together; "
                    "part: groups of those who answered, of one indicator"
                ),
                choices=("year", "pooled", "part"),
            ),
            Parameter("rows", _("also the units of this tier below"), example="school"),
            INDICATOR,
            RELEASE,
        ),
    ),
    Endpoint(
        "marks",
        "units/{unit}/periods/{period}/marks",
        _("Changes, and results given the prerequisites, of a unit in a school year."),
        "Mark",
        parameters=(INDICATOR, RELEASE),
    ),
    Endpoint(
        "findings",
        "periods/{period}/findings",
        _("What goes together in the whole country, and how far scores can be trusted."),
        "Findings",
        paged=False,
        parameters=(RELEASE,),
    ),
)
PROBLEMS: tuple[tuple[int, str, str | Promise], ...] = (
    (400, "bad-request", _("A parameter is unknown, or its value is not one that it takes.")),
    (401, "no-key", _("The key is missing, unknown, expired or revoked, or its role has ended.")),
    (404, "not-found", _("There is no such thing, or it is out of the key's reach.")),
    (405, "read-only", _("The API only reads: use GET.")),
    (429, "too-many", _("Too many requests: wait as long as Retry-After says.")),
)
"""Status, name and meaning of every problem."""
