"""What differs between places: addresses, mail, cookies, and what a log may say."""

import json
import logging
import os
import subprocess
import sys
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import RequestFactory, override_settings

from puls.errors import SetupError
from puls.web import address, environment, mail
from puls.web.log import NoAddresses, NoDetails
from puls.web.mail_files import EmailBackend
from tests.database import DATA

ASKED = (
    "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
    "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_PROXY_SSL_HEADER", "DEBUG",
    "ALLAUTH_TRUSTED_PROXY_COUNT", "ACCOUNT_DEFAULT_HTTP_PROTOCOL", "LANGUAGES",
)  # fmt: skip
SHOW = f"""
import json
from puls.web import settings
print(json.dumps({{name: getattr(settings, name) for name in {ASKED!r}}}))
"""


def settings_with(**environment: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", SHOW],
        env={**os.environ, "PULS_DATA": str(DATA), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_at_home_and_in_the_world() -> None:
    home = settings_with()
    assert home["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert not any(home[name] for name in ("SESSION_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "DEBUG"))
    assert home["SECURE_PROXY_SSL_HEADER"] is None, "nobody in front may be believed"
    world = settings_with(PULS_ADDRESS="https://puls.example.no/")
    assert world["ALLOWED_HOSTS"] == ["puls.example.no"]
    assert world["CSRF_TRUSTED_ORIGINS"] == ["https://puls.example.no"]
    assert all(
        world[name]
        for name in (
            "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT",
            "SECURE_HSTS_SECONDS", "SECURE_PROXY_SSL_HEADER", "ALLAUTH_TRUSTED_PROXY_COUNT",
        )
    )  # fmt: skip
    assert not world["DEBUG"]
    assert [code for code, _name in world["LANGUAGES"]] == ["nb", "en"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("host", "port", "given", "expected"),
    [
        ("127.0.0.1", 8181, "", "http://127.0.0.1:8181"),
        ("localhost", 8000, "", "http://localhost:8000"),
        ("0.0.0.0", 8181, "", "http://127.0.0.1:8181"),
        ("::1", 8181, "", "http://[::1]:8181"),
        ("192.0.2.7", 80, "", "http://192.0.2.7:80"),
        ("127.0.0.1", 8181, "https://puls.example.no", "https://puls.example.no"),
    ],
)
def test_links_lead_to_where_it_is_served(
    host: str,
    port: int,
    given: str,
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PULS_ADDRESS", given)
    address.announce(host, port)
    assert address.of(tmp_path) == expected
    # A command beside the server sends mail with the same address.
    address.keep(tmp_path, address.of(tmp_path))
    monkeypatch.delenv("PULS_ADDRESS")
    assert address.of(tmp_path) == expected


def test_before_it_was_ever_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULS_ADDRESS", raising=False)
    assert address.of(tmp_path) == address.DEFAULT


@pytest.mark.parametrize(
    ("name", "answered"),
    [
        ("puls.example.no", ["puls.example.no"]),
        ("192.0.2.7", ["192.0.2.7"]),
        ("2001:db8::7", ["[2001:db8::7]"]),
        ("localhost", ["127.0.0.1", "localhost", "[::1]"]),
    ],
)
def test_only_the_own_names_are_answered(name: str, answered: list[str]) -> None:
    assert address.hosts(name) == answered


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "ssl", "user"),
    [
        ("smtp://localhost", "localhost", 25, False, False, ""),
        ("smtp+tls://a%40b:c%2Fd@mail.example.no", "mail.example.no", 587, True, False, "a@b"),
        ("smtps://mail.example.no:1465", "mail.example.no", 1465, False, True, ""),
    ],
)
def test_where_mail_goes(
    url: str, host: str, port: int, tls: bool, ssl: bool, user: str, tmp_path: Path
) -> None:
    found = mail.settings(url, tmp_path)
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == (host, port)
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (tls, ssl)
    assert found["EMAIL_HOST_USER"] == user


def test_without_an_address_mail_becomes_files(tmp_path: Path) -> None:
    found = mail.settings("", tmp_path)
    assert found["EMAIL_BACKEND"] == "puls.web.mail_files.EmailBackend"
    assert found["EMAIL_FILE_PATH"] == tmp_path


@pytest.mark.parametrize(
    "url", ["mail.example.no", "http://mail.example.no", "smtp://", "smtp://h:abc"]
)
def test_an_address_for_mail_that_is_none(url: str, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="EMAIL_URL is not an address that Puls can use"):
        mail.settings(url, tmp_path)


def test_a_log_names_the_pattern_and_not_the_address() -> None:
    record = logging.LogRecord("django.request", 30, "", 0, "Not Found: %s", ("/a/secret/",), None)
    record.request = RequestFactory().get("/a/secret/")
    record.request.resolver_match = None
    record.status_code = 404
    assert NoAddresses().filter(record)
    assert record.getMessage() == "GET an unknown address 404"


def test_a_log_leaves_out_the_refused_row() -> None:
    said = "duplicate key\nDETAIL:  Key (email)=(kari@example.no) already exists."
    try:
        raise ValueError(said)
    except ValueError:
        text = NoDetails().formatException(sys.exc_info())
    assert "duplicate key" in text
    assert "kari" not in text


@pytest.mark.parametrize(
    "value", ["foo", "http://", "http://[x", "http://h:abc", "ftp://h", "postgresql://h:abc/x"]
)
def test_an_address_that_is_none_is_one_sentence(value: str) -> None:
    with pytest.raises(SetupError, match="PULS_ADDRESS is not an address that Puls can use"):
        environment.address("PULS_ADDRESS", value, "https://puls.example.no", ("http", "https"))


@pytest.mark.parametrize("value", ["x", "-1", "", "1.5", "²"])
def test_a_count_that_is_none_is_one_sentence(value: str) -> None:
    with pytest.raises(SetupError, match="PULS_PROXIES is"):
        environment.count("PULS_PROXIES", value)


def test_each_e_mail_is_a_file_that_a_mail_program_opens(tmp_path: Path) -> None:
    """Caught: several in one file, or lines around them that no mail program knows."""
    folder = tmp_path / "mail"
    with override_settings(EMAIL_FILE_PATH=folder):
        letters = [
            EmailMultiAlternatives("Innkalling: Øving", f"Hei {n}", "puls@a.no", ["liv@a.no"])
            for n in range(2)
        ]
        letters[0].attach_alternative("<p>Hei</p>", "text/html")
        assert EmailBackend().send_messages(letters) == 2
    files = sorted(folder.iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"]
    assert all("innkalling-ving" in file.name for file in files)
    read = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
    assert {letter["Subject"] for letter in read} == {"Innkalling: Øving"}
    told = {letter.get_body(("plain",)).get_content().strip() for letter in read}
    assert told == {"Hei 0", "Hei 1"}
