"""The year wheel and its feed, e-mails with what waits, and what one takes along or hands over."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.utils import timezone, translation
from icalendar import Calendar

from puls.errors import NotAllowed, NotNow
from puls.web.actions import queries as actions
from puls.web.actions.planned import Planned
from puls.web.actions.services import action_add
from puls.web.assess.models import Release
from puls.web.mine import export, posting, queries, services
from puls.web.mine.digest import KINDS
from puls.web.mine.models import Entry, Often, Wish
from puls.web.mine.wheel import due, on_its_day
from puls.web.packs import pack
from puls.web.tenants.access import as_person, as_reach, as_whole_tree
from puls.web.tenants.models import Membership, Unit
from tests.web.cast import Cast, add_person, reach_for

TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []


def put(who: Membership, title: str, unit: str = "", on: date = TODAY, **more: Any) -> UUID:
    reach = reach_for(who)
    with as_reach(reach):
        place = Unit.objects.get(key=unit or reach.unit)
        more = {"until": None, "yearly": True, **more}
        return services.entry_add(reach, place, title, on, **more).pk


def seen(who: Membership, first: date = TODAY, days: int = 365) -> list[str]:
    reach = reach_for(who)
    with as_reach(reach):
        found = due(reach, first, first + timedelta(days), pack(), "en")
    return [each.title for each in found if each.kind == "own"]


WRITERS = [
    ("alice", "no-1149", True),
    ("alice", "karmoy-kulturskole", False),
    ("bob", "karmoy-kulturskole", True),
    ("bob", "no-1149", False),
    ("tom", "karmoy-kulturskole.dans", False),
    ("frida", "no-11", True),
    ("nora", "no", True),
]


@pytest.mark.parametrize(("who", "unit", "may"), WRITERS)
def test_who_puts_something_on_the_wheel(who: str, unit: str, may: bool, cast: Cast) -> None:
    if may:
        assert put(getattr(cast, who), "Week of concerts", unit)
        return
    with pytest.raises(NotAllowed):
        put(getattr(cast, who), "Week of concerts", unit)


def test_a_school_sees_what_its_municipality_has_put_on_and_nobody_elses(cast: Cast) -> None:
    put(cast.alice, "Report to the council")
    put(cast.bob, "Open week")
    assert seen(cast.bob) == ["Open week", "Report to the council"]
    assert seen(cast.alice) == ["Open week", "Report to the council"]
    assert seen(cast.tom) == ["Open week", "Report to the council"]
    for elsewhere in (cast.charlie, cast.frida, cast.nora):
        assert seen(elsewhere) == []


DAYS = [
    # the day, the first and the last of what is looked at, when it comes
    (date(2020, 5, 17), date(2026, 1, 1), date(2026, 12, 31), date(2026, 5, 17)),
    (date(2020, 5, 17), date(2026, 6, 1), date(2027, 5, 31), date(2027, 5, 17)),
    (date(2020, 5, 17), date(2026, 6, 1), date(2026, 12, 31), None),
    (date(2024, 2, 29), date(2026, 1, 1), date(2026, 12, 31), date(2026, 2, 28)),
    (date(2024, 2, 29), date(2028, 1, 1), date(2028, 12, 31), date(2028, 2, 29)),
]


@pytest.mark.parametrize(("day", "first", "last", "comes"), DAYS)
def test_when_what_comes_each_year_comes(
    day: date, first: date, last: date, comes: date | None
) -> None:
    assert on_its_day(day, first, last) == comes


def test_what_is_due_stands_on_the_wheel(released: Release, cast: Cast) -> None:
    reach = reach_for(cast.bob)
    with as_reach(reach):
        unit = Unit.objects.get(key=reach.unit)
        action_add(reach, unit, Planned("Try it", due=TODAY + timedelta(3)), written_by="Bob")
        kinds = {each.kind for each in due(reach, TODAY, TODAY + timedelta(365), pack(), "en")}
    assert {"action", "pack"} <= kinds


def test_entries_are_refused_with_a_reason_and_taken_off(cast: Cast) -> None:
    with pytest.raises(NotNow, match="what it is"):
        put(cast.bob, "  ")
    with pytest.raises(NotNow, match="before it begins"):
        put(cast.bob, "Week", until=TODAY - timedelta(1))
    key = put(cast.bob, "Week", until=TODAY)
    reach = reach_for(cast.bob)
    with as_reach(reach):
        assert Entry.objects.get(pk=key).until is None
        services.entry_remove(reach, key)
        with pytest.raises(NotNow, match="in the meantime"):
            services.entry_remove(reach, key)


# The feed.


def open_feed(who: Membership) -> str:
    with as_person(who.user_id), as_reach(reach_for(who)):
        return services.feed_open(who)


def test_the_feed_tells_what_its_person_sees_until_it_is_closed(cast: Cast, client: Any) -> None:
    put(cast.bob, "Open week", on=timezone.localdate())
    first = open_feed(cast.bob)
    answer = client.get(f"/arshjul/abonnement/{first}.ics")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    assert "Open week" in [str(event["SUMMARY"]) for event in found]
    second = open_feed(cast.bob)
    assert client.get(f"/arshjul/abonnement/{first}.ics").status_code == 404
    assert client.get(f"/arshjul/abonnement/{second}.ics").status_code == 200
    with as_person(cast.bob.user_id), as_reach(reach_for(cast.bob)):
        services.feed_close(cast.bob)
    assert client.get(f"/arshjul/abonnement/{second}.ics").status_code == 404


def test_the_feed_ends_with_the_role(cast: Cast, client: Any) -> None:
    """Mutant: the secret alone decides."""
    secret = open_feed(cast.bob)
    with as_whole_tree("owner"):
        Membership.objects.using("owner").filter(pk=cast.bob.pk).update(active=False)
    assert client.get(f"/arshjul/abonnement/{secret}.ics").status_code == 404


@pytest.mark.parametrize("secret", ["", "x" * 43, "' OR 1=1 --"])
def test_no_other_secret_opens_a_feed(secret: str, cast: Cast) -> None:
    open_feed(cast.bob)
    assert queries.subscribed(secret) is None


def test_nobody_reads_anothers_wishes(cast: Cast) -> None:
    open_feed(cast.bob)
    for other in (cast.alice, cast.tom, cast.charlie):
        with (
            as_person(other.user_id),
            as_reach(reach_for(other)),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT count(*) FROM mine_wish")
            assert cursor.fetchone() == (0,)
            cursor.execute("UPDATE mine_wish SET often = 'never'")
            assert cursor.rowcount == 0


# E-mails.


def wish(who: Membership, often: Often, about: tuple[str, ...] = tuple(KINDS)) -> None:
    with as_person(who.user_id), as_reach(reach_for(who)):
        services.wish_keep(who, often, about)


def task(who: Membership, due_in: int = 3) -> None:
    reach = reach_for(who)
    with as_reach(reach):
        plan = Planned("Try it", responsible=who, due=TODAY + timedelta(due_in))
        action_add(reach, Unit.objects.get(key=reach.unit), plan, written_by="Bob")


def test_an_email_says_what_waits_with_links_and_no_figures(released: Release, cast: Cast) -> None:
    task(cast.bob)
    wish(cast.bob, Often.DAILY)
    assert posting.post(TODAY) == 1
    (sent,) = mail.outbox
    assert sent.to == [cast.bob.user.email]
    assert "Try it" in sent.body
    assert "/tiltak/karmoy-kulturskole/" in sent.body
    assert "/mitt/varsler/" in sent.body


OFTEN = [
    # how often, days since the last one, whether one goes
    (Often.DAILY, 0, False),
    (Often.DAILY, 1, True),
    (Often.WEEKLY, 6, False),
    (Often.WEEKLY, 7, True),
    (Often.NEVER, 99, False),
]


@pytest.mark.parametrize(("often", "days", "goes"), OFTEN)
def test_how_often_an_email_goes(
    often: Often, days: int, goes: bool, released: Release, cast: Cast
) -> None:
    task(cast.bob)
    wish(cast.bob, often)
    with as_whole_tree("owner"):
        Wish.objects.using("owner").update(told_on=TODAY - timedelta(days))
    assert bool(posting.post(TODAY)) is goes


def test_a_name_of_two_lines_ends_nobody_s_round(released: Release, cast: Cast) -> None:
    for who in (cast.bob, cast.charlie):
        task(who)
        wish(who, Often.DAILY)
    with as_whole_tree("owner"):
        Unit.objects.using("owner").filter(pk=cast.bob.unit_id).update(name="Skole\nBcc: x@y.no")
    assert posting.post(TODAY) == 2
    assert {each.to[0] for each in mail.outbox} == {cast.bob.user.email, cast.charlie.user.email}


def test_nothing_waits_and_nothing_is_sent(released: Release, cast: Cast) -> None:
    wish(cast.bob, Often.DAILY)
    task(cast.bob, due_in=60)
    assert posting.post(TODAY) == 0
    assert mail.outbox == []


def test_only_what_was_chosen_is_told(released: Release, cast: Cast) -> None:
    task(cast.bob)
    wish(cast.bob, Often.DAILY, ("meetings",))
    assert posting.post(TODAY) == 0


def test_who_has_no_role_any_more_hears_nothing(released: Release, cast: Cast) -> None:
    task(cast.bob)
    wish(cast.bob, Often.DAILY)
    with as_whole_tree("owner"):
        Membership.objects.using("owner").filter(pk=cast.bob.pk).update(active=False)
    assert posting.post(TODAY) == 0


def test_what_could_not_be_sent_is_tried_again(
    released: Release, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    task(cast.bob)
    task(cast.alice)
    wish(cast.bob, Often.DAILY)
    wish(cast.alice, Often.DAILY)

    def refuse_bob(subject: str, text: str, sender: None, to: list[str]) -> int:
        if to == [cast.bob.user.email]:
            raise OSError("away")
        return 1

    monkeypatch.setattr(posting, "send_mail", refuse_bob)
    assert posting.post(TODAY) == 1
    monkeypatch.undo()
    assert posting.post(TODAY) == 1
    assert [each.to for each in mail.outbox] == [[cast.bob.user.email]]


# What one takes along, and what another takes over.


def test_everything_that_bears_ones_name_goes_along(released: Release, cast: Cast) -> None:
    reach = reach_for(cast.bob)
    with as_reach(reach):
        unit = Unit.objects.get(key=reach.unit)
        action_add(reach, unit, Planned("Bob's"), written_by=cast.bob.user.name)
        action_add(reach, unit, Planned("Tina's"), written_by="Tina")
        data = export.archive(cast.bob.user)
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        told = json.loads(files.read("written.json"))
    assert [row["what"] for row in told["actions.Action"]] == ["Bob's"]


def test_no_table_with_a_writers_name_is_forgotten() -> None:
    columns = ("written_by", "made_by", "begun_by", "saved_by", "added_by", "published_by")
    named = {
        model._meta.label
        for model in apps.get_models()
        if any(
            field.name in columns and not field.is_relation for field in model._meta.concrete_fields
        )
    }
    assert named <= set(export.WRITTEN), named - set(export.WRITTEN)


def test_open_actions_are_handed_over(released: Release, cast: Cast) -> None:
    tina = add_person("tina", "karmoy-kulturskole", "teacher")
    task(cast.bob)
    reach = reach_for(cast.bob)
    with as_reach(reach):
        assert [each.pk for each in queries.colleagues(cast.bob)] == [tina.pk]
        assert services.hand_over(reach, cast.bob, tina) == 1
        assert actions.actions_by(cast.bob.pk) == []
        (taken,) = actions.actions_by(tina.pk)
    assert taken.responsible_name == tina.user.name
    with as_reach(reach), pytest.raises(NotNow):
        services.hand_over(reach, cast.bob, cast.charlie)


def test_the_pages(released: Release, cast: Cast, log_in: Any) -> None:
    bob = log_in(cast.bob)
    made = {"add": "1", "title": "Åpen uke", "on": "2026-05-04", "until": "", "yearly": "on"}
    assert bob.post("/arshjul/", made).status_code == 302
    assert "Åpen uke" in bob.get("/arshjul/").text
    assert bob.post("/arshjul/", {**made, "title": ""}).status_code == 200
    bob.post("/arshjul/", {"open": "1"})
    assert "/arshjul/abonnement/" in bob.get("/arshjul/").text
    assert "/arshjul/abonnement/" not in bob.get("/arshjul/").text
    bob.post("/mitt/varsler/", {"often": "weekly", "about": ["meetings"]})
    assert bob.get("/mitt/varsler/").context["form"].initial["about"] == ["meetings"]
    assert bob.get("/mitt/alt-jeg-har-skrevet/").status_code == 200
    assert bob.get("/mitt/alt-jeg-har-skrevet.zip").headers["Content-Type"] == "application/zip"
