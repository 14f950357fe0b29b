"""Sealing from the page: broken off at any step it goes on, and nobody stops it halfway."""

from typing import Any

import pytest

from puls.content.definitions import Pack
from puls.web.assess.models import Release
from puls.web.collect import jobs, running, sealing
from puls.web.collect.folders import Folders
from puls.web.tenants.access import as_whole_tree
from tests.web.cast import Cast, LogIn
from tests.web.collect.test_asking import opened
from tests.web.collect.test_mailing import answer, ended


@pytest.mark.parametrize(("room", "step"), [(sealing, "count"), (running, "release_round")])
def test_sealing_that_broke_off_after_the_answers_went_is_gone_on_with_from_the_page(
    room: Any,
    step: str,
    cast: Cast,
    pack: Pack,
    folders: Folders,
    log_in: LogIn,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> None:
    settings.PULS_DATA = folders.data
    plan = opened(pack, folders, cast.bob, "parent")
    answer(str(plan.round_id), folders)
    bob, address = log_in(cast.bob), f"/runder/{plan.pk}/"

    def break_off(*_: Any) -> None:
        raise OSError

    def press(name: str) -> str:
        bob.post(f"{address}steg/", {name: "1"})
        ended(plan) if name == "seal" else None
        return bob.get(address).content.decode()

    press("close")
    with monkeypatch.context() as broken:
        broken.setattr(room, step, break_off)
        page = press("seal")
    assert "Forseglingen ble avbrutt" in page
    assert releases() == 0
    assert 'name="seal"' in page
    page = press("seal")
    assert releases() == 1
    assert 'name="seal"' not in page


def test_sealing_is_not_stopped_by_who_would_stop_e_mails(
    cast: Cast, pack: Pack, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = opened(pack, folders, cast.bob, "parent")

    def work(report: jobs.Report) -> None:
        jobs.stop(plan)
        report.write(done=1)
        assert not report.stopped

    jobs.start(plan, jobs.Job.Kind.SEALING, work)
    assert ended(plan).state == jobs.Job.State.DONE


def releases() -> int:
    with as_whole_tree("assess"):
        return Release.objects.using("assess").count()
