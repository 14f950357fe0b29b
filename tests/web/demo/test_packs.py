"""Each pack has a demo that fits it; whole demos of the others are long."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from django.test import Client

from puls.analysis import synthetic
from puls.cells import Status
from puls.content.definitions import Pack, SurveySource
from puls.content.loading import BUILT_IN, load_pack
from puls.errors import ContentError
from puls.registers import gsi
from puls.web import packs
from puls.web.accounts.models import User
from puls.web.assess.models import Cell
from puls.web.collect.folders import Folders
from puls.web.data.opened import opened
from puls.web.demo import country, load
from puls.web.demo.making import FILE, making
from puls.web.demo.people import people
from puls.web.demo.register_files import GSI_SCHOOLS, write_gsi
from puls.web.tenants.access import as_whole_tree

PACKS = sorted(found.parent.name for found in BUILT_IN.glob(f"*/{FILE}"))
OTHERS = sorted(set(PACKS) - {"kulturskole"})


def test_every_pack_that_comes_with_puls_has_a_demo() -> None:
    assert sorted(found.parent.name for found in BUILT_IN.glob("*/pack.yaml")) == PACKS


@pytest.mark.parametrize("key", PACKS)
def test_its_story_speaks_of_what_the_pack_has(key: str) -> None:
    pack = load_pack(key)
    made, surveys = making(pack), {survey for survey, _ in pack.surveys}
    assert made.asked.keys() == made.response.keys() == surveys
    assert sum(made.shares.values()) == pytest.approx(1)
    for survey, planted in made.planted.items():
        constructs = {each.key for each in pack.surveys[survey, 1].constructs}
        assert {each.construct for each in planted} <= constructs
    told = made.story
    assert told["process"]["key"] in pack.processes
    actions = [each for decision in told["decisions"] for each in decision["actions"]]
    indicators = {aim["indicator"] for each in actions for aim in each["aims"]}
    wanted = [*told["goals"], told["owner_goal"]]
    indicators |= {each["indicator"] for each in wanted if "indicator" in each}
    assert indicators | set(told["meeting"]["cells"]) <= pack.indicators.keys()
    rubrics = {each["rubric"] for each in (*actions, *wanted) if "rubric" in each}
    rubrics |= {each["rubric"] for each in (*told["own"]["placed"], *told["own"]["reasons"])}
    rubrics |= {told[part]["rubric"] for part in ("process", "meeting", "own")}
    assert rubrics <= pack.rubrics.keys()
    assert {unit.unit for unit in people(made)} == {
        "no", "no-11", "no-1149", made.home, made.neighbour,
    }  # fmt: skip
    assert {len(each["now"]) for each in told["own"]["placed"]} == {len(made.colleagues)}
    # Eight of the staff place it, in both years.
    assert {sum(each[year]) for each in told["own"]["placed"] for year in ("before", "last")} == {8}


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("counted: culture_school", "counted: opera", "counted"),
        ("construct: wellbeing", "construct: Wellbeing", "planted[1].construct"),
        ("theatre: 0.10", "theater: 0.10", "shares"),
        ("open: student", "open: pupil", "open"),
        ("goals:", "goal:", "goals"),
    ],
)
def test_a_slip_is_told_with_its_place(old: str, new: str, at: str, tmp_path: Path) -> None:
    pack = load_pack("kulturskole")
    text = (pack.folder / FILE).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as told:
        making(replace(pack, folder=tmp_path))
    assert told.value.key == at


@pytest.fixture(scope="module")
def schools() -> country.Country:
    return country.make(load_pack("skole"))


def test_one_school_of_each_municipality_takes_part(schools: country.Country) -> None:
    today = {unit.key for unit in schools.tree.at(country.TODAY) if unit.tier == "municipality"}
    assert set(schools.places.departments["municipality"]) == today
    assert schools.tree["karmoy-skole"].name == "Karmøy skole"
    assert schools.tree["karmoy-skole.trinn-7"].name == "7. trinn"
    sizes = schools.heads.filter(pl.col("period") == country.OPEN)["pupils"]
    assert int(str(sizes.min())) > 5
    assert 100 < float(str(sizes.mean())) < 200
    # A municipality's children are not all at the school that takes part.
    assert (schools.heads["pupils"] <= schools.heads["children"] * 0.9 + 1).all()


def test_gsi_reads_what_is_made_up_of_schools(schools: country.Country, tmp_path: Path) -> None:
    (period, numbers), *_ = country.counts(schools, "municipality")
    file = tmp_path / "gsi.json"
    write_gsi(file, period, numbers, schools.tree, GSI_SCHOOLS)
    table = gsi.read(file, load_pack("skole").bindings, schools.tree)
    assert (table.table, table.refused) == ("GSI 1/8", ())
    national = {each.indicator: each.value for each in table.figures if each.unit == "no"}
    pupils = national["gsi_school_pupils"] or 0.0
    assert pupils == pytest.approx(numbers.filter(pl.col("unit") == "no")["everybody"][0], abs=1)
    assert 0.05 < (national["gsi_adapted_individually"] or 0) / pupils < 0.12
    assert 150 < pupils / (national["gsi_schools"] or 1) < 250


def test_planted_at_home_is_what_its_answers_say(schools: country.Country) -> None:
    known = schools.truths["student"]
    last = country.SURVEYED[-1]
    asked = country.groups(schools, "student", last)
    home = asked.filter(pl.col("school") == "karmoy-skole")
    given = synthetic.answers(known, last, home, schools.seed)
    calm = [item.key for item in known.survey.constructs[4].items if not item.reversed]
    support = [item.key for item in known.survey.constructs[1].items if not item.reversed]
    mean = {name: given.select(pl.mean_horizontal(keys).mean()).item()
            for name, keys in (("calm", calm), ("support", support))}  # fmt: skip
    assert mean["calm"] < mean["support"]


@pytest.mark.parametrize("key", PACKS)
def test_a_believable_country_is_mostly_well_and_has_something_to_work_with(key: str) -> None:
    """Caught: a demo whose first page is red from top to bottom, or green."""
    pack = load_pack(key)
    made = country.make(pack)
    judged = {
        (each.source.survey, each.source.construct): each.criteria
        for each in pack.indicators.values()
        if isinstance(each.source, SurveySource) and each.criteria is not None
    }
    rights = {at for at, each in judged.items() if each.key == "most_agree"}
    last, weak = country.SURVEYED[-1], {}
    for survey, known in made.truths.items():
        for school in known.schools[::40]:
            for construct, mean in known.expected(school, last).items():
                if (survey, construct) in judged:
                    cut = judged[survey, construct].cuts[0]
                    weak[school, survey, construct] = mean < cut
    assert 0.05 < sum(weak.values()) / len(weak) < 0.3
    # What every child has a right to is not what most of the country is weak at.
    if making(pack).usual:
        of_rights = [found for (_, *at), found in weak.items() if tuple(at) in rights]
        assert sum(of_rights) / len(of_rights) < 0.25


def test_the_first_demo_is_drawn_as_ever() -> None:
    assert making(load_pack("kulturskole")).usual == {}


@pytest.fixture(params=OTHERS)
def other(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pack]:
    monkeypatch.setenv("PULS_PACK", request.param)
    for kept in (packs.built_in, opened):
        kept.cache_clear()
    yield packs.built_in()
    monkeypatch.undo()
    for kept in (packs.built_in, opened):
        kept.cache_clear()


@pytest.mark.long
@pytest.mark.usefixtures("db")
def test_the_demo_of_another_pack_is_there_whole(
    other: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(country, "SURVEYED", range(2024, 2026))
    monkeypatch.setattr(country, "COUNTED", range(2024, 2026))
    load.load(other, Folders(tmp_path), lambda _: None)
    made = making(other)
    with as_whole_tree("assess"):
        cells = Cell.objects.using("assess").filter(unit_id=made.home, period=2025)
        shown = {cell.indicator for cell in cells if cell.status == Status.SHOWN}
    asked = {key for key, each in other.indicators.items() if isinstance(each.source, SurveySource)}
    assert len(shown & asked) > len(asked) / 2
    with as_whole_tree("assess"):
        country_wide = Cell.objects.using("assess").filter(unit_id="no", period=2025)
        figures = {cell.indicator for cell in country_wide if cell.status == Status.SHOWN}
    assert other.indicators.keys() - asked <= figures
    browser = Client()
    browser.force_login(User.objects.get(email="leader@demo.puls"))
    for address in ("/", f"/hva-gjor-vi/{made.home}/", "/moter/", "/god-praksis/", "/arshjul/"):
        assert browser.get(address, follow=True).status_code == 200, address
