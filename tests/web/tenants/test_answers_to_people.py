"""What every page owes a signed-in person: nothing kept in between, and no page that breaks."""

import pytest

from tests.web.cast import Cast, LogIn


@pytest.mark.parametrize("page", ["/tilgang/", "/enheter/", "/tilgang/999999/", "/konto/passord/"])
def test_no_page_of_a_person_is_kept_by_others(cast: Cast, log_in: LogIn, page: str) -> None:
    answer = log_in(cast.alice).get(page)
    assert "private" in answer.headers["Cache-Control"] or "no-store" in answer["Cache-Control"]


def test_a_sign_no_database_takes_is_not_found(cast: Cast, log_in: LogIn) -> None:
    assert log_in(cast.alice).get("/hvor-er-vi/karmoy%00/2025-26/").status_code == 404


def test_an_address_longer_than_addresses_are_is_a_slip(cast: Cast, log_in: LogIn) -> None:
    label = "b" * 60
    long = f"{'a' * 60}@{label}.{label}.{label}.{label}.no"
    for email, slips in ((long, 1), ("kari@example.no", 0)):
        sent = {"email": email, "unit": "no-1149", "role": "owner", "language": "nb"}
        answer = log_in(cast.alice).post("/tilgang/", sent)
        assert (answer.status_code == 200) == bool(slips)
