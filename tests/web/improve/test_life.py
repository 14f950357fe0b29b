"""The life of an improvement, played through at random against a plain model of it.

Whatever its people do, in whatever order and however old the page before them: what stands there is
what the model says, undo and restore lead back exactly, and every text that was ever sent is found.
"""

import copy
from collections.abc import Mapping
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from puls.content.process_steps import StepKind
from puls.errors import NotNow
from puls.web.improve import queries, services, steps
from puls.web.improve.journal import fields_of, lay_on
from puls.web.improve.models import Change, Step
from puls.web.improve.proposals import Proposed
from puls.web.improve.states import MOVES, WRITTEN, State
from puls.web.improve.ties import Tie, TieKind
from puls.web.tenants.models import Membership
from tests.web.cast import Cast, add_person
from tests.web.improve.workshop import SCHOOL, acting, begin

TEXTS = ("problem", "comments")
words = st.text("abcæøå \n", min_size=0, max_size=12)


class Life(RuleBasedStateMachine):
    """model: by step its fields, and the title under "". past: the model after each change."""

    people: tuple[Membership, ...]

    @initialize()
    def begin(self) -> None:
        with translation.override("en"):
            self.key = begin(self.people[0])
        self.state = State.PLANNED
        self.sent: set[str] = set()
        self.stack: list[Any] = []
        self.model = self.now()
        self.past = [copy.deepcopy(self.model)]

    def now(self) -> dict[str, Any]:
        with acting(self.people[0]):
            found = queries.improvement_or_404(self.key)
            every = Step.objects.filter(improvement=self.key)
            return {"": found.title, **{str(step.pk): fields_of(step) for step in every}}

    def line(self) -> list[str]:
        on = [(f["position"], k) for k, f in self.model.items() if k and f["position"]]
        return [key for _, key in sorted(on)]

    def keep(self, laid_on: bool = True) -> None:
        """What is there now is what the model says from here on; `matches` checked the way."""
        if laid_on:
            self.stack.append(self.past[-1])
        self.past.append(copy.deepcopy(self.model))

    @precondition(lambda self: self.state in WRITTEN and self.line())
    @rule(
        who=st.integers(0, 1),
        place=st.integers(0, 9),
        field=st.sampled_from(TEXTS),
        text=words,
        age=st.integers(0, 3),
    )
    def write(self, who: int, place: int, field: str, text: str, age: int) -> None:
        key = self.line()[place % len(self.line())]
        seen = list(dict.fromkeys(each[key][field] for each in self.past if key in each))
        was = seen[max(0, len(seen) - 1 - age)]
        with acting(self.people[who]) as reach:
            done = steps.step_write(reach, key, {field: text}, {field: was}, "x")  # type: ignore[arg-type]
        text, now = text.strip(), self.model[key][field]
        if text != was:
            self.sent.add(text)
        if text in (was, now):
            assert (done.saved, done.clashes) == ((), ())
        elif now != was:
            assert done.saved == ()
            assert [(c.field, c.mine, c.theirs) for c in done.clashes] == [(field, text, now)]
            self.after_aside()
        else:
            assert (done.saved, done.clashes) == ((field,), ())
            self.model[key][field] = text
            self.keep()

    def after_aside(self) -> None:
        """A text kept aside counts as a change, unless the same stood aside already."""
        with acting(self.people[0]):
            number = queries.improvement_or_404(self.key).number
        while len(self.past) < number:
            self.keep(laid_on=False)

    @precondition(lambda self: self.state in WRITTEN and len(self.line()) < 6)
    @rule(who=st.integers(0, 1), after=st.integers(0, 6))
    def add(self, who: int, after: int) -> None:
        line = self.line()
        proposed = Proposed(StepKind.OWN, "Own", problem="p")
        with acting(self.people[who]) as reach:
            made = steps.step_add(reach, self.key, "x", proposed, after)
            self.model[str(made.pk)] = fields_of(made)
        place = after if 0 < after < len(line) else len(line)
        self.number([*line[:place], str(made.pk), *line[place:]])
        for earlier in self.past:
            earlier.setdefault(str(made.pk), {**self.model[str(made.pk)], "position": None})
        self.keep()

    def number(self, line: list[str]) -> bool:
        moved = False
        for position, key in enumerate(line, start=1):
            moved = moved or self.model[key]["position"] != position
            self.model[key] = {**self.model[key], "position": position}
        return moved

    @precondition(lambda self: self.state in WRITTEN and self.line())
    @rule(who=st.integers(0, 1), place=st.integers(0, 9), to=st.integers(-1, 8))
    def shift(self, who: int, place: int, to: int) -> None:
        line = self.line()
        key = line[place % len(line)]
        with acting(self.people[who]) as reach:
            steps.step_shift(reach, key, to, "x")  # type: ignore[arg-type]
        line.remove(key)
        line.insert(min(max(to, 1), len(line) + 1) - 1, key)
        if self.number(line):
            self.keep()

    @precondition(lambda self: self.state in WRITTEN and self.line())
    @rule(who=st.integers(0, 1), place=st.integers(0, 9))
    def remove(self, who: int, place: int) -> None:
        line = self.line()
        key = line.pop(place % len(line))
        with acting(self.people[who]) as reach:
            steps.step_remove(reach, key, "x")  # type: ignore[arg-type]
        self.model[key] = {**self.model[key], "position": None}
        self.number(line)
        self.keep()

    @precondition(lambda self: self.state in WRITTEN and self.line())
    @rule(place=st.integers(0, 9), done=st.booleans(), rubric=st.booleans())
    def mark(self, place: int, done: bool, rubric: bool) -> None:
        """Done, or tied to a rubric."""
        key = self.line()[place % len(self.line())]
        tie = Tie(TieKind.RUBRIC, rubric="mission")
        field, value = ("ties", [tie.kept]) if rubric else ("done", done)
        with acting(self.people[0]) as reach:
            if rubric:
                steps.step_tie(reach, key, [tie], "x")  # type: ignore[arg-type]
            else:
                steps.step_done(reach, key, done, "x")  # type: ignore[arg-type]
        if self.model[key][field] != value:
            self.model[key] = {**self.model[key], field: value}
            self.keep()

    @precondition(lambda self: self.state in WRITTEN)
    @rule(title=st.sampled_from(["A", "B"]))
    def call(self, title: str) -> None:
        with acting(self.people[1]) as reach:
            services.improvement_title(reach, self.key, title, self.model[""], "x")
        if self.model[""] != title:
            self.model[""] = title
            self.keep()

    @precondition(lambda self: self.state in WRITTEN)
    @rule(who=st.integers(0, 1))
    def undo(self, who: int) -> None:
        with acting(self.people[who]) as reach:
            last = queries.undoable(queries.improvement_or_404(self.key))
            assert (last is not None) == bool(self.stack)
            if last is None:
                return
            services.undo(reach, self.key, last.number, "x")
        self.model = copy.deepcopy(self.stack.pop())
        self.keep(laid_on=False)

    @precondition(lambda self: self.state in WRITTEN)
    @rule(number=st.integers(1, 40))
    def restore(self, number: int) -> None:
        number = min(number, len(self.past))
        with acting(self.people[0]) as reach:
            made = services.restore(reach, self.key, number, "x")
        wanted = copy.deepcopy(self.past[number - 1])
        assert (made is None) == (wanted == self.model)
        if made is not None:
            self.model = wanted
            self.keep()

    @rule(wanted=st.sampled_from(State))
    def move(self, wanted: State) -> None:
        with acting(self.people[0]) as reach, translation.override("en"):
            try:
                services.improvement_move(reach, self.key, wanted, "x")
            except NotNow:
                assert wanted not in MOVES[self.state]
                return
        if wanted != self.state:
            self.state = wanted
            self.keep(laid_on=False)

    @precondition(lambda self: self.state not in WRITTEN and self.line())
    @rule(place=st.integers(0, 9))
    def finished_is_only_read(self, place: int) -> None:
        key = self.line()[place % len(self.line())]
        with acting(self.people[0]) as reach, pytest.raises(NotNow):
            steps.step_write(reach, key, {"problem": "late"}, {"problem": ""}, "x")  # type: ignore[arg-type]

    @invariant()
    def matches(self) -> None:
        assert self.now() == self.model
        with acting(self.people[0]):
            found = queries.improvement_or_404(self.key)
            assert (found.state, found.number) == (self.state, len(self.past))
            line = [step.position for step in queries.steps(self.key)]
        assert line == list(range(1, len(line) + 1))

    def teardown(self) -> None:
        """Every text that anybody sent is there, or in the journal."""
        if not hasattr(self, "sent"):
            return
        with acting(self.people[0]):
            kept = {
                value
                for change in Change.objects.filter(improvement=self.key)
                for places in (change.before, change.after)
                for fields in places.values()
                for value in fields.values()
                if isinstance(value, str)
            }
        there = {f[field] for key, f in self.model.items() if key for field in TEXTS}
        assert self.sent <= kept | there


def play(cast: Cast, examples: int, *phases: Phase) -> None:
    class Here(Life):
        people = (cast.bob, add_person("tina", SCHOOL, "teacher"))

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            phases=phases or tuple(Phase),
            suppress_health_check=[*HealthCheck],
        ),
    )


def test_a_life_goes_as_its_model(cast: Cast) -> None:
    play(cast, 5)


@pytest.mark.long
def test_many_lives_go_as_their_model(cast: Cast) -> None:
    play(cast, 150)


def undo_of_texts_only(improvement: Any, wanted: Mapping[str, Any]) -> None:
    """Lays on what was before, but leaves steps where they are now."""
    lay_on(improvement, {k: {n: v for n, v in f.items() if n != "position"} or {"kind": "own"}
                         for k, f in wanted.items()})  # fmt: skip


MUTANTS = [
    (steps, "_keep_aside", lambda *_: None),
    (services, "lay_on", undo_of_texts_only),
    (services, "walked_back", lambda changes: dict(next(iter(changes)).before)),
]


@pytest.mark.long
@pytest.mark.parametrize(("module", "rule", "mutant"), MUTANTS, ids=[m[1] for m in MUTANTS])
def test_caught_a_rule_left_out(
    module: Any, rule: str, mutant: Any, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text dropped where two met, steps that undo leaves behind, a restore one change deep."""
    monkeypatch.setattr(module, rule, mutant)
    with pytest.raises((AssertionError, StopIteration, KeyError)):
        play(cast, 40, Phase.generate)
