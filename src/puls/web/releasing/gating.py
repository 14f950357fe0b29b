"""What a release gate means for releasing: what waits, and what is released in its place.

As long as an owner's announced day is to come, answers are released to schools only, behind their
gates. The owner's own unit and all above it wait until each school that has answers was shown them
and has released them: a municipality with one school would give it away, and so would the country
beside the rest of it. All inside a transaction on the whole tree as assess.
"""

from collections.abc import Collection, Sequence
from datetime import date

from puls import periods
from puls.errors import NotNow
from puls.units import UnitTree
from puls.web.assess import gates
from puls.web.assess.models import Release
from puls.web.collect.models import Round

ASSESS = "assess"


def units_to_release(
    asked: Sequence[Round],
    tree: UnitTree,
    unit: str | None,
    close: bool,
    coming: Collection[str],
    day: date,
) -> list[str]:
    """The units to release answers of, each with all below it.

    coming: the owners whose schools see their answers first, until an announced day.
    """
    sealed = list(dict.fromkeys(e.unit_id for e in asked if e.state == Round.State.SEALED))
    if unit is None:
        split = [each for root in sealed for each in roots(root, coming, tree, day)]
        return list(dict.fromkeys(split))
    below = [each for each in asked if unit in tree.lineage(each.unit_id)]
    waiting = [each.key for each in below if each.state != Round.State.SEALED]
    if waiting and not close:
        raise NotNow(
            f"{unit} waits for rounds that are not sealed: {', '.join(waiting[:10])}. Seal them, "
            "or add --close to release without them, for good."
        )
    wider = [each for each in asked if each.unit_id in tree.lineage(unit)[:-1]]
    check(unit, [*wider, *below], coming, tree, day)
    counted = [root for root in sealed if unit in tree.lineage(root) or root in tree.lineage(unit)]
    return [unit] if counted else []


def roots(root: str, coming: Collection[str], tree: UnitTree, day: date) -> list[str]:
    """The units to release a round's answers of: as much as may be without those that wait.

    coming: the owners whose announced day is to come.
    """
    if not any(root in tree.lineage(owner) for owner in coming):
        return [root]
    below = tree.children(root, day)
    return [each for unit in below for each in roots(unit.key, coming, tree, day)]


def check(
    unit: str,
    asked: Sequence[Round],
    coming: Collection[str],
    tree: UnitTree,
    day: date,
) -> None:
    """NotNow when a unit waits for schools below it, of which these rounds of a survey are.

    What is open stays so until the end of the transaction.
    """
    above = {owner for owner in coming if unit in tree.lineage(owner)}
    if not above or not asked:
        return
    survey, period = asked[0].survey, asked[0].period
    held = [each.unit_id for each in gates.closed(period, tree.path(unit)) if each.survey == survey]
    unseen = [
        school
        for each in asked
        if each.state == Round.State.SEALED
        for school in roots(each.unit_id, above, tree, day)
        if above & set(tree.lineage(school)) and not _was_shown(school, each, tree)
    ]
    if unseen:
        raise NotNow(
            f"{unit} waits for schools that see their results first, and have not been shown them: "
            f"{_few(unseen)}. Show them with: ./puls release --period {periods.slug(period)}"
        )
    if held:
        raise NotNow(
            f"{unit} waits for schools that have not released their results to their owner yet: "
            f"{_few(held)}. Their leaders release them on their front page; on the day that the "
            "owner announced, nobody is waited for any more."
        )


def concerns(unit: str, coming: Collection[str], tree: UnitTree) -> bool:
    """Whether an owner whose day is to come owns the unit, or something below it."""
    return any(owner in tree.lineage(unit) or unit in tree.lineage(owner) for owner in coming)


def holds_back(period: int, survey: str = "") -> bool:
    """Whether anything of a school year, or of one before it, is still seen by a school alone.

    A change is told since an earlier year, and years are counted together. survey: only of one.
    """
    return any(survey in ("", held) for _, held in gates.held_back(period))


def _was_shown(school: str, found: Round, tree: UnitTree) -> bool:
    made = Release.objects.using(ASSESS).filter(
        period=found.period, root_id__in=tree.lineage(school)
    )
    every = made.values_list("sources", flat=True)
    return any(source["table"] == found.key for sources in every for source in sources)


def _few(keys: Sequence[str]) -> str:
    named = list(dict.fromkeys(keys))
    return ", ".join(named[:10]) + (" ..." if len(named) > 10 else "")
