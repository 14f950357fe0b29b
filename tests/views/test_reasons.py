"""The reason of a colour: word, value, cut point, who set it and when, interval, n."""

from dataclasses import replace

import pytest

from puls.cells import ReleasedCell, Status
from puls.views.reasons import cuts_touched, place, reason, setter
from tests.views.cast import COST, FEEDBACK, WAITING, pack, shown, silent

SET_BY = "satt av Puls, startforslag som ingen har vedtatt, 2026"
PULLED = (
    "Snittet ligger utenfor fordi anslaget også bygger på det resten svarte, mest der få svarte."
)


def told(cell: ReleasedCell, language: str = "nb") -> str:
    indicator = pack().indicators[cell.indicator]
    names = {"no-1149": "Karmøy"}
    return reason(cell, indicator, pack(), language, k=5, unit_names=names).replace(
        "\N{NO-BREAK SPACE}", " "
    )


SENTENCES = [
    (
        shown(3.4, (1, 1), interval=(3.3, 3.5), n=148),
        f"Svak fordi 3,4 er under grensen 3,6 ({SET_BY}), og anslaget 3,3–3,5 ligger helt under "
        "den. 148 svarte.",
    ),
    (
        shown(3.8, (2, 2), interval=(3.7, 3.9), n=1148),
        f"På vei fordi 3,8 ligger mellom grensene 3,6 og 4,1 ({SET_BY}), og det gjør hele anslaget "
        "3,7–3,9 også. 1 148 svarte.",
    ),
    (
        shown(4.3, (3, 3), interval=(4.2, 4.4), n=40),
        f"God fordi 4,3 er på eller over grensen 4,1 ({SET_BY}), og det er hele anslaget 4,2–4,4 "
        "også. 40 svarte.",
    ),
    # An estimate too narrow for one decimal gets the one that shows its width.
    (
        shown(4.3, (3, 3), interval=(4.28, 4.32), n=27000),
        f"God fordi 4,30 er på eller over grensen 4,10 ({SET_BY}), og det er hele anslaget "
        "4,28–4,32 også. 27 000 svarte.",
    ),
    # 3.58 would round to the cut itself: one more decimal, in every number of the sentence.
    (
        shown(3.58, (1, 1), interval=(3.57, 3.59), n=900),
        f"Svak fordi 3,58 er under grensen 3,60 ({SET_BY}), og anslaget 3,57–3,59 ligger helt "
        "under den. 900 svarte.",
    ),
    (
        shown(3.7, (1, 2), interval=(3.5, 3.9), n=12),
        "Usikkert mellom svak og på vei: svarene avgjør ikke hvilken side av grensen 3,6 "
        f"({SET_BY}) praksisen ligger på. Snittet er 3,7, anslaget 3,5–3,9. 12 svarte.",
    ),
    (
        shown(3.9, (1, 3), interval=(3.4, 4.4), n=6),
        "Usikkert mellom svak, på vei og god: svarene avgjør ikke hvor praksisen ligger rundt "
        f"grensene 3,6 og 4,1 ({SET_BY}). Snittet er 3,9, anslaget 3,4–4,4. 6 svarte.",
    ),
    # A mean outside its own estimate looks like a slip unless it is said why.
    (
        shown(3.3, (1, 2), interval=(3.5, 3.7), n=8),
        "Usikkert mellom svak og på vei: svarene avgjør ikke hvilken side av grensen 3,6 "
        f"({SET_BY}) praksisen ligger på. Snittet er 3,3, anslaget 3,5–3,7. 8 svarte. {PULLED}",
    ),
    # With one decimal less it could not be seen that the mean lies outside.
    (
        shown(4.44, (3, 3), interval=(4.25, 4.42), n=31),
        f"God fordi 4,44 er på eller over grensen 4,10 ({SET_BY}), og det er hele anslaget "
        f"4,25–4,42 også. 31 svarte. {PULLED}",
    ),
    (
        shown(3.69, (2, 2), interval=(3.71, 3.9), n=16),
        f"På vei fordi 3,69 ligger mellom grensene 3,60 og 4,10 ({SET_BY}), og det gjør hele "
        f"anslaget 3,71–3,90 også. 16 svarte. {PULLED}",
    ),
    (
        shown(4.9, (3, 3), interval=(4.3, 4.7), n=6),
        f"God fordi 4,9 er på eller over grensen 4,1 ({SET_BY}), og det er hele anslaget 4,3–4,7 "
        f"også. 6 svarte. {PULLED}",
    ),
    (
        shown(21450.0, None, indicator=COST, provisional=True, of_unit="no-1149"),
        "Verdien er 21 450 kr. Ingen har satt grenser, derfor ingen farge. Tallet er foreløpig og "
        "kan bli endret av KOSTRA (SSB). Tallet gjelder Karmøy.",
    ),
    (silent(Status.FEW), "Skjult fordi færre enn 5 svarte."),
    (silent(Status.NO_DATA), "Ikke målt: ingen svarte på dette i 2025–26."),
    (
        silent(Status.NO_DATA, indicator=COST),
        "Ikke målt: KOSTRA (SSB) har ikke noe tall for 2025–26.",
    ),
    (
        silent(Status.NO_DATA, indicator=COST, note=".."),
        "Ikke målt: KOSTRA (SSB) har ikke noe tall for 2025–26, og skriver «..» i stedet.",
    ),
    (
        silent(Status.NOT_COMPARABLE, indicator=COST),
        "Ikke sammenlignbart: tallet for 2025–26 er fra før en sammenslåing eller deling, og kan "
        "ikke legges sammen.",
    ),
]


@pytest.mark.parametrize(("cell", "sentence"), SENTENCES, ids=[s[:34] for _, s in SENTENCES])
def test_the_reason_stands_in_one_sentence(cell: ReleasedCell, sentence: str) -> None:
    assert told(cell) == sentence


FIRST = shown(4.2, (3, 3), interval=(4.15, 4.3), n=120)
LATER = shown(4.3, (3, 3), interval=(4.2, 4.4), n=149, correction=1)
SINCE = "Rettet: svar som kom etter at tallene først ble gitt ut, er talt med."
CORRECTED = [
    # the cell, as it was first released, what is said of it
    (LATER, FIRST,
     "Rettet: 29 svar kom etter at tallet først ble gitt ut; før: 4,2 av 120 svar."),
    (LATER, None, SINCE),
    (LATER, silent(Status.LINKED), SINCE),
    (replace(LATER, years=2), FIRST, SINCE),
    (FIRST, FIRST, ""),
    (replace(silent(Status.LINKED), correction=1), FIRST, ""),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "first", "said"), CORRECTED)
def test_a_correction_is_told_with_the_number_that_stood_before(
    cell: ReleasedCell, first: ReleasedCell | None, said: str
) -> None:
    indicator = pack().indicators[cell.indicator]
    found = reason(cell, indicator, pack(), "nb", k=5, unit_names={}, first=first)
    assert found.endswith(said)
    assert ("Rettet" in found) is bool(said)


def test_linked_names_the_threshold_and_no_other_number() -> None:
    sentence = told(silent(Status.LINKED))
    assert "færre enn 5" in sentence
    assert [c for c in sentence if c.isdigit()] == ["5"]


def test_english_has_its_own_numbers() -> None:
    sentence = told(shown(3.4, (1, 1), interval=(3.3, 3.5), n=1148), "en")
    assert sentence.startswith("Weak because 3.4 is below the cut point 3.6 (set by Puls")
    assert sentence.endswith("1,148 answered.")


def test_a_share_that_should_be_low() -> None:
    cuts = pack().indicators[WAITING].criteria
    assert cuts is not None
    good = told(shown(cuts.cuts[0], (3, 3), indicator=WAITING))
    assert good.startswith("God fordi")
    assert "ikke er over grensen" in good
    weak = told(shown(cuts.cuts[-1] + 0.3, (1, 1), indicator=WAITING))
    assert weak.startswith("Svak fordi")
    assert "er over grensen" in weak


@pytest.mark.parametrize(
    ("value", "upwards", "sentence", "cuts"),
    [
        (2.9, True, "below", {"cut": 3.6}),
        (3.6, True, "between", {"cut_low": 3.6, "cut_high": 4.1}),
        (4.1, True, "at_least", {"cut": 4.1}),
        (3.6, False, "at_most", {"cut": 3.6}),
        (3.7, False, "between", {"cut_low": 3.6, "cut_high": 4.1}),
        (4.1, False, "between", {"cut_low": 3.6, "cut_high": 4.1}),
        (4.2, False, "above", {"cut": 4.1}),
    ],
)
def test_where_a_value_lies(
    value: float, upwards: bool, sentence: str, cuts: dict[str, float]
) -> None:
    criteria = pack().indicators[FEEDBACK].criteria
    assert criteria is not None
    turned = type(criteria)(**{**vars(criteria), "higher_is_better": upwards})
    assert place(value, turned) == (sentence, cuts)


@pytest.mark.parametrize(
    ("levels", "upwards", "cuts"),
    [
        ((1, 2), True, (3.6,)),
        ((2, 3), True, (4.1,)),
        ((1, 3), True, (3.6, 4.1)),
        # With lower-is-better the weakest levels lie above the highest cut.
        ((1, 2), False, (4.1,)),
        ((2, 3), False, (3.6,)),
        ((1, 3), False, (3.6, 4.1)),
    ],
)
def test_which_cuts_lie_between_levels(
    levels: tuple[int, int], upwards: bool, cuts: tuple[float, ...]
) -> None:
    criteria = pack().indicators[FEEDBACK].criteria
    assert criteria is not None
    turned = type(criteria)(**{**vars(criteria), "higher_is_better": upwards})
    cell = shown(3.8, levels, interval=(3.0, 4.5), n=9)
    assert cuts_touched(cell, turned) == cuts


@pytest.mark.parametrize("value", [3.5, 3.6, 3.7])
def test_a_mean_inside_its_estimate_is_not_explained_away(value: float) -> None:
    assert PULLED not in told(shown(value, (1, 2), interval=(3.5, 3.7), n=8))


@pytest.mark.parametrize("language", ["nb", "en"])
def test_who_set_the_cut_points_can_be_said_once_for_all(language: str) -> None:
    cell = shown(3.4, (1, 1), interval=(3.3, 3.5), n=148)
    indicator = pack().indicators[FEEDBACK]
    short = reason(cell, indicator, pack(), language, k=5, unit_names={}, with_setter=False)
    assert indicator.criteria is not None
    set_by = indicator.criteria.set_by[language]
    assert set_by in told(cell, language)
    assert set_by not in short
    assert "(" not in short
    assert set_by in setter(indicator, pack(), language, "all_set_by")
