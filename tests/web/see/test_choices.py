"""What a reader chose, as an address says it, and back."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from puls.content.definitions import RegisterSource, Role
from puls.views.tables import Sort
from puls.web import answering
from puls.web.improve import views as improvements
from puls.web.packs import pack
from puls.web.see import controls, years
from puls.web.see.choices import (
    ALL,
    MOST_PICKED,
    REGISTER,
    Choice,
    areas,
    code,
    indicators,
    next_sort,
    parse,
    sources,
    too_many,
)

FEEDBACK, WELLBEING = "student_feedback", "student_wellbeing"
MUSIC = "bergen-kulturskole.musikk"
ADDRESSES = [
    ("", Choice()),
    ("vis=alle", Choice(show="alle")),
    ("rolle=process", Choice(role="process")),
    ("omrade=results&kilde=student", Choice(area="results", source="student")),
    ("kilde=gsi", Choice(source="gsi")),
    ("kolonner=student_feedback,student_wellbeing", Choice(columns=(FEEDBACK, WELLBEING))),
    ("rader=municipality&snudd=1", Choice(rows="municipality", turned=True)),
    ("sorter=name", Choice(sort=Sort("name"))),
    ("sorter=-student_feedback", Choice(sort=Sort(FEEDBACK, descending=True))),
    (f"valgt={MUSIC}.{FEEDBACK},no.{WELLBEING}&velg=1",
     Choice(picked=((MUSIC, FEEDBACK), ("no", WELLBEING)), picking=True)),
    (f"celle={MUSIC}.{FEEDBACK}", Choice(cell=(MUSIC, FEEDBACK))),
    ("kilde=register&sorter=name&per=14", Choice(source="register", sort=Sort("name"), release=14)),
]  # fmt: skip


@pytest.mark.parametrize(("query", "choice"), ADDRESSES)
def test_an_address_says_what_was_chosen(query: str, choice: Choice) -> None:
    assert parse(QueryDict(query), pack()) == choice
    assert choice.query() == f"?{query}"


@given(st.sets(st.sampled_from(sorted(pack().indicators))))
def test_a_cell_s_short_address_keeps_every_column(keys: set[str]) -> None:
    columns = tuple(key for key in pack().indicators if key in keys)
    query = Choice(columns=columns).cell_query() + f"{MUSIC}.{FEEDBACK}"
    found = parse(QueryDict(query.removeprefix("?")), pack())
    assert set(found.columns) == keys
    assert found.cell == (MUSIC, FEEDBACK)
    assert len(query) < 90 + max(5 * len(keys), 150)


def test_codes_of_columns_are_the_same_for_good_and_each_has_its_own() -> None:
    assert code(FEEDBACK) == "Fme2"
    assert len({code(key) for key in pack().indicators}) == len(pack().indicators)


OLD = [
    ("vis=omrade-results", Choice(area="results")),
    ("vis=rolle-process", Choice(role="process")),
    ("vis=undersokelse-student", Choice(source="student")),
    ("vis=register", Choice(source=REGISTER)),
]


@pytest.mark.parametrize(("query", "choice"), OLD)
def test_an_address_with_one_filter_under_its_first_name_still_leads_there(
    query: str, choice: Choice
) -> None:
    assert parse(QueryDict(query), pack()) == choice


def test_a_view_from_the_list_takes_the_place_of_filters() -> None:
    """The form sends them along, so that a new year keeps them."""
    filters = "rolle=process&kolonner=student_feedback"
    assert parse(QueryDict(f"{filters}&vis=alle"), pack()) == Choice(show=ALL)
    assert parse(QueryDict(f"{filters}&vis="), pack()) == Choice()
    kept = Choice(role="process", columns=(FEEDBACK,))
    assert parse(QueryDict(f"{filters}&vis=eget"), pack()) == kept
    assert parse(QueryDict(filters), pack()) == kept


def test_boxes_are_sent_one_by_one() -> None:
    sent = f"kolonner={WELLBEING}&kolonner={FEEDBACK}&valgt=no.{FEEDBACK}&valgt=no.{WELLBEING}"
    found = parse(QueryDict(sent), pack())
    assert found.columns == (FEEDBACK, WELLBEING), "in the order of the pack"
    assert found.picked == (("no", FEEDBACK), ("no", WELLBEING))


def test_cells_are_kept_up_to_a_number_that_an_address_takes() -> None:
    sent = "&".join(f"valgt=unit-{n}.{FEEDBACK}" for n in range(MOST_PICKED + 1))
    found = parse(QueryDict(sent), pack())
    assert len(found.picked) == MOST_PICKED
    assert too_many(QueryDict(sent), pack())
    assert not too_many(QueryDict(found.query().removeprefix("?")), pack())
    longest = Choice(picked=tuple((f"unit-{'x' * 40}-{n}", FEEDBACK) for n in range(MOST_PICKED)))
    assert len(longest.query()) < 6000


@pytest.mark.parametrize(
    "query",
    [
        "vis=nonsense",
        "vis=omrade-nonsense",
        "omrade=nonsense",
        "rolle=nonsense",
        "kilde=nonsense",
        "kolonner=nonsense,,",
        "rader=nonsense",
        "snudd=yes",
        "valgt=nonsense,.student_feedback,unit.nonsense",
        "sorter=nonsense",
        "sorter=--name",
        "celle=only-a-unit",
        "celle=.student_feedback",
        "celle=unit.nonsense",
        "per=-1",
        "per=²",
        "per=one",
    ],
)
def test_what_an_address_cannot_mean_was_not_chosen(query: str) -> None:
    assert parse(QueryDict(query), pack()) == Choice()


def test_a_part_can_be_changed_and_the_rest_stays() -> None:
    choice = Choice(show="alle", sort=Sort("name"), release=3)
    assert choice.query(sort=None) == "?vis=alle&per=3"


def test_pressing_a_head_goes_round() -> None:
    once = next_sort(None, FEEDBACK)
    assert once == Sort(FEEDBACK, descending=True)
    twice = next_sort(once, FEEDBACK)
    assert twice == Sort(FEEDBACK)
    assert next_sort(twice, FEEDBACK) is None
    assert next_sort(once, "name") == Sort("name")


def keys(**choice: object) -> list[str]:
    return [each.key for each in indicators(Choice(**choice), pack())]  # type: ignore[arg-type]


def test_every_indicator_is_in_an_area_a_role_and_a_source() -> None:
    everything = sorted(pack().indicators)
    assert sorted(keys(show=ALL)) == everything
    assert keys() == list(pack().default_columns)
    assert sorted(k for area in areas(pack()) for k in keys(area=area)) == everything
    assert sorted(k for role in Role for k in keys(role=str(role))) == everything
    single = [source for source in sources(pack()) if source != REGISTER]
    assert sorted(k for source in single for k in keys(source=source)) == everything
    read = [i for i in pack().indicators.values() if isinstance(i.source, RegisterSource)]
    assert sorted(keys(source=REGISTER)) == sorted(i.key for i in read)


choices_made = st.fixed_dictionaries(
    {},
    optional={
        "show": st.sampled_from(["", ALL]),
        "area": st.sampled_from(areas(pack())),
        "role": st.sampled_from([str(role) for role in Role]),
        "source": st.sampled_from(list(sources(pack()))),
        "columns": st.lists(st.sampled_from(sorted(pack().indicators)), max_size=5).map(tuple),
    },
)


def naively(made: dict[str, object]) -> set[str]:
    """The same rule in plain loops: every filter must fit, and without any the view decides."""
    found = set()
    for key, each in pack().indicators.items():
        register = isinstance(each.source, RegisterSource)
        of = each.source.source if register else each.source.survey  # type: ignore[union-attr]
        fits = (
            (not made.get("area") or each.area == made["area"])
            and (not made.get("role") or each.role == made["role"])
            and (not made.get("source") or made["source"] in (of, REGISTER if register else of))
            and (not made.get("columns") or key in made["columns"])  # type: ignore[operator]
        )
        chosen = any(made.get(name) for name in ("area", "role", "source", "columns"))
        if fits and (chosen or made.get("show") == ALL or key in pack().default_columns):
            found.add(key)
    return found


@given(choices_made)
def test_filters_narrow_together(made: dict[str, object]) -> None:
    assert set(keys(**made)) == naively(made)


@pytest.mark.parametrize("written", ["9" * 5_000, "9" * 19, "²", "-1", "1.0", ""])
def test_a_number_that_is_none_is_not_chosen(written: str) -> None:
    """Python refuses to read thousands of digits, and pages answered so with an error."""
    assert parse({"per": written}, pack()).release is None
    assert controls.saved_in(f"utvalg-{written}") is None
    assert years._sheet(written) == 1
    assert improvements._number(written) == 0
    assert answering.whole(written) is None


def test_any_other_number_is() -> None:
    assert parse({"per": "12"}, pack()).release == answering.whole("12") == 12
    assert controls.saved_in("utvalg-17") == 17
    assert years._sheet("3") == 3
