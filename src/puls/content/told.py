"""The sentences about marks, goals and findings, and what each may put in.

They stand beside the reason of a cell (`puls.content.texts.REASONS`). Values come in formatted,
with their unit of measure; low and high are the ends of an 80 % interval; how is one of
`mark.how`; prerequisite and other are names of indicators; units of the tenant tier are named by
the sentence itself ("kommuner").
"""

from collections.abc import Mapping

_AMOUNTS = ("low", "high")

TOLD: Mapping[str, tuple[str, ...]] = {
    "mark.how.better": (),
    "mark.how.weaker": (),
    "mark.how.higher": (),
    "mark.how.lower": (),
    "mark.change.up.word": ("since",),
    "mark.change.down.word": ("since",),
    "mark.change.none.word": ("since",),
    "mark.change.up.told": ("since", "so", "expected", "value", *_AMOUNTS),
    "mark.change.down.told": ("since", "so", "expected", "value", *_AMOUNTS),
    "mark.change.none.told": ("since", "expected"),
    "mark.change.better": (),
    "mark.change.weaker": (),
    "mark.change.legend": (),
    "mark.change.why": (),
    "mark.given.up.word": ("how",),
    "mark.given.down.word": ("how",),
    "mark.given.none.word": (),
    "mark.given.up.told": ("how", "expected", "prerequisites", *_AMOUNTS),
    "mark.given.down.told": ("how", "expected", "prerequisites", *_AMOUNTS),
    "mark.given.none.told": ("expected", "prerequisites"),
    "mark.given.legend": (),
    "mark.given.why": (),
    "note.new_version": ("since", "after"),
    "note.split": ("since", "after", "units"),
    "note.merger": ("since", "after", "units"),
    "note.grown": ("since", "after", "units"),
    "pooled.tag": ("years",),
    "pooled.label": ("span",),
    "pooled.reason": ("span", "reason"),
    "pooled.why.few": (),
    "pooled.why.linked": (),
    "pooled.legend": (),
    "part.told": ("part", "value", "n"),
    "part.few": ("part", "k"),
    "part.linked": ("part",),
    "goal.told": ("goal", "set_by", "year", "state"),
    "goal.told_due": ("goal", "due", "set_by", "year", "state"),
    "goal.level": ("level", "cut"),
    "goal.rubric": ("goal", "set_by", "year"),
    "goal.rubric_due": ("goal", "due", "set_by", "year"),
    "goal.left.below": ("left",),
    "goal.left.above": ("left",),
    "goal.state.reached": (),
    "goal.state.missed": (),
    "goal.state.open": (),
    "goal.state.earlier": (),
    "goal.state.above": (),
    "goal.state.below": (),
    "goal.state.unknown": (),
    **{
        f"followup.word.{outcome}": ()
        for outcome in (
            "no_baseline",
            "not_measured",
            "hidden",
            "not_comparable",
            "no_evidence",
            "up",
            "down",
            "figure",
        )
    },
    "followup.told.no_baseline": (),
    "followup.told.not_measured": ("before", "since"),
    "followup.told.hidden": ("before", "since"),
    "followup.told.not_comparable": ("before", "since", "value", "period"),
    "followup.told.not_comparable_at_all": ("before", "since"),
    "followup.told.no_evidence": ("before", "since", "value", "period"),
    "followup.told.up": ("before", "since", "value", "period"),
    "followup.told.down": ("before", "since", "value", "period"),
    "followup.told.figure": ("before", "since", "value", "period"),
    "followup.way.up": (),
    "followup.way.down": (),
    "followup.as_wanted": (),
    "followup.other_way": (),
    "followup.answered": ("value", "n"),
    "fit.units": ("n",),
    "fit.expected": ("value",),
    "fit.more": ("prerequisite", "start", "end", "difference", *_AMOUNTS),
    "fit.less": ("prerequisite", "start", "end", "difference", *_AMOUNTS),
    "fit.open": ("prerequisite", "start", "end", *_AMOUNTS),
    "fit.explained": ("share", "percent"),
    "fit.explained_little": ("percent",),
    "fit.too_few": ("n", "needed"),
    "fit.refused.alike": (),
    "fit.refused.same": (),
    "fit.refused.no_spread": (),
    "fit.no_cause": (),
    **{f"fit.share.{name}": () for name in ("tenth", "fifth", "quarter", "third", "half", "most")},
    "together.units.more": ("other", "strength", *_AMOUNTS),
    "together.units.less": ("other", "strength", *_AMOUNTS),
    "together.respondents.more": ("other", "strength", *_AMOUNTS),
    "together.respondents.less": ("other", "strength", *_AMOUNTS),
    "together.listed.units.more": (),
    "together.listed.units.less": (),
    "together.listed.respondents.more": (),
    "together.listed.respondents.less": (),
    "together.listed.one": ("other", "strength", *_AMOUNTS),
    "together.strong": ("strength",),
    "together.clear": ("strength",),
    "together.weak": ("strength",),
    "together.no_cause": (),
    "reliable.alpha": ("alpha", "omega", "items", *_AMOUNTS),
    "reliable.alpha_alone": ("alpha", "items", *_AMOUNTS),
    "reliable.respondent.well": (),
    "reliable.respondent.fairly": (),
    "reliable.respondent.poorly": (),
    "reliable.between": ("reliability",),
    "reliable.tier": ("tier", "percent", "n"),
    "reliable.tier_never": ("tier", "percent"),
    "reliable.steady": (),
    "reliable.asked": ("n", "percent"),
    "reliable.unanswered": ("percent",),
    "reliable.item_rest": ("correlation",),
    "level.at_least": ("level", "cut"),
    "level.at_most": ("level", "cut"),
    "level.below": ("level", "cut"),
    "level.above": ("level", "cut"),
    "level.between": ("level", "cut_low", "cut_high"),
}
"""Sentences by key.

`mark.<against>.<up|down|none>`: word beside a value, told in the panel; `so` is the change's
`better` or `weaker` or nothing, legend and why explain the sign once. `note`: what a reader must
know about the place of a period on its line. `pooled`: years together; tag stands beside the
value. `part`: one group of respondents, shown or hidden. `goal.state`: reached, missed, open
(the answers do not decide), earlier (it was set after that school year), above and below (nobody
has said which way is good), unknown (nothing is shown); `goal.left`: how far the number itself is,
on which side. `followup`: whether an indicator of an
action has changed since it set out; before and value come with their number of answers.
`fit`: what units with the same prerequisites have; start and end are two round amounts of the
prerequisite, share one of `fit.share`. `together`: what goes together, as a sentence or `listed`,
one under each head;
strength is one of strong, clear, weak with the number.
`reliable`: how surely a construct is measured; between says once what the lines of tiers are.
"""
