"""A picture on the agenda: on the page, in the letter, on paper and on phones, for nobody else."""

import io
from email import message_from_bytes
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from pptx import Presentation
from pypdf import PdfReader

from puls.errors import NotNow
from puls.web.media.models import File
from puls.web.media.services import picture_add
from puls.web.meet import entrances, letters, people, queries, room, sending, services
from puls.web.meet.models import Item, Kind, Meeting
from puls.web.meet.services import Thing
from puls.web.tenants.access import Reach, as_entrance, as_reach
from puls.web.tenants.models import Unit
from tests.web.cast import Cast, LogIn, reach_for
from tests.web.media.uploads import upload
from tests.web.see.world import SCHOOL

ALT = "Et kor på en scene"


@pytest.fixture
def shown(meeting: Meeting, cast: Cast, log_in: LogIn) -> Item:
    """Bob adds a new picture on the form."""
    sent = {"heading": "Vårkonserten", "file": upload(), "alt": ALT, "minutes": "5"}
    answer = log_in(cast.bob).post(f"/moter/{meeting.pk}/sak/bilde/", sent)
    assert answer.status_code == 302, answer.text
    with as_reach(reach_for(cast.bob)):
        return Item.objects.get(meeting=meeting, kind=Kind.PICTURE)


def jpeg(answer: Any) -> bool:
    return answer.status_code == 200 and answer.content[:2] == b"\xff\xd8"


def test_it_stands_on_the_page_and_can_be_chosen_again(
    shown: Item, meeting: Meeting, cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    assert (shown.alt, shown.minutes) == (ALT, 5)
    picture = f'<img class="meet-photo" src="/bilde/{shown.picture}" alt="{ALT}">'
    assert picture in bob.get(f"/moter/{meeting.pk}/").text
    tom = log_in(cast.tom)
    assert picture in tom.get(f"/moter/{meeting.pk}/").text
    assert jpeg(tom.get(f"/bilde/{shown.picture}"))
    form = f"/moter/{meeting.pk}/sak/bilde/"
    assert f'<option value="{shown.picture}">{ALT}</option>' in bob.get(form).text
    bob.post(form, {"heading": "En gang til", "picture": shown.picture})
    assert bob.get(f"/moter/{meeting.pk}/").text.count(picture) == 2
    refused = bob.post(form, {"heading": "Uten bilde"}).text
    assert "Velg et bilde" in refused
    refused = bob.post(form, {"heading": "Uten ord", "file": upload()}).text
    assert "Skriv hva bildet viser" in refused
    assert tom.get(form).status_code == 403


def test_a_phone_without_log_in_sees_the_pictures_of_its_meeting_alone(
    shown: Item, meeting: Meeting, cast: Cast, bob: Reach
) -> None:
    """Caught: an entrance that opens every picture of the unit."""
    with as_reach(bob):
        unit = Unit.objects.get(key=SCHOOL)
        other = picture_add(bob, unit, upload(name="other.png"), "Another", "Bob")
        live = room.room_open(bob, meeting.pk)
        room.show(bob, meeting.pk, shown.pk)
        token = entrances.room_token(live)
    phone = Client()
    address = f"/mote/{meeting.pk}/bilde/"
    assert phone.get(f"{address}{shown.picture}").status_code == 302, "not in yet"
    phone.post(f"/m/{token}/")
    page = phone.get(f"/mote/{meeting.pk}/").text
    assert f'src="{address}{shown.picture}" alt="{ALT}"' in page
    assert jpeg(phone.get(f"{address}{shown.picture}"))
    assert phone.get(f"{address}{other.pk}").status_code == 404
    with as_entrance(entrances.hash_of(token)):
        assert [str(each.pk) for each in File.objects.all()] == [shown.picture]


def test_the_letter_carries_it_with_its_words(shown: Item, meeting: Meeting, bob: Reach) -> None:
    with as_reach(bob):
        people.invitees_add(bob, meeting.pk, list(people.wanted("tom@example.no")), "nb")
        letters.invite(bob, meeting.pk)
    sending.send_waiting(bob, meeting.pk)
    (sent,) = mail.outbox
    letter: Any = message_from_bytes(sent.message().as_bytes())
    (picture,) = [each for each in letter.walk() if each.get_content_type() == "image/jpeg"]
    assert picture.get_payload(decode=True)[:2] == b"\xff\xd8"
    html, text = (
        next(each for each in letter.walk() if each.get_content_type() == kind)
        .get_payload(decode=True)
        .decode()
        for kind in ("text/html", "text/plain")
    )
    assert f'<img src="cid:{picture["Content-ID"][1:-1]}" alt="{ALT}"' in html
    assert f"[{ALT}]" in text


def test_paper_and_slides_show_it(shown: Item, meeting: Meeting, cast: Cast, log_in: LogIn) -> None:
    bob = log_in(cast.bob)
    paper = PdfReader(io.BytesIO(bob.get(f"/moter/{meeting.pk}/sakliste.pdf").content))
    assert sum(len(page.images) for page in paper.pages) == 1
    slides = Presentation(io.BytesIO(bob.get(f"/moter/{meeting.pk}/sakliste.pptx").content))
    told = [
        shape._element.nvPicPr.cNvPr.get("descr")
        for slide in slides.slides
        for shape in slide.shapes
        if shape.shape_type == 13
    ]
    assert told == [ALT]


def test_a_picture_that_is_gone_leaves_its_words(
    shown: Item, meeting: Meeting, cast: Cast, bob: Reach, log_in: LogIn
) -> None:
    with as_reach(bob):
        File.objects.get(pk=shown.picture).delete()
    browser = log_in(cast.bob)
    assert f'alt="{ALT}"' in browser.get(f"/moter/{meeting.pk}/").text
    assert browser.get(f"/moter/{meeting.pk}/sakliste.pdf").status_code == 200


def test_no_picture_of_others_comes_on_an_agenda(meeting: Meeting, cast: Cast, bob: Reach) -> None:
    charlie = reach_for(cast.charlie)
    with as_reach(charlie):
        unit = Unit.objects.get(key=charlie.unit)
        theirs = picture_add(charlie, unit, upload(), "Theirs", "Charlie").pk
    with as_reach(bob):
        for key in (theirs, uuid4()):
            thing = Thing(Kind.PICTURE, "Ours?", picture=str(key), alt="Theirs")
            with pytest.raises(NotNow, match="ikke noe slikt bilde"):
                services.item_add(bob, meeting.pk, thing)
        assert not [item for item in queries.agenda(meeting) if item.picture]
