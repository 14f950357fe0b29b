"""An administration's own schools and departments: who adds them where, and who runs them."""

import pytest
from django.db import ProgrammingError

from puls.errors import NotAllowed, NotNow
from puls.web.packs import pack
from puls.web.tenants import services
from puls.web.tenants.access import as_reach, as_whole_tree
from puls.web.tenants.models import Membership, Partnership, Unit
from puls.web.tenants.permissions import tier_below
from tests.web.cast import Cast, LogIn, reach_for

PLACES = ["no", "no-11", "no-1149", "karmoy-kulturskole", "karmoy-kulturskole.dans"]


def row(key: str) -> Unit:
    with as_whole_tree("owner"):
        return Unit.objects.using("owner").get(pk=key)


def begin(by: Membership, parent: str, name: str, *partners: str) -> Unit:
    with as_reach(reach_for(by)):
        return services.unit_begin(reach_for(by), row(parent), name, partners=partners)


# The services.


def test_an_owner_adds_a_school_that_partners_may_read(cast: Cast) -> None:
    school = begin(cast.alice, "no-1149", "Skudenes kulturskole", "no-4601", "no-1106")
    assert (school.key, school.tier, school.tenant_id) == (
        "skudenes-kulturskole",
        "school",
        "no-1149",
    )
    department = begin(cast.alice, school.key, "Visuelle kunstfag")
    assert department.path == f"{school.path}/skudenes-kulturskole.visuelle-kunstfag"
    with as_whole_tree("owner"):
        shared = Partnership.objects.using("owner").filter(unit=school)
        assert {each.partner_id for each in shared} == {"no-4601", "no-1106"}
    # Charlie leads a school in Bergen; it is Bergen's administration that may read.
    assert not reach_for(cast.charlie).sees(school.path)


def test_a_leader_adds_departments_to_the_own_school(cast: Cast) -> None:
    assert begin(cast.bob, "karmoy-kulturskole", "Teater").key == "karmoy-kulturskole.teater"
    assert begin(cast.bob, "karmoy-kulturskole", " Kor\r\nBcc: x ").name == "Kor Bcc: x"


@pytest.mark.parametrize(
    ("who", "parent"),
    [
        ("bob", "no-1149"),  # another school is the owner's to add
        ("bob", "karmoy-kulturskole.dans"),  # nothing below
        ("bob", "bergen-kulturskole"),
        ("alice", "haugesund-kulturskole"),  # run together, but the host's
        ("alice", "no-11"),
        ("tom", "karmoy-kulturskole"),
        ("frida", "no-1149"),
        ("nora", "no-1149"),
    ],
)
def test_nobody_adds_beyond_the_own_part(cast: Cast, who: str, parent: str) -> None:
    with pytest.raises(NotAllowed):
        begin(getattr(cast, who), parent, "Ny")


@pytest.mark.parametrize(
    ("parent", "name", "partners", "why"),
    [
        ("no-1149", "Karmøy kulturskole", (), "already a unit called"),
        ("no-1149", "  ", (), "already a unit called"),
        ("karmoy-kulturskole", "Musikk", (), "already a unit called"),
        ("no-1149", "Ny", ("no-1149",), "cannot be a partner"),
        ("no-1149", "Ny", ("no-11",), "cannot be a partner"),
        ("no-1149", "Ny", ("bergen-kulturskole",), "cannot be a partner"),
        ("karmoy-kulturskole", "Ny", ("no-1106",), "no partners of its own"),
    ],
)
def test_what_cannot_lie_there_is_a_sentence(
    cast: Cast, parent: str, name: str, partners: tuple[str, ...], why: str
) -> None:
    with pytest.raises(NotNow, match=why):
        begin(cast.alice, parent, name, *partners)
    with as_whole_tree("owner"):
        assert not Unit.objects.using("owner").filter(name="Ny").exists()


@pytest.mark.parametrize(
    ("parent", "tier", "why"),
    [
        ("no-11", "", "can be added below"),
        ("no-1149", "department", "Below Karmøy lies a school, not a department"),
        ("no-1154", "", "no longer exists"),
    ],
)
def test_the_back_office_is_told_too(cast: Cast, parent: str, tier: str, why: str) -> None:
    with pytest.raises(NotNow, match=why):
        services.unit_begin(None, row(parent), "Ny", tier=tier, using="owner")


@pytest.mark.parametrize(
    ("depth", "below"), [(0, ""), (1, ""), (2, "school"), (3, "department"), (4, "")]
)
def test_what_lies_below_a_tier(depth: int, below: str) -> None:
    assert tier_below(depth, pack().country) == below


# The database's own rule.


@pytest.mark.parametrize("school", ["haugesund-kulturskole", "bergen-kulturskole"])
def test_nobody_shares_another_administrations_school(cast: Cast, school: str) -> None:
    """Past the services: Karmøy cannot give itself, or anybody, a foreign school to read."""
    path = row(school).path
    reach = reach_for(cast.alice)
    with pytest.raises(ProgrammingError, match="row-level security"), as_reach(reach):
        Partnership.objects.create(unit_id=school, partner_id="no-1154", path=path)


# The pages.


def test_an_owner_adds_a_school_and_a_department_on_the_pages(cast: Cast, log_in: LogIn) -> None:
    alice = log_in(cast.alice)
    page = alice.get("/enheter/").content.decode()
    assert "/enheter/no-1149/ny/" in page
    assert "/enheter/karmoy-kulturskole/ny/" in page
    assert "karmoy-kulturskole.dans/ny/" not in page
    assert "Haugesund" not in page, "read by a partner, but not the partner's own"

    form = alice.get("/enheter/no-1149/ny/").content.decode()
    assert '<label class="ds-label" data-weight="medium" for="id_partners">' in form
    assert "Bergen" in form
    given = {"name": "Skudenes kulturskole", "partners": ["no-4601"]}
    assert alice.post("/enheter/no-1149/ny/", given)["Location"] == "/enheter/"
    again = alice.post("/enheter/no-1149/ny/", given)
    assert again.status_code == 200
    assert 'id="id_name_error"' in again.content.decode()

    form = alice.get("/enheter/skudenes-kulturskole/ny/").content.decode()
    assert "id_partners" not in form
    assert '<option value="Dans">' in form
    alice.post("/enheter/skudenes-kulturskole/ny/", {"name": "Dans"})
    page = alice.get("/enheter/").content.decode()
    assert "Skudenes kulturskole" in page
    assert "Bergen" in page
    assert row("skudenes-kulturskole.dans").tier == "department"


def test_a_leader_sees_the_own_school_and_adds_to_it(cast: Cast, log_in: LogIn) -> None:
    bob = log_in(cast.bob)
    page = bob.get("/enheter/").content.decode()
    assert "/enheter/karmoy-kulturskole/ny/" in page
    assert "/enheter/no-1149/ny/" not in page
    assert bob.post("/enheter/karmoy-kulturskole/ny/", {"name": "Teater"}).status_code == 302
    assert bob.get("/enheter/no-1149/ny/").status_code == 403


def test_a_foreign_unit_is_like_one_that_does_not_exist(cast: Cast, log_in: LogIn) -> None:
    bob = log_in(cast.bob)
    for key in ("bergen-kulturskole", "no-4601", "haugesund-kulturskole", "nowhere"):
        assert bob.get(f"/enheter/{key}/ny/").status_code == 404
        assert bob.post(f"/enheter/{key}/ny/", {"name": "Ny"}).status_code == 404
    # Alice reads Haugesund's school as its partner: there it is not missing, but not hers.
    assert log_in(cast.alice).get("/enheter/haugesund-kulturskole/ny/").status_code == 403


@pytest.mark.parametrize("who", ["alice", "bob", "charlie", "nora", "frida", "tom"])
def test_who_may_open_the_page_and_finds_it(cast: Cast, log_in: LogIn, who: str) -> None:
    allowed = who in {"alice", "bob", "charlie"}
    browser = log_in(getattr(cast, who))
    assert browser.get("/enheter/").status_code == (200 if allowed else 403)
    assert ('href="/enheter/"' in browser.get("/rolle/").content.decode()) is allowed
