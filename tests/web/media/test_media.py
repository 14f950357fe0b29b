"""Pictures and files of a unit: who adds and sees them, how they go out, and that they can go."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

import pytest
from django import forms
from django.db import connection
from django.db.utils import IntegrityError, ProgrammingError
from django.http import Http404, QueryDict
from django.test import RequestFactory
from django.utils import translation

from puls.errors import NotAllowed, NotNow
from puls.web.media import queries, services, texts, uploads
from puls.web.media.forms import PREVIEW, TextField, WithPreview
from puls.web.media.models import File, Kind
from puls.web.tenants.access import as_reach
from puls.web.tenants.models import Membership, Unit
from tests.web.cast import Cast, LogIn, add_person, reach_for
from tests.web.media.uploads import upload

SCHOOL, DANCE = "karmoy-kulturskole", "karmoy-kulturskole.dans"
PDF = b"%PDF-1.7 hello"


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def add(who: Membership, unit: str = "", alt: str = "A choir sings", **how: Any) -> UUID:
    reach = reach_for(who)
    with as_reach(reach):
        place = Unit.objects.get(key=unit or reach.unit)
        return services.picture_add(reach, place, upload(), alt, "Bob", **how).pk


def attach(who: Membership) -> UUID:
    reach = reach_for(who)
    with as_reach(reach):
        unit = Unit.objects.get(key=reach.unit)
        return services.attachment_add(reach, unit, upload(PDF, "Årsplan.pdf"), "Bob").pk


def sees(who: Membership, key: UUID) -> bool:
    with as_reach(reach_for(who)):
        return key in queries.pictures_by_key([key])


WRITERS = [
    ("bob", SCHOOL, True),
    ("bob", DANCE, False),
    ("tom", DANCE, True),
    ("tom", SCHOOL, False),
    ("alice", "no-1149", True),
    ("alice", SCHOOL, False),
    ("alice", "haugesund-kulturskole", False),
    ("frida", "no-11", True),
    ("frida", "no-1149", False),
    ("nora", "no", True),
]


@pytest.mark.parametrize(("who", "unit", "may"), WRITERS)
def test_who_adds_where(
    who: str, unit: str, may: bool, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    if may:
        assert sees(getattr(cast, who), add(getattr(cast, who), unit))
        return
    # Who may not is told so before anything is drawn.
    monkeypatch.setattr(services, "drawn", None)
    with pytest.raises(NotAllowed, match="own people"):
        add(getattr(cast, who), unit)


READERS = [
    # who sees a picture of Bob's school, and whether also once it is shared
    ("bob", True, True),
    ("tom", True, True),
    ("alice", True, True),
    ("frida", False, True),
    ("nora", False, True),
    ("charlie", False, True),
]


@pytest.mark.parametrize(("who", "sees_it", "sees_it_shared"), READERS)
def test_who_sees_a_picture(who: str, sees_it: bool, sees_it_shared: bool, cast: Cast) -> None:
    key, member = add(cast.bob), getattr(cast, who)
    assert sees(member, key) is sees_it
    reach = reach_for(cast.bob)
    with as_reach(reach):
        services.media_share(reach, [key], shared=True)
    assert sees(member, key) is sees_it_shared
    with as_reach(reach):
        services.media_share(reach, [key], shared=False)
    assert sees(member, key) is sees_it


def test_the_administration_shares_what_its_schools_show(cast: Cast) -> None:
    key, reach = add(cast.bob), reach_for(cast.alice)
    for shared in (True, False):
        with as_reach(reach):
            services.media_share(reach, [key], shared=shared)
        assert sees(cast.charlie, key) is shared


@pytest.mark.parametrize("who", ["tom", "charlie"])
def test_others_do_not_share_it(who: str, cast: Cast) -> None:
    key = add(cast.bob)
    reach = reach_for(getattr(cast, who))
    with as_reach(reach), suppress(NotAllowed):
        services.media_share(reach, [key], shared=True)
    assert not sees(cast.charlie, key)
    with as_reach(reach), connection.cursor() as cursor:
        cursor.execute("UPDATE media_file SET is_shared = true")
        assert cursor.rowcount == 0


@pytest.mark.parametrize("who", ["alice", "tom", "charlie"])
def test_others_neither_tell_nor_remove_it(who: str, cast: Cast) -> None:
    key = add(cast.bob)
    reach = reach_for(getattr(cast, who))
    acts: list[Any] = [
        lambda: services.picture_tell(reach, key, "Ours"),
        lambda: services.media_remove(reach, key),
    ]
    for act in acts:
        with as_reach(reach), pytest.raises((NotAllowed, NotNow)):
            act()
    with as_reach(reach), connection.cursor() as cursor:
        cursor.execute("DELETE FROM media_file")
        assert cursor.rowcount == 0
    assert sees(cast.bob, key)


def test_its_words_can_be_changed_and_it_can_be_removed(cast: Cast) -> None:
    key, reach = add(cast.bob), reach_for(add_person("tina", SCHOOL, "teacher"))
    with as_reach(reach):
        services.picture_tell(reach, key, "  Tom   dances ")
        assert queries.picture_or_404(key).alt == "Tom dances"
        services.picture_tell(reach, key, "", is_decorative=True)
        assert queries.picture_or_404(key).alt == ""
        services.media_remove(reach, key)
        with pytest.raises(Http404):
            queries.picture_or_404(key)
        with pytest.raises(NotNow, match="removed in the meantime"):
            services.media_remove(reach, key)


def test_a_page_changes_what_a_picture_shows(cast: Cast, log_in: LogIn) -> None:
    key, bob = add(cast.bob), log_in(cast.bob)
    address = f"/bilder/{key}/fortell/"
    assert address in bob.get("/bilder/").text
    assert "A choir sings" in bob.get(address).text
    assert bob.post(address, {"alt": " "}).status_code == 200
    assert bob.post(address, {"alt": "Two choirs sing"})["Location"] == "/bilder/"
    assert "Two choirs sing" in bob.get("/bilder/").text
    for other in (cast.alice, cast.tom, cast.charlie):
        assert log_in(other).get(address).status_code == 404


@pytest.mark.parametrize(
    ("alt", "why"), [("", "Write what the picture shows"), (" \n", "Write"), ("x" * 301, "300")]
)
def test_a_picture_is_told_or_only_decorates(alt: str, why: str, cast: Cast) -> None:
    with pytest.raises(NotNow, match=why):
        add(cast.bob, alt=alt)
    with as_reach(reach_for(cast.bob)):
        assert queries.pictures(SCHOOL) == []
    assert add(cast.bob, alt="", is_decorative=True)


def test_a_text_shows_it_by_the_line_that_stands_below_it(cast: Cast) -> None:
    key = add(cast.bob, alt="A [choir] \\ sings")
    with as_reach(reach_for(cast.bob)):
        line = queries.picture_or_404(key).markdown
    assert texts.pictures_in(line) == {key}
    assert 'alt="A [choir] \\ sings"' in texts.render(line)


def test_there_is_an_end_to_what_a_unit_keeps(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first = add(cast.bob)
    with as_reach(reach_for(cast.bob)):
        size = File.objects.get(pk=first).size
    monkeypatch.setattr(services, "MOST_BYTES", 2 * size - 1)
    with pytest.raises(NotNow, match="no room"):
        add(cast.bob)
    reach = reach_for(cast.bob)
    with as_reach(reach):
        services.media_remove(reach, first)
    add(cast.bob)


# Over HTTP.


def test_a_picture_goes_out_as_a_picture_and_nothing_else(cast: Cast, log_in: LogIn) -> None:
    key, client = add(cast.bob), log_in(cast.bob)
    for address in (f"/bilde/{key}", f"/bilde/{key}/liten"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.content.startswith(b"\xff\xd8\xff")
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"] == 'inline; filename="choir.jpg"'
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Cache-Control"] == "private, max-age=2592000, immutable"
    assert client.get(f"/fil/{key}").status_code == 404


def test_an_attachment_is_only_handed_out(cast: Cast, log_in: LogIn) -> None:
    key, client = attach(cast.bob), log_in(cast.bob)
    answer = client.get(f"/fil/{key}")
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%C3%85rsplan.pdf"
    assert client.get(f"/bilde/{key}").status_code == 404


@pytest.mark.parametrize("kind", ["bilde", "fil"])
def test_who_is_handed_out_what(kind: str, cast: Cast, log_in: LogIn, client: Any) -> None:
    key = add(cast.bob) if kind == "bilde" else attach(cast.bob)
    for who, status in (("alice", 200), ("tom", 200), ("charlie", 404), ("nora", 404)):
        assert log_in(getattr(cast, who)).get(f"/{kind}/{key}").status_code == status
    assert client.get(f"/{kind}/{key}").status_code == 302, "who is not known logs in first"


def test_adding_and_removing_on_the_page(cast: Cast, log_in: LogIn) -> None:
    client = log_in(cast.bob)
    refused = client.post("/bilder/", {"picture": upload(), "alt": ""})
    assert b"Skriv hva bildet viser" in refused.content
    refused = client.post("/bilder/", {"picture": upload(b"no", "a.png"), "alt": "x"})
    assert "ikke et bilde" in refused.content.decode()
    assert client.post("/bilder/", {"picture": upload(), "alt": "Kor"}).status_code == 302
    client.post("/bilder/fil/", {"file": upload(PDF, "plan.pdf")})
    client.post("/bilder/fil/", {"file": upload(b"MZ", "plan.exe")})
    with as_reach(reach_for(cast.bob)):
        (picture,), (file,) = queries.pictures(SCHOOL), queries.attachments(SCHOOL)
    page = client.get("/bilder/").content.decode()
    assert f"![Kor](/bilde/{picture.id})" in page
    assert f"/fil/{file.id}" in page
    assert log_in(cast.alice).get(f"/bilder/{picture.id}/fjern/").status_code == 404
    for key in (picture.id, file.id):
        assert client.get(f"/bilder/{key}/fjern/").status_code == 200
        client.post(f"/bilder/{key}/fjern/")
    with as_reach(reach_for(cast.bob)):
        assert [*queries.pictures(SCHOOL), *queries.attachments(SCHOOL)] == []


@pytest.mark.parametrize("size", [100, 3_000_000, 7_000_000])
def test_of_a_file_too_large_no_more_is_kept_than_tells_so(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In memory and on disk; a file within the limit comes whole."""
    monkeypatch.setattr(uploads, "MOST_BYTES", 5_000_000)
    data = bytes(range(256)) * (size // 256 + 1)
    request = RequestFactory().post("/bilder/", {"picture": upload(data[:size], "a.png")})
    came = request.FILES["picture"]
    kept = min(size, 5_000_001)
    assert came.size == kept
    assert came.read() == data[:kept]
    request.close()


# The field with its editor.


class NoteForm(WithPreview):
    title = forms.CharField()
    text = TextField()


def test_who_only_asks_to_see_a_text_saves_nothing() -> None:
    sent = "title=x&text=**loud**+<b>"
    form = NoteForm(QueryDict(f"{sent}&{PREVIEW}=text"))
    assert not form.is_valid()
    shown = str(form)
    assert "<strong>loud</strong> &lt;b&gt;" in shown
    assert "**loud** &lt;b&gt;</textarea>" in shown
    assert "errorlist" not in shown
    assert NoteForm(QueryDict(sent)).is_valid()
    assert "editor-preview" not in str(NoteForm(QueryDict(sent)))


def test_a_text_that_is_too_long_is_said_so() -> None:
    form = NoteForm({"title": "x", "text": "x" * (texts.LONGEST + 1)})
    assert not form.is_valid()
    assert "text" in form.errors


# The database's own rules.

INSERT = (
    "INSERT INTO media_file (id, tenant_id, unit_id, path, depth, kind, name, alt, is_decorative,"
    " width, height, content, small, size, is_shared, added_by, added_at) VALUES (%(id)s,"
    " %(tenant)s, %(unit)s, %(path)s, %(depth)s, %(kind)s, 'a', %(alt)s, %(decorative)s, %(width)s,"
    " 1, 'x', %(small)s, 2, false, 'Eve', now())"
)
PATH = f"no/no-11/no-1149/{SCHOOL}"
GOOD = {
    "tenant": "no-1149", "unit": SCHOOL, "path": PATH, "depth": 3, "kind": Kind.PICTURE.value,
    "alt": "A choir", "decorative": False, "width": 1, "small": b"x",
}  # fmt: skip


def put(who: Membership, **change: Any) -> None:
    with as_reach(reach_for(who)), connection.cursor() as cursor:
        cursor.execute(INSERT, {"id": uuid4(), **GOOD, **change})


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"kind": "program"}, "media_"),
        ({"alt": ""}, "media_picture_is_told_or_decorative"),
        ({"decorative": True}, "media_picture_is_told_or_decorative"),
        ({"width": 0}, "media_picture_has_its_sizes"),
        ({"small": None}, "media_picture_has_its_sizes"),
        ({"kind": "attachment"}, "media_picture_has_its_sizes"),
        ({"depth": 1}, "media_depth_is_of_path"),
        ({"unit": DANCE}, "media_path_is_of_unit"),
    ],
)
def test_what_the_database_refuses(change: dict[str, Any], name: str, cast: Cast) -> None:
    put(cast.bob)
    with pytest.raises(IntegrityError, match=name):
        put(cast.bob, **change)


@pytest.mark.parametrize("who", ["alice", "tom", "charlie", "frida", "nora"])
def test_the_database_lets_nobody_add_to_another_unit(who: str, cast: Cast) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        put(getattr(cast, who))


@pytest.mark.parametrize("column", ["content", "small", "added_by", "path", "tenant_id"])
def test_the_web_cannot_rewrite_what_it_is(column: str, cast: Cast) -> None:
    put(cast.bob)
    with pytest.raises(ProgrammingError, match="permission denied"), as_reach(reach_for(cast.bob)):
        connection.cursor().execute(f"UPDATE media_file SET {column} = NULL")
