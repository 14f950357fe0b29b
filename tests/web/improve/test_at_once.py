"""Two people write at once, and nobody's words are lost."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.utils import translation

from puls.errors import NotNow
from puls.web.improve import journal, queries, services, steps
from puls.web.improve.models import Change, Improvement
from puls.web.tenants.models import Membership
from tests.web.cast import Cast, add_person
from tests.web.improve.workshop import SCHOOL, acting, begin, line, name, read, titles, write


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def tina(cast: Cast) -> Membership:
    return add_person("tina", SCHOOL, "teacher")


def kept(who: Membership, key: UUID) -> set[str]:
    """Every text of the improvement, now and in the journal."""
    found: set[str] = set()
    with acting(who):
        for step in queries.steps(key):
            found |= {step.problem, step.questions, step.comments}
        for change in Change.objects.filter(improvement=key):
            for places in (change.before, change.after):
                for fields in places.values():
                    found |= {value for value in fields.values() if isinstance(value, str)}
    return found


def test_different_fields_both_stay(cast: Cast, tina: Membership) -> None:
    """The second one's form is older, and still takes nothing away."""
    key = begin(cast.bob)
    old = line(cast.bob, key)[0]
    write(cast.bob, old.pk, old, problem="Bob's problem", comments=old.comments)
    done = write(tina, old.pk, old, problem=old.problem, comments="Tina's comment")
    assert (done.saved, done.clashes) == (("comments",), ())
    now = line(cast.bob, key)[0]
    assert (now.problem, now.comments) == ("Bob's problem", "Tina's comment")


def test_the_same_field_shows_both_and_keeps_both(cast: Cast, tina: Membership) -> None:
    key = begin(cast.bob)
    old = line(cast.bob, key)[0]
    write(cast.bob, old.pk, old, problem="Bob's problem")
    done = write(tina, old.pk, old, problem="Tina's problem", comments="And a comment")
    assert done.saved == ("comments",), "what does not clash is saved"
    (clash,) = done.clashes
    assert (clash.field, clash.mine, clash.theirs) == ("problem", "Tina's problem", "Bob's problem")
    assert clash.by == "Bob"
    assert line(cast.bob, key)[0].problem == "Bob's problem"
    assert {"Bob's problem", "Tina's problem"} <= kept(cast.bob, key)


def test_a_text_that_met_another_is_kept_aside_once(cast: Cast, tina: Membership) -> None:
    key = begin(cast.bob)
    old = line(cast.bob, key)[0]
    write(cast.bob, old.pk, old, problem="Bob's")
    for _ in range(3):
        write(tina, old.pk, old, problem="Tina's")
    with acting(cast.bob):
        assert Change.objects.filter(act=journal.Act.ASIDE).count() == 1


def test_caught_a_text_that_is_only_shown_back(
    cast: Cast, tina: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant keeps nothing aside: who closes the page then has lost their words."""
    monkeypatch.setattr(steps, "_keep_aside", lambda *_: None)
    key = begin(cast.bob)
    old = line(cast.bob, key)[0]
    write(cast.bob, old.pk, old, problem="Bob's")
    write(tina, old.pk, old, problem="Tina's")
    assert "Tina's" not in kept(cast.bob, key)


def test_choosing_after_a_clash_writes(cast: Cast, tina: Membership) -> None:
    """The one who chose has seen the other text: it is what they had before them."""
    key = begin(cast.bob)
    old = line(cast.bob, key)[0]
    write(cast.bob, old.pk, old, problem="Bob's")
    write(tina, old.pk, old, problem="Tina's")
    done = write(tina, old.pk, {"problem": "Bob's"}, problem="Bob's and Tina's")
    assert (done.saved, done.clashes) == (("problem",), ())


def test_the_same_words_twice_are_no_clash(cast: Cast, tina: Membership) -> None:
    key = begin(cast.bob)
    old = line(cast.bob, key)[0]
    write(cast.bob, old.pk, old, problem="The same")
    assert write(tina, old.pk, old, problem=" The same\r\n").clashes == ()
    assert read(cast.bob, key).number == 2, "nothing more to write down"


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Each in a thread and a connection of its own, all let go at the same moment."""
    ready = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        ready.wait()
        try:
            with translation.override("en"):
                return act()
        except NotNow as reason:
            return reason
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_truly_at_once_one_is_written_and_the_other_shown_both(
    cast: Cast, tina: Membership
) -> None:
    """Two connections, released together, ten times: never two winners, never a lost text."""
    key = begin(cast.bob)
    for turn in range(10):
        old = line(cast.bob, key)[0]
        texts = [f"Bob {turn}", f"Tina {turn}"]
        done = at_once(
            lambda: write(cast.bob, old.pk, old, problem=texts[0]),  # noqa: B023
            lambda: write(tina, old.pk, old, problem=texts[1]),  # noqa: B023
        )
        assert sorted(len(each.clashes) for each in done) == [0, 1]
        winner = next(each for each in done if not each.clashes)
        assert line(cast.bob, key)[0].problem == texts[done.index(winner)]
        assert set(texts) <= kept(cast.bob, key)


def test_caught_a_writer_who_does_not_wait(
    cast: Cast, tina: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant reads without the lock: the journal's number is taken twice, or a text is lost."""

    def unlocked(by: Any, key: UUID, *, whatever_state: bool = False) -> Improvement:
        held = journal.found_or_gone(key)
        both.wait()
        return held

    key = begin(cast.bob)
    old = line(cast.bob, key)[0]
    both = Barrier(2)
    monkeypatch.setattr(steps, "locked", unlocked)
    with pytest.raises(Exception, match="improvement_change_once"):
        at_once(
            lambda: write(cast.bob, old.pk, old, problem="Bob"),
            lambda: write(tina, old.pk, old, problem="Tina"),
        )


def test_moving_and_adding_at_once_leaves_one_whole_line(cast: Cast, tina: Membership) -> None:
    key = begin(cast.bob)
    first, second, third = line(cast.bob, key)

    def shift(who: Membership, step: UUID, to: int) -> None:
        with acting(who) as reach:
            steps.step_shift(reach, step, to, name(who))

    def remove(who: Membership, step: UUID) -> None:
        with acting(who) as reach:
            steps.step_remove(reach, step, name(who))

    at_once(
        lambda: shift(cast.bob, first.pk, 3),
        lambda: shift(tina, third.pk, 1),
        lambda: remove(tina, second.pk),
    )
    assert sorted(titles(cast.bob, key)) == sorted([first.title, third.title])
    assert [step.position for step in line(cast.bob, key)] == [1, 2]


def test_nobody_takes_back_what_they_have_not_seen(cast: Cast, tina: Membership) -> None:
    key = begin(cast.bob)
    step = line(cast.bob, key)[0]
    write(cast.bob, step.pk, step, problem="Bob's")
    with acting(cast.bob):
        seen = queries.undoable(queries.improvement_or_404(key))
    assert seen is not None
    write(tina, step.pk, step, comments="Tina's")
    with acting(cast.bob) as reach, pytest.raises(NotNow, match="Look at it first"):
        services.undo(reach, key, seen.number, "Bob")


def test_a_title_is_not_written_over_unseen(cast: Cast, tina: Membership) -> None:
    key = begin(cast.bob)
    was = read(cast.bob, key).title
    with acting(tina) as reach:
        services.improvement_title(reach, key, "Tina's title", was, "Tina")
    with acting(cast.bob) as reach:
        with pytest.raises(NotNow, match="Tina has called it “Tina's title”"):
            services.improvement_title(reach, key, "Bob's title", was, "Bob")
        services.improvement_title(reach, key, "Bob's title", "Tina's title", "Bob")
    assert read(cast.bob, key).title == "Bob's title"
