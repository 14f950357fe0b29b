"""A follow-up in words: every answer in every language, and none that claims a cause."""

from dataclasses import replace

import pytest

from puls.analysis.followup import FollowUp, Outcome
from puls.views.followup import sentence, word
from tests.views.cast import FEEDBACK, pack, shown

THEN = replace(shown(3.4, (1, 1), interval=(3.3, 3.5), n=148), period=2024)
NOW = replace(shown(4.0, (2, 2), interval=(3.9, 4.1), n=1290), period=2025)
WITHOUT_CELL = (Outcome.NOT_MEASURED, Outcome.HIDDEN)


def told(outcome: Outcome, language: str = "nb", wanted: str = "") -> str:
    cell = None if outcome in WITHOUT_CELL else NOW
    found = FollowUp(outcome, THEN, cell)
    if outcome is Outcome.NO_BASELINE:
        found = FollowUp(outcome, None)
    text = sentence(found, pack().indicators[FEEDBACK], pack(), language, wanted)
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("outcome", Outcome)
def test_every_answer_has_a_sentence_and_a_word(outcome: Outcome, language: str) -> None:
    text = told(outcome, language)
    assert text.endswith(".")
    assert "{" not in text
    assert word(FollowUp(outcome, THEN, NOW), pack(), language)


def test_no_evidence_is_told_as_an_answer() -> None:
    assert told(Outcome.NO_EVIDENCE) == (
        "Ingen tegn til endring ennå: 3,4 (148 svarte) i 2024–25, 4,0 (1 290 svarte) i 2025–26."
        " Det betyr ikke at ingenting har skjedd, bare at svarene ikke viser det."
    )


@pytest.mark.parametrize(
    ("outcome", "wanted", "end"),
    [
        (Outcome.UP, "up", "Det er den veien dere ville."),
        (Outcome.DOWN, "down", "Det er den veien dere ville."),
        (Outcome.DOWN, "up", "Det er ikke den veien dere ville."),
        (Outcome.UP, "", "Det viser ikke hva som er årsaken."),
        (Outcome.NO_EVIDENCE, "up", "bare at svarene ikke viser det."),
    ],
)
def test_whether_it_went_the_way_that_was_wanted(outcome: Outcome, wanted: str, end: str) -> None:
    assert told(outcome, wanted=wanted).endswith(end)


def test_without_anything_to_compare_no_number_is_told() -> None:
    found = FollowUp(Outcome.NOT_COMPARABLE, THEN)
    text = sentence(found, pack().indicators[FEEDBACK], pack(), "nb")
    assert text.startswith("Det som er målt siden, kan ikke sammenlignes med 3,4")
