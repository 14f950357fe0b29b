"""Inviting, assigning and ending access, from the first leader of a tenant on."""

import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from puls.errors import NotAllowed, NotNow
from puls.units import UnitTree
from puls.web.accounts.models import User
from puls.web.tenants import queries, services
from puls.web.tenants.access import as_bearer, as_reach, as_whole_tree
from puls.web.tenants.models import Invitation, Membership, Unit
from tests.database import superuser
from tests.web.cast import PASSWORD, Cast, LogIn, add_person, reach_for


def token_in(message: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000/invitasjon/([\w-]+)/", message)
    assert found, message
    return found[1]


def invite(by: Membership, unit_key: str, role: str, email: str, **more: str) -> str:
    """Invites, and returns the token of the mail."""
    with as_reach(reach_for(by)):
        unit = Unit.objects.get(key=unit_key)
        services.membership_invite(reach_for(by), unit, role, email, **more)  # type: ignore[arg-type]
    return token_in(str(mail.outbox[-1].body))


def test_an_invitation_becomes_a_membership(cast: Cast) -> None:
    token = invite(cast.bob, "karmoy-kulturskole.musikk", "teacher", "Mari@Example.no")
    assert mail.outbox[-1].to == ["mari@example.no"]
    begun = services.invitation_accept(
        queries.hash_of(token), None, name="Mari", password=PASSWORD, language="nb"
    )
    assert (begun.user.email, begun.role) == ("mari@example.no", "teacher")
    assert reach_for(begun).paths == (
        "no/no-11/no-1149/karmoy-kulturskole/karmoy-kulturskole.musikk",
    )


def test_a_unit_s_name_of_two_lines_makes_no_header(cast: Cast) -> None:
    with superuser() as admin:
        admin.execute(
            "UPDATE tenants_unit SET name = E'Musikk\\r\\nBcc: x@example.no'"
            " WHERE key = 'karmoy-kulturskole.musikk'"
        )
    invite(cast.bob, "karmoy-kulturskole.musikk", "teacher", "mari@example.no")
    assert mail.outbox[-1].subject.endswith("Musikk Bcc: x@example.no")


def test_an_invitation_works_once(cast: Cast) -> None:
    token = queries.hash_of(invite(cast.bob, "karmoy-kulturskole", "teacher", "mari@example.no"))
    services.invitation_accept(token, None, name="Mari", password=PASSWORD, language="nb")
    with pytest.raises(NotNow, match="no longer valid"):
        services.invitation_accept(token, None, name="Mari", password=PASSWORD, language="nb")
    assert User.objects.filter(email="mari@example.no").count() == 1


def test_an_invitation_ends(cast: Cast) -> None:
    token = queries.hash_of(invite(cast.bob, "karmoy-kulturskole", "teacher", "mari@example.no"))
    with as_whole_tree("owner"):
        Invitation.objects.using("owner").update(expires=timezone.now() - timedelta(seconds=1))
    assert queries.invitation_shown(token) is None
    with pytest.raises(NotNow, match="no longer valid"):
        services.invitation_accept(token, None, name="Mari", password=PASSWORD, language="nb")


def test_the_newest_invitation_counts(cast: Cast) -> None:
    first = invite(cast.bob, "karmoy-kulturskole", "teacher", "mari@example.no")
    second = invite(cast.bob, "karmoy-kulturskole", "leader", "mari@example.no")
    assert queries.invitation_shown(queries.hash_of(first)) is None
    shown = queries.invitation_shown(queries.hash_of(second))
    assert shown is not None
    assert (shown.unit, shown.tenant) == ("Karmøy kulturskole", "Karmøy")


def test_the_token_is_in_the_mail_and_nowhere_else(cast: Cast) -> None:
    token = invite(cast.bob, "karmoy-kulturskole", "teacher", "mari@example.no")
    with as_whole_tree("owner"):
        row = Invitation.objects.using("owner").values().get()
    assert token not in str(row)
    with as_bearer("another hash"):
        assert queries.invitation_of(queries.hash_of(token)) is None


@pytest.mark.parametrize(("language", "word"), [("nb", "invitert"), ("en", "invited")])
def test_the_mail_speaks_the_receivers_language(cast: Cast, language: str, word: str) -> None:
    invite(cast.bob, "karmoy-kulturskole", "teacher", "mari@example.no", language=language)
    assert word in str(mail.outbox[-1].body)


def test_nobody_is_invited_when_the_mail_cannot_leave(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise SMTPServerDisconnected

    monkeypatch.setattr("puls.web.tenants.mails.send_mail", down)
    with pytest.raises(NotNow, match="could not be sent"):
        invite(cast.bob, "karmoy-kulturskole", "teacher", "mari@example.no")
    with as_reach(reach_for(cast.bob)):
        assert queries.invitations() == []


def test_who_has_access_is_not_invited_again(cast: Cast) -> None:
    with pytest.raises(NotNow, match="already has access"):
        invite(cast.alice, "karmoy-kulturskole", "teacher", "bob@example.no")


def test_nobody_invites_beyond_the_own_part(cast: Cast) -> None:
    for unit, role in [("no-1149", "owner"), ("no-11", "county")]:
        with pytest.raises(NotAllowed):
            invite(cast.bob, unit, role, "mari@example.no")
    assert mail.outbox == []


def test_an_invitation_is_for_one_person(cast: Cast) -> None:
    token = queries.hash_of(invite(cast.bob, "karmoy-kulturskole", "teacher", "mari@example.no"))
    with pytest.raises(NotNow, match="somebody else"):
        services.invitation_accept(token, cast.charlie.user)
    assert queries.invitation_shown(token) is not None


def test_a_second_role_for_who_is_here_already(cast: Cast) -> None:
    token = queries.hash_of(invite(cast.alice, "karmoy-kulturskole", "leader", "tom@example.no"))
    begun = services.invitation_accept(token, cast.tom.user)
    assert begun.user == cast.tom.user
    mine = queries.own_memberships(cast.tom.user)
    assert [(own.role, unit) for own, unit in mine] == [
        ("teacher", "Dans"),
        ("leader", "Karmøy kulturskole"),
    ]


def test_ending_access_ends_it_at_once(cast: Cast, log_in: LogIn) -> None:
    browser = log_in(cast.bob)
    assert browser.get("/tilgang/").status_code == 200
    with as_reach(reach_for(cast.alice)):
        services.membership_deactivate(reach_for(cast.alice), cast.bob)
    gone = browser.get("/tilgang/")
    assert gone.status_code == 302
    assert gone["Location"].startswith("/konto/logg-inn/")
    cast.bob.user.refresh_from_db()
    again = log_in(cast.bob)
    assert again.get("/tilgang/").status_code == 403


def test_another_role_counts_from_the_next_page(cast: Cast, log_in: LogIn) -> None:
    browser = log_in(cast.bob)
    with as_reach(reach_for(cast.alice)):
        school = Unit.objects.get(key="karmoy-kulturskole")
        services.membership_assign(reach_for(cast.alice), cast.bob, school, "teacher")
    assert browser.get("/tilgang/").status_code == 403


def test_a_role_moves_to_another_unit(cast: Cast) -> None:
    with as_reach(reach_for(cast.alice)):
        music = Unit.objects.get(key="karmoy-kulturskole.musikk")
        services.membership_assign(reach_for(cast.alice), cast.tom, music, "teacher")
        moved = Membership.objects.get(pk=cast.tom.pk)
    assert reach_for(moved).paths == (music.path,)


def test_the_last_owner_stays(cast: Cast) -> None:
    with as_reach(reach_for(cast.alice)):
        with pytest.raises(NotNow, match="Nobody else"):
            services.membership_deactivate(reach_for(cast.alice), cast.alice)
        school = Unit.objects.get(key="karmoy-kulturskole")
        with pytest.raises(NotNow, match="Nobody else"):
            services.membership_assign(reach_for(cast.alice), cast.alice, school, "leader")


def test_an_owner_may_leave_when_there_is_another(cast: Cast) -> None:
    add_person("anna", "no-1149", "owner")
    with as_reach(reach_for(cast.alice)):
        services.membership_deactivate(reach_for(cast.alice), cast.alice)


def test_a_leader_may_leave_when_there_is_an_owner_and_not_without(cast: Cast) -> None:
    with as_reach(reach_for(cast.bob)):
        services.membership_deactivate(reach_for(cast.bob), cast.bob)
    with as_reach(reach_for(cast.charlie)), pytest.raises(NotNow, match="Nobody else"):
        services.membership_deactivate(reach_for(cast.charlie), cast.charlie)


def test_a_tenant_is_added_once(cast: Cast) -> None:
    nora = cast.nora
    with pytest.raises(NotNow, match="already has its place"):
        services.tenant_add("no-4601")
    with as_reach(reach_for(nora)), pytest.raises(NotNow, match="already has its place"):
        services.tenant_begin(
            reach_for(nora),
            "no-4601",
            school="",
            email="eva@example.no",
            name="",
            language="nb",
            invited_by=nora.user,
        )


def test_the_back_office_begins_a_tenant(places: UnitTree) -> None:
    """What `puls tenant add` does: no person is behind it."""
    remove_administration("no-4601")
    services.tenant_begin(
        None, "no-4601", email="eva@example.no", school="Bergen ny kulturskole", using="owner"
    )
    token = token_in(str(mail.outbox[0].body))
    begun = services.invitation_accept(queries.hash_of(token), None, name="Eva", password=PASSWORD)
    assert (begun.role, begun.unit_id) == ("leader", "bergen-ny-kulturskole")
    assert {unit.key for unit in tree_of(begun)} == {
        "no", "no-46", "no-4601", "bergen-ny-kulturskole",
    }  # fmt: skip


def test_a_tenant_begins_anew_until_somebody_has_come(places: UnitTree) -> None:
    remove_administration("no-4601")
    for email in ("typing@erorr.no", "eva@example.no"):
        services.tenant_begin(
            None, "no-4601", email=email, school="Bergen ny kulturskole", using="owner"
        )
    first, second = (queries.hash_of(token_in(str(sent.body))) for sent in mail.outbox)
    assert queries.invitation_shown(first) is None
    services.invitation_accept(second, None, name="Eva", password=PASSWORD)
    with pytest.raises(NotNow, match="already has its place"):
        services.tenant_begin(None, "no-4601", email="eve@example.no", using="owner")


def tree_of(member: Membership) -> list[Unit]:
    with as_reach(reach_for(member)):
        return list(Unit.objects.all())


def test_a_school_whose_name_is_taken_gets_another_key(places: UnitTree) -> None:
    """Also when the other one is out of sight: only the database knows."""
    with as_whole_tree("owner"):
        karmoy = Unit.objects.using("owner").get(key="no-1149")
    with as_reach(services.administration("no-1149", karmoy.path)):
        twin = services.unit_add(karmoy, "Bergen kulturskole", tenant_key="no-1149")
        assert twin.key == "bergen-kulturskole-1149"
        with pytest.raises(NotNow, match="already a unit"):
            services.unit_add(karmoy, "Bergen kulturskole", tenant_key="no-1149")
        department = services.unit_add(twin, "Dans og drama", tenant_key="no-1149")
        assert (department.key, department.tier) == (
            "bergen-kulturskole-1149.dans-og-drama",
            "department",
        )
        with pytest.raises(NotNow, match="nothing below"):
            services.unit_add(department, "Mer", tenant_key="no-1149")


def remove_administration(key: str) -> None:
    with superuser() as admin:
        admin.execute("DELETE FROM tenants_membership WHERE tenant_id = %s", [key])
        admin.execute("UPDATE tenants_unit SET tenant_id = NULL WHERE tenant_id = %s", [key])
        admin.execute("DELETE FROM tenants_tenant WHERE unit_id = %s", [key])


@pytest.mark.parametrize(
    ("unit", "why"),
    [
        ("no-9999", "There is no unit"),
        ("bergen-kulturskole", "belongs to an administration"),
        ("no-1154", "no longer exists"),
    ],
)
def test_what_cannot_become_a_tenant(places: UnitTree, unit: str, why: str) -> None:
    with pytest.raises(NotNow, match=why):
        services.tenant_add(unit)


# Promises that the database keeps, whatever the code does.


def test_a_copied_path_is_the_units_own(cast: Cast) -> None:
    with as_reach(reach_for(cast.alice)), pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=cast.tom.pk).update(path="no")


def test_nobody_gets_a_role_at_a_unit_of_another_tenant(cast: Cast) -> None:
    shared = "no/no-11/no-1106/haugesund-kulturskole"
    with (
        as_reach(reach_for(cast.alice)),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        Membership.objects.create(
            user=cast.tom.user,
            tenant_id="no-1149",
            unit_id="haugesund-kulturskole",
            path=shared,
            role="leader",
        )


def test_one_active_role_at_a_unit(cast: Cast) -> None:
    with pytest.raises(IntegrityError):
        services.membership_add(cast.bob.user, unit_of(cast.bob), "teacher")


def unit_of(member: Membership) -> Unit:
    with as_reach(reach_for(member)):
        return Unit.objects.get(pk=member.unit_id)


@pytest.mark.parametrize(
    "broken",
    [
        {"key": "a,b", "path": "no/a,b"},
        {"key": "a/b", "path": "no/a/b"},
        {"key": "a b", "path": "no/a b"},
        {"key": "a", "path": "no/b"},
        {"key": "a", "path": "no/xa"},
        {"key": "a", "path": "no-11/a"},
        {"key": "a", "path": "no/a", "depth": 2},
        {"key": "a", "path": "no/a", "valid_from": "2024-01-01", "valid_to": "2024-01-01"},
    ],
)
def test_units_that_cannot_be(places: UnitTree, broken: dict[str, object]) -> None:
    fields = {"tier": "county", "name": "A", "parent_id": "no", "depth": 1} | broken
    with as_whole_tree("owner"), pytest.raises(IntegrityError), transaction.atomic("owner"):
        Unit.objects.using("owner").create(**fields)
