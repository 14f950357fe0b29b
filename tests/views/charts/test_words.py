"""The words of charts: each chart finds all that it says it needs, in every language."""

from string import Formatter

import pytest

from puls.content.charted import CHARTED
from puls.views.charts import dialogue_map, rubric_profile, small_multiples, trend_graph
from puls.views.charts.words import words
from tests.views.cast import pack

CHARTS = (dialogue_map, rubric_profile, small_multiples, trend_graph)


def test_no_word_is_missing_and_none_is_left_over() -> None:
    assert {key for chart in CHARTS for key in chart.WORDS} == CHARTED.keys()


@pytest.mark.parametrize("language", pack().languages)
def test_every_sentence_puts_in_all_that_it_is_about(language: str) -> None:
    """A reader who is told a value also wants to know of which year it is."""
    for key, sentence in words(pack(), language).items():
        used = {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
        assert used == set(CHARTED[key]), key


def test_the_short_notes_of_the_time_line_are_short() -> None:
    for language in pack().languages:
        found = words(pack(), language)
        for key in ("new_version", "split", "merger", "new_criteria"):
            assert len(found[f"trend.{key}"].format(period="2024–25")) <= 32
