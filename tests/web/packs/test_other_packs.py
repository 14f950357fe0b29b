"""Puls with another pack: from answers to colours and a rubric, and no word of a culture school.

Each pack has a municipality, a school of it and two groups. Its staff answer, the round is sealed,
and the leader looks at every kind of page.
"""

import html
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from django.test import Client
from django.urls import reverse
from django.utils import translation

from puls.content.definitions import Pack
from puls.units import Unit, UnitTree
from puls.web import messages, packs, saying
from puls.web.collect import sealing
from puls.web.collect.folders import Folders
from puls.web.data.opened import opened
from puls.web.importing.answers import import_answers
from puls.web.releasing.releases import release_round
from puls.web.share.examples import examples_load
from puls.web.tenants.services import tenant_add, units_load
from tests.web.cast import LogIn, add_person
from tests.web.inputs import answers_file

PERIOD, SLUG = 2025, "2025-26"
SCHOOL = "karmoy-hus"
GROUPS = {f"{SCHOOL}.en": 9, f"{SCHOOL}.to": 8}
FOREIGN_WORDS = {
    "skole": r"kulturskole|culture school|barnehage|kindergarten",
    "barnehage": r"kulturskole|\bskole|\belev|\blærere|\blæreren|school|student|pupil|teacher",
}


@pytest.fixture(params=sorted(FOREIGN_WORDS))
def other(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    tmp_path: Path,
) -> Iterator[Pack]:
    """The installation runs on this pack; its sentences are made as the set-up makes them."""
    monkeypatch.setenv("PULS_PACK", request.param)
    for kept in (packs.built_in, opened):
        kept.cache_clear()
    content = packs.pack()
    for language in content.page_words:
        file = tmp_path / "locale" / language / "LC_MESSAGES" / "django.mo"
        file.parent.mkdir(parents=True)
        with file.open("wb") as out:
            write_mo(out, saying.catalog(content, language))
    settings.LOCALE_PATHS = [tmp_path / "locale", *settings.LOCALE_PATHS]
    yield content
    monkeypatch.undo()
    for kept in (packs.built_in, opened):
        kept.cache_clear()


@pytest.fixture
def leader(other: Pack, db: None, tmp_path: Path, log_in: LogIn) -> Client:
    """The leader of a school whose staff have answered."""
    above = [
        Unit("no", "country", "Norge", None),
        Unit("no-11", "county", "Rogaland", "no", code="11"),
        Unit("no-1149", "municipality", "Karmøy", "no-11", code="1149"),
    ]
    units_load(UnitTree(above, []))
    tenant_add("no-1149")
    below = [
        Unit(SCHOOL, "school", "Karmøy hus", "no-1149"),
        *(Unit(key, "department", key[-2:].title(), SCHOOL) for key in GROUPS),
    ]
    units_load(UnitTree([*above, *below], []), dict.fromkeys((SCHOOL, *GROUPS), "no-1149"))
    examples_load(other)
    folders = Folders(tmp_path / "data")
    file = answers_file(tmp_path, other.surveys["staff", 1], GROUPS)
    key = import_answers(file, "staff", PERIOD, "no-1149", other, folders).round
    found = sealing.seal(key, other, folders, lambda _: None)
    assert release_round(found, other, folders, date(2026, 6, 1)) is not None
    return log_in(add_person("bob", SCHOOL, "leader"))


def read(client: Client, address: str) -> str:
    """The words of a page, without its marks and addresses."""
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, address
    shown = re.sub(r"(?s)<(script|style).*?</\1>", " ", answer.content.decode())
    labels = " ".join(re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', shown))
    return html.unescape(re.sub(r"<[^>]*>", " ", shown) + labels)


def addresses(pack: Pack) -> dict[str, str]:
    rubric = next(iter(pack.rubrics))
    process = next(iter(pack.processes))
    wellbeing = "staff_work_joy"
    return {
        "front": "/",
        "table": reverse("see:unit", args=[SCHOOL, SLUG]),
        "indicator": reverse("see:indicator", args=[wellbeing, SLUG]),
        "trend": reverse("see:trend", args=[SCHOOL, wellbeing]),
        "map": reverse("see:dialogue", args=[SCHOOL, SLUG]),
        "goals": reverse("see:whither"),
        "goal": reverse("see:goal", args=[wellbeing, SLUG]),
        "rubric": reverse("quality:subject", args=[SCHOOL, SLUG, "kjennetegn", rubric]),
        "quality": reverse("quality:overview", args=[SCHOOL, SLUG]),
        "doing": reverse("follow:doing"),
        "processes": reverse("improve:improvements", args=[SCHOOL]),
        "process": reverse("improve:new", args=[SCHOOL]) + f"?mal={process}",
        "actions": reverse("actions:actions", args=[SCHOOL]),
        "meetings": reverse("meet:meetings"),
        "rounds": reverse("collect:rounds"),
        "round": reverse("collect:new"),
        "practice": reverse("share:library"),
        "wheel": reverse("mine:wheel"),
        "units": reverse("units"),
        "people": reverse("access"),
        "open": reverse("data:open"),
    }


def test_answers_become_colours_and_no_page_speaks_of_another_kind_of_school(
    leader: Client, other: Pack
) -> None:
    """One test, as its place is dear to make."""
    _colours_and_rubrics(leader, other)
    every = addresses(other)
    for language, names in {
        "nb": tuple(every),
        "en": ("front", "table", "rubric", "doing"),
    }.items():
        leader.post(reverse("language"), {"language": language})
        for name in names:
            page = read(leader, every[name])
            found = re.findall(rf"(?i).{{0,40}}(?:{FOREIGN_WORDS[other.key]}).{{0,40}}", page)
            assert found == [], (language, name)


def _colours_and_rubrics(leader: Client, other: Pack) -> None:
    table = read(leader, addresses(other)["table"])
    for key in other.default_columns:
        if key.startswith("staff_"):
            short = other.text("nb", f"indicator.{key}.short").replace("\N{SOFT HYPHEN}", "")
            assert short in table.replace("\N{SOFT HYPHEN}", "")
    assert re.search(r"\b[2-4],\d", table)
    words = {other.text("nb", f"level.{level}.word") for level in (1, 2, 3)}
    assert any(word in table for word in (*words, other.text("nb", "uncertain.word")))
    for key, rubric in other.rubrics.items():
        page = read(leader, reverse("quality:subject", args=[SCHOOL, SLUG, "kjennetegn", key]))
        assert other.text("nb", f"rubric.{key}.title") in page
        assert other.text("nb", f"rubric.{key}.level_4") in page
        beside = [
            each
            for each in other.indicators.values()
            if each.area == rubric.area and each.key.startswith("staff_")
        ]
        for each in beside:
            assert other.text("nb", f"indicator.{each.key}.name") in page, each.key


@pytest.mark.parametrize("pack", list(saying.packs()), ids=lambda pack: pack.key)
def test_every_sentence_keeps_its_gaps_and_no_foreign_word_is_left(pack: Pack) -> None:
    for language in pack.page_words:
        known = {
            (message.id, message.context): message.string
            for message in messages.read("nb")
            if message.id
        }
        for message in saying.catalog(pack, language):
            if message.id:
                told = known[message.id, message.context] if language == "nb" else message.id
                for old, new in zip(_all(told), _all(message.string), strict=True):
                    assert sorted(re.findall(r"%\(\w+\)s", old)) == sorted(
                        re.findall(r"%\(\w+\)s", new)
                    )
                    plain = re.sub(r"%\(\w+\)s", "", new)
                    assert not re.search(rf"(?i){FOREIGN_WORDS[pack.key]}", plain), new


def test_a_page_says_it_in_the_packs_words(other: Pack) -> None:
    told = {"skole": "Plasser skolen", "barnehage": "Plasser barnehagen"}
    with translation.override("nb"):
        assert translation.gettext("Place the school") == told[other.key]


def _all(told: str | tuple[str, ...]) -> tuple[str, ...]:
    return (told,) if isinstance(told, str) else told
