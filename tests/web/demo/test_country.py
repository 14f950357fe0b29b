"""The demo country: as large as the real one, small where schools are small, the same each time."""

import csv
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from puls.analysis import synthetic
from puls.content.definitions import Pack
from puls.registers import answers, gsi, ssb
from puls.web.demo import country, places, quantities
from puls.web.demo.country import COUNTED, SURVEYED, TODAY, Country
from puls.web.demo.naming import slug
from puls.web.demo.register_files import GSI, write_answers, write_gsi, write_kostra
from tests.shared_data import shared


@pytest.fixture(scope="module")
def made(pack: Pack) -> Country:
    return country.make(pack)


@pytest.fixture(scope="module")
def counted(made: Country) -> dict[int, pl.DataFrame]:
    return dict(country.counts(made, "municipality"))


def test_the_same_seed_gives_the_same_country_and_another_one_another(pack: Pack) -> None:
    one, again, other = (country.make(pack, seed) for seed in (1, 1, 2))
    assert one.heads.equals(again.heads)
    assert one.places.departments.equals(again.places.departments)
    assert not one.heads.equals(other.heads)


class TestHeads:
    def test_pupils_places_and_waiting_list_are_within_what_was_published(
        self, made: Country
    ) -> None:
        published = shared("gsi_nsr/kulturskole_nasjonale_tall_publisert.csv")
        with published.open(encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["skoleaar"] > "2010"]
        totals = made.heads.group_by("period").agg(
            pl.col("pupils", "places", "waiting").sum(), share=pl.col("of_age").sum()
        )
        for ours, theirs in (("pupils", "elever"), ("places", "elevplasser")):
            known = [int(row[theirs]) for row in rows if row[theirs]]
            assert totals[ours].min() >= min(known) * 0.99
            assert totals[ours].max() <= max(known) * 1.02
        waiting = [int(row["venteliste"]) for row in rows if row["venteliste"]]
        assert totals["waiting"].is_between(min(waiting) * 0.95, max(waiting) * 1.05).all()

    def test_about_fourteen_of_a_hundred_children_go_to_a_culture_school(
        self, made: Country
    ) -> None:
        of_all = made.heads.group_by("period").agg(
            share=pl.col("of_age").sum() / pl.col("children").sum()
        )
        assert of_all["share"].is_between(0.13, 0.145).all()

    def test_nobody_is_counted_twice_where_two_municipalities_run_one_school(
        self, made: Country
    ) -> None:
        joined = places.partners(made.places)
        assert len(joined) >= 5
        at_partners = made.heads.filter(pl.col("municipality").is_in(list(joined)))
        assert at_partners["pupils"].sum() == 0
        assert at_partners["of_age"].min() > 0  # they have pupils, at the other's school


class TestPlaces:
    def test_every_municipality_has_a_school_of_its_own_or_a_part_in_one(
        self, made: Country
    ) -> None:
        today = {unit.key for unit in made.tree.at(TODAY) if unit.tier == "municipality"}
        hosts = set(made.places.departments["municipality"])
        assert len(today) == 357
        assert today == hosts | places.partners(made.places).keys()

    def test_large_cities_have_several_and_small_schools_only_two_departments(
        self, made: Country
    ) -> None:
        schools = made.places.departments.group_by("municipality").agg(pl.col("school").n_unique())
        assert schools.filter(pl.col("school") > 1)["municipality"].sort().to_list() == [
            "no-0301", "no-4601", "no-5001",
        ]  # fmt: skip
        sizes = made.places.departments.group_by("school").len()["len"]
        assert (sizes.min(), sizes.max()) == (2, 4)

    def test_some_departments_have_one_to_four_pupils(self, made: Country) -> None:
        now = made.heads.filter(pl.col("period") == 2025)
        pupils = made.places.departments.join(now, on="municipality").select(
            (pl.col("share") * pl.col("pupils")).round().alias("n")
        )["n"]
        assert 20 < pupils.is_between(1, 4).sum() < 150

    def test_every_school_of_an_earlier_year_is_tied_to_todays(self, made: Country) -> None:
        """Renumbered municipalities: the same school as another unit, one change apart."""
        for period in SURVEYED:
            day = country.october(period)
            then = made.places.on(day)
            for leaf, today in then.select("leaf_then", "leaf").iter_rows():
                unit = made.tree[leaf]
                assert unit.valid_on(day)
                assert made.tree[made.tree[str(unit.parent)].parent or ""].valid_on(day)
                assert leaf == today or today in made.tree.holders(leaf, TODAY)

    def test_a_split_municipality_had_one_school_that_nobody_holds_whole(
        self, made: Country
    ) -> None:
        was = made.tree["alesund-kulturskole-1507.music"]
        assert was.name == "Musikk"
        assert made.tree.successor(was.key, TODAY) is None
        assert made.tree.holders(was.key, TODAY) == {
            "alesund-kulturskole.music", "haram-kulturskole.music",
        }  # fmt: skip


class TestAnswers:
    @pytest.mark.parametrize("survey", ["student", "parent"])
    @pytest.mark.parametrize("period", [2021, 2025])
    def test_groups_are_leaves_of_their_year(
        self, survey: str, period: int, made: Country, pack: Pack
    ) -> None:
        from puls.web.collect.rounds import leaves

        asked = country.groups(made, survey, period)
        assert set(asked["leaf"]) <= leaves(made.tree, pack, "no", period)
        assert 50_000 < asked["asked"].sum() < 100_000

    def test_about_three_in_five_students_are_girls(self, made: Country) -> None:
        asked = country.groups(made, "student", 2025)
        given = synthetic.answers(made.truths["student"], 2025, asked, made.seed)
        shares = dict(given["sex"].drop_nulls().value_counts(normalize=True).iter_rows())
        assert shares[1] == pytest.approx(0.60, abs=0.01)
        assert shares[2] == pytest.approx(0.37, abs=0.01)
        assert shares[3] == pytest.approx(0.03, abs=0.005)

    @pytest.mark.parametrize("survey", ["student", "parent"])
    def test_what_follows_from_prerequisites_is_declared_in_the_pack(
        self, survey: str, made: Country, pack: Pack
    ) -> None:
        for each in country.DEPENDS[survey]:
            declared = pack.indicators[f"{survey}_{each.construct}"].prerequisites
            assert each.prerequisite in declared, each

    @pytest.mark.parametrize("survey", ["student", "parent"])
    def test_a_handful_of_municipalities_lie_off_what_is_expected(
        self, survey: str, made: Country, pack: Pack
    ) -> None:
        off, departments = made.off[survey], made.places.departments
        homes = dict(departments.select("school", "municipality").iter_rows())
        assert len({homes[each.school] for each in off}) == 6
        assert sum(each.shift > 0 for each in off) == sum(each.shift < 0 for each in off)
        assert set(off) <= set(made.truths[survey].planted)
        for each in off:
            assert pack.indicators[f"{survey}_{each.construct}"].prerequisites
            # All of the municipality's schools, and nothing else planted in them.
            home = homes[each.school]
            schools = {school for school, lies_in in homes.items() if lies_in == home}
            planted = [p for p in made.truths[survey].planted if p.school in schools]
            assert {p.school for p in planted if p in off} == schools
            assert set(planted) <= set(off)

    def test_money_can_be_found_in_what_students_say_by_the_plainest_line(
        self, made: Country, counted: dict[int, pl.DataFrame]
    ) -> None:
        known = made.truths["student"]
        figures = quantities.kostra(counted[2025], counted[2025]["unit"] == "", 2025, made.seed)
        homes = made.places.departments.select("school", "municipality").unique()
        net = dict(figures.select("unit", "net").iter_rows())
        rows = [(net[home], known.expected(school, 2025)) for school, home in homes.iter_rows()]
        money = np.array([amount for amount, _ in rows])
        for construct, found in (("feedback", 0.05), ("teacher_relation", 0.0)):
            said = np.array([means[construct] for _, means in rows])
            slope = np.polyfit((money - money.mean()) / money.std(), said, 1)[0]
            assert slope == pytest.approx(found, abs=0.04), construct

    def test_some_schools_really_differ_and_some_really_change(self, made: Country) -> None:
        for truth in made.truths.values():
            since = [plant.since for plant in truth.planted]
            assert since.count(2021) >= 12
            assert sum(year > 2022 for year in since) >= 12


class TestRegisterFiles:
    @pytest.mark.parametrize("period", [2018, 2021, 2025])
    def test_gsi_is_read_back_by_the_reader_of_the_real_thing(
        self,
        period: int,
        made: Country,
        pack: Pack,
        counted: dict[int, pl.DataFrame],
        tmp_path: Path,
    ) -> None:
        file = tmp_path / "gsi.json"
        write_gsi(file, period, counted[period], made.tree)
        table = gsi.read(file, pack.bindings, made.tree)
        assert (table.table, table.refused) == ("GSI kulturskole", ())
        there = {
            unit.key
            for unit in made.tree.at(country.october(period))
            if unit.tier in ("country", "county", "municipality")
        }
        assert {figure.unit for figure in table.figures} == there
        assert len(table.figures) == len(there) * len(GSI)
        national = {f.indicator: f.value for f in table.figures if f.unit == "no"}
        assert national["gsi_pupils"] == pytest.approx(places.PUPILS[period], rel=0.001)
        assert any(figure.note == "*" for figure in table.figures)

    def test_kostra_is_read_back_by_the_reader_of_the_real_thing(
        self, made: Country, pack: Pack, counted: dict[int, pl.DataFrame], tmp_path: Path
    ) -> None:
        municipalities = [
            unit.key for unit in made.tree.units.values() if unit.tier == "municipality"
        ]
        numbers = {
            period: quantities.kostra(frame, frame["unit"].is_in(municipalities), period, 1)
            for period, frame in counted.items()
        }
        file = tmp_path / "kostra.json"
        write_kostra(file, numbers, made.tree, "2026-03-15T07:00:00Z")
        table = ssb.read(file, pack.bindings, made.tree)
        found = {(f.indicator, f.unit, f.period): f for f in table.figures}
        assert {figure.indicator for figure in table.figures} == {
            "kostra_share_6_15", "kostra_waiting_share", "kostra_net_per_child",
            "kostra_gross_per_pupil",
        }  # fmt: skip
        share = found["kostra_share_6_15", "no", 2024]
        assert share.value == pytest.approx(13.5, abs=0.5)
        assert not share.provisional
        assert found["kostra_share_6_15", "no", 2025].provisional
        assert ("kostra_share_6_15", "no-1141", 2019) in found  # merged in 2020
        assert ("kostra_share_6_15", "no-1141", 2020) not in found
        silent = [f for f in table.figures if f.value is None and f.unit in municipalities]
        assert 10 < len(silent) < 200
        assert {figure.note for figure in silent} == {".."}

    def test_every_file_says_that_it_is_made_up(
        self, made: Country, counted: dict[int, pl.DataFrame], tmp_path: Path
    ) -> None:
        file = tmp_path / "gsi.json"
        write_gsi(file, 2025, counted[2025], made.tree)
        assert "Syntetiske tall" in file.read_text(encoding="utf-8")

    def test_answers_are_read_back_by_the_reader_of_the_real_thing(
        self, made: Country, pack: Pack, tmp_path: Path
    ) -> None:
        asked = country.groups(made, "student", country.OPEN)
        theirs = asked.filter(asked["leaf"].str.starts_with("karmoy-kulturskole."))
        made_up = synthetic.answers(made.truths["student"], country.OPEN, theirs, 1)
        file = tmp_path / "answers.csv"
        write_answers(file, made_up, made.truths["student"].survey)
        assert set(made_up["sex"].unique()) == {1, 2, 3, None}
        read = answers.read(file, made.truths["student"].survey, set(theirs["leaf"]))
        assert read.frame.equals(made_up.select(read.frame.columns))


def test_figures_cover_years_before_and_after_the_mergers_of_2020(
    counted: dict[int, pl.DataFrame],
) -> None:
    assert list(counted) == list(COUNTED)
    units = {period: frame.height for period, frame in counted.items()}
    assert units[2019] > units[2020]
    for frame in counted.values():
        national = frame.filter(pl.col("unit") == "no")
        municipal = frame.filter(pl.col("unit").str.len_chars() == 7)
        assert municipal["pupils"].sum() == pytest.approx(national["pupils"][0])


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Våler kulturskole", "valer-kulturskole"),
        ("Guovdageainnu suohkan – Kautokeino", "guovdageainnu-suohkan-kautokeino"),
        ("Unjárga", "unjarga"),
        ("Sør-Aurdal og Nord-Æ", "sor-aurdal-og-nord-ae"),
    ],
)
def test_names_become_keys_fit_for_addresses(name: str, key: str) -> None:
    assert slug(name) == key
