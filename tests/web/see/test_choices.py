"""What a reader chose, as an address says it, and back."""

import pytest
from django.http import QueryDict

from puls.content.definitions import Role
from puls.views.tables import Sort
from puls.web.packs import pack
from puls.web.see.choices import ALL, OVERVIEW, REGISTER, Choice, next_sort, parse, selections

FEEDBACK = "student_feedback"
ADDRESSES = [
    ("", Choice()),
    ("vis=alle", Choice(show="alle")),
    ("vis=rolle-process", Choice(show="rolle-process")),
    ("sorter=name", Choice(sort=Sort("name"))),
    ("sorter=-student_feedback", Choice(sort=Sort(FEEDBACK, descending=True))),
    ("celle=bergen-kulturskole.musikk.student_feedback",
     Choice(cell=("bergen-kulturskole.musikk", FEEDBACK))),
    ("vis=register&sorter=name&per=14", Choice(show="register", sort=Sort("name"), release=14)),
]  # fmt: skip


@pytest.mark.parametrize(("query", "choice"), ADDRESSES)
def test_an_address_says_what_was_chosen(query: str, choice: Choice) -> None:
    assert parse(QueryDict(query), pack()) == choice
    assert parse(QueryDict(choice.query().removeprefix("?")), pack()) == choice


@pytest.mark.parametrize(
    "query",
    [
        "vis=nonsense",
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


def test_every_indicator_is_in_an_area_a_role_and_a_source() -> None:
    found = dict(selections(pack()))
    everything = {i.key for i in found[ALL]}
    assert everything == set(pack().indicators)
    assert [i.key for i in found[OVERVIEW]] == list(pack().default_columns)
    for start in ("omrade-", "rolle-"):
        parts = [i.key for key, part in found.items() if key.startswith(start) for i in part]
        assert sorted(parts) == sorted(everything)
    sources = [
        i.key
        for key, part in found.items()
        if key.startswith("undersokelse-") or key == REGISTER
        for i in part
    ]
    assert sorted(sources) == sorted(everything)
    assert {f"rolle-{role}" for role in Role} <= set(found)
