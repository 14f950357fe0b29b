"""Pages about access that keep people from slips, and say one thing at a time."""

import re

from django.core import mail
from django.test import Client

from tests.web.cast import PASSWORD, Cast, LogIn


def test_ending_a_role_takes_two_clicks(cast: Cast, log_in: LogIn) -> None:
    page = log_in(cast.alice).get(f"/tilgang/{cast.tom.pk}/").content.decode()
    assert re.search(r'<details class="confirm">.*name="end".*</details>', page, re.DOTALL)
    assert page.count('name="end"') == 1


def test_who_has_no_role_any_more_is_told_so_and_nothing_else(cast: Cast, log_in: LogIn) -> None:
    log_in(cast.alice).post(f"/tilgang/{cast.tom.pk}/", {"end": "1"})
    tom = Client()
    tom.post("/konto/logg-inn/", {"login": "tom@example.no", "password": PASSWORD})
    answer = tom.get("/rolle/")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Ingen tilgang" in page
    assert 'class="notice' not in page


def test_nobody_is_made_a_leader_by_passing_over_a_field(cast: Cast, log_in: LogIn) -> None:
    def chosen(page: str) -> list[str]:
        roles = re.search(r'<select name="role".*?</select>', page, re.DOTALL)
        assert roles
        return re.findall(r'value="(\w*)" selected', roles[0])

    assert chosen(log_in(cast.bob).get("/tilgang/").content.decode()) == ["teacher"]
    alice = log_in(cast.alice)
    assert chosen(alice.get("/tilgang/").content.decode()) in ([], [""])
    refused = alice.post(
        "/tilgang/", {"email": "x@example.no", "unit": "no-1149", "role": "", "language": "nb"}
    )
    assert 'id="id_role_error"' in refused.content.decode()
    assert mail.outbox == []
