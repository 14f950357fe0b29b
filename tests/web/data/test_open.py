"""What everybody may have: files and the table to embed, by anybody and from anywhere."""

import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pyjstat import pyjstat

from puls.units import UnitTree
from puls.web.assess import gates, public
from puls.web.assess.models import Release
from puls.web.data import opened
from puls.web.packs import pack
from puls.web.tenants.access import as_everybody, as_reach, as_whole_tree
from puls.web.tenants.models import Unit
from tests.database import superuser
from tests.web.cast import CAST, Cast, LogIn, reach_for
from tests.web.data import open_world
from tests.web.data.open_world import FEEDBACK, PERIOD, PUBLIC, SCHOOL, SHARE, SLUG
from tests.web.gated import announce, day_has_come
from tests.web.see import world

YEAR = f"/apne-data/{SLUG}/"
STEM = f"puls-{SLUG}-syntetisk"
FILES = [f"{STEM}.csv", f"{STEM}.parquet", f"{STEM}.json", "datapackage.json", "SHA256SUMS"]
EMBED = f"/innebygd/no-1149/{SLUG}/"


def get(address: str, **headers: str) -> Any:
    return Client().get(address, headers=headers)


# Nothing that the release does not show to everybody: a second, naive account of what may be told.

Told = tuple[str, str, str, int, float]
"""Unit, indicator, part, years, value."""


def may_be_told() -> set[Told]:
    """From the rows themselves, in plain words: public, or of a national register."""
    told = set()
    for row in open_world.all_cells().values():
        of_register = (
            not row.from_answers and row.depth <= 2 and row.status == "shown" and not row.of_unit
        )
        if row.public or of_register:
            assert row.status == "shown"
            told.add((row.unit_id, row.indicator, row.part, row.years, row.value))
    return told


def told_by_files() -> set[Told]:
    told: set[Told] = set()
    for row in csv.DictReader(io.StringIO(get(YEAR + FILES[0]).content.decode())):
        place = (row["unit"], row["indicator"], row["part"], int(row["years"]))
        told.add((*place, float(row["value"])))
    for row in pyarrow.parquet.read_table(io.BytesIO(get(YEAR + FILES[1]).content)).to_pylist():
        told.add((row["unit"], row["indicator"], row["part"], row["years"], row["value"]))
    cube = pyjstat.Dataset.read(get(YEAR + FILES[2]).content.decode())
    places = [list(cube["dimension"][name]["category"]["index"]) for name in cube["id"]]
    for place, value in cube["value"].items():
        rest, at = int(place), []
        for codes in reversed(places):
            rest, here = divmod(rest, len(codes))
            at.append(codes[here])
        _period, measure, indicator, unit = at
        if measure == "value":
            told.add((unit, indicator, "", 1, value))
    return told


def embedded_values(unit: str) -> set[str]:
    """Every number in the table, as written."""
    html = get(f"/innebygd/{unit}/{SLUG}/").content.decode()
    return set(re.findall(r"<b>([^<]+)</b>", unescape(html)))


def written(text: str) -> float:
    """ "12,3 %" -> 12.3"""
    return float(text.replace("\u00a0", " ").split()[0].replace(",", "."))


def leaks() -> list[str]:
    """What the public paths tell although it may not be told."""
    opened.kept.forget()
    allowed = may_be_told()
    found = [f"{told}" for told in told_by_files() - allowed]
    units = sorted({unit for unit, *_ in allowed} | {"no-4601", "bergen-kulturskole"})
    for unit in units:
        if get(f"/innebygd/{unit}/{SLUG}/").status_code == 200:
            above = unit_and_above(unit)
            may = {round(value, 1) for of, _i, _part, _years, value in allowed if of in above}
            told = {written(text) for text in embedded_values(unit)}
            found += [f"{unit}: {value}" for value in told - may]
    return found


def unit_and_above(unit: str) -> set[str]:
    with as_whole_tree("assess"):
        return set(Unit.objects.using("assess").get(key=unit).path.split("/"))


def test_files_and_tables_tell_public_figures_and_no_others(released: Release) -> None:
    assert leaks() == []
    assert told_by_files() == may_be_told()


def test_caught_a_query_that_forgets_to_ask_for_public_cells(
    released: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code alone cannot give away more: the database keeps its own rule."""
    real = public._newest
    forgetful = {"public": "true", "NOT from_answers": "true"}

    def careless(asked: dict[str, Any], using: str) -> Any:
        return real({forgetful.get(part, part): value for part, value in asked.items()}, using)

    monkeypatch.setattr(public, "_newest", careless)
    assert leaks() == []


def test_caught_a_database_without_its_rule_and_a_query_that_forgets(
    released: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both at once are a leak, and the check sees it."""
    real = public._newest
    monkeypatch.setattr(
        public,
        "_newest",
        lambda asked, using: real(
            {"true" if part == "public" else part: value for part, value in asked.items()}, using
        ),
    )
    with rule_of_cells("true"):
        assert leaks()


def test_caught_register_figures_of_a_school(
    released: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    with superuser() as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(
            "UPDATE assess_cell SET value = 77.7, of_unit = '' WHERE unit_id = %s"
            " AND indicator = %s",
            [SCHOOL, SHARE],
        )
    assert leaks() == []
    monkeypatch.setattr(opened, "registered", lambda tree: list(tree.units))
    assert leaks()


@contextmanager
def rule_of_cells(condition: str) -> Iterator[None]:
    """The database's rule of public cells, broken for a while."""
    asked = "SELECT qual FROM pg_policies WHERE (tablename, policyname) = ('assess_cell', %s)"
    with superuser() as admin:
        ((before,),) = admin.execute(asked, ["everybody"]).fetchall()
        admin.execute(f"ALTER POLICY everybody ON assess_cell USING ({condition})")
    try:
        yield
    finally:
        with superuser() as admin:
            admin.execute(f"ALTER POLICY everybody ON assess_cell USING ({before})")


def test_in_a_transaction_for_everybody_only_public_rows_are_there(
    released: Release, cast: Cast
) -> None:
    with as_reach(reach_for(cast.alice)), as_everybody(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM assess_cell WHERE from_answers AND NOT public")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT DISTINCT unit_id FROM assess_cell WHERE from_answers")
        assert {unit for (unit,) in cursor.fetchall()} == PUBLIC
        cursor.execute("SELECT key FROM tenants_unit WHERE tenant_id IS NOT NULL")
        named = {key for (key,) in cursor.fetchall()}
        assert named == {unit for unit in PUBLIC if "kulturskole" in unit} | {"bergen-kulturskole"}
        for table in (
            "assess_mark",
            "assess_goal",
            "tenants_tenant",
            "tenants_membership",
            "tenants_partnership",
            "data_token",
        ):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table
    with as_reach(reach_for(cast.alice)), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM assess_cell WHERE unit_id = 'bergen-kulturskole.musikk'"
        )
        assert cursor.fetchone() == (0,), "what is public is for public pages alone"


# A school's gate holds back what is public, too.


def values_of(unit: str) -> set[Told]:
    opened.kept.forget()
    return {told for told in told_by_files() if told[0] == unit and told[1] == FEEDBACK}


def test_a_closed_gate_is_closed_for_everybody(places: UnitTree, cast: Cast) -> None:
    announce(cast.alice, period=PERIOD)
    open_world.release(places)
    assert not values_of(SCHOOL)
    assert values_of("bergen-kulturskole.musikk")
    with as_reach(reach_for(cast.bob)):
        for note in gates.gates():
            gates.gate_open(reach_for(cast.bob), note.id, "Bob")
    assert not values_of(SCHOOL), "released to the owner, who has not looked: can be taken back"
    reach = reach_for(cast.alice)
    with as_reach(reach):
        gates.received(reach, [SCHOOL], PERIOD)
    assert values_of(SCHOOL)


def test_a_gate_is_open_for_everybody_when_the_day_has_come(places: UnitTree, cast: Cast) -> None:
    announce(cast.alice, period=PERIOD)
    open_world.release(places)
    assert not values_of(SCHOOL)
    with superuser() as above:
        day_has_come(above)
    assert values_of(SCHOOL)


# The pages and files.


@pytest.mark.parametrize("name", ["", *CAST])
def test_everybody_gets_the_same_files(
    released: Release, cast: Cast, log_in: LogIn, name: str
) -> None:
    client = log_in(getattr(cast, name)) if name else Client()
    for file in FILES:
        answer = client.get(YEAR + file)
        assert answer.status_code == 200
        assert answer.content == get(YEAR + file).content
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        again = client.get(YEAR + file, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304


def test_the_pages_name_files_licences_method_and_that_it_is_made_up(released: Release) -> None:
    first = get("/apne-data/").content.decode()
    assert YEAR in first
    assert "NLOD 2.0" in first
    assert 'id="metode"' in first
    page = get(YEAR).content.decode()
    for file in FILES:
        assert YEAR + file in page
    assert "Syntetiske data" in page
    assert f"?per={released.pk}" in page
    described = json.loads(get(YEAR + "datapackage.json").content)
    assert described["version"] == str(released.pk)
    assert described["puls"]["synthetic"] is True
    for each in described["resources"]:
        assert each["hash"].removeprefix("sha256:") in page


def test_english_pages_are_english(released: Release) -> None:
    english = {"Accept-Language": "en"}
    assert "How the figures come about" in get("/apne-data/", **english).content.decode()
    assert "Checksum" in get(YEAR, **english).content.decode()
    assert "Units that the key reads" in get("/api/v1/", **english).content.decode()
    assert "Slik blir tallene til" in get("/apne-data/").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/apne-data/2025/", "/apne-data/1999-00/", f"{YEAR}answers.csv", f"{YEAR}?per=x",
        "/innebygd/no-4601.x/2025-26/", "/innebygd/no%00/2025-26/", f"{EMBED}?sprak=xx",
        "/innebygd/karmoy-kulturskole.dans/2025-26/", "/innebygd/no/1999-00/",
        f"{YEAR}?per=0",
    ],
)  # fmt: skip
def test_what_is_not_there(released: Release, address: str) -> None:
    assert get(address).status_code == 404


def test_a_pack_that_publishes_nothing_has_no_such_pages(
    released: Release, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    closed = replace(pack(), folder=tmp_path)
    monkeypatch.setattr(opened, "pack", lambda: closed)
    opened.opened.cache_clear()
    try:
        for address in ("/apne-data/", YEAR, YEAR + FILES[0], EMBED):
            assert get(address).status_code == 404, address
        assert get("/api/v1/").status_code == 200
    finally:
        opened.opened.cache_clear()


# On other people's pages.


def test_only_the_table_to_embed_may_be_framed(released: Release) -> None:
    answer = get(EMBED)
    assert answer.status_code == 200
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "script-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    for address in ("/apne-data/", YEAR, YEAR + FILES[0], "/api/v1/", "/konto/logg-inn/"):
        other = get(address)
        assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"]
        assert other.headers["X-Frame-Options"] == "DENY"
    missing = get("/innebygd/not-there/2025-26/")
    assert missing.headers["X-Frame-Options"] == "DENY"


def test_the_table_to_embed_has_no_cookie_no_script_and_no_reader(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    answer = get(EMBED)
    assert not answer.cookies
    html = answer.content.decode()
    assert "<script" not in html
    assert "<form" not in html
    english = get(EMBED, **{"Accept-Language": "en"})
    assert english.content == answer.content, "the page that it stands on chooses the language"
    assert log_in(cast.alice).get(EMBED).content == answer.content
    assert "CC BY 4.0" in html
    assert YEAR in html
    assert "Syntetiske data" in html
    chosen = get(f"{EMBED}?sprak=en").content.decode()
    assert 'lang="en"' in chosen
    assert "Synthetic data" in chosen


def test_files_are_made_again_only_when_something_is_new(
    released: Release, places: UnitTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened, "LOOKED_SECONDS", 0)
    made = []
    real = opened._publish
    monkeypatch.setattr(
        opened, "_publish", lambda *asked: made.append(timezone.now()) or real(*asked)
    )
    for _ in range(3):
        assert get(YEAR + FILES[0]).status_code == 200
    assert len(made) == 1
    world.release(places, share=15.0, answers=False)
    told = get(YEAR + FILES[0]).content.decode()
    assert len(made) == 2
    assert "15.0" in told
    frozen = get(f"{YEAR}{FILES[0]}?per={released.pk}").content.decode()
    assert "12.3" in frozen
