"""Saved selections: who finds which, what their address does, and who may change them."""

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from puls.errors import NotAllowed, NotNow
from puls.web.assess.models import Release
from puls.web.see import services
from puls.web.see.models import LONGEST_QUERY, Selection
from puls.web.tenants.access import as_reach
from puls.web.tenants.models import Membership, Unit
from tests.web.cast import Cast, LogIn, reach_for
from tests.web.see.test_pages import KARMOY, YEAR
from tests.web.see.world import FEEDBACK, SCHOOL, WELLBEING

QUERY = f"kolonner={FEEDBACK},{WELLBEING}&snudd=1&valgt={SCHOOL}.{FEEDBACK}"


def keep(browser: Client, name: str, query: str = QUERY, unit: str = SCHOOL) -> str:
    """Keep a view as the form of the page does; gives the page that comes back."""
    sent = {"unit": unit, "skolear": YEAR, "query": f"?{query}", "name": name}
    return browser.post("/utvalg/", sent, follow=True).text


def kept(member: Membership) -> list[Selection]:
    with as_reach(reach_for(member)):
        return list(Selection.objects.order_by("pk"))


def test_a_view_is_kept_under_a_name_and_opened_by_its_address(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    page = keep(bob, "Trivsel i høst")
    assert "Utvalget er lagret" in page
    assert re.search(r'<option value="utvalg-\d+" selected>Trivsel i høst</option>', page)
    (found,) = kept(cast.bob)
    assert (found.query, found.unit_id, found.tenant_id) == (QUERY, SCHOOL, "no-1149")
    opened = bob.get(f"/utvalg/{found.pk}/")
    assert opened.headers["Location"] == f"{KARMOY}?{QUERY}"
    other = bob.get(f"/utvalg/{found.pk}/?skolear=2024-25").headers["Location"]
    assert other == f"/hvor-er-vi/{SCHOOL}/2024-25/?{QUERY}"


def test_a_release_a_year_and_an_open_reason_are_not_kept(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    more = f"{QUERY}&per={released.pk}&celle={SCHOOL}.{FEEDBACK}&velg=1&skolear=2024-25"
    keep(log_in(cast.bob), "Alt", more)
    assert kept(cast.bob)[0].query == QUERY


def test_a_selection_fits_other_units_too(released: Release, cast: Cast, log_in: LogIn) -> None:
    """From the list of views it is put on the table that one looks at."""
    alice = log_in(cast.alice)
    keep(alice, "Kommunens", "rolle=process", "no-1149")
    (found,) = kept(cast.alice)
    page = log_in(cast.bob).get(KARMOY).text
    assert f'value="utvalg-{found.pk}"' in page, "the schools below find it"
    chosen = log_in(cast.bob).get(f"{KARMOY}?vis=utvalg-{found.pk}&skolear={YEAR}")
    assert chosen.headers["Location"] == f"{KARMOY}?rolle=process"


# Who finds the selection that Bob kept for his school, and who may change it.
PEOPLE = [
    # who,     finds, changes
    ("alice", True, True),
    ("bob", True, True),
    ("tom", True, False),
    ("charlie", False, False),
    ("frida", False, False),
    ("nora", False, False),
]


@pytest.mark.parametrize(("name", "finds", "changes"), PEOPLE)
def test_who_finds_and_changes_a_selection(
    name: str, finds: bool, changes: bool, released: Release, cast: Cast, log_in: LogIn
) -> None:
    keep(log_in(cast.bob), "Bobs utvalg")
    (found,) = kept(cast.bob)
    member: Membership = getattr(cast, name)
    browser = log_in(member)
    assert browser.get(f"/utvalg/{found.pk}/").status_code == (302 if finds else 404)
    assert ("Bobs utvalg" in browser.get("/utvalg/").text) is finds
    answer = browser.get(f"/utvalg/{found.pk}/endre/").status_code
    assert answer == (200 if changes else 403 if finds else 404)
    if finds and not changes:
        with as_reach(reach_for(member)), pytest.raises(NotAllowed):
            services.selection_delete(reach_for(member), member.user, found)


def test_a_new_name_keeps_the_address_and_the_end_is_for_everybody(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    keep(bob, "Før")
    (found,) = kept(cast.bob)
    change = f"/utvalg/{found.pk}/endre/"
    assert "Navnet er endret." in bob.post(change, {"name": "Etter"}, follow=True).text
    assert [each.name for each in kept(cast.bob)] == ["Etter"]
    assert bob.get(f"/utvalg/{found.pk}/").headers["Location"] == f"{KARMOY}?{QUERY}"
    assert "«Etter» er slettet." in bob.post(change, {"delete": "1"}, follow=True).text
    assert kept(cast.bob) == []
    assert log_in(cast.alice).get(f"/utvalg/{found.pk}/").status_code == 404


def test_a_name_is_taken_once_a_unit(released: Release, cast: Cast, log_in: LogIn) -> None:
    bob = log_in(cast.bob)
    keep(bob, "Ett")
    assert "Det finnes alt et utvalg med dette navnet her." in keep(bob, "Ett", "vis=alle")
    keep(bob, "To", "vis=alle")
    one, two = kept(cast.bob)
    page = bob.post(f"/utvalg/{two.pk}/endre/", {"name": "Ett"}).text
    assert "Det finnes alt et utvalg med dette navnet her." in page
    assert [each.name for each in kept(cast.bob)] == ["Ett", "To"]
    assert one.query != two.query


@pytest.mark.parametrize("name", ["", " ", "x" * 81])
def test_a_selection_needs_a_name(name: str, released: Release, cast: Cast, log_in: LogIn) -> None:
    assert "trenger et navn" in keep(log_in(cast.bob), name)
    assert kept(cast.bob) == []


def test_nothing_is_kept_for_a_unit_out_of_reach(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    sent = {"unit": "bergen-kulturskole", "skolear": YEAR, "query": "", "name": "x"}
    assert log_in(cast.bob).post("/utvalg/", sent).status_code == 404


def test_what_is_too_long_to_keep_is_refused_with_a_sentence(cast: Cast) -> None:
    reach = reach_for(cast.bob)
    with as_reach(reach):
        unit = Unit.objects.get(key=SCHOOL)
        with pytest.raises(NotNow):
            services.selection_keep(reach, cast.bob.user, unit, "x", "y" * (LONGEST_QUERY + 1))


def test_an_address_that_somebody_made_up_keeps_only_what_it_can_mean(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    keep(log_in(cast.bob), "Lurt", "vis=//evil.example&kolonner=x&next=//evil.example")
    assert kept(cast.bob)[0].query == ""


def test_the_database_gives_and_takes_nothing_across_administrations(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    """Past all managers: the rows of another administration are not there, nor can any be added."""
    keep(log_in(cast.bob), "Bobs utvalg")
    with as_reach(reach_for(cast.charlie)), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM see_selection")
        assert cursor.fetchone()[0] == 0
        cursor.execute("DELETE FROM see_selection")
        assert cursor.rowcount == 0
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            cursor.execute(
                "INSERT INTO see_selection (name, query, made_on, made_by_id, tenant_id, unit_id)"
                " VALUES ('x', '', now(), %s, 'no-1149', 'no')",
                [cast.charlie.user.pk],
            )
    assert len(kept(cast.bob)) == 1


def test_two_of_one_name_are_refused_by_the_database_too(cast: Cast) -> None:
    reach = reach_for(cast.bob)
    row = {
        "tenant_id": reach.tenant_key,
        "unit_id": SCHOOL,
        "name": "x",
        "made_by": cast.bob.user,
        "made_on": "2026-01-01",
    }
    with as_reach(reach):
        Selection.objects.create(**row)
        with pytest.raises(IntegrityError), transaction.atomic():
            Selection.objects.create(**row)
