"""The pages of improvements: what stands on them, what their buttons do, and for whom."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from puls.content.process_steps import StepKind
from puls.units import UnitTree
from puls.web.actions.deciding import decision_add
from puls.web.actions.planned import Planned
from puls.web.actions.services import action_add
from puls.web.assess.models import Release
from puls.web.improve import queries, services, steps
from puls.web.improve.models import Step
from puls.web.improve.proposals import Proposed
from puls.web.improve.ties import Tie, TieKind
from puls.web.tenants.models import Membership, Unit
from tests.web.cast import Cast, LogIn, add_person
from tests.web.improve.workshop import SCHOOL, acting, begin, line, read, titles, write
from tests.web.see import world
from tests.web.see.world import FEEDBACK, PERIOD, WELLBEING


@pytest.fixture
def released(places: UnitTree, cast: Cast) -> Release:
    return world.release(places)


@pytest.fixture
def bob(cast: Cast, log_in: LogIn) -> Client:
    return log_in(cast.bob)


def page(client: Client, address: str, **data: Any) -> str:
    answer = client.get(address, data)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def act(client: Client, key: UUID, **data: Any) -> str:
    answer = client.post(reverse("improve:act", args=[key]), data, follow=True)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def designer(key: UUID) -> str:
    return reverse("improve:improvement", args=[key])


def step_of(key: UUID, step: Step, name: str = "step") -> str:
    return reverse(f"improve:{name}", args=[key, step.pk])


def test_from_an_example_with_what_was_picked(bob: Client, cast: Cast, released: Release) -> None:
    address = reverse("improve:new", args=[SCHOOL])
    picked = f"{SCHOOL}.{FEEDBACK},{SCHOOL}.{WELLBEING},no-1149.{FEEDBACK}"
    offered = page(bob, address, valgt=picked)
    assert "Fra svar til samtale" in offered
    assert "3,4" in offered, "what is taken along is shown"
    sent = {"valgt": picked, "mal": "feedback_used", "title": "", "first_day": "2026-01-12"}
    made = bob.post(address, sent, follow=True).content.decode()
    assert "laget fra malen «Tilbakemeldinger som blir brukt»" in made
    assert "12. jan." in made
    with acting(cast.bob):
        (found,) = queries.improvements(SCHOOL)
        first, second, *_ = queries.steps(found.pk)
    tied = [(tie.unit, tie.indicator, tie.period, tie.release) for tie in first.tied]
    assert tied[:2] == [
        (SCHOOL, FEEDBACK, PERIOD, released.pk),
        (SCHOOL, WELLBEING, PERIOD, released.pk),
    ]
    assert len(tied) == 3
    assert second.problem.startswith("Hvordan kan elevene våre")
    assert first.of_template == 1


def test_an_example_brings_only_what_there_is_a_number_of(
    bob: Client, cast: Cast, released: Release
) -> None:
    sent = {"mal": "feedback_used", "title": "Ours", "first_day": "2026-01-12"}
    bob.post(reverse("improve:new", args=[SCHOOL]), sent)
    with acting(cast.bob):
        (found,) = queries.improvements(SCHOOL)
        first = queries.steps(found.pk)[0]
    assert found.title == "Ours"
    released_of_first = {tie.indicator for tie in first.tied}
    assert FEEDBACK in released_of_first
    assert released_of_first <= {FEEDBACK, "student_formative_assessment",
                                 "student_mastery_expectation"}  # fmt: skip


def test_from_nothing(bob: Client, cast: Cast) -> None:
    sent = {"mal": "", "title": "", "first_day": "2026-01-12"}
    bob.post(reverse("improve:new", args=[SCHOOL]), sent)
    with acting(cast.bob):
        (found,) = queries.improvements(SCHOOL)
    assert (found.title, found.template) == ("Vår egen prosess", "")
    assert titles(cast.bob, found.pk) == ["Hva vet vi?"]


READING = [
    # who, the list, the designer, a step, the history
    ("bob", 200, 200, 200, 200),
    ("tom", 200, 200, 200, 403),
    ("alice", 200, 200, 200, 403),
    ("frida", 404, 404, 404, 404),
    ("charlie", 404, 404, 404, 404),
]


@pytest.mark.parametrize(("who", "listed", "drawn", "single", "told"), READING)
def test_who_opens_which_page(
    who: str, listed: int, drawn: int, single: int, told: int, cast: Cast, log_in: LogIn
) -> None:
    key = begin(cast.bob)
    step = line(cast.bob, key)[1]
    client = log_in(getattr(cast, who))
    found = [
        client.get(address).status_code
        for address in (
            reverse("improve:improvements", args=[SCHOOL]),
            designer(key),
            step_of(key, step),
            reverse("improve:history", args=[key]),
        )
    ]
    assert found == [listed, drawn, single, told]


def test_readers_get_nothing_to_write_with(cast: Cast, log_in: LogIn) -> None:
    key = begin(cast.bob)
    step = line(cast.bob, key)[1]
    alice = log_in(cast.alice)
    for address in (designer(key), step_of(key, step)):
        told = page(alice, address)
        assert "How is feedback used?" in told
        assert 'name="gjor"' not in told
        assert "<textarea" not in told
    refused = [
        alice.post(reverse("improve:act", args=[key]), {"gjor": "tilstand", "til": "under_way"}),
        alice.post(step_of(key, step), {"title": "Ours", "var-title": step.title}),
        alice.post(step_of(key, step, "tie"), {"slag": "rubric", "rubric": "mission"}),
        alice.get(reverse("improve:new", args=[SCHOOL])),
    ]
    assert [answer.status_code for answer in refused] == [403] * 4
    assert read(cast.bob, key).number == 1


def test_the_buttons_of_the_designer(bob: Client, cast: Cast) -> None:
    key = begin(cast.bob)
    first, second, third = line(cast.bob, key)
    act(bob, key, gjor="tidligere", steg=third.pk)
    assert titles(cast.bob, key) == [first.title, third.title, second.title]
    act(bob, key, gjor="senere", steg=first.pk)
    assert titles(cast.bob, key) == [third.title, first.title, second.title]
    act(bob, key, gjor="flytt", steg=second.pk, plass="1")
    assert titles(cast.bob, key) == [second.title, third.title, first.title]
    act(bob, key, gjor="nytt", title="A concert", kind="own", after="1")
    assert titles(cast.bob, key)[1] == "A concert"
    told = act(bob, key, gjor="fjern", steg=third.pk)
    assert third.title not in titles(cast.bob, key)
    assert "«Angre» henter det tilbake" in told
    with acting(cast.bob):
        last = queries.undoable(queries.improvement_or_404(key))
    assert last is not None
    act(bob, key, gjor="angre", nummer=last.number)
    assert third.title in titles(cast.bob, key)
    act(bob, key, gjor="ferdig", steg=second.pk)
    assert line(cast.bob, key)[0].done
    act(bob, key, gjor="tilstand", til="under_way")
    assert read(cast.bob, key).state == "under_way"
    act(bob, key, gjor="tittel", title="Better", was="Feedback that is used")
    assert read(cast.bob, key).title == "Better"
    act(bob, key, gjor="tilbake", nummer="1")
    assert titles(cast.bob, key) == [first.title, second.title, third.title]
    assert read(cast.bob, key).title == "Feedback that is used"


@pytest.mark.parametrize(
    "sent",
    [
        {"gjor": "angre", "nummer": "x"},
        {"gjor": "tilbake", "nummer": "99"},
        {"gjor": "tilstand", "til": "finished"},
        {"gjor": "nytt", "title": "", "kind": "own"},
        {"gjor": "nytt", "title": "x", "kind": "party"},
        {"gjor": "senere", "steg": "nonsense"},
        {"gjor": "dans"},
        {},
    ],
)
def test_a_button_that_cannot_do_it_says_so(sent: dict[str, str], bob: Client, cast: Cast) -> None:
    key = begin(cast.bob)
    assert 'class="notice error"' in act(bob, key, **sent)
    assert read(cast.bob, key).number == 1


def form_of(step: Step, **other: Any) -> dict[str, Any]:
    """What the form of a step sends, with something written in it."""
    names = ("title", "kind", "problem", "questions", "comments", "participants")
    names += ("minutes_alone", "minutes_group", "minutes_together")
    there = {name: getattr(step, name) for name in names} | {"starts": "", "ends": ""}
    return {**there, **{f"var-{name}": value for name, value in there.items()}, **other}


def test_a_step_is_saved_as_a_whole(bob: Client, cast: Cast) -> None:
    key = begin(cast.bob)
    step = line(cast.bob, key)[2]
    sent = form_of(step, questions="When?\r\nWho?\r\nHow?", starts="2026-01-26", minutes_group="")
    bob.post(step_of(key, step), sent)
    told = page(bob, designer(key))
    assert "How?" in told
    assert "26. jan." in told
    assert ", 5 min" in told
    assert "alene 5" in told


def test_a_text_is_drawn_tame(bob: Client, cast: Cast) -> None:
    key = begin(cast.bob)
    step = line(cast.bob, key)[0]
    bob.post(step_of(key, step), form_of(step, comments="**So** <script>alert(1)</script>"))
    told = page(bob, designer(key))
    assert "<strong>So</strong>" in told
    assert "<script>alert" not in told


def test_what_cannot_be_saved_keeps_what_was_written(bob: Client, cast: Cast) -> None:
    key = begin(cast.bob)
    step = line(cast.bob, key)[0]
    sent = form_of(step, participants="ola@karmoy.no", comments="A long comment")
    told = bob.post(step_of(key, step), sent).content.decode()
    assert "ikke e-postadresser" in told
    assert "A long comment" in told
    assert line(cast.bob, key)[0].comments == ""


def test_both_texts_stand_side_by_side(bob: Client, cast: Cast, log_in: LogIn) -> None:
    key = begin(cast.bob)
    step = line(cast.bob, key)[1]
    tina = log_in(add_person("tina", SCHOOL, "teacher"))
    tina.post(step_of(key, step), form_of(step, problem="Tina's problem"))
    told = bob.post(
        step_of(key, step), form_of(step, problem="Bob's problem", comments="Kept")
    ).content.decode()
    assert "To har skrevet samtidig" in told
    assert "Tina&#x27;s problem" in told
    assert "Bob&#x27;s problem" in told
    now = line(cast.bob, key)[1]
    assert (now.problem, now.comments) == ("Tina's problem", "Kept")


CHOICES = [
    ("deres", "Tina's"),
    ("min", "Bob's"),
    ("begge", "Tina's and Bob's"),
]


@pytest.mark.parametrize(("choice", "stands"), CHOICES)
def test_one_chooses_what_shall_stand(choice: str, stands: str, bob: Client, cast: Cast) -> None:
    key = begin(cast.bob)
    step = line(cast.bob, key)[1]
    write(cast.bob, step.pk, step, problem="Tina's")
    sent = {"felt": "problem", "deres": "Tina's", "min": "Bob's", "begge": "Tina's and Bob's"}
    bob.post(step_of(key, step, "choose"), {**sent, "valg": choice})
    assert line(cast.bob, key)[1].problem == stands


def test_a_choice_that_meets_a_third_text_asks_again(bob: Client, cast: Cast) -> None:
    key = begin(cast.bob)
    step = line(cast.bob, key)[1]
    write(cast.bob, step.pk, step, problem="A third")
    sent = {"felt": "problem", "deres": "Tina's", "min": "Bob's", "valg": "min"}
    told = bob.post(step_of(key, step, "choose"), sent).content.decode()
    assert "To har skrevet samtidig" in told
    assert line(cast.bob, key)[1].problem == "A third"


FIELDS = [
    # field, what is sent, what was there, status, what is told
    ("problem", "Mine", "How is feedback used?", 200, "Lagret"),
    ("problem", "Mine", "Something older", 409, "To har skrevet samtidig"),
    ("title", "", "What is it about?", 422, "påkrevet"),
    ("participants", "ola@karmoy.no", "", 422, "ikke e-postadresser"),
    ("position", "1", "2", 404, ""),
]


@pytest.mark.parametrize(("name", "value", "was", "status", "told"), FIELDS)
def test_a_field_saved_by_itself(
    name: str, value: str, was: str, status: int, told: str, bob: Client, cast: Cast
) -> None:
    key = begin(cast.bob)
    step = line(cast.bob, key)[1]
    sent = {"felt": name, name: value, f"var-{name}": was}
    answer = bob.post(step_of(key, step, "field"), sent)
    assert answer.status_code == status
    assert told in answer.content.decode()
    expected = "Mine" if status == 200 else "How is feedback used?"
    assert line(cast.bob, key)[1].problem == expected


def test_what_a_step_rests_on(bob: Client, cast: Cast, released: Release) -> None:
    key = begin(cast.bob)
    step = line(cast.bob, key)[0]
    address = step_of(key, step, "tie")
    bob.post(
        address, {"slag": "indicator", "indicator": FEEDBACK, "unit": SCHOOL, "period": PERIOD}
    )
    bob.post(address, {"slag": "rubric", "rubric": "assessment_for_learning", "level": "2"})
    seen = f"http://127.0.0.1:8000/hvor-er-vi/{SCHOOL}/2025-26/?vis=alle"
    bob.post(address, {"slag": "view", "name": "Our table", "address": seen})
    told = page(bob, designer(key))
    assert "3,4" in told
    assert "Knyttet til 2.2 Vurdering for læring, nivå 2" in told
    assert f"/hvor-er-vi/{SCHOOL}/2025-26/?vis=alle&amp;per={released.pk}" in told
    bob.post(address, {"fjern": "1"})
    assert "Vurdering for læring" not in page(bob, designer(key))


NO_TIES = [
    {"slag": "view", "name": "x", "address": "https://evil.example/hvor-er-vi/"},
    {"slag": "view", "name": "x", "address": "javascript:alert(1)"},
    {"slag": "view", "name": "x", "address": "//evil.example/hvor-er-vi/x/"},
    {"slag": "view", "name": "x", "address": "/konto/logg-ut/"},
    {"slag": "indicator", "indicator": "student_happiness", "unit": SCHOOL, "period": "2025"},
    {"slag": "indicator", "indicator": FEEDBACK, "unit": "bergen-kulturskole", "period": "2025"},
    {"slag": "indicator", "indicator": FEEDBACK, "unit": f"{SCHOOL}.dans", "period": "2025"},
    {"slag": "rubric", "rubric": "happiness"},
    {"fjern": "7"},
    {},
]


@pytest.mark.parametrize("sent", NO_TIES)
def test_what_a_step_cannot_rest_on(
    sent: dict[str, str], bob: Client, cast: Cast, released: Release
) -> None:
    """Other pages, what there is not, what is out of reach, and what is hidden."""
    key = begin(cast.bob)
    step = line(cast.bob, key)[0]
    told = bob.post(step_of(key, step, "tie"), sent, follow=True).content.decode()
    assert 'class="notice error"' in told
    assert line(cast.bob, key)[0].ties == []


def tied(who: Membership, unit: str, release: Release) -> UUID:
    key = begin(who)
    tie = Tie(TieKind.INDICATOR, unit=unit, indicator=FEEDBACK, period=PERIOD, release=release.pk)
    with acting(who) as reach:
        steps.step_tie(reach, queries.steps(key)[0].pk, [tie], "Bob")
    return key


def test_a_frozen_value_stays_when_it_is_corrected(
    bob: Client, cast: Cast, released: Release, places: UnitTree
) -> None:
    key = tied(cast.bob, SCHOOL, released)
    world.correct(places, late=12)
    assert "<b>3,4</b>" in page(bob, designer(key))
    step = line(cast.bob, key)[0]
    assert "Det finnes nyere tall" in page(bob, step_of(key, step))


def test_nobody_sees_a_frozen_value_of_a_unit_out_of_reach(
    bob: Client, cast: Cast, released: Release
) -> None:
    """However the tie came there: the value is read again in the reader's own reach."""
    key = tied(cast.bob, "bergen-kulturskole", released)
    told = page(bob, designer(key))
    assert "value-chip" not in told
    assert "Bergen" not in told


def test_what_was_decided_and_is_done_stands_in_its_step(
    bob: Client, cast: Cast, log_in: LogIn
) -> None:
    """Also what belongs to no step, or to one that was taken off: at the first of its kind."""
    steps_ = (
        Proposed(StepKind.DATA, "Know"),
        Proposed(StepKind.DECIDE, "Decide"),
        Proposed(StepKind.ACT, "Act"),
        Proposed(StepKind.ACT, "Act again"),
    )
    key = begin(cast.bob, proposed=steps_)
    know, _decide, _act, again = line(cast.bob, key)
    with acting(cast.bob) as reach:
        unit = Unit.objects.get(key=SCHOOL)
        told = {"written_by": "Bob", "improvement": key}
        decision_add(reach, unit, "One habit in all lessons", step=know.pk, **told)
        action_add(
            reach, unit, Planned("Practice plan", due=date(2027, 3, 1)), step=again.pk, **told
        )
        action_add(reach, unit, Planned("A folder for all"), **told)
        steps.step_remove(reach, know.pk, "Bob")
    for client in (bob, log_in(cast.alice)):
        shown = [part.split("</li>")[0] for part in page(client, designer(key)).split('id="steg-')]
        assert [("One habit" in part, "Practice plan" in part, "A folder" in part)
                for part in shown[1:]] == [
            (True, False, False), (False, False, True), (False, True, False),
        ]  # fmt: skip


def test_the_history_tells_who_did_what(bob: Client, cast: Cast) -> None:
    key = begin(cast.bob)
    step = line(cast.bob, key)[1]
    write(cast.bob, step.pk, step, problem="Another one")
    tina = add_person("tina", SCHOOL, "teacher")
    write(tina, step.pk, step, problem="At the same time")
    told = page(bob, reverse("improve:history", args=[key]))
    for words in (
        "begynte prosessen",
        "skrev i «What is it about?»",
        "How is feedback used?",
        "Another one",
        "At the same time",
        "Tina",
    ):
        assert words in told


def test_a_finished_one_is_only_read(bob: Client, cast: Cast) -> None:
    key = begin(cast.bob)
    step = line(cast.bob, key)[1]
    with acting(cast.bob) as reach:
        services.improvement_move(reach, key, "under_way", "Bob")
        services.improvement_move(reach, key, "finished", "Bob")
    told = page(bob, designer(key))
    assert "Ta opp igjen" in told
    assert "Legg til et steg" not in told
    late = bob.post(step_of(key, step), form_of(step, problem="My late words")).content.decode()
    assert "Ta den opp igjen først" in late
    assert "My late words" in late, "whoever was writing meanwhile gets the words back"


def test_a_step_belongs_to_its_own_process(bob: Client, cast: Cast) -> None:
    one, other = begin(cast.bob), begin(cast.bob)
    step = line(cast.bob, one)[0]
    assert bob.get(step_of(other, step)).status_code == 404
