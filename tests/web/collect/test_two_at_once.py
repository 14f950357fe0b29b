"""Two people have the same page of a prepared round, and press at the same moment."""

from typing import Any

import pytest

from puls.content.definitions import Pack
from puls.errors import NotNow
from puls.web.collect import asking, running
from puls.web.collect.folders import Folders
from puls.web.collect.locks import alone, lock_of
from puls.web.collect.models import Plan, Round
from puls.web.tenants.access import as_reach, as_whole_tree
from tests.web.cast import Cast, reach_for
from tests.web.collect.test_asking import DAYS, opened, plan


def test_what_the_other_one_has_opened_does_not_change_and_stays(
    cast: Cast, pack: Pack, folders: Folders
) -> None:
    bob = reach_for(cast.bob)
    seen_before = plan(pack, cast.bob)
    with as_reach(bob):
        running.plan_open(bob, Plan.objects.get(pk=seen_before.pk), pack, folders)
    with as_reach(bob):
        with pytest.raises(NotNow, match="folk er spurt"):
            asking.plan_change(bob, seen_before, pack, ["en"], *DAYS, [])
        with pytest.raises(NotNow, match="folk er spurt"):
            asking.plan_delete(bob, seen_before)
        kept = Plan.objects.get(pk=seen_before.pk)
    assert kept.languages == ["nb"]
    assert kept.round_id


def test_what_the_other_one_gives_up_meanwhile_does_not_open(
    cast: Cast, pack: Pack, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A round without its plan would have no page, and its answers nobody to seal them."""
    bob = reach_for(cast.bob)
    made = plan(pack, cast.bob)
    whole = running.open_round

    def meanwhile(*given: Any) -> Any:
        with as_whole_tree("owner"):
            Plan.objects.using("owner").filter(pk=made.pk).delete()
        return whole(*given)

    monkeypatch.setattr(running, "open_round", meanwhile)
    with as_reach(bob), pytest.raises(NotNow, match="forkastet"):
        running.plan_open(bob, made, pack, folders)
    with as_whole_tree("assess"):
        assert not Round.objects.using("assess").exists()
    assert list(folders.keys.iterdir()) == []


def closed(cast: Cast, pack: Pack, folders: Folders) -> Plan:
    made, bob = opened(pack, folders, cast.bob), reach_for(cast.bob)
    with as_reach(bob):
        running.round_close(bob, made, pack)
    return made


def test_what_is_being_sealed_is_not_opened_again(cast: Cast, pack: Pack, folders: Folders) -> None:
    made, bob = closed(cast, pack, folders), reach_for(cast.bob)
    busy = alone("owner", lock_of(str(made.round_id)), lambda: None)
    with busy, as_reach(bob), pytest.raises(NotNow):
        running.round_reopen(bob, made, folders)
    with as_whole_tree("assess"):
        assert Round.objects.using("assess").get().state == "closed"
    with as_reach(bob):
        running.round_reopen(bob, made, folders)
    with as_whole_tree("assess"):
        assert Round.objects.using("assess").get().state == "open"


def test_what_a_killed_sealing_wrote_goes_when_the_round_opens_again(
    cast: Cast, pack: Pack, folders: Folders
) -> None:
    """Beside the file of a later sealing it would tell who answered in between."""
    made, bob = closed(cast, pack, folders), reach_for(cast.bob)
    left = [folders.sealed(str(made.round_id)), folders.own(str(made.round_id))]
    for file in left:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    with as_reach(bob):
        running.round_reopen(bob, made, folders)
    assert not any(file.exists() for file in left)
