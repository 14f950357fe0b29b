"""What is out under another name counts as if the name had never changed."""

import random
from collections.abc import Iterable
from dataclasses import replace

import pytest

from puls.analysis import release
from puls.analysis.measured import FORMER, UNKNOWN, as_called_now, measured
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Indicator, SurveySource
from puls.errors import NotNow
from tests.analysis.worlds import ONE_ITEM, TODAY, WEIGHTS, World, indicator, world

JOY = replace(indicator(), key="joy")
FEEDBACK = replace(indicator(), source=SurveySource("student", "feedback"))
CELL = ReleasedCell("no", "wellbeing", 1, 2025, Status.FEW)
HERS = ("student", "wellbeing")
SIZES = (0, 1, 2, 3, 4, 5, 6, 8, 12, 30)


@pytest.mark.parametrize(
    ("then", "now", "called"),
    [
        ({"wellbeing": HERS}, [indicator()], [("wellbeing", 1)]),
        ({"wellbeing": HERS}, [indicator(), JOY], [("wellbeing", 1)]),
        ({"wellbeing": HERS}, [JOY], [("joy", FORMER)]),
        ({"wellbeing": HERS}, [FEEDBACK], []),
        ({"wellbeing": HERS}, [FEEDBACK, JOY], [("joy", FORMER)]),
        ({"wellbeing": ("student", "feedback")}, [indicator()], []),
        ({"wellbeing": ("parent", "wellbeing")}, [indicator()], []),
        ({"wellbeing": None}, [FEEDBACK, JOY], [("joy", UNKNOWN), ("wellbeing", UNKNOWN)]),
        ({}, [indicator()], [("wellbeing", UNKNOWN)]),
    ],
)
def test_cells_are_called_after_who_counts_the_same_answers_now(
    then: dict[str, tuple[str, str] | None],
    now: list[Indicator],
    called: list[tuple[str, int]],
) -> None:
    of = measured({each.key: each for each in now})
    assert [(c.indicator, c.version) for c in as_called_now(CELL, then, of)] == called


def made(
    of: World,
    indicators: Iterable[Indicator],
    fixed: Iterable[ReleasedCell] = (),
    root: str = "no",
) -> list[ReleasedCell]:
    return release.survey_cells(
        ONE_ITEM,
        2025,
        of.tally,
        of.tree,
        TODAY,
        {each.key: each for each in indicators},
        5,
        WEIGHTS,
        fixed=list(fixed),
        root=root,
        variances=release.starting_variances(ONE_ITEM, WEIGHTS),
        public_k=20,
    )


def grown(rng: random.Random) -> World:
    lines = ["no"]
    for county in "ab":
        lines.append(f"  {county}")
        for town in range(rng.randint(1, 3)):
            lines.append(f"    {county}{town}")
            for school in range(rng.randint(1, 3)):
                n = rng.choice(SIZES)
                given = " ".join(str(rng.randint(1, 5)) for _ in range(n))
                lines.append(f"      {county}{town}{school}   {given}")
    return world("\n".join(lines))


def released(seed: int) -> tuple[World, list[ReleasedCell]]:
    """Three units in any order, then the country; from some time on joy too, or instead."""
    rng = random.Random(seed)
    of = grown(rng)
    since, names = rng.randint(0, 3), rng.choice(([JOY], [indicator(), JOY]))
    cells: list[ReleasedCell] = []
    for step, root in enumerate([*rng.sample(sorted(of.tree.units), 3), "no"]):
        now = names if step >= since else [indicator()]
        then, called = measured({"wellbeing": indicator(), "joy": JOY}), {e.key: e for e in now}
        out = [each for c in cells for each in as_called_now(c, then, measured(called))]
        cells += made(of, now, out, root)
    return of, cells


def leaks(seeds: Iterable[int]) -> int:
    return sum(
        bool(of.isolable(cells, 5) or of.isolable([c for c in cells if c.public], 20))
        for of, cells in map(released, seeds)
    )


def test_nothing_is_given_away_by_two_names() -> None:
    assert leaks(range(60)) == 0


def test_the_auditor_would_see_it_if_names_were_all_that_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        release, "of_same_answers", lambda cells, of, _: [c for c in cells if c.indicator == of.key]
    )
    assert leaks(range(60)) > 2


SMALL = """
    no
      a
        a0
          a0x   x10
          a0y   5 4 1
      b
        b0
          b0x   x9
"""


class TestANewNameInAYearThatIsReleased:
    def test_its_cells_are_those_that_are_out(self) -> None:
        of = world(SMALL)
        first = made(of, [indicator()])
        again = made(of, [JOY], [replace(c, indicator="joy", version=FORMER) for c in first])
        assert [replace(cell, indicator="wellbeing") for cell in again] == first

    def test_what_was_hidden_stays_hidden(self) -> None:
        of = world(SMALL)
        hidden = [
            replace(CELL, unit=unit, indicator="joy", version=version, status=Status.LINKED)
            for unit, version in (("b", FORMER), ("b0", UNKNOWN))
        ]
        cells = {cell.unit: cell.status for cell in made(of, [JOY], hidden)}
        assert (cells["b"], cells["b0"], cells["b0x"]) == (
            Status.LINKED, Status.LINKED, Status.SHOWN,
        )  # fmt: skip

    def test_it_is_public_where_it_was_and_nowhere_else(self) -> None:
        of = world(SMALL)
        first = [replace(c, public=False) for c in made(of, [indicator()])]
        out = [replace(c, indicator="joy", version=FORMER) for c in first]
        assert not any(cell.public for cell in made(of, [JOY], out))

    def test_other_answers_under_a_name_are_told(self) -> None:
        of = world(SMALL)
        out = replace(CELL, indicator="joy", version=FORMER, status=Status.SHOWN, value=3.0, n=7)
        with pytest.raises(NotNow, match="released with 7 answers"):
            made(of, [JOY], [out])

    def test_of_a_name_that_nobody_remembers_what_fits_counts(self) -> None:
        of = world(SMALL)
        first = {cell.unit: cell for cell in made(of, [indicator()])}
        a0x = replace(first["a0"], unit="a0x", n=10, value=3.0)
        out = [replace(c, indicator="joy", version=UNKNOWN) for c in (first["no"], a0x)]
        cells = {cell.unit: cell.status for cell in made(of, [JOY], out)}
        assert cells["a0"] is Status.LINKED, "beside a0x it would give three away"
        strange = [replace(each, n=11) for each in out]
        cells = {cell.unit: cell.status for cell in made(of, [JOY], strange)}
        assert cells["a0"] is Status.SHOWN
