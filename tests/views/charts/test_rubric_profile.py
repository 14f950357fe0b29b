"""The profile of a rubric: how a spread is told in every language, and that small ones hide."""

import pytest

from puls.views.charts.rubric_profile import Placements
from tests.views.cast import pack
from tests.views.charts import cast
from tests.views.charts.gallery import charts

TOLD = [
    # placements on level 1 to 4, k, what the picture is told as: in Norwegian, in English
    ((1, 2, 6, 2), 5, "11 har svart i mai: 2 på nivå 4, 6 på nivå 3, 2 på nivå 2 og 1 på nivå 1.",
     "11 answered in mai: 2 on level 4, 6 on level 3, 2 on level 2 and 1 on level 1."),
    ((0, 5, 0, 0), 5, "5 har svart i mai: 0 på nivå 4, 0 på nivå 3, 5 på nivå 2 og 0 på nivå 1.",
     "5 answered in mai: 0 on level 4, 0 on level 3, 5 on level 2 and 0 on level 1."),
    ((1, 1, 1, 1), 5, "Færre enn 5 har svart i mai, så fordelingen vises ikke.",
     "Fewer than 5 answered in mai, so the spread is not shown."),
    ((0, 0, 0, 0), 5, "Færre enn 5 har svart i mai, så fordelingen vises ikke.",
     "Fewer than 5 answered in mai, so the spread is not shown."),
    # Where nobody answered there is no spread, whatever the threshold.
    ((0, 0, 0, 0), 1, "Færre enn 1 har svart i mai, så fordelingen vises ikke.",
     "Fewer than 1 answered in mai, so the spread is not shown."),
]  # fmt: skip


@pytest.mark.parametrize(("counts", "k", "nb", "en"), TOLD)
def test_what_a_spread_is_told_as(counts: tuple[int, ...], k: int, nb: str, en: str) -> None:
    rounds = [Placements("mai", counts)]
    assert cast.profile(rounds, k=k).description == nb
    assert cast.profile(rounds, "en", k=k).description == en


TABLES = [
    # rounds, the columns of the table from level 4 down; of fewer than five only the word
    ([(1, 2, 6, 2)], [["2", "6", "2", "1"]]),
    ([(4, 5, 2, 0), (1, 1, 0, 1)], [["0", "2", "5", "4"], ["skjult"] * 4]),
    ([], []),
]


@pytest.mark.parametrize(("rounds", "columns"), TABLES)
def test_the_table_has_a_column_for_each_time(
    rounds: list[tuple[int, ...]], columns: list[list[str]]
) -> None:
    placed = [Placements(f"gang {n}", counts) for n, counts in enumerate(rounds, start=1)]
    spread, beside = cast.profile(placed).tables
    assert spread.head == ("Nivå", *(each.label for each in placed))
    assert [list(column) for column in zip(*(row[1:] for row in spread.rows), strict=True)] == (
        columns
    )
    assert [row[0].split(":")[0] for row in spread.rows] == ["Nivå 4", "Nivå 3", "Nivå 2", "Nivå 1"]
    assert beside.caption == "Det elever og foresatte svarte på samme område"
    assert ("Tilbakemeldinger", "3,4 svak") in beside.rows


@pytest.mark.parametrize("language", pack().languages)
def test_the_gallery_has_every_chart_in_every_language(language: str) -> None:
    drawn = charts(language)
    assert {key.partition("_")[0] for key in drawn} == {"trend", "map", "rubric", "many"}
    for chart in drawn.values():
        texts = [chart.title, chart.description, *(text.text for text in chart.wide.texts)]
        texts += [field for twin in chart.tables for row in twin.rows for field in row]
        assert not any("{" in text for text in texts)
