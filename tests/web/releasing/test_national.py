"""What a country's release says beyond its cells is kept with it, and only with it."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from puls.analysis.attenuation import Reliable
from puls.analysis.findings import Findings
from puls.analysis.scoring import Tallies
from puls.cells import Against, Mark, ReleasedCell, ReleasedMark, Status
from puls.content.definitions import Pack
from puls.units import Unit, UnitTree
from puls.web.assess import queries
from puls.web.collect.folders import Folders
from puls.web.importing.registers import import_register
from puls.web.releasing import national
from puls.web.releasing.releases import Made, release_period
from puls.web.tenants.access import as_reach, as_whole_tree
from tests.web.cast import Cast, reach_for
from tests.web.inputs import BERGEN, DANCE, HAUGESUND, MUSIC, PERIOD, kostra_file
from tests.web.releasing.test_from_file_to_release import TODAY, ask, cells, seal

UP = ReleasedMark(
    "no-1149", "student_wellbeing", PERIOD, Against.GIVEN, 3.6, 0.4, 0.2, 0.6, Mark.UP
)


@pytest.fixture
def sealed(places: None, tmp_path: Path, pack: Pack, folders: Folders) -> None:
    for unit, groups in {
        "no-1149": {MUSIC: 8, DANCE: 6}, "no-1106": {HAUGESUND: 9}, "no-46": {BERGEN: 9},
    }.items():  # fmt: skip
        seal(ask(tmp_path, unit, groups, pack, folders), pack, folders)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the analysis was asked; it finds one mark and something that is not a number."""

    def found(
        cells: Any, pack: Any, period: Any, tree: Any, variances: Any, *more: Any
    ) -> Findings:
        given.append({"cells": cells, "variances": variances, "products": more[0]})
        return Findings([UP], {"student_wellbeing": {"explained": float("nan")}}, [{"n": 32}])

    given: list[dict[str, Any]] = []
    monkeypatch.setattr(national.findings, "national", found)
    return given


def country(pack: Pack, folders: Folders) -> list[Made]:
    return release_period(PERIOD, pack, folders, TODAY, unit="no")


@pytest.mark.usefixtures("sealed")
def test_nothing_is_looked_for_before_the_country_is_released(
    tmp_path: Path, pack: Pack, folders: Folders, asked: list[Any]
) -> None:
    import_register("ssb", kostra_file(tmp_path, {"1149": 12.5}), pack)
    release_period(PERIOD, pack, folders, TODAY)
    release_period(PERIOD, pack, folders, TODAY, unit="no-11")
    assert asked == []
    with as_whole_tree("assess"):
        assert queries.findings(PERIOD, using="assess") == {}


@pytest.mark.usefixtures("sealed")
def test_it_is_found_in_all_that_is_released_and_kept_beside_it(
    cast: Cast, pack: Pack, folders: Folders, asked: list[Any]
) -> None:
    (made,) = country(pack, folders)
    (given,) = asked
    units = ["no", "no-11", "no-1149", "no-46", MUSIC, HAUGESUND]
    released = set(cells(units).values())
    assert {cell.unit for cell in released} == set(units)
    assert released <= set(given["cells"])
    assert given["variances"].keys() == {PERIOD}
    pairs = {(a, b) for a, b in given["products"]["student"].select("a", "b").iter_rows()}
    assert pairs == set(pack.surveys["student", 1].pairs)
    assert made.release.root_id == "no"
    with as_reach(reach_for(cast.alice)):
        assert queries.marks(["no-1149", "no-4601"], PERIOD) == [UP]
        kept = queries.findings(PERIOD)
    assert kept["fits"] == {"student_wellbeing": {"explained": None}}
    assert kept["associations"] == [{"n": 32}]
    rows = kept["reliability"]["student"]
    assert [row["construct"] for row in rows] == [
        each.key for each in pack.surveys["student", 1].constructs
    ]
    assert {row["alpha"] for row in rows} == {None}  # so few groups tell nothing


def test_how_reliable_a_score_is_counts_where_alpha_is_told(
    monkeypatch: pytest.MonkeyPatch, pack: Pack
) -> None:
    known = dict.fromkeys(("wellbeing", "feedback"), Reliable(0.8, 4))
    monkeypatch.setattr(national.attenuation, "within_groups", lambda *_: known)
    rows = [{"construct": "wellbeing", "alpha": 0.8}, {"construct": "feedback", "alpha": None}]
    tallies = Tallies(*[pl.DataFrame()] * 4)
    found = national._of_score(tallies, pack.surveys["student", 1], rows)
    assert found == {"wellbeing": Reliable(0.8, 4)}


@pytest.mark.usefixtures("sealed")
def test_new_figures_are_looked_at_again_and_the_older_findings_stay(
    cast: Cast, tmp_path: Path, pack: Pack, folders: Folders, asked: list[Any]
) -> None:
    (first,) = country(pack, folders)
    import_register("ssb", kostra_file(tmp_path, {"1149": 12.5}), pack)
    (second,) = release_period(PERIOD, pack, folders, TODAY)
    assert len(asked) == 2
    figures = {cell.indicator for cell in asked[1]["cells"]} - {
        cell.indicator for cell in asked[0]["cells"]
    }
    assert figures == {"kostra_share_6_15"}
    assert second.release.findings == first.release.findings
    with as_reach(reach_for(cast.alice)):
        assert queries.marks(["no-1149"], PERIOD, as_of=first.release.pk) == [UP]


@pytest.mark.usefixtures("sealed")
def test_so_few_units_find_no_mark(cast: Cast, pack: Pack, folders: Folders) -> None:
    country(pack, folders)
    with as_reach(reach_for(cast.nora)):
        assert queries.marks(["no", "no-11", "no-1149"], PERIOD) == []
        assert queries.findings(PERIOD).keys() >= {"fits", "associations"}


def test_similar_administrations_are_found_in_shown_cells_of_the_year(pack: Pack) -> None:
    """By the newest number of children that is known, among the administrations of the day."""
    keys = [f"no-{number}" for number in range(1, 8)]
    tree = UnitTree(
        [
            Unit("no", "country", "Norge", None),
            *(Unit(key, "municipality", key, "no") for key in keys),
            Unit("school", "school", "Skole", "no-1"),
        ]
    )

    def cell(unit: str, key: str, period: int, value: float | None) -> ReleasedCell:
        status = Status.FEW if value is None else Status.SHOWN
        return ReleasedCell(unit, key, 1, period, status, value)

    by, about = "population_6_15", "kostra_share_6_15"
    cells = [cell(key, by, PERIOD - 1, 100.0 + n) for n, key in enumerate(keys)]
    cells.append(cell("no-1", by, PERIOD, 900.0))
    cells += [cell(key, about, PERIOD, 10.0 + n) for n, key in enumerate(keys[:-2])]
    cells += [cell(keys[-1], about, PERIOD, None), cell(keys[-1], about, PERIOD - 1, 99.0)]
    cells += [cell("school", about, PERIOD, 99.0), cell("no", about, PERIOD, 99.0)]
    (group,) = national._similar(cells, pack, PERIOD, tree, TODAY)
    assert group["units"] == (*keys[1:], "no-1")
    assert group["largest"] == 900.0
    assert group["shown"] == {about: {"value": 12.0, "low": 11.0, "high": 13.0, "count": 5}}
