"""The colour table in its other shapes, and what is taken from it to a meeting."""

import html
import re

import pytest

from puls.web.assess.models import Release
from puls.web.packs import pack
from puls.web.see import choices
from tests.web.cast import Cast, LogIn
from tests.web.see.test_pages import KARMOY, YEAR, the_cell
from tests.web.see.world import CREATIVITY, FEEDBACK, SCHOOL, SHARE, WELLBEING

COUNTRY = f"/hvor-er-vi/no/{YEAR}/"
MEETING = f"/hva-gjor-vi/{SCHOOL}/{YEAR}/"


def columns(page: str) -> set[str]:
    """The indicators that the table has cells of."""
    return {found.rpartition(".")[2] for found in re.findall(r"celle=([^#&\"]+)#", page)}


def test_a_cell_of_many_columns_leads_to_the_same_columns(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    asked = [FEEDBACK, CREATIVITY, WELLBEING, SHARE, *sorted(pack().indicators)[:4]]
    bob = log_in(cast.bob)
    page = bob.get(f"{KARMOY}?kolonner={','.join(asked)}").text
    found = re.search(rf'href="([^"]*celle={re.escape(SCHOOL)}.{FEEDBACK})#', page)
    assert found
    assert len(found[1]) < 120
    again = bob.get(KARMOY + html.unescape(found[1])).text
    assert columns(again) == columns(page)
    assert "Svak fordi 3,4" in again


FILTERS = [
    ("rolle=process", lambda i: i.role == "process"),
    ("omrade=teaching_and_learning", lambda i: i.area == "teaching_and_learning"),
    ("kilde=student", lambda i: i.key.startswith("student_")),
    ("kilde=kostra", lambda i: i.key.startswith("kostra_")),
    ("kilde=student&rolle=result", lambda i: i.key.startswith("student_") and i.role == "result"),
]


@pytest.mark.parametrize(("query", "fits"), FILTERS, ids=[query for query, _ in FILTERS])
def test_filters_are_in_the_address_and_on_the_page(
    query: str, fits: object, released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.bob).get(f"{KARMOY}?{query}").text
    found = columns(page)
    assert found
    assert all(fits(pack().indicators[key]) for key in found)  # type: ignore[operator]
    name, _, value = query.rpartition("&")[2].partition("=")
    chosen = re.search(rf'name="{name}">.*?</select>', page, re.DOTALL)
    assert chosen
    assert f'<option value="{value}" selected>' in chosen[0]


def test_columns_are_ticked_one_by_one(released: Release, cast: Cast, log_in: LogIn) -> None:
    page = log_in(cast.bob).get(f"{KARMOY}?kolonner={FEEDBACK}&kolonner={WELLBEING}").text
    assert columns(page) == {FEEDBACK, WELLBEING}
    assert re.findall(r'name="kolonner" value="(\w+)" checked', page) == [FEEDBACK, WELLBEING]
    assert '<option value="eget" selected>' in page


def test_a_new_year_keeps_filters_and_a_new_view_drops_them(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    page = bob.get(f"{KARMOY}?rolle=process&kilde=student").text
    form = re.search(r'<form class="controls.*?</form>', page, re.DOTALL)
    assert form
    kept = "&".join(
        f"{name}={value}"
        for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0])
    )
    to = bob.get(f"{KARMOY}?skolear=2024-25&vis=eget&{kept}").headers["Location"]
    assert to == f"/hvor-er-vi/{SCHOOL}/2024-25/?rolle=process&kilde=student"
    to = bob.get(f"{KARMOY}?skolear=2024-25&vis=alle&{kept}").headers["Location"]
    assert to == f"/hvor-er-vi/{SCHOOL}/2024-25/?vis=alle"


def rows(page: str) -> list[str]:
    return re.findall(r'<tr class="child"[^>]*><th class="unit"[^>]*>(?:<a [^>]*>)?([^<]*)', page)


# Which rows somebody sees who asks for a tier below the country.
TIERS = [
    ("nora", "", ["Rogaland", "Vestland"]),
    ("nora", "municipality", ["Bergen", "Haugesund", "Karmøy"]),
    ("nora", "department", []),  # Schools and what lies in them are not the nation's to see.
    ("nora", "nonsense", ["Rogaland", "Vestland"]),
    ("frida", "municipality", ["Haugesund", "Karmøy"]),
    ("bob", "municipality", ["Karmøy"]),
]


@pytest.mark.parametrize(("person", "tier", "names"), TIERS)
def test_the_tier_of_the_rows_is_a_choice_within_reach(
    person: str, tier: str, names: list[str], released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(getattr(cast, person)).get(f"{COUNTRY}?rader={tier}").text
    assert rows(page) == names


def test_a_list_of_tiers_is_there_where_there_are_several(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    nora = log_in(cast.nora).get(COUNTRY).text
    listed = re.search(r'name="rader">(.*?)</select>', nora, re.DOTALL)
    assert listed
    assert re.findall(r'value="(\w+)"', listed[1]) == ["county", "municipality"]
    assert 'name="rader"' not in log_in(cast.bob).get(KARMOY).text


def test_turned_round_every_cell_is_still_there(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    straight, turned = (
        bob.get(f"{KARMOY}?vis=alle").text,
        bob.get(f"{KARMOY}?vis=alle&snudd=1").text,
    )
    found = [sorted(re.findall(r"celle=([^#&\"]+)#", page)) for page in (straight, turned)]
    assert found[0] == found[1]
    assert turned.count('scope="rowgroup"') == 3
    heads = re.findall(r'<th class="head-cell unit-head (\w+)[^"]*" scope="col">', turned)
    assert heads == ["self", "child", "child", "comparison", "comparison", "comparison"]
    cell = the_cell(turned, SCHOOL, FEEDBACK)
    assert 'aria-label="Tilbakemeldinger, Karmøy kulturskole: 3,4 svak"' in cell


def test_turned_round_a_row_still_orders_the_units(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.bob).get(f"{KARMOY}?snudd=1&sorter=-{FEEDBACK}").text
    assert page.count('aria-sort="descending"') == 1
    assert f'href="?snudd=1&amp;sorter={FEEDBACK}"' in page


PICKED = f"{SCHOOL}.{FEEDBACK},{SCHOOL}.musikk.{CREATIVITY},no-11.{WELLBEING}"


def test_cells_are_ticked_in_a_form_that_needs_no_script(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.bob).get(f"{KARMOY}?rolle=process&velg=1&valgt={PICKED}").text
    boxes = re.findall(r'name="valgt" value="([^"]+)" aria-label="[^"]+" checked>', page)
    assert set(boxes) == {f"{SCHOOL}.{FEEDBACK}", f"{SCHOOL}.musikk.{CREATIVITY}"}
    form = re.search(r'<form class="picking".*?</form>', page, re.DOTALL)
    assert form
    assert f'<input type="hidden" name="valgt" value="no-11.{WELLBEING}">' in form[0], "elsewhere"
    assert f'action="{MEETING}"' in form[0]
    assert f'formaction="{KARMOY}"' in form[0]
    assert 'name="rolle" value="process"' in form[0]
    assert "3 celler valgt til møte" in page


def test_the_sheet_is_about_the_cells_that_were_chosen(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.bob).get(f"{MEETING}?valgt={PICKED}").text
    assert re.findall(r'<h2 id="valgt-\d">([^<]*)</h2>', page) == [
        "Karmøy kulturskole", "Musikk", "Rogaland fylke",
    ]  # fmt: skip
    assert "Svak fordi 3,4 er under grensen 3,6" in page
    assert page.count("<li>\n<h3>") == 3
    assert "Vurdering for læring" in page, "the rubric of the area that feedback belongs to"
    assert "startforslag som ingen har vedtatt" in page
    assert f"valgt={PICKED}&amp;per={released.pk}" in page, "a lasting address"


def test_the_sheet_shows_nothing_of_units_out_of_reach_or_hidden_numbers(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    asked = f"bergen-kulturskole.{FEEDBACK},{SCHOOL}.dans.{FEEDBACK}"
    page = log_in(cast.bob).get(f"{MEETING}?valgt={asked}").text
    assert re.findall(r'<h2 id="valgt-\d">([^<]*)</h2>', page) == ["Dans"]
    point = re.search(r'<ul class="told">.*?</ul>', page, re.DOTALL)
    assert point
    assert "Skjult fordi" in point[0]


def test_without_cells_that_are_there_the_sheet_is_about_what_stands_out(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    for asked in ("", f"?valgt=bergen-kulturskole.{FEEDBACK}", "?valgt="):
        assert 'id="svakt"' in log_in(cast.bob).get(MEETING + asked).text


def test_too_many_cells_are_said_and_not_silently_dropped(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    every = ",".join(f"{SCHOOL}.{key}" for key in sorted(pack().indicators))
    most = choices.MOST_PICKED
    assert len(pack().indicators) > most
    for address in (KARMOY, MEETING):
        page = log_in(cast.bob).get(f"{address}?valgt={every}").text
        assert f"Høyst {most} celler kan tas med." in page


def test_the_explanation_puts_its_cell_among_those_to_take_along(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    cell = f"{SCHOOL}.{FEEDBACK}"
    page = bob.get(f"{KARMOY}?celle={cell}").text
    assert f'href="?valgt={cell}&amp;celle={cell}#forklaring">Velg til møte' in page
    assert "Ta med til møte" not in page
    page = bob.get(f"{KARMOY}?valgt={cell}&celle={cell}").text
    assert f'href="?celle={cell}#forklaring">Velg bort' in page
    assert "valgt til møte" in the_cell(page, SCHOOL, FEEDBACK)
    assert "1 celle valgt til møte" in page
    told = page.partition('id="forklaring"')[2]
    assert f'href="{MEETING}?valgt={cell}"' in told


def test_paper_gets_parts_that_fit_it_with_their_own_heads(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    page = bob.get(f"{KARMOY}utskrift/?vis=alle").text
    tables = page.split('<div class="paper-part">')[1:]
    known = columns(bob.get(f"{KARMOY}?vis=alle").text)
    assert len(tables) == -(-len(known) // 12)
    assert all(part.split("</table>")[0].count("<thead") == 1 for part in tables)
    assert "celle=" not in page.split("<main")[1].split('<div class="permalink')[0]
    assert ">3,4<" in page
    assert page.count('id="tabell-') == len(tables)
    turned = bob.get(f"{KARMOY}utskrift/?vis=alle&snudd=1").text
    assert turned.count('<div class="paper-part">') == 1
    assert 'scope="rowgroup"' in turned


def test_small_multiples_of_the_unit_and_of_the_units(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    own = bob.get(f"{KARMOY}ar-for-ar/").text
    assert "<h1>Karmøy kulturskole år for år</h1>" in own
    assert re.search(r'<th scope="row">Tilbakemeldinger</th><td>3,4 svak</td>', own)
    of_units = bob.get(f"{KARMOY}ar-for-ar/?indikator={FEEDBACK}").text
    for name, told in (("Karmøy kulturskole", "3,4 svak"), ("Dans", "skjult")):
        assert f'<th scope="row">{name}</th><td>{told}</td>' in of_units
    assert re.search(r"<title id=\"ar-w-t\">Tilbakemeldinger år for år</title>", of_units)
    assert "ingen tall" not in of_units


def test_small_multiples_of_a_whole_country_come_in_parts(
    released: Release, cast: Cast, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("puls.web.see.years.AT_ONCE", 2)
    nora = log_in(cast.nora)
    address = f"{COUNTRY}ar-for-ar/?rader=municipality&indikator={SHARE}"
    first, last = nora.get(address).text, nora.get(f"{address}&side=99").text
    assert "Del 1 av 2" in first
    assert f"indikator={SHARE}&amp;side=2" in first
    assert "Del 2 av 2" in last
    assert 'rel="next"' not in last


@pytest.mark.parametrize("end", ["utskrift/", "ar-for-ar/", f"ar-for-ar/?indikator={FEEDBACK}"])
@pytest.mark.parametrize(("unit", "there"), [(SCHOOL, True), ("bergen-kulturskole", False)])
def test_every_shape_is_within_reach_only(
    end: str, unit: str, there: bool, released: Release, cast: Cast, log_in: LogIn
) -> None:
    answer = log_in(cast.bob).get(f"/hvor-er-vi/{unit}/{YEAR}/{end}")
    assert answer.status_code == (200 if there else 404)
