"""The OpenAPI 3.1 document of the read API, made from the table of endpoints."""

from typing import Any

from django.utils.translation import gettext as _

from puls.cells import Against, Mark, Status
from puls.web.data.endpoints import ENDPOINTS, PAGING, PROBLEMS, Endpoint, Parameter
from puls.web.packs import pack

TEXT, WHOLE, NUMBER, TRUTH = ({"type": kind} for kind in ("string", "integer", "number", "boolean"))
MAYBE_TEXT = {"type": ["string", "null"]}
MAYBE_NUMBER = {"type": ["number", "null"]}
MAYBE_WHOLE = {"type": ["integer", "null"]}
OBJECT = {"type": "object"}
DAY = {"type": ["string", "null"], "format": "date"}

SCHEMAS: dict[str, dict[str, Any]] = {
    "Unit": {
        "unit": TEXT, "name": TEXT, "tier": TEXT, "parent": MAYBE_TEXT, "code": TEXT,
        "valid_from": DAY, "valid_to": DAY,
    },
    "Indicator": {
        "indicator": TEXT, "version": WHOLE, "name": TEXT, "about": TEXT, "area": TEXT,
        "role": TEXT, "source": TEXT, "measured_in": TEXT, "decimals": WHOLE,
        "criteria": {"type": ["object", "null"]},
    },
    "Period": {"period": TEXT, "starts": WHOLE},
    "Release": {
        "release": WHOLE, "made_at": {"type": "string", "format": "date-time"}, "period": TEXT,
        "unit": TEXT, "smallest_group": WHOLE, "pack_version": TEXT,
        "units_of": {"type": "string", "format": "date"}, "synthetic": TRUTH,
        "sources": {"type": "array", "items": OBJECT},
    },
    "Cell": {
        "unit": TEXT, "indicator": TEXT, "indicator_version": WHOLE, "period": TEXT, "part": TEXT,
        "years": WHOLE, "status": {"enum": [each.value for each in Status]}, "note": TEXT,
        "correction": WHOLE, "public": TRUTH,
    },
    "Mark": {
        "unit": TEXT, "indicator": TEXT, "period": TEXT,
        "against": {"enum": [each.value for each in Against]}, "since": MAYBE_TEXT,
        "expected": NUMBER, "estimate": NUMBER, "low": NUMBER, "high": NUMBER,
        "mark": {"enum": [each.value for each in Mark]},
    },
    "Findings": {
        "associations": {"type": "array", "items": OBJECT}, "fits": OBJECT, "reliability": OBJECT,
    },
}  # fmt: skip
"""What entries always have, by name."""
ONLY_SHOWN: dict[str, dict[str, Any]] = {
    "value": NUMBER, "n": MAYBE_WHOLE, "low": MAYBE_NUMBER, "high": MAYBE_NUMBER,
    "level_low": MAYBE_WHOLE, "level_high": MAYBE_WHOLE, "level": MAYBE_WHOLE,
    "judged_by": TEXT, "provisional": TRUTH, "of_unit": TEXT,
}  # fmt: skip
"""What a cell has besides when its status is "shown", and never otherwise."""


def openapi(address: str) -> dict[str, Any]:
    """The document. address: of the installation, ending in "/"."""
    content = pack()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("Puls: read API"),
            "version": "1",
            "description": _(
                "Released figures within the reach of a key. What a release does not show has a "
                "status and no numbers. Figures are for talking about, not for ranking."
            ),
        },
        "servers": [{"url": f"{address}api/v1"}],
        "security": [{"key": []}],
        "paths": {f"/{each.path}": {"get": _operation(each)} for each in ENDPOINTS},
        "components": {
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": _("A key that you make on the page of your keys."),
                }
            },
            "schemas": {**_schemas(), "Problem": _problem()},
            "responses": {name: _response(about) for _status, name, about in PROBLEMS},
        },
        "x-pack": f"{content.key} {content.version}",
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    of_query = (*endpoint.parameters, *(PAGING if endpoint.paged else ()))
    return {
        "operationId": endpoint.name,
        "summary": str(endpoint.about),
        "parameters": [_parameter(each) for each in (*endpoint.in_path, *of_query)],
        "responses": {
            "200": {
                "description": _("What was asked for."),
                "headers": {"ETag": {"schema": TEXT, "description": _("changes with the answer")}},
                "content": {"application/json": {"schema": _whole(endpoint)}},
            },
            "304": {"description": _("Nothing has changed since the ETag that was sent.")},
            **{
                str(status): {"$ref": f"#/components/responses/{name}"}
                for status, name, _about in PROBLEMS
            },
        },
    }


def _whole(endpoint: Endpoint) -> dict[str, Any]:
    entry = {"$ref": f"#/components/schemas/{endpoint.gives}"}
    told: dict[str, Any] = {"release": MAYBE_WHOLE}
    if endpoint.paged:
        told |= {"total": WHOLE, "next": MAYBE_TEXT, "data": {"type": "array", "items": entry}}
    else:
        told["data"] = entry
    return {"type": "object", "required": list(told), "properties": told}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": parameter.kind}
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    made = {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.place == "path",
        "description": str(parameter.about),
        "schema": schema,
    }
    return {**made, "example": parameter.example} if parameter.example else made


def _schemas() -> dict[str, Any]:
    made = {
        name: {"type": "object", "required": list(told), "properties": told}
        for name, told in SCHEMAS.items()
    }
    shown = {"required": ["status"], "properties": {"status": {"const": Status.SHOWN.value}}}
    made["Cell"] |= {
        "if": shown,
        "then": {"required": list(ONLY_SHOWN), "properties": ONLY_SHOWN},
        "else": {"properties": dict.fromkeys(ONLY_SHOWN, False)},
    }
    return made


def _problem() -> dict[str, Any]:
    told = {
        "type": TEXT, "title": TEXT, "status": WHOLE, "instance": TEXT, "where": TEXT,
        "what_to_do": TEXT,
    }  # fmt: skip
    return {"type": "object", "required": list(told), "properties": told}


def _response(about: object) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": str(about),
        "content": {"application/problem+json": {"schema": schema}},
    }
