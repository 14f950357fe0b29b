"""Notes on a line, parts, and what was found in the country, in plain words."""

from dataclasses import replace
from typing import Any

import pytest

from puls.analysis.trends import Kind, Note
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Background
from puls.views import criteria, expected, line_notes, parts, reliable, together
from tests.views.cast import COST, FEEDBACK, WAITING, pack, shown, silent

WELLBEING, MOTIVATION = "student_wellbeing", "student_intrinsic_motivation"
MERGED = Note(Kind.MERGER, 2020, 2019, ("no-1106", "no-1154"))
NAMES = {"no-1106": "Haugesund", "no-1154": "Vindafjord"}


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


NOTES = [
    # notes, period, since, sentences
    ([Note(Kind.NEW_VERSION, 2025, 2024)], 2025, None,
     ["Spurt om eller regnet ut på en ny måte fra 2025–26: tall fra 2024–25 og før kan ikke "
      "sammenlignes med dette."]),
    ([Note(Kind.SPLIT, 2025, 2024, ("no-1106",))], 2025, None,
     ["Fra 2025–26 er dette bare en del av det som var Haugesund: tall fra 2024–25 og før kan "
      "ikke sammenlignes med dette."]),
    ([MERGED], 2020, None,
     ["Slått sammen fra 2020–21: tall fra 2019–20 og før gjelder Haugesund og Vindafjord til "
      "sammen."]),
    ([Note(Kind.GROWN, 2020, 2019, ("no-1154",))], 2020, None,
     ["Fra 2020–21 hører Vindafjord med. Tall fra 2019–20 og før er uten Vindafjord, og kan ikke "
      "sammenlignes med dette."]),
    # A later year is not about the merger, unless a change is told across it.
    ([MERGED], 2022, None, []),
    ([MERGED], 2022, 2019, ["Slått sammen fra 2020–21: tall fra 2019–20 og før gjelder Haugesund "
                            "og Vindafjord til sammen."]),
    ([MERGED], 2022, 2020, []),
    # What lies ahead concerns nobody yet; the reason itself tells of the other kinds.
    ([Note(Kind.NEW_VERSION, 2026, 2025)], 2025, None, []),
    ([Note(Kind.PROVISIONAL, 2025), Note(Kind.NOT_COMPARABLE, 2025)], 2025, None, []),
]  # fmt: skip


@pytest.mark.parametrize(("notes", "period", "since", "told"), NOTES)
def test_notes_concern_the_shown_period(
    notes: list[Note], period: int, since: int | None, told: list[str]
) -> None:
    found = line_notes.sentences(notes, period, pack(), "nb", since=since, unit_names=NAMES)
    assert found == told


def with_sex() -> tuple[Any, Any]:
    asked = (Background("sex", ("girl", "boy", "other")),)
    surveys = {key: replace(each, background=asked) for key, each in pack().surveys.items()}
    content = replace(pack(), surveys=surveys)
    return content, content.indicators[FEEDBACK]


def part(name: str, value: float, n: int) -> ReleasedCell:
    return shown(value, (2, 2), interval=(value - 0.2, value + 0.2), n=n, part=name)


def hidden(name: str, status: Status) -> ReleasedCell:
    return replace(silent(status), part=name)


WHY = "skjult fordi tallet sammen med andre kunne røpe hva noen få mente"
PARTS = [
    # In the order of the survey, the hidden ones with their reason; the whole is no part.
    ([hidden("sex.other", Status.FEW), part("sex.boy", 3.6, 22), part("sex.girl", 4.1, 30),
      shown(3.9, (2, 2))],
     ["Jenter 4,1 (30 svarte)", "Gutter 3,6 (22 svarte)",
      "Andre: skjult fordi færre enn 5 svarte"]),
    ([part("sex.girl", 4.1, 30), hidden("sex.boy", Status.LINKED)],
     ["Jenter 4,1 (30 svarte)", f"Gutter: {WHY}"]),
    # A part that nobody belongs to has no cell, and where none has nothing was broken down.
    ([hidden("sex.girl", Status.LINKED)], [f"Jenter: {WHY}"]),
    ([shown(3.9, (2, 2))], None),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "told"), PARTS)
def test_parts_are_told_in_order_and_hidden_ones_named(
    cells: list[ReleasedCell], told: list[str] | None
) -> None:
    content, indicator = with_sex()
    found = parts.sentences(cells, indicator, content, "nb", k=5)
    assert found == ([] if told is None else [("Kjønn", told)])


def test_a_register_figure_has_no_parts() -> None:
    content, _ = with_sex()
    cost = content.indicators[COST]
    assert parts.sentences([part("sex.girl", 4.0, 9)], cost, content, "nb", k=5) == []


def coefficient(key: str, **more: float) -> dict[str, Any]:
    usual = {"centre": 4120.0, "spread": 1437.0, "per_spread": 0.11, "low": 0.01, "high": 0.22}
    return {"prerequisite": key, **usual, **more}


FIT: dict[str, Any] = {
    "units": 231,
    "intercept": 4.02,
    "coefficients": [
        coefficient(COST),
        coefficient("kostra_share_6_15", centre=14.3, spread=5.1, per_spread=-0.1, low=-0.2,
                    high=-0.05),
    ],
    "explained": 0.21,
}  # fmt: skip


def test_what_is_expected_is_told_in_plain_words() -> None:
    told = expected.sentences(FIT, pack().indicators[WELLBEING], pack(), "nb")
    assert [plain(sentence) for sentence in told] == [
        "En kommune med gjennomsnittlige forutsetninger har 4,0.",
        "Kommuner med 5 000 kr i «Netto driftsutgifter per innbygger 6–15 år» ligger i snitt 0,08 "
        "høyere her enn kommuner med 4 000 kr (0,01 til 0,15), når ellers alt er likt.",
        "Kommuner med 20 % i «Barn 6–15 år i kulturskolen» ligger i snitt 0,10 lavere her enn "
        "kommuner med 15 % (0,05 til 0,20), når ellers alt er likt.",
        "Forutsetningene forklarer om lag en femdel av forskjellene mellom kommuner (21 %).",
        "Regnet ut fra 231 kommuner som har alle tallene.",
        "Dette sier hva som går sammen i landet i år, ikke hva som er årsak.",
    ]


def test_a_coefficient_that_may_have_either_sign_is_left_open() -> None:
    fit = {**FIT, "coefficients": [coefficient(COST, per_spread=0.02, low=-0.05, high=0.09)]}
    told = expected.sentences(fit, pack().indicators[WELLBEING], pack(), "nb")
    assert told[1].startswith("Om kommuner med 5")
    assert "avgjør tallene ikke" in told[1]


@pytest.mark.parametrize(
    ("fit", "told"),
    [
        ({}, []),
        ({"changes": []}, []),
        (
            {"refused": [COST], "why": "few", "units": 18, "needed": 30},
            ["18 kommuner har alle tallene. Det trengs minst 30 for å si hva som ventes."],
        ),
        (
            {"refused": [COST], "why": "alike", "units": 80, "needed": 30},
            [
                "Forutsetningene kan ikke holdes fra hverandre i år, derfor ventes ingenting "
                "bestemt."
            ],
        ),
        (
            {"refused": [COST], "why": "same", "units": 80, "needed": 30},
            ["En av forutsetningene er lik overalt i år, derfor ventes ingenting bestemt."],
        ),
        (
            {"refused": [COST], "why": "no_spread", "units": 80, "needed": 30},
            [
                "Det er ikke kjent hvor ulikt folk i samme kommune svarer i år, derfor ventes "
                "ingenting bestemt."
            ],
        ),
    ],
)
def test_where_nothing_can_be_expected_that_is_said(fit: dict[str, Any], told: list[str]) -> None:
    assert expected.sentences(fit, pack().indicators[WELLBEING], pack(), "nb") == told


@pytest.mark.parametrize(
    ("share", "word"),
    [(0.06, "tenth"), (0.149, "tenth"), (0.15, "fifth"), (0.25, "quarter"), (0.33, "third"),
     (0.5, "half"), (0.84, "half"), (0.9, "most")],
)  # fmt: skip
def test_a_share_has_a_word(share: float, word: str) -> None:
    assert expected.part(share) == word


def test_next_to_nothing_is_called_so() -> None:
    told = expected.sentences(
        {**FIT, "explained": 0.02}, pack().indicators[WELLBEING], pack(), "nb"
    )
    assert plain(told[3]) == (
        "Forutsetningene forklarer nesten ikke noe av forskjellene mellom kommuner (2 %)."
    )
    unsaid = expected.sentences(
        {**FIT, "explained": None}, pack().indicators[WELLBEING], pack(), "nb"
    )
    assert not any("forklarer" in sentence for sentence in unsaid)


@pytest.mark.parametrize(
    ("spread", "step"), [(1437, 1000), (0.34, 0.2), (5.1, 5), (2, 2), (0.1, 0.1), (99, 50)]
)
def test_a_step_is_round_and_within_the_spread(spread: float, step: float) -> None:
    assert expected.step(spread) == pytest.approx(step)


def row(kind: str = "units", strength: float | None = 0.42, **more: Any) -> dict[str, Any]:
    ends = {"low": None, "high": None}
    if strength is not None:
        ends = {"low": strength - 0.1, "high": strength + 0.1}
    made = {"kind": kind, "a": WELLBEING, "b": MOTIVATION, "strength": strength, **ends}
    return {**made, "together": strength is not None, **more}


TOGETHER = [
    (row(), "Indre motivasjon (elevene): kommuner som er høyere på det ene, er ofte også høyere på "
            "det andre (tydelig: 0,42, trolig 0,32 til 0,52)."),
    (row(strength=-0.6), "Indre motivasjon (elevene): kommuner som er høyere på det ene, er ofte "
                         "lavere på det andre (sterkt: \N{MINUS SIGN}0,60, trolig "
                         "\N{MINUS SIGN}0,70 til \N{MINUS SIGN}0,50)."),
    (row("respondents", 0.2), "Indre motivasjon (elevene): de som svarer høyere på det ene, svarer "
                              "ofte høyere på det andre (svakt: 0,20, trolig 0,10 til 0,30)."),
]  # fmt: skip


@pytest.mark.parametrize(("found", "told"), TOGETHER)
def test_what_goes_together_is_told_from_either_side(found: dict[str, Any], told: str) -> None:
    assert together.together([found], WELLBEING, pack(), "nb").told == (told,)
    (other,) = together.together([found], MOTIVATION, pack(), "nb").told
    assert other.startswith("Trivsel")


def test_in_a_list_what_is_said_of_several_is_said_once() -> None:
    rows = [row(), row(b=FEEDBACK, strength=0.31), row("respondents", 0.2), row(strength=-0.6)]
    listed = together.together(rows, WELLBEING, pack(), "nb").listed
    assert [(head, len(lines)) for head, lines in listed] == [
        ("Kommuner som er høyere her, er ofte også høyere på:", 2),
        ("De som svarer høyere her, svarer ofte også høyere på:", 1),
        ("Kommuner som er høyere her, er ofte lavere på:", 1),
    ]
    assert listed[0][1][0] == "Indre motivasjon (elevene) (tydelig: 0,42, trolig 0,32 til 0,52)"


def test_what_is_not_clear_is_named_and_never_as_clear() -> None:
    silent_row = row(strength=None)
    assert together.together([silent_row], WELLBEING, pack(), "nb").unclear == (
        "Indre motivasjon (elevene)",
    )
    assert (
        together.together([silent_row, row("respondents")], WELLBEING, pack(), "nb").unclear == ()
    )
    assert together.together([row()], FEEDBACK, pack(), "nb") == together.Together((), ())


@pytest.mark.parametrize("language", ["nb", "en"])
def test_no_sentence_speaks_of_causes(language: str) -> None:
    """Nothing that goes together is said to lead to, give or cause anything."""
    words = pack().texts[language]
    for key in words:
        if key.startswith(
            ("together.units", "together.respondents", "together.listed", "fit.more", "fit.less")
        ):
            for cause in ("fører til", "gir ", "skyldes", "because", "causes", "leads to", "due"):
                assert cause not in words[key], key


RELIABLE: dict[str, Any] = {
    "construct": "wellbeing",
    "items": [
        {"item": "wellbeing_1", "n": 900, "unanswered": 0.021, "item_rest": 0.61},
        {"item": "wellbeing_2", "n": None, "unanswered": None, "item_rest": None},
    ],
    "asked": 1000, "answered": 980, "n": 930,
    "alpha": 0.81, "low": 0.8, "high": 0.82, "omega": 0.83, "bounded": False,
    "tiers": [
        {"tier": "municipality", "icc1": 0.01, "needed": {"0.7": 231}},
        {"tier": "school", "icc1": -0.002, "needed": {"0.7": None}},
        {"tier": "county", "icc1": None, "needed": {"0.7": None}},
    ],
}  # fmt: skip


def test_reliability_is_told_with_its_numbers() -> None:
    assert [plain(told) for told in reliable.sentences(RELIABLE, pack(), "nb")] == [
        "Svarene på de 2 spørsmålene følger hverandre: alfa 0,81 (0,80 til 0,82) og omega 0,83, "
        "der 1 er mest. De henger godt sammen.",
        "930 svarte på nok av spørsmålene, 93 % av dem som fikk dem.",
    ]
    tiers = reliable.of_tiers(RELIABLE, pack(), "nb")
    assert tiers is not None
    assert tiers.what.endswith("og så mange svar gir et stødig snitt (pålitelighet 0,7):")
    assert [plain(line) for line in tiers.lines] == [
        "Kommune: 1 %, om lag 230 svar",
        "Kulturskole: 0 %, så like at ikke noe antall svar skiller dem",
    ]
    assert tiers.so.startswith("Et snitt av færre svar er mer tilfeldig.")
    assert {
        key: plain(told) for key, told in reliable.of_items(RELIABLE, pack(), "nb").items()
    } == {"wellbeing_1": "følger de andre med 0,61, hoppet over av 2,1 %"}


def test_what_may_not_be_told_of_reliability_is_left_out() -> None:
    nothing = {"items": [{"item": "x"}], "alpha": None, "tiers": []}
    assert reliable.sentences(nothing, pack(), "nb") == []
    assert reliable.of_tiers(nothing, pack(), "nb") is None
    assert reliable.of_items(nothing, pack(), "nb") == {}
    bounded = reliable.sentences({**RELIABLE, "bounded": True, "tiers": []}, pack(), "nb")
    assert "omega" not in bounded[0]
    weak = reliable.sentences({**RELIABLE, "alpha": 0.55, "tiers": []}, pack(), "nb")
    assert "varsomhet" in weak[0]


@pytest.mark.parametrize(
    ("key", "levels"),
    [
        (FEEDBACK, ["God: 4,1 eller mer", "På vei: mellom 3,6 og 4,1", "Svak: under 3,6"]),
        (WAITING, ["God: 1,0 % eller mindre", "På vei: mellom 1,0 % og 4,0 %",
                   "Svak: over 4,0 %"]),
    ],
)  # fmt: skip
def test_criteria_say_what_each_level_asks_for(key: str, levels: list[str]) -> None:
    newest = criteria.versions(pack().indicators[key], pack(), "nb")[0]
    assert [plain(told) for _, told in newest.levels] == levels
    assert newest.now
    assert newest.set_by == "Puls, startforslag som ingen har vedtatt"


def test_earlier_criteria_stay_readable() -> None:
    now = pack().indicators[FEEDBACK].criteria
    assert now is not None
    newer = replace(now, version=now.version + 1, cuts=(3.75, 4.25))
    content = replace(pack(), criteria={**pack().criteria, newer.id: newer})
    indicator = replace(content.indicators[FEEDBACK], criteria=newer)
    found = criteria.versions(indicator, content, "nb")
    assert [each.now for each in found[:2]] == [True, False]
    assert [each.levels[0][1] for each in found[:2]] == [
        "God: 4,25 eller mer", "God: 4,1 eller mer",
    ]  # fmt: skip
    assert criteria.versions(content.indicators[COST], content, "nb") == ()
