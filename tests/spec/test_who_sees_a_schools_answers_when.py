"""A leader sees results first and releases them to the owner; it can be undone until it is used.

The database holds to the same table: tests/web/assess/test_gates.py.
"""

import pytest

from puls.views.gate import holds_back, may_take_back, state

# What has happened: the leader released, somebody else looked or counted, the announced day came.
RULES = [
    # opened used   over    state     school  owner looks  take back  all above wait
    (False, False, False,  "closed",  True,   False,       False,     True),
    (True,  False, False,  "open",    True,   True,        True,      False),
    (True,  True,  False,  "used",    True,   True,        False,     False),
    (False, False, True,   "over",    True,   True,        False,     False),
    (True,  False, True,   "over",    True,   True,        False,     False),
    (True,  True,  True,   "used",    True,   True,        False,     False),
]  # fmt: skip
"""Nothing is used without being opened: the database refuses it."""


@pytest.mark.parametrize(
    ("opened", "used", "over", "name", "school", "owner", "back", "wait"), RULES
)
def test_who_sees_what_when(
    opened: bool, used: bool, over: bool, name: str, school: bool, owner: bool, back: bool,
    wait: bool,
) -> None:  # fmt: skip
    now = state(opened, used, over)
    assert now == name
    assert may_take_back(now) is back
    assert holds_back(now) is wait
    assert school, "the school's own members always see their answers"
    assert owner is not holds_back(now)


@pytest.mark.parametrize(("opened", "used", "over"), [rule[:3] for rule in RULES])
def test_what_others_may_see_is_what_those_above_may_count(
    opened: bool, used: bool, over: bool
) -> None:
    """Else a municipality with one school would give it away."""
    seen_by_owner = used or over or opened
    assert seen_by_owner is not holds_back(state(opened, used, over))
