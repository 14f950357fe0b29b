"""What a leader reads when a round takes nothing: in their language, without keys and options."""

import re
from typing import Any

import pytest
from django.utils import translation

from puls.content.definitions import Pack
from puls.web.collect import refusals, running
from puls.web.collect.folders import Folders
from puls.web.collect.models import Round
from puls.web.collect.refusals import Reason, Untaken
from puls.web.tenants.access import as_reach
from tests.web.cast import Cast, LogIn, reach_for
from tests.web.collect.test_asking import DAYS, opened


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_has_a_sentence_in_both_languages(reason: Reason) -> None:
    said = {}
    for language in ("nb", "en"):
        with translation.override(language):
            said[language] = refusals.sentence(Untaken("Round a-2025-no-1 ... --add", reason))
    assert said["nb"] != said["en"]
    for each in said.values():
        assert each.endswith(".")
        assert not re.search(r"--|no-1|2025", each)


@pytest.mark.parametrize(("made", "begins"), [(None, "Resultatene over"), (1, "Resultatene er")])
def test_what_was_left_out_is_told_so(
    cast: Cast,
    pack: Pack,
    folders: Folders,
    monkeypatch: pytest.MonkeyPatch,
    made: object,
    begins: str,
) -> None:
    """Releasing says it in English, for whoever types commands."""

    def release(*given: Any) -> object:
        given[-1]("Left out, parts and years together of student: ...")
        return made

    plan, bob = opened(pack, folders, cast.bob), reach_for(cast.bob)
    monkeypatch.setattr(running, "seal", lambda *_: None)
    monkeypatch.setattr(running, "release_round", release)
    monkeypatch.setattr(running, "round_of", lambda _: Round(state=Round.State.SEALED))
    with as_reach(bob), translation.override("nb"):
        (sentence,) = running.round_seal(bob, plan, pack, folders, DAYS[1]).told
    assert sentence.startswith(begins)


def test_a_round_page_says_it_so(
    cast: Cast, pack: Pack, folders: Folders, log_in: LogIn, settings: Any
) -> None:
    settings.PULS_DATA = folders.data
    made = opened(pack, folders, cast.bob)
    (folders.keys / f"{made.round_id}.key").unlink()
    with as_reach(reach_for(cast.bob)):
        group = made.groups.get().pk
    page = log_in(cast.bob).post(f"/runder/{made.pk}/{group}/", {"slips": "1", "count": "3"})
    told = page.content.decode()
    assert "Nøkkelen til denne runden mangler" in told
    assert str(folders.keys) not in told
