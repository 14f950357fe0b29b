"""Opening rounds, closing them, and what there is of them. All as the back office."""

from collections.abc import Sequence
from datetime import date

from puls.content.definitions import Pack, Survey
from puls.errors import PulsError
from puls.units import UnitTree
from puls.web.collect.late import refuse_late
from puls.web.collect.models import Round
from puls.web.collect.refusals import Reason, Untaken
from puls.web.tenants.access import as_whole_tree
from puls.web.tenants.models import Tenant

OWNER = "owner"


def round_key(survey: str, period: int, unit: str, addition: int = 0) -> str:
    return f"{survey}-{period}-{unit}" + (f"+{addition}" if addition else "")


def survey_asked(pack: Pack, key: str, period: int, using: str) -> Survey:
    """The survey that a round of the school year asks: the version that others ask in it.

    The newest where it is the first round of the year: one year is never asked in two wordings.
    """
    versions = [version for name, version in pack.surveys if name == key]
    if not versions:
        known = ", ".join(sorted({name for name, _ in pack.surveys}))
        raise PulsError(f"There is no survey '{key}'. The pack {pack.key} has: {known}.")
    others = rounds(using, survey=key, period=period)
    return survey_of(pack, others[0]) if others else pack.surveys[key, max(versions)]


def survey_of(pack: Pack, round_: Round) -> Survey:
    """The survey that a round asked, in the version that was asked."""
    version = (round_.survey, round_.survey_version)
    if version not in pack.surveys:
        raise PulsError(
            f"Round {round_.key} asked version {round_.survey_version} of {round_.survey}, which "
            f"the pack {pack.key} no longer has. Put its file back: a fielded survey is never "
            "removed."
        )
    return pack.surveys[version]


def rounds(using: str, **wanted: object) -> list[Round]:
    """Rounds by newest school year, survey and unit."""
    found = Round.objects.using(using).select_related("unit").filter(**wanted)
    return list(found.order_by("-period", "survey", "unit_id"))


def round_or_error(key: str, using: str, lock: bool = False) -> Round:
    """The round with this key. PulsError says which there are."""
    found = Round.objects.using(using).filter(pk=key)
    if lock:
        found = found.select_for_update()
    try:
        return found.get()
    except Round.DoesNotExist:
        open_ones = [each.key for each in rounds(using) if each.state != Round.State.SEALED]
        known = ", ".join(open_ones[:10]) or "none; import answers first"
        raise PulsError(
            f"There is no round '{key}'. Not sealed yet: {known}. All: ./puls round list."
        ) from None


def leaves(tree: UnitTree, pack: Pack, unit: str, period: int) -> set[str]:
    """The groups that answers of a round belong to: below the unit, with nothing below them.

    Units count that existed at some time in the school year, as a municipality may get a new
    code in the middle of one.
    """
    starts = pack.country.school_year_starts
    begins, ends = date(period, *starts), date(period + 1, *starts)
    tiers = pack.country.tier_keys
    school = tiers.index(pack.country.tenant_tier) + 1
    existing = {
        each.key: each
        for each in tree.units.values()
        if (each.valid_from is None or each.valid_from < ends)
        and (each.valid_to is None or each.valid_to > begins)
    }
    parents = {each.parent for each in existing.values()}
    return {
        key
        for key, each in existing.items()
        if key not in parents and tiers.index(each.tier) >= school and unit in tree.lineage(key)
    }


def open_round(
    pack: Pack,
    tree: UnitTree,
    survey: Survey,
    period: int,
    unit: str,
    synthetic: bool,
    using: str,
    add: bool = False,
) -> tuple[Round, bool]:
    """The open round of survey, school year and unit, made now unless there is one.

    add: the answers are other people's than those of rounds that are sealed; where one of these
    asked at the unit or around it, they go to an addition to it.

    Gives the round and whether it is new. NotNow when answers can no longer come in, or when
    another round asks (part of) the same people the same.
    """
    refuse_late(pack, tree, survey.key, period, unit)
    around = [
        other
        for other in rounds(using, survey=survey.key, period=period)
        if unit in tree.lineage(other.unit_id) or other.unit_id in tree.lineage(unit)
    ]
    here = [other for other in around if other.unit_id == unit]
    for other in here:
        if other.state == Round.State.OPEN:
            return other, False
    for other in around:
        if other.state != Round.State.SEALED or not add:
            raise _is_asked_already(other, unit)
    addition = 1 + max((other.addition for other in here), default=-1)
    tenant = tenant_of(tree.lineage(unit))
    made = Round.objects.using(using).create(
        key=round_key(survey.key, period, unit, addition),
        survey=survey.key,
        survey_version=survey.version,
        period=period,
        unit_id=unit,
        addition=addition,
        tenant_id=tenant and tenant.unit_id,
        is_synthetic=synthetic or (tenant is not None and tenant.is_synthetic),
    )
    return made, True


def _is_asked_already(other: Round, unit: str) -> Untaken:
    """Why answers of the unit cannot go to a round of their own."""
    if other.state == Round.State.SEALED:
        return Untaken(
            f"Round {other.key} is sealed and takes no more answers. If these are other people's "
            "that came late, import them with --add.",
            Reason.SEALED,
        )
    if other.unit_id == unit:
        return Untaken(
            f"Round {other.key} is {other.state} and takes no more answers until it is sealed.",
            Reason.CLOSED,
        )
    return Untaken(
        f"Round {other.key} asks some of the same people already, and an answer is counted once. "
        f"Import these answers for {other.unit_id}, or choose another school year.",
        Reason.ELSEWHERE,
    )


def tenant_of(lineage: Sequence[str]) -> Tenant | None:
    """The administration nearest above (or at) a unit; read as owner, who may see them all."""
    with as_whole_tree(OWNER):
        tenants = {
            each.unit_id: each for each in Tenant.objects.using(OWNER).filter(pk__in=lineage)
        }
    return next((tenants[key] for key in reversed(lineage) if key in tenants), None)
