"""A cell is told by the criteria that judged it, whatever holds today."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from puls.cells import ReleasedCell, Status
from puls.content.definitions import Criteria, Indicator, Pack
from puls.content.loading import BUILT_IN, load_pack
from puls.views.colour_table import colour_table
from puls.views.judging import judged, levels_of
from puls.views.numbers import span
from puls.views.reasons import reason
from tests.views.cast import FEEDBACK, KARMOY, PERIOD, pack, shown, silent, table

FOREIGN = Path(__file__).parents[1] / "packs"


def criteria(version: int, cuts: tuple[float, ...], **more: object) -> Criteria:
    made = Criteria(
        key="council",
        version=version,
        levels=len(cuts) + 1,
        cuts=cuts,
        higher_is_better=True,
        set_by={"nb": f"kommunestyret i møte {version}", "en": f"the council, meeting {version}"},
        set_on=date(2020 + version, 5, 1),
        why={},
        unit="mean_1_5",
    )
    return replace(made, **more)  # type: ignore[arg-type]


OLD, NOW = criteria(1, (3.0, 4.0)), criteria(2, (3.6, 4.1))


def council() -> tuple[Pack, Indicator]:
    """A pack whose council has set new cut points since the cell was released."""
    indicator = replace(pack().indicators[FEEDBACK], criteria=NOW)
    kept = {each.id: each for each in (OLD, NOW)}
    indicators = {**pack().indicators, FEEDBACK: indicator}
    return replace(pack(), criteria=kept, indicators=indicators), indicator


def told(cell: ReleasedCell, language: str = "nb") -> str:
    content, indicator = council()
    return reason(cell, indicator, content, language, k=5, unit_names={})


REASONS = [
    ("council.v1", (2, 2), "På vei fordi 3,5 ligger mellom grensene 3,0 og 4,0 (satt av "
     "kommunestyret i møte 1, 2021)"),
    ("council.v2", (1, 1), "Svak fordi 3,5 er under grensen 3,6 (satt av kommunestyret i møte 2, "
     "2022)"),
    # Released before criteria had versions: those of the indicator.
    ("", (1, 1), "Svak fordi 3,5 er under grensen 3,6 (satt av kommunestyret i møte 2, 2022)"),
    ("gone.v1", (1, 2), "Svak og på vei etter grenser som ikke lenger står i innholdet. "
     "Verdien er 3,5. 40 svarte."),
]  # fmt: skip


@pytest.mark.parametrize(("judged_by", "levels", "start"), REASONS)
def test_the_reason_names_the_criteria_of_the_cell(
    judged_by: str, levels: tuple[int, int], start: str
) -> None:
    cell = shown(3.5, levels, interval=(3.4, 3.52), n=40, judged_by=judged_by)
    assert told(cell).startswith(start)


@pytest.mark.parametrize(
    ("judged_by", "cuts", "levels"),
    [
        ("council.v1", OLD.cuts, 3),
        ("council.v2", NOW.cuts, 3),
        ("", NOW.cuts, 3),
        ("gone.v1", None, 3),
    ],
)
def test_whose_cut_points_count(
    judged_by: str, cuts: tuple[float, ...] | None, levels: int
) -> None:
    content, indicator = council()
    cell = shown(3.5, (1, 1), interval=(3.4, 3.52), n=40, judged_by=judged_by)
    found = judged(cell, indicator, content)
    assert (found.criteria.cuts if found.criteria else None) == cuts
    assert levels_of(cell, found, content) == levels
    assert levels_of(silent(Status.FEW), found, content) == 0


def test_a_cell_has_the_look_of_the_levels_that_it_was_judged_by() -> None:
    """Four levels then, three now: the second of four is not the second of three."""
    four = criteria(1, (2.5, 3.5, 4.5))
    content, indicator = council()
    content = replace(content, criteria={four.id: four}, levels=4)
    texts = {**content.texts["nb"], "level.4.word": "svært god"}
    content = replace(content, texts={"nb": texts})
    cell = shown(3.0, (2, 2), interval=(2.9, 3.1), n=40, judged_by=four.id)
    drawn = colour_table([cell], [indicator], [KARMOY], content, "nb", period=PERIOD)
    assert drawn.rows[0].cells[0].look == "l2of4"
    assert drawn.rows[0].cells[0].judged_by == "council.v1"
    assert drawn.levels == (3, 4)
    assert 'id="bars-4-4"' in drawn.sprite


# Levels 1 to 4, in a pack of another country and language, with cuts at 1.5, 2 and 2.5.
FOUR = [
    (1.40, (1, 1), (1.30, 1.45), "Faible parce que 1,40 est sous 1,50 (le conseil des îles, 2024), "
     "comme 1,30–1,45. 12 réponses."),
    (1.70, (2, 2), (1.60, 1.80), "En route parce que 1,70 est entre 1,50 et 2,00 (le conseil des "
     "îles, 2024), comme 1,60–1,80. 12 réponses."),
    (2.20, (3, 3), (2.10, 2.30), "Bon parce que 2,20 est entre 2,00 et 2,50 (le conseil des îles, "
     "2024), comme 2,10–2,30. 12 réponses."),
    (2.60, (4, 4), (2.55, 2.80), "Très bon parce que 2,60 atteint 2,50 (le conseil des îles, "
     "2024), comme 2,55–2,80. 12 réponses."),
    (1.80, (1, 4), (1.40, 2.60), "Incertain entre faible, en route, bon et très bon, de 1,50 à "
     "2,50 (le conseil des îles, 2024) : 1,80, 1,40–2,60. 12 réponses."),
]  # fmt: skip


@pytest.mark.parametrize(("value", "levels", "interval", "sentence"), FOUR)
def test_a_reason_is_one_sentence_also_with_four_levels(
    value: float, levels: tuple[int, int], interval: tuple[float, float], sentence: str
) -> None:
    foreign = load_pack("maison_musique", (FOREIGN, BUILT_IN))
    indicator = foreign.indicators["student_joy"]
    assert indicator.criteria is not None
    cell = ReleasedCell(
        "co", "student_joy", 1, PERIOD, Status.SHOWN, value, 12, *interval, *levels,
        judged_by=indicator.criteria.id,
    )  # fmt: skip
    found = reason(cell, indicator, foreign, "fr", k=6, unit_names={})
    assert found == sentence


POOLED = "2024–26 samlet: "


@pytest.mark.parametrize(
    ("years", "text"), [((2025, 2), "2024–26"), ((2025, 1), "2025–26"), ((2000, 3), "1998–01")]
)
def test_years_together_are_named_by_their_ends(years: tuple[int, int], text: str) -> None:
    assert span(*years) == text


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (Status.FEW, "Hvert år for seg har for få svar."),
        (Status.LINKED, "Året for seg er skjult"),
    ],
)
def test_years_together_stand_where_the_year_alone_is_hidden(status: Status, why: str) -> None:
    both = shown(4.3, (3, 3), interval=(4.2, 4.4), n=9, years=2)
    made = table([silent(status)], pooled=[both], with_reasons=True, k=5)
    (cell,) = made.rows[0].cells
    assert (cell.look, cell.text, cell.tag, cell.years) == ("l3of3", "4,3", "2 år", 2)
    assert cell.label == "Tilbakemeldinger, Karmøy kulturskole: 4,3 2 år god (2024–26 samlet)"
    assert cell.reason.startswith(f"{POOLED}god fordi 4,3 er på eller over grensen 4,1 ")
    assert why in cell.reason
    assert made.legend[-1].word == "2 år"


@pytest.mark.parametrize("status", [Status.SHOWN, Status.NO_DATA, Status.NOT_COMPARABLE])
def test_elsewhere_the_year_speaks_for_itself(status: Status) -> None:
    own = silent(status) if status is not Status.SHOWN else shown(3.0, (1, 1), n=9, interval=(2, 3))
    both = shown(4.3, (3, 3), interval=(4.2, 4.4), n=18, years=2)
    (cell,) = table([own], pooled=[both]).rows[0].cells
    assert (cell.years, cell.tag, cell.status) == (1, "", status)


def test_years_together_that_are_hidden_too_stand_for_nothing() -> None:
    both = replace(silent(Status.LINKED), years=2)
    (cell,) = table([silent(Status.FEW)], pooled=[both]).rows[0].cells
    assert (cell.look, cell.years) == ("hidden", 1)
