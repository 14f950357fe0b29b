"""How years without a number are drawn

A year without a number is an empty box at the foot of a trend graph with the word for why, never a
zero. Neighbours with the same word share one box; years before the first number and after the last
have theirs too. A word lies where its years have room for it, and stands upright where they have
not. Over very many years its letters are no larger than a year is wide, so that the next word
still has its place: small.

A year is `o` where it has a number, `f` hidden for few answers, `l` hidden for what other numbers
would give away, `n` not measured; `f*20` is twenty such years.
"""

from itertools import combinations

import pytest

from puls.views.charts.scene import Scene, Text
from puls.views.charts.spacing import overlap
from puls.views.charts.trend_graph import trend_graph
from tests.spec.tables import table
from tests.views.cast import pack
from tests.views.charts import cast

USUAL = 11
"""Size of letters beneath a graph, on a phone."""
YEARS = {"o": 3.9, "f": "few", "l": "linked", "n": "none"}

DRAWN = table("""
    years         | words                     | on a desk                 | on a phone
    --------------|---------------------------|---------------------------|--------------------
    o o o         |                           |                           |
    o f o         | skjult                    | lies                      | lies
    o f l o       | skjult                    | lies                      | lies
    o f n o       | skjult, ikke målt         | lies, lies                | lies, upright
    f o o         | skjult                    | lies                      | lies
    o*6 f o*6     | skjult                    | upright                   | upright
    o*6 f f f o*6 | skjult                    | lies                      | upright
    o*9 f n f o*9 | skjult, ikke målt, skjult | upright, upright, upright | small, small, small
""")


def drawn(years: str) -> tuple[Scene, Scene]:
    """The pictures of a line from 1980 on."""
    values: list[float | str] = []
    for each in years.split():
        kind, _, times = each.partition("*")
        values += [YEARS[kind]] * int(times or 1)  # type: ignore[list-item]
    line = cast.line("Utsira", 1980, values)
    chart = trend_graph(line, cast.feedback(), pack(), "nb", cast.NB)
    assert chart.narrow is not None
    return chart.wide, chart.narrow


def hidden(scene: Scene) -> list[Text]:
    return [text for text in scene.texts if text.kind == "hidden"]


def stand(scene: Scene) -> str:
    """How the words at the foot stand, from left to right."""
    return ", ".join(_stands(text) for text in hidden(scene))


def _stands(text: Text) -> str:
    if not text.turned:
        return "lies"
    return "upright" if text.size >= USUAL else "small"


@pytest.mark.parametrize("row", DRAWN, ids=lambda row: row["years"])
def test_a_word_lies_where_there_is_room_and_stands_where_there_is_not(row: dict[str, str]) -> None:
    wide, narrow = drawn(row["years"])
    for scene, place in ((wide, "on a desk"), (narrow, "on a phone")):
        assert ", ".join(text.text for text in hidden(scene)) == row["words"]
        assert stand(scene) == row[place]


@pytest.mark.parametrize("years", [8, 14, 21, 34, 55])
def test_no_word_lies_over_another_however_many_years_there_are(years: int) -> None:
    for scene in drawn(" ".join("nof"[n % 3] for n in range(years))):
        texts = hidden(scene)
        assert len(texts) >= years * 2 // 3 - 1
        for one, other in combinations(texts, 2):
            assert not overlap(one.extent, other.extent, -0.5), (one, other)
