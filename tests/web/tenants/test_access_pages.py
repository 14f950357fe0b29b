"""The pages about access, walked as people walk them: forms, links, no JavaScript."""

import re
from smtplib import SMTPServerDisconnected
from uuid import uuid4

import pytest
from django.core import mail
from django.http import HttpResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import SimpleTemplateResponse
from django.test import Client, RequestFactory
from django.urls import path

from puls.web.accounts.models import User
from puls.web.tenants import queries
from puls.web.tenants.access import ReachRequest, as_reach, reach_required
from puls.web.tenants.models import Unit
from puls.web.tenants.queries import unit_or_404
from puls.web.urls import urlpatterns as all_pages
from tests.web.cast import PASSWORD, Cast, LogIn, add_person, reach_for
from tests.web.tenants.test_people import remove_administration, token_in


@reach_required
def probe(request: ReachRequest, key: str) -> HttpResponse:
    """A page about one unit."""
    return HttpResponse(unit_or_404(request.reach, key).name)


@reach_required
def lazy(request: ReachRequest) -> SimpleTemplateResponse:
    """A page whose template asks the database."""
    template = engines["django"].from_string("{% for unit in units %}{{ unit.key }} {% endfor %}")
    return SimpleTemplateResponse(template, {"units": Unit.objects.order_by("key")})


@reach_required
def streaming(request: ReachRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(iter(()))


urlpatterns = [
    *all_pages,
    path("probe/<str:key>/", probe),
    path("lazy/", lazy),
    path("s/", streaming),
]


# Foreign is like missing.


@pytest.mark.urls(__name__)
def test_a_foreign_unit_is_like_one_that_does_not_exist(cast: Cast, log_in: LogIn) -> None:
    browser = log_in(cast.charlie)
    assert browser.get("/probe/bergen-kulturskole/").content == b"Bergen kulturskole"
    foreign = browser.get("/probe/karmoy-kulturskole/")
    missing = browser.get("/probe/kermoy-kulturskole/")
    nowhere = browser.get("/no/such/page/")
    assert foreign.status_code == missing.status_code == nowhere.status_code == 404
    assert without_token(foreign) == without_token(missing)
    assert foreign.headers == missing.headers
    assert b"karmoy" not in foreign.content.replace(b"/probe/karmoy-kulturskole/", b"")


def without_token(response: HttpResponse) -> str:
    """The page without what changes by itself: the form token and the address it was asked at."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return re.sub(r"/probe/[\w-]+/", "", text)


def test_a_foreign_person_is_like_one_that_does_not_exist(cast: Cast, log_in: LogIn) -> None:
    browser = log_in(cast.charlie)
    for page in (f"/tilgang/{cast.tom.pk}/", f"/tilgang/{uuid4()}/"):
        assert browser.get(page).status_code == 404
        assert browser.post(page, {"end": "1"}).status_code == 404
    for number in (uuid4(), uuid4()):
        assert browser.post(f"/tilgang/invitasjon/{number}/").status_code == 404


# Rendering happens inside the reach.


@pytest.mark.urls(__name__)
def test_a_template_is_rendered_while_the_reach_lasts(cast: Cast, log_in: LogIn) -> None:
    shown = log_in(cast.charlie).get("/lazy/").content.decode().split()
    assert shown == ["bergen-kulturskole", "bergen-kulturskole.musikk", "no", "no-46", "no-4601"]


def test_a_streaming_answer_is_refused(cast: Cast) -> None:
    request = RequestFactory().get("/")
    request.user, request.session = cast.bob.user, {}  # type: ignore[assignment]
    with pytest.raises(AssertionError, match="streaming"):
        streaming(request)


def test_pages_behind_a_list_show_the_way_to_it(cast: Cast, log_in: LogIn) -> None:
    for who, here, up in (
        (cast.bob, f"/tilgang/{cast.tom.pk}/", "/tilgang/"),
        (cast.bob, "/enheter/karmoy-kulturskole/ny/", "/enheter/"),
        (cast.nora, "/administrasjon/ny/", "/tilgang/"),
    ):
        page = log_in(who).get(here).content.decode()
        assert f'<a href="{up}">' in page.partition('class="trail"')[2].partition("</nav>")[0]


def test_who_is_not_logged_in_is_asked_to(cast: Cast) -> None:
    for page in ("/tilgang/", "/administrasjon/ny/", "/rolle/"):
        answer = Client().get(page)
        assert answer.status_code == 302
        assert answer["Location"] == f"/konto/logg-inn/?next={page}"


# The people page.


def test_a_leader_invites_and_the_invited_joins(cast: Cast, log_in: LogIn) -> None:
    bob = log_in(cast.bob)
    page = bob.get("/tilgang/").content.decode()
    assert "tom@example.no" in page
    assert "alice@example.no" in page
    assert "charlie@example.no" not in page
    sent = bob.post(
        "/tilgang/",
        {
            "email": "mari@example.no",
            "name": "Mari",
            "unit": "karmoy-kulturskole.dans",
            "role": "teacher",
            "language": "nb",
        },
    )
    assert sent.status_code == 302
    assert "mari@example.no" in bob.get("/tilgang/").content.decode()

    mari = Client()
    link = mari.get(f"/invitasjon/{token_in(str(mail.outbox[0].body))}/")
    assert link["Location"] == "/invitasjon/"
    page = mari.get("/invitasjon/").content.decode()
    assert "Karmøy kulturskole" not in page
    assert "Dans" in page
    weak = mari.post("/invitasjon/", {"name": "Mari", "password": "mari"})
    assert weak.status_code == 200
    assert 'aria-invalid="true"' in weak.content.decode()
    joined = mari.post("/invitasjon/", {"name": "Mari", "password": PASSWORD})
    assert joined.status_code == 302
    assert mari.get("/rolle/").status_code == 200
    assert User.objects.get(email="mari@example.no").name == "Mari"


def test_a_link_that_is_used_up_says_so(cast: Cast) -> None:
    browser = Client()
    browser.get("/invitasjon/no-such-token/")
    assert browser.get("/invitasjon/").status_code == 410


def test_who_has_an_account_logs_in_to_accept(cast: Cast, log_in: LogIn) -> None:
    log_in(cast.alice).post(
        "/tilgang/",
        {
            "email": "charlie@example.no",
            "unit": "no-1149",
            "role": "owner",
            "language": "nb",
        },
    )
    link = f"/invitasjon/{token_in(str(mail.outbox[0].body))}/"
    stranger = Client()
    stranger.get(link)
    assert "/konto/logg-inn/?next=/invitasjon/" in stranger.get("/invitasjon/").content.decode()
    # Without logging in nothing can be accepted in that person's name.
    stranger.post("/invitasjon/", {"name": "X", "password": PASSWORD})
    assert len(queries.own_memberships(cast.charlie.user)) == 1

    other = log_in(cast.bob)
    other.get(link)
    assert "charlie@example.no" in other.get("/invitasjon/").content.decode()
    other.post("/invitasjon/")
    assert len(queries.own_memberships(cast.bob.user)) == 1

    charlie = log_in(cast.charlie)
    charlie.get(link)
    assert charlie.post("/invitasjon/").status_code == 302
    assert len(queries.own_memberships(cast.charlie.user)) == 2


def test_switching_between_roles(cast: Cast, log_in: LogIn) -> None:
    second = add_person("charlie", "no-1149", "owner")
    browser = log_in(cast.charlie)
    assert "alice@example.no" not in browser.get("/tilgang/").content.decode()
    assert browser.post("/rolle/", {"membership": str(second.pk)}).status_code == 302
    assert "alice@example.no" in browser.get("/tilgang/").content.decode()
    assert browser.post("/rolle/", {"membership": str(cast.bob.pk)}).status_code == 404


def test_a_role_that_has_ended_is_not_kept_by_the_session(cast: Cast, log_in: LogIn) -> None:
    second = add_person("charlie", "karmoy-kulturskole", "leader")
    browser = log_in(cast.charlie)
    browser.post("/rolle/", {"membership": str(second.pk)})
    with as_reach(reach_for(cast.alice)):
        second.active = False
        second.save(update_fields=["active"])
    page = browser.get("/tilgang/").content.decode()
    assert "charlie@example.no" in page
    assert "alice@example.no" not in page


def test_changing_and_ending_a_role(cast: Cast, log_in: LogIn) -> None:
    alice = log_in(cast.alice)
    page = f"/tilgang/{cast.tom.pk}/"
    assert "Tom" in alice.get(page).content.decode()
    wrong = alice.post(page, {"unit": "no-1149", "role": "teacher"})
    assert wrong.status_code == 200
    assert alice.post(page, {"unit": "karmoy-kulturskole", "role": "leader"}).status_code == 302
    assert reach_for(moved(cast)).unit == "karmoy-kulturskole"
    assert alice.post(page, {"end": "1"}).status_code == 302
    assert "tom@example.no" not in alice.get("/tilgang/").content.decode()


# A new password.


def test_a_leader_sends_somebody_a_link_for_a_new_password(cast: Cast, log_in: LogIn) -> None:
    bob = log_in(cast.bob)
    page = f"/tilgang/{cast.tom.pk}/"
    assert 'name="password"' in bob.get(page).content.decode()
    assert bob.post(page, {"password": "1"})["Location"] == "/tilgang/"
    (sent,) = mail.outbox
    assert sent.to == ["tom@example.no"]
    link = re.search(r"/konto/passord/glemt/\S+-\S+/", str(sent.body))
    assert link, sent.body
    assert link[0] not in bob.get("/tilgang/").content.decode()

    tom = Client()
    form = tom.get(link[0], follow=True)
    new = {"password1": "another sea of boats", "password2": "another sea of boats"}
    assert tom.post(form.redirect_chain[-1][0], new).status_code == 302
    assert Client().login(username="tom@example.no", password="another sea of boats")


@pytest.mark.parametrize(
    ("who", "whom", "status"),
    [
        ("tom", "bob", 403),  # a teacher manages nobody
        ("tom", "tom", 403),
        ("bob", "alice", 403),  # the owner is above the leader
        ("charlie", "tom", 404),  # another administration
        ("alice", "charlie", 404),
        ("frida", "alice", 404),
        ("nora", "bob", 404),
    ],
)
def test_nobody_sends_a_link_beyond_the_own_part(
    cast: Cast, log_in: LogIn, who: str, whom: str, status: int
) -> None:
    page = f"/tilgang/{getattr(cast, whom).pk}/"
    answer = log_in(getattr(cast, who)).post(page, {"password": "1"})
    assert (answer.status_code, mail.outbox) == (status, [])


def test_a_link_that_cannot_leave_is_told(
    cast: Cast, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object, **__: object) -> None:
        raise SMTPServerDisconnected

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", down)
    answer = log_in(cast.bob).post(f"/tilgang/{cast.tom.pk}/", {"password": "1"})
    assert answer.status_code == 200
    assert "E-posten kunne ikke sendes" in answer.content.decode()


def moved(cast: Cast):  # type: ignore[no-untyped-def]
    with as_reach(reach_for(cast.alice)):
        return next(member for member in queries.members() if member.pk == cast.tom.pk)


def test_what_may_not_be_now_is_a_sentence_on_the_page(cast: Cast, log_in: LogIn) -> None:
    alice = log_in(cast.alice)
    answer = alice.post(f"/tilgang/{cast.alice.pk}/", {"end": "1"})
    assert answer.status_code == 200
    assert alice.get("/tilgang/").status_code == 200


@pytest.mark.parametrize("button", ["again", "withdraw"])
def test_sending_an_invitation_again_or_taking_it_back(
    cast: Cast, log_in: LogIn, button: str
) -> None:
    bob = log_in(cast.bob)
    whom = {"email": "mari@example.no", "unit": "karmoy-kulturskole", "role": "teacher"}
    bob.post("/tilgang/", whom | {"language": "en"})
    with as_reach(reach_for(cast.bob)):
        (invitation,) = queries.invitations()
    assert bob.post(f"/tilgang/invitasjon/{invitation.pk}/", {button: ""}).status_code == 302
    browser = Client()
    browser.get(f"/invitasjon/{token_in(str(mail.outbox[0].body))}/")
    assert browser.get("/invitasjon/").status_code == 410, "the first link is dead either way"
    browser.get(f"/invitasjon/{token_in(str(mail.outbox[-1].body))}/")
    alive = 200 if button == "again" else 410
    assert browser.get("/invitasjon/").status_code == alive


# Who may open which page.


@pytest.mark.parametrize(
    ("page", "allowed"),
    [
        ("/tilgang/", {"alice", "bob", "charlie", "nora", "frida"}),
        ("/administrasjon/ny/", {"nora"}),
        ("/rolle/", {"alice", "bob", "charlie", "nora", "frida", "tom"}),
    ],
)
def test_who_may_open_the_page(cast: Cast, log_in: LogIn, page: str, allowed: set[str]) -> None:
    for name in ("alice", "bob", "charlie", "nora", "frida", "tom"):
        status = log_in(getattr(cast, name)).get(page).status_code
        assert status == (200 if name in allowed else 403), name


def test_the_national_body_adds_an_administration(cast: Cast, log_in: LogIn) -> None:
    nora = log_in(cast.nora)
    whom = {"email": "eva@example.no", "name": "Eva", "language": "nb"}
    taken = nora.post("/administrasjon/ny/", whom | {"unit": "no-4601"})
    assert taken.status_code == 200
    assert mail.outbox == []
    remove_administration("no-4601")
    added = nora.post(
        "/administrasjon/ny/", whom | {"unit": "no-4601", "school": "Bergen ny kulturskole"}
    )
    assert added.status_code == 302
    eva = Client()
    eva.get(f"/invitasjon/{token_in(str(mail.outbox[0].body))}/")
    assert eva.post("/invitasjon/", {"name": "Eva", "password": PASSWORD}).status_code == 302
    page = eva.get("/tilgang/").content.decode()
    assert "Bergen ny kulturskole" in page
    assert "charlie@example.no" not in page


def test_forms_tie_labels_and_errors_to_their_inputs(cast: Cast, log_in: LogIn) -> None:
    page = log_in(cast.bob).post("/tilgang/", {"email": "no address"}).content.decode()
    for field in ("email", "name", "unit", "role", "language"):
        assert f'for="id_{field}"' in page
        assert f'id="id_{field}"' in page
    assert 'aria-describedby="id_email_error"' in page
    assert 'id="id_email_error"' in page
