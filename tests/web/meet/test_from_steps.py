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
from tests.web.cast import Cast, LogIn
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


def test_a_step_outside_reach_makes_no_meeting(step: Any, cast: Cast, log_in: LogIn) -> None:
    address = f"/moter/nytt/?steg={step.pk}"
    assert log_in(cast.charlie).get(address).status_code == 404


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
