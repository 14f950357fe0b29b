"""An own survey, all the way: written, asked, answered, sealed, released, seen by nobody else."""

import asyncio
import re
import time
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.utils import translation

from puls.web.answer import database
from puls.web.answer.app import Answering
from puls.web.assess import queries as assess
from puls.web.collect import asking, given_codes, jobs, running
from puls.web.collect.folders import Folders
from puls.web.collect.forms import RoundForm
from puls.web.collect.models import Job, Plan, Round
from puls.web.own.beside import all_of_the_installation
from puls.web.own.states import Move
from puls.web.packs import built_in, pack
from puls.web.releasing.releases import release_period
from puls.web.tenants.access import as_reach, as_whole_tree
from puls.web.tenants.models import Membership, Unit
from tests.web.answer.client import ask
from tests.web.cast import Cast, LogIn, add_person, reach_for
from tests.web.own.test_survey_sheets import fields
from tests.web.own.typed import PRACTISING, begun, move, sheet

PERIOD, TODAY = 2026, date(2026, 11, 20)
SCHOOL = "karmoy-kulturskole"
DAYS = (date(2026, 11, 1), date(2026, 11, 30))


def offered(who: Membership) -> set[str]:
    """Own surveys that a round can ask."""
    with as_reach(reach_for(who)):
        form = RoundForm(pack(), "nb", [])
        return {key for key, _name in form.fields["survey"].choices if key.startswith("own_")}  # type: ignore[attr-defined]


def published(who: Membership) -> str:
    """The survey's key."""
    key = begun(who, sheet(PRACTISING))
    move(who, key, Move.PUBLISH)
    return key.rpartition("_")[0]


def test_it_can_be_asked_here_and_nowhere_else_until_it_is_retired(cast: Cast) -> None:
    survey = published(cast.alice)
    assert offered(cast.bob) == {survey}
    assert offered(cast.charlie) == offered(cast.frida) == set()
    move(cast.alice, f"{survey}_v1", Move.RETIRE)
    assert offered(cast.bob) == set()
    with as_reach(reach_for(cast.bob)):
        assert (survey, 1) in pack().surveys


def test_from_the_first_word_to_a_colour_and_no_further(
    cast: Cast, tmp_path: Path, log_in: LogIn
) -> None:
    survey, folders = published(cast.alice), Folders(tmp_path / "data")
    bob, indicator = reach_for(cast.bob), f"{survey}_c1"
    with as_reach(bob):
        unit, music = Unit.objects.get(pk=SCHOOL), Unit.objects.get(pk=f"{SCHOOL}.musikk")
        plan = asking.plan_add(bob, unit, pack(), survey, PERIOD, ["nb"], *DAYS)
        asking.groups_add(bob, plan, [("Fiolin", 12, music)])
    with as_reach(bob):
        running.plan_open(bob, plan, pack(), folders)
    with as_reach(bob):
        plan = Plan.objects.get(pk=plan.pk)
        found = Round(pk=plan.round_id, state="open")
        codes = given_codes.codes_store(found, plan.groups.get().pk, 12, folders)
    asyncio.run(_answer(plan.address, codes, folders))
    with as_reach(bob):
        running.round_close(bob, plan, pack())
    with as_reach(bob):
        _done(running.round_seal(bob, plan, pack(), folders, TODAY), plan)
    with as_reach(bob):
        (cell,) = [c for c in assess.cells([SCHOOL], PERIOD) if c.indicator == indicator]
        assert (cell.n, cell.status.value) == (12, "shown")
    page = log_in(cast.bob).get(f"/hvor-er-vi/{SCHOOL}/2026-27/?vis=alle").content.decode()
    assert "Øving" in page
    # Released for the municipality and the country: the own one stops at the administration.
    with all_of_the_installation():
        for root in ("no-1149", "no-11", "no"):
            release_period(PERIOD, pack(), folders, TODAY, root, close=True)
    with as_whole_tree("assess"):
        units = [SCHOOL, "no-1149", "no-11", "no"]
        cells = assess.cells(units, PERIOD, using="assess")
        assert {c.unit for c in cells if c.indicator == indicator} == {SCHOOL, "no-1149"}
    partner = add_person("olga", "no-1106", "owner")
    readers = {cast.alice: True, cast.tom: True, cast.frida: False, cast.nora: False}
    for who, sees in {**readers, cast.charlie: False, partner: False}.items():
        assert bool(_rows(who, indicator)) is sees, who
    for who in (cast.frida, cast.nora):
        shown = log_in(who).get("/hvor-er-vi/no-1149/2026-27/?vis=alle")
        assert shown.status_code == 200
        assert "Øving" not in shown.content.decode()


def _done(job: Job | None, plan: Plan) -> None:
    """Wait until the job is over, at most half a minute."""
    for _ in range(300):
        assert job is not None
        if job.state != Job.State.RUNNING:
            break
        time.sleep(0.1)
        job = jobs.latest(plan)
    assert job is not None
    assert (job.state, job.told) == (Job.State.DONE, [])


def _rows(who: Membership, indicator: str) -> int:
    """Past all code: the database alone."""
    with as_reach(reach_for(who)), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM assess_cell WHERE indicator = %s", [indicator])
        return int(cursor.fetchone()[0])


async def _answer(address: str, codes: list[str], folders: Folders) -> None:
    """Twelve answers. The answering path was started before anybody had written the survey."""
    app = Answering(built_in(), folders.keys, database.connect, lambda: TODAY)
    async with app.life():
        form = await ask(app, "GET", f"/svar/{address}")
        assert PRACTISING[1] in form.text
        for number, code in enumerate(codes):
            given = {f"q{n}": str((number + n) % 3 + 2) for n in (1, 2, 3)}
            sent = {"code": code, "send": "1", **given}
            assert (await ask(app, "POST", f"/svar/{address}", sent)).status == 200


def test_the_page_moves_keeps_and_saves(cast: Cast, log_in: LogIn) -> None:
    alice, given = log_in(cast.alice), fields(sheet(PRACTISING))
    page = "/egne/ny-undersokelse/"
    assert alice.get(page).status_code == 200
    blank = alice.get(page).content.decode()
    folded = "".join(re.findall(r"<details.*?</details>", blank, re.S))
    assert 'name="name_en"' in folded
    assert 'name="c0_name_en"' in folded
    assert 'name="name_nb"' not in folded
    assert "<summary>English</summary>" in folded
    assert re.sub(r"<details.*?</details>", "", blank, flags=re.S).count('_en"') == 0
    assert "skiller ved" not in blank
    moved = alice.post(page, {**given, "act": "add:0"}).content.decode()
    assert 'name="c0_i3_nb"' in moved
    assert PRACTISING[1] in moved
    refused = alice.post(page, {**given, "intro_nb": "Hei {navn}"}).content.decode()
    assert "uten { og }" in refused
    assert PRACTISING[1] in refused, "what was typed is gone"
    made = alice.post(page, given)
    shown = alice.get(made["Location"]).content.decode()
    assert PRACTISING[2] in shown
    assert "Ikke skrevet ferdig på engelsk:" in shown
    alice.post(made["Location"], {"move": "publish"})
    copied = alice.post(made["Location"], {"next": "1"})
    assert PRACTISING[1] in alice.get(copied["Location"]).content.decode()


@pytest.mark.parametrize("language", ["nb", "en"])
def test_its_own_pages_speak_both_languages(language: str, cast: Cast) -> None:
    published(cast.alice)
    with translation.override(language), as_reach(reach_for(cast.alice)):
        assert pack().text(language, next(iter(offered_names()))) == "Øving hjemme"


def offered_names() -> set[str]:
    return {f"survey.{key}.name" for key, _ in pack().surveys if key.startswith("own_")}
