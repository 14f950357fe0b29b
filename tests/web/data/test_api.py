"""The read API: every endpoint, by every role and key, and what is wrong with a request."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from puls.web.assess import gates
from puls.web.assess.models import Gate, Release
from puls.web.data import answers, api, services
from puls.web.data.endpoints import ENDPOINTS
from puls.web.data.limits import Limits
from puls.web.data.models import Scope, Token
from puls.web.tenants.access import as_person, as_reach, as_whole_tree
from puls.web.tenants.models import Membership
from puls.web.tenants.services import membership_deactivate
from tests.database import superuser
from tests.web.cast import CAST, Cast, reach_for
from tests.web.data.open_world import FEEDBACK, OTHER, PERIOD, SCHOOL, SLUG, release
from tests.web.gated import announce

TODAY = date(2026, 11, 24)
BASE = "/api/v1/"


def key_of(
    member: Membership, scope: Scope = Scope.TENANT, days: int = 90, made_on: date | None = None
) -> str:
    """A new key by which this member's program reads."""
    with as_person(member.user_id), as_reach(reach_for(member)):
        made = services.token_make(
            member.user, member, "a test", scope, days, made_on or timezone.localdate()
        )
    return made.secret


def ask(secret: str, path: str, **headers: str) -> Any:
    sent = {"Authorization": f"Bearer {secret}", **headers} if secret else headers
    return Client().get(BASE + path, headers=sent)


def at(path: str, unit: str = SCHOOL) -> str:
    """An endpoint's address about a unit."""
    return path.format(unit=unit, period=SLUG, indicator=FEEDBACK)


PATHS = [at(endpoint.path) for endpoint in ENDPOINTS]
ABOUT_UNIT = [endpoint.path for endpoint in ENDPOINTS if "{unit}" in endpoint.path]


# Who: every endpoint by every role, without a key, and with one that does not fit.


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("name", CAST)
def test_every_endpoint_answers_every_role_about_its_own_unit(
    released: Release, cast: Cast, name: str, scope: Scope
) -> None:
    member = getattr(cast, name)
    secret = key_of(member, scope)
    own = member.unit_id if scope is Scope.TENANT else "no"
    for endpoint in ENDPOINTS:
        answer = ask(secret, at(endpoint.path, own))
        assert answer.status_code == 200, (endpoint.name, answer.content)
        told = answer.json()
        assert told["data"] or endpoint.name == "marks"
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert "Authorization" in answer.headers["Vary"]
        assert not answer.cookies


# Who sees a school of Karmøy, and one of Bergen.
FAR = {
    ("alice", SCHOOL): 200, ("bob", SCHOOL): 200, ("tom", SCHOOL): 200, ("charlie", SCHOOL): 404,
    ("nora", SCHOOL): 404, ("frida", SCHOOL): 404,
    ("alice", OTHER): 404, ("bob", OTHER): 404, ("tom", OTHER): 404, ("charlie", OTHER): 200,
    ("nora", OTHER): 404, ("frida", OTHER): 404,
    ("nora", "no-4601"): 200, ("frida", "no-4601"): 404, ("frida", "no-1149"): 200,
    ("bob", "no-1149"): 200, ("bob", "no-1106"): 404, ("tom", f"{SCHOOL}.musikk"): 404,
}  # fmt: skip


@pytest.mark.parametrize(("name", "unit"), FAR)
@pytest.mark.parametrize("path", ABOUT_UNIT)
def test_a_unit_out_of_reach_is_as_far_as_one_that_is_not_there(
    released: Release, cast: Cast, name: str, unit: str, path: str
) -> None:
    secret = key_of(getattr(cast, name))
    answer = ask(secret, at(path, unit))
    assert answer.status_code == FAR[name, unit]
    if answer.status_code == 404:
        missing = ask(secret, at(path, "not-there"))
        told, other = answer.json(), missing.json()
        assert told.pop("instance") != other.pop("instance")
        assert told == other
    national = ask(key_of(getattr(cast, name), Scope.NATIONAL), at(path, unit))
    assert national.status_code == 404, "a key for the country reads no unit below it"


@pytest.mark.parametrize("path", PATHS)
def test_without_a_key_nothing_is_told(released: Release, cast: Cast, path: str) -> None:
    refused = [ask("", path), ask("puls_" + "x" * 43, path), ask("wrong", path)]
    logged_in = Client()
    logged_in.force_login(cast.alice.user)
    refused.append(logged_in.get(BASE + path))
    for answer in refused:
        assert answer.status_code == 401
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert {"type", "title", "status", "where", "what_to_do"} <= answer.json().keys()


@pytest.mark.parametrize("path", PATHS)
def test_a_key_that_is_over_tells_nothing(released: Release, cast: Cast, path: str) -> None:
    today = timezone.localdate()
    old = key_of(cast.alice, days=30, made_on=today - timedelta(days=30))
    assert "expired" in ask(old, path).json()["title"]
    revoked = key_of(cast.alice)
    with as_person(cast.alice.user_id), as_reach(reach_for(cast.alice)):
        token = Token.objects.get(token_hash=services.hash_of(revoked))
        assert services.token_revoke(cast.alice.user, token.pk, today)
    assert "revoked" in ask(revoked, path).json()["title"]
    for secret in (old, revoked):
        assert ask(secret, path).status_code == 401


def test_a_key_lasts_to_the_day_before_it_expires(released: Release, cast: Cast) -> None:
    last = key_of(cast.alice, days=30, made_on=timezone.localdate() - timedelta(days=29))
    assert ask(last, "periods").status_code == 200


def test_a_key_ends_with_the_role_and_with_the_account(released: Release, cast: Cast) -> None:
    secret, other = key_of(cast.tom), key_of(cast.bob)
    with as_reach(reach_for(cast.alice)):
        membership_deactivate(reach_for(cast.alice), cast.tom)
    assert ask(secret, "periods").status_code == 401
    with superuser() as admin:
        admin.execute("UPDATE accounts_user SET is_active = false WHERE name = 'Bob'")
    answer = ask(other, "periods")
    assert answer.status_code == 401
    assert "role" in answer.json()["title"]


def test_only_the_hash_and_the_day_stay(released: Release, cast: Cast) -> None:
    secret = key_of(cast.bob)
    ask(secret, "periods")
    with superuser() as admin:
        rows = admin.execute("SELECT row_to_json(t)::text, last_used_on FROM data_token t")
        ((text, used_on),) = rows.fetchall()
    assert secret not in text
    assert secret.removeprefix("puls_") not in text
    assert used_on == timezone.localdate()


def test_nobody_reads_or_revokes_anothers_key(released: Release, cast: Cast) -> None:
    key_of(cast.bob)
    with as_person(cast.bob.user_id), as_reach(reach_for(cast.bob)):
        token = Token.objects.get()
    with as_person(cast.alice.user_id), as_reach(reach_for(cast.alice)):
        assert not Token.objects.exists()
        assert not services.token_revoke(cast.alice.user, token.pk, TODAY)


# What: hidden figures, kinds of cells, paging, freezing, the same as before.


def test_a_hidden_figure_has_a_status_and_no_numbers(released: Release, cast: Cast) -> None:
    told = ask(key_of(cast.bob), f"units/{SCHOOL}.dans/periods/{SLUG}/cells").json()["data"]
    hidden = [cell for cell in told if cell["status"] != "shown"]
    assert hidden
    for cell in hidden:
        assert not set(answers.NUMBERS) & cell.keys()
    assert {"linked", "no_data"} <= {cell["status"] for cell in hidden}


def test_parts_and_years_together(released: Release, cast: Cast) -> None:
    secret = key_of(cast.bob)
    cells = f"units/{SCHOOL}/periods/{SLUG}/cells"
    parts = ask(secret, f"{cells}?kind=part&indicator={FEEDBACK}").json()["data"]
    assert {cell["part"]: cell["status"] for cell in parts} == {
        "sex.boy": "shown",
        "sex.girl": "shown",
        "sex.other": "few",
    }
    assert ask(secret, f"{cells}?kind=part").status_code == 400
    pooled = ask(secret, f"{cells}?kind=pooled&rows=department").json()["data"]
    assert [(cell["unit"], cell["years"]) for cell in pooled] == [(f"{SCHOOL}.dans", 2)]


def pages(secret: str, path: str) -> Iterator[list[dict[str, Any]]]:
    """The parts of a list, by following `next`."""
    address = path
    while address:
        told = ask(secret, address).json()
        yield told["data"]
        address = (told["next"] or "").partition(BASE)[2]


def test_a_list_in_parts_is_the_whole_list(released: Release, cast: Cast) -> None:
    secret = key_of(cast.alice)
    path = f"units/no-1149/periods/{SLUG}/cells?rows=school"
    whole = ask(secret, path).json()
    parts = list(pages(secret, f"{path}&limit=5"))
    assert [cell for part in parts for cell in part] == whole["data"]
    assert len(parts) == -(-whole["total"] // 5)
    assert 'rel="next"' in ask(secret, f"{path}&limit=5").headers["Link"]


def test_what_has_not_changed_is_not_sent_again(released: Release, cast: Cast) -> None:
    secret, path = key_of(cast.alice), f"units/no-1149/periods/{SLUG}/cells"
    first = ask(secret, path)
    assert first.headers["ETag"].startswith(f'"r{released.pk}-')
    again = ask(secret, path, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = ask(secret, f"{path}?limit=1", **{"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_a_release_that_is_asked_for_must_be_one(released: Release, cast: Cast) -> None:
    secret, path = key_of(cast.alice), f"units/no-1149/periods/{SLUG}/cells"
    frozen = ask(secret, f"{path}?release={released.pk}")
    assert frozen.json()["data"] == ask(secret, path).json()["data"]
    assert ask(secret, f"{path}?release={released.pk + 5}").status_code == 400


# What is wrong with a request.


@pytest.mark.parametrize(
    ("path", "status", "where"),
    [
        ("periods?sort=name", 400, "query parameter sort"),
        ("units?limit=0", 400, "query parameter limit"),
        ("units?limit=2001", 400, "query parameter limit"),
        ("units?offset=-1", 400, "query parameter offset"),
        ("units?offset=x", 400, "query parameter offset"),
        ("units?limit=1&limit=2", 400, "query parameter limit"),
        ("units?tier=village", 400, "query parameter tier"),
        ("units?below=not-there", 404, "path"),
        ("indicators?language=xx", 400, "query parameter language"),
        ("indicators/nothing", 404, "path"),
        ("units/%00", 404, "path"),
        ("periods/2025/releases", 404, "path"),
        ("periods/1999-00/releases", 404, "path"),
        (f"units/{SCHOOL}/periods/{SLUG}/cells?kind=secret", 400, "query parameter kind"),
        (f"units/{SCHOOL}/periods/{SLUG}/cells?indicator=x", 400, "query parameter indicator"),
        ("answers", 404, "path"),
        ("units/", 404, "path"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    released: Release, cast: Cast, path: str, status: int, where: str
) -> None:
    answer = ask(key_of(cast.alice), path)
    told = answer.json()
    assert (answer.status_code, told["status"], told["where"]) == (status, status, where)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert told["title"]
    assert told["what_to_do"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", PATHS)
def test_it_only_reads(released: Release, cast: Cast, path: str, method: str) -> None:
    sent = {"Authorization": f"Bearer {key_of(cast.alice)}"}
    client = Client(enforce_csrf_checks=True)
    answer = getattr(client, method)(BASE + path, headers=sent)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"


def test_too_many_at_once_are_told_to_wait(
    released: Release, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "limits", Limits(at_once=2, per_second=0.1, clock=lambda: 0.0))
    secret, other = key_of(cast.alice), key_of(cast.bob)
    assert [ask(secret, "periods").status_code for _ in range(3)] == [200, 200, 429]
    answer = ask(secret, "periods")
    assert answer.headers["Retry-After"] == "10"
    assert answer.json()["what_to_do"].startswith("Wait 10 s")
    assert ask(other, "periods").status_code == 200


def test_a_bucket_fills_by_the_second() -> None:
    now = [0.0]
    limits = Limits(at_once=2, per_second=0.5, clock=lambda: now[0])
    assert [limits.wait("a") for _ in range(4)] == [0, 0, 2, 2]
    now[0] = 2.0
    assert [limits.wait("a") for _ in range(2)] == [0, 2]
    now[0] = 1000.0
    assert [limits.wait("a") for _ in range(3)] == [0, 0, 2]


def test_the_gate_of_a_school_is_used_when_its_owners_program_reads(
    places: Any, cast: Cast
) -> None:
    """Reading by a key is reading: what was released to the owner can then not be taken back."""
    announce(cast.alice, period=PERIOD)
    release(places)
    path = f"units/{SCHOOL}/periods/{SLUG}/cells?indicator={FEEDBACK}"
    secret = key_of(cast.alice)
    assert ask(secret, path).json()["data"] == []
    with as_reach(reach_for(cast.bob)):
        note = next(
            each for each in gates.gates() if (each.unit, each.survey) == (SCHOOL, "student")
        )
        gates.gate_open(reach_for(cast.bob), note.id, "Bob")
    assert ask(secret, path).json()["data"][0]["value"] == 3.4
    with as_whole_tree("assess"):
        assert Gate.objects.using("assess").get(pk=note.id).used_at is not None


def test_the_document_describes_what_is_answered(released: Release, cast: Cast) -> None:
    """Each answer fits its schema: all that is required is there, and nothing unknown."""
    document = Client().get("/api/v1/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    secret = key_of(cast.bob)
    schemas = document["components"]["schemas"]
    assert {f"/{endpoint.path}" for endpoint in ENDPOINTS} == set(document["paths"])
    for endpoint in ENDPOINTS:
        told = ask(secret, at(endpoint.path)).json()
        operation = document["paths"][f"/{endpoint.path}"]["get"]
        whole = operation["responses"]["200"]["content"]["application/json"]["schema"]
        assert sorted(told) == sorted(whole["required"])
        schema = schemas[endpoint.gives]
        for entry in told["data"] if endpoint.paged else [told["data"]]:
            check_fits(entry, schema)


def check_fits(entry: dict[str, Any], schema: dict[str, Any]) -> None:
    allowed = set(schema["properties"])
    if "then" in schema and entry["status"] == "shown":
        allowed |= set(schema["then"]["properties"])
        assert set(schema["then"]["required"]) <= entry.keys()
    assert set(schema["required"]) <= entry.keys()
    assert entry.keys() <= allowed


def test_every_reference_in_the_document_leads_somewhere() -> None:
    document = Client().get("/api/v1/openapi.json").json()
    text = json.dumps(document)
    for part in text.split('"$ref": "#/')[1:]:
        found: Any = document
        for step in part.partition('"')[0].split("/"):
            found = found[step]
        assert found
    names = [endpoint["get"]["operationId"] for endpoint in document["paths"].values()]
    assert len(set(names)) == len(names)
