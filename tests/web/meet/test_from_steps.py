"""A meeting out of a step of a process, and which meetings hang on it."""

import re
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from puls.web.assess.models import Release
from puls.web.improve import queries as improve
from puls.web.improve import services, steps
from puls.web.improve.proposals import Proposed
from puls.web.improve.ties import Tie, TieKind
from puls.web.meet import queries
from puls.web.tenants.access import Reach, as_reach
from puls.web.tenants.models import Unit
from tests.web.cast import Cast, LogIn, reach_for
from tests.web.see import world


@pytest.fixture
def step(released: Release, bob: Reach) -> Any:
    """A step that rests on a cell and a rubric, with a problem and two questions."""
    with as_reach(bob):
        unit = Unit.objects.get(key=world.SCHOOL)
        made = services.improvement_begin(bob, unit, "Råd som brukes", "Bob", "", [])
        given = Proposed(kind="reflect", title="Refleksjon")
        step = steps.step_add(bob, made.pk, "Bob", given)
        texts = {"problem": "Hvordan får **elevene** råd?", "questions": "Når?\nHvordan?"}
        steps.step_write(bob, step.pk, texts, {"problem": "", "questions": ""}, "Bob")
        ties = [
            Tie(TieKind.INDICATOR, unit=world.SCHOOL, indicator=world.FEEDBACK, period=2025,
                release=released.pk),
            Tie(TieKind.RUBRIC, rubric="assessment_for_learning"),
        ]  # fmt: skip
        return steps.step_tie(bob, step.pk, ties, "Bob")


def test_a_step_becomes_an_agenda(step: Any, cast: Cast, bob: Reach, log_in: LogIn) -> None:
    browser = log_in(cast.bob)
    # The cell is named twice: by the step, and as what was looked at before it.
    address = f"/moter/nytt/?steg={step.pk}&valgt={world.SCHOOL}.{world.FEEDBACK}"
    assert 'value="Refleksjon"' in browser.get(address).text
    given = {"title": "Refleksjon", "day": "2026-12-08", "time": "14:00", "minutes": "60"}
    browser.post(address, given)
    with as_reach(bob):
        (made,) = queries.meetings(world.SCHOOL, step=step.pk)
        assert made.improvement == improve.step_or_404(step.pk).improvement_id
        kinds = [item.kind for item in queries.agenda(made)]
    assert kinds == ["cell", "rubric", "question", "question"]
    assert "3,4" in browser.get(f"/moter/{made.pk}/").text


def test_the_questions_of_the_sheet_come_along(
    released: Release, cast: Cast, bob: Reach, log_in: LogIn
) -> None:
    browser = log_in(cast.bob)
    sheet = browser.get(f"/hva-gjor-vi/{world.SCHOOL}/2025-26/").text
    (plan,) = re.findall(r'href="(/moter/nytt/[^"]*)"', sheet)
    asked = re.findall(r"<li>([^<]+)</li>", sheet.split('id="sporsmal"')[1])
    browser.post(
        unescape(plan), {"title": "Ark", "day": "2026-12-08", "time": "14:00", "minutes": "60"}
    )
    with as_reach(bob):
        (made,) = queries.meetings(world.SCHOOL)
        items = queries.agenda(made)
    told = "\n".join(item.text for item in items if item.kind == "question").splitlines()
    assert told == [unescape(question) for question in asked]
    assert len(told) > 1
    assert "cell" in {item.kind for item in items}


def test_a_step_outside_reach_makes_no_meeting(step: Any, cast: Cast, log_in: LogIn) -> None:
    address = f"/moter/nytt/?steg={step.pk}"
    assert log_in(cast.charlie).get(address).status_code == 404


def test_what_a_school_wrote_comes_into_no_agenda_of_its_owner(
    step: Any, cast: Cast, bob: Reach, log_in: LogIn
) -> None:
    with as_reach(bob):
        steps.step_write(bob, step.pk, {"comments": "Kari sliter"}, {"comments": ""}, "Bob")
    browser = log_in(cast.alice)
    address = f"/moter/nytt/?steg={step.pk}"
    offered = browser.get(address).text
    assert "Det Karmøy kulturskole har skrevet i dette steget" in offered
    browser.post(address, {"title": "Alle", "day": "2026-12-08", "time": "14:00", "minutes": "60"})
    alice = reach_for(cast.alice)
    with as_reach(alice):
        (made,) = queries.meetings(alice.unit)
        items = queries.agenda(made)
        assert made.step == step.pk
        assert [(item.kind, item.heading) for item in items] == [
            ("cell", "Tilbakemeldinger, Karmøy kulturskole"),
            ("rubric", items[1].heading),
        ]
        told = " ".join([made.title, made.about, *(item.text for item in items)])
    for word in ("Hvordan får", "Når?", "Kari"):
        assert word not in told + offered


def test_the_button_of_the_process_keeps_its_step(
    step: Any, cast: Cast, bob: Reach, log_in: LogIn
) -> None:
    browser = log_in(cast.bob)
    line = browser.get(reverse("improve:improvement", args=[step.improvement_id]))
    (button,) = re.findall(r'class="ds-button step-invite" href="([^"]+)"', line.text)
    given = {"title": "Refleksjon", "day": "2026-12-08", "time": "14:00", "minutes": "60"}
    browser.post(unescape(button), given)
    with as_reach(bob):
        (made,) = queries.meetings(world.SCHOOL, step=step.pk)
    assert (made.improvement, made.step) == (step.improvement_id, step.pk)
