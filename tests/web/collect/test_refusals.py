"""What a leader reads when a round takes nothing: in their language, without keys and options."""

import re
from typing import Any

import pytest
from django.utils import translation

from puls.content.definitions import Pack
from puls.web.collect import refusals
from puls.web.collect.folders import Folders
from puls.web.collect.refusals import Reason, Untaken
from puls.web.tenants.access import as_reach
from tests.web.cast import Cast, LogIn, reach_for
from tests.web.collect.test_asking import opened


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
