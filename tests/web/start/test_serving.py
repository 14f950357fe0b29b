"""What happens right before the first page."""

from argparse import Namespace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from puls.commands import serving
from puls.web import address, server


def test_serving_forgets_old_sessions_and_notes_where_it_is(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(server, "serve", lambda *_: None)
    settings.PULS_ADDRESS = "http://127.0.0.1:8181"
    old, new = SessionStore(), SessionStore()
    for session in (old, new):
        session.create()
    SessionStore.get_model_class().objects.filter(pk=old.session_key).update(
        expire_date=timezone.now() - timedelta(minutes=1)
    )
    serving.serve(Namespace(host="127.0.0.1", port=8181), tmp_path, lambda: None)
    assert old.session_key is not None
    assert new.session_key is not None
    assert (old.exists(old.session_key), new.exists(new.session_key)) == (False, True)
    monkeypatch.delenv("PULS_ADDRESS", raising=False)
    assert address.of(tmp_path) == "http://127.0.0.1:8181"


@pytest.mark.parametrize(
    ("soft", "hard", "then"),
    [(256, 4096, 4096), (256, -1, server.FILES), (20_000, 20_000, None), (-1, -1, None)],
)
def test_a_server_may_hold_more_lines_than_the_system_s_first_offer(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, then: int | None
) -> None:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(server.resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(server.resource, "setrlimit", lambda _, limits: told.append(limits))
    server._allow_lines()
    assert told == ([] if then is None else [(then, hard)])
