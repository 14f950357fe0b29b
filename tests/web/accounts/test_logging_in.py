"""Logging in and out, passwords, languages."""

import re
from base64 import b64decode
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client
from django.utils import translation

from puls.web.accounts.models import User
from puls.web.accounts.services import sessions_end, user_add
from tests.web.cast import PASSWORD, Cast, LogIn

LOGIN = "/konto/logg-inn/"


@pytest.fixture(autouse=True)
def _no_limits_used_up(db: None) -> None:
    cache.clear()


@pytest.fixture
def kari(db: None) -> User:
    return user_add("Kari@Example.no", PASSWORD, name="Kari", language="nb")


def log_in_by_form(browser: Client, email: str, password: str) -> int:
    return browser.post(LOGIN, {"login": email, "password": password}).status_code


@pytest.mark.parametrize("email", ["kari@example.no", "KARI@example.NO"])
def test_logging_in_by_address(kari: User, email: str) -> None:
    browser = Client()
    assert log_in_by_form(browser, email, PASSWORD) == 302
    assert browser.session["_auth_user_id"] == str(kari.pk)


def test_a_wrong_password_and_a_wrong_address_read_alike(kari: User) -> None:
    pages = []
    for email, password in [("kari@example.no", "wrong"), ("nobody@example.no", PASSWORD)]:
        answer = Client().post(LOGIN, {"login": email, "password": password})
        assert answer.status_code == 200
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
        pages.append(text.replace(email, ""))
    assert pages[0] == pages[1]


def test_guessing_passwords_is_stopped(kari: User) -> None:
    for _ in range(6):
        log_in_by_form(Client(), "kari@example.no", "wrong")
    assert log_in_by_form(Client(), "kari@example.no", PASSWORD) != 302


def test_nobody_signs_up_alone(db: None) -> None:
    browser = Client()
    browser.post("/konto/registrering/", {"email": "eve@example.no", "password1": PASSWORD})
    assert not User.objects.filter(email="eve@example.no").exists()


def test_a_closed_account_does_not_open(kari: User) -> None:
    User.objects.update(is_active=False)
    browser = Client()
    log_in_by_form(browser, "kari@example.no", PASSWORD)
    assert "_auth_user_id" not in browser.session


def test_a_new_password_by_mail(kari: User) -> None:
    browser = Client()
    asked = browser.post("/konto/passord/glemt/", {"email": "kari@example.no"})
    assert asked["Location"] == "/konto/passord/glemt/sendt/"
    assert browser.get(asked["Location"]).status_code == 200
    link = re.search(
        r"http://127\.0\.0\.1:8000(/konto/passord/glemt/\S+/)", str(mail.outbox[0].body)
    )
    assert link
    form = browser.get(link[1], follow=True)
    assert "Choose a new password" in form.content.decode() or "passord" in form.content.decode()
    address = form.request["PATH_INFO"]
    assert link[1] != address, "the key must not stay in the address"
    fresh = "another sea of boats"
    changed = browser.post(address, {"password1": fresh, "password2": fresh}, follow=True)
    assert changed.status_code == 200
    assert log_in_by_form(Client(), "kari@example.no", fresh) == 302
    assert browser.get(link[1], follow=True).status_code == 200
    assert log_in_by_form(Client(), "kari@example.no", PASSWORD) == 200


def test_a_forged_host_gets_into_no_mail(kari: User, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    Client().post("/konto/passord/glemt/", {"email": kari.email}, headers={"host": "evil.example"})
    body = str(mail.outbox[0].body)
    assert "evil.example" not in body
    assert f"{settings.PULS_ADDRESS}/konto/passord/glemt/" in body


def test_a_forged_host_is_not_answered(kari: User) -> None:
    asked = Client().post(
        "/konto/passord/glemt/", {"email": kari.email}, headers={"host": "evil.example"}
    )
    assert (asked.status_code, mail.outbox) == (400, [])


def test_attempts_are_counted_for_all_workers_and_name_nobody(kari: User) -> None:
    log_in_by_form(Client(), "kari@example.no", "wrong")
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM puls_cache")
        rows = cursor.fetchall()
    assert rows
    for name, value in rows:
        assert re.fullmatch(r"[0-9a-f]{64}", name)
        assert b"kari" not in b64decode(value)


def test_asking_for_an_unknown_address_tells_nothing(db: None) -> None:
    asked = Client().post("/konto/passord/glemt/", {"email": "nobody@example.no"})
    assert asked["Location"] == "/konto/passord/glemt/sendt/"
    assert mail.outbox == []


def test_changing_the_password_ends_the_other_sessions(kari: User) -> None:
    here, there = Client(), Client()
    for browser in (here, there):
        browser.force_login(kari)
    fresh = "another sea of boats"
    form = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    assert here.post("/konto/passord/", form).status_code == 302
    assert here.get("/konto/passord/").status_code == 200
    assert there.get("/konto/passord/").status_code == 302


def test_ending_sessions_ends_them_all(kari: User) -> None:
    browser = Client()
    browser.force_login(kari)
    assert browser.get("/konto/passord/").status_code == 200
    sessions_end(kari)
    assert browser.get("/konto/passord/").status_code == 302


def test_logging_out_needs_a_form(cast: Cast, log_in: LogIn) -> None:
    browser = log_in(cast.bob)
    assert browser.get("/konto/logg-ut/").status_code == 200
    assert "_auth_user_id" in browser.session
    assert browser.post("/konto/logg-ut/").status_code == 302
    assert "_auth_user_id" not in browser.session


# Languages.


def test_the_language_is_kept_here_and_with_the_account(kari: User) -> None:
    browser = Client()
    browser.force_login(kari)
    answer = browser.post("/konto/sprak/", {"language": "en", "next": LOGIN})
    assert answer["Location"] == LOGIN
    kari.refresh_from_db()
    assert kari.language == "en"
    other_device = Client(headers={"accept-language": "nb"})
    other_device.force_login(kari)
    assert other_device.get("/konto/passord/").headers["Content-Language"] == "en"


def test_after_logging_in_the_accounts_language_wins(kari: User) -> None:
    browser = Client(headers={"accept-language": "en"})
    browser.cookies["django_language"] = "en"
    assert browser.get(LOGIN).headers["Content-Language"] == "en"
    browser.post(LOGIN, {"login": kari.email, "password": PASSWORD})
    page = browser.get("/konto/passord/")
    assert page.headers["Content-Language"] == "nb"
    assert 'class="notice' not in page.content.decode(), "that one is logged in needs no message"


def test_a_short_password_is_refused_in_every_language(kari: User) -> None:
    said = []
    for language in ("nb", "en"):
        with translation.override(language), pytest.raises(ValidationError) as refused:
            validate_password("short", kari)
        said.append(refused.value.messages[0])
    assert said == [
        "Passordet er for kort: bruk minst 12 tegn.",
        "The password is too short: use 12 characters or more.",
    ]


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_the_language_form_leads_nowhere_else(db: None, next_page: str) -> None:
    answer = Client().post("/konto/sprak/", {"language": "en", "next": next_page})
    assert answer["Location"] == "/"


def test_an_unknown_language_changes_nothing(kari: User) -> None:
    answer = Client().post("/konto/sprak/", {"language": "xx"})
    assert "django_language" not in answer.cookies
    assert translation.get_language()


# What a demo says.


def test_the_log_in_page_of_a_demo_says_that_all_is_made_up(db: None, settings: Any) -> None:
    assert "Syntetiske data" not in Client().get(LOGIN).content.decode()
    settings.PULS_DEMO = True
    assert "Syntetiske data" in Client().get(LOGIN).content.decode()


# What every answer carries.


def test_nothing_runs_that_is_not_ours(db: None) -> None:
    answer = Client().get(LOGIN)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    page = answer.content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_the_session_cookie_is_for_the_server_alone(kari: User) -> None:
    browser = Client()
    log_in_by_form(browser, "kari@example.no", PASSWORD)
    cookie = browser.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
