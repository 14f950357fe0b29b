"""A rubric as somebody types it."""

from puls.web.own import services
from puls.web.own.lacking import Written
from puls.web.own.models import Definition
from puls.web.own.rubrics import written
from puls.web.own.states import Move
from puls.web.own.surveys import ConstructSheet, ItemSheet, Sheet
from puls.web.packs import built_in
from puls.web.tenants.access import as_reach
from puls.web.tenants.models import Membership, Unit
from tests.web.cast import reach_for

AREA = "teaching_and_learning"
FIELDS = {
    "area": AREA,
    "title_nb": "Samspill",
    **{f"level_{n}_nb": f"Slik er det på nivå {n}" for n in range(1, 5)},
    "question_1_nb": "Når spiller vi sammen?",
}


def rubric(**changes: str) -> Written:
    return written({**FIELDS, **changes}, built_in().languages)


def begun(who: Membership, wanted: Written | Sheet | None = None) -> str:
    reach = reach_for(who)
    with as_reach(reach):
        unit = Unit.objects.get(key=reach.unit)
        return services.begin(reach, unit, wanted or rubric()).key


def move(who: Membership, key: str, way: Move, note: str = "", *, is_checked: bool = True) -> None:
    reach = reach_for(who)
    with as_reach(reach):
        services.move(reach, key, way, note, is_checked=is_checked)


def published(who: Membership, **changes: str) -> str:
    """A rubric in use, by somebody who decides."""
    key = begun(who, rubric(**changes))
    move(who, key, Move.PUBLISH)
    return key


def next_published(who: Membership, key: str, **changes: str) -> str:
    reach = reach_for(who)
    with as_reach(reach):
        unit = Unit.objects.get(key=reach.unit)
        made = services.next_version(reach, unit, key).key
        services.write(reach, made, rubric(**changes), 1)
    move(who, made, Move.PUBLISH)
    return made


def row(who: Membership, key: str) -> Definition:
    with as_reach(reach_for(who)):
        return Definition.objects.get(key=key)


def sheet(*parts: tuple[str, ...], name: str = "Øving hjemme") -> Sheet:
    """A survey with parts of a name and their statements; a statement may begin with "-"."""
    return Sheet(
        {"nb": name},
        {"nb": "Det tar fem minutter."},
        "student",
        "agreement_1_5",
        tuple(
            ConstructSheet(
                {"nb": part},
                AREA,
                "process",
                "many_agree",
                tuple(
                    ItemSheet({"nb": said.removeprefix("-")}, said.startswith("-"))
                    for said in statements
                ),
            )
            for part, *statements in parts
        ),
    )


PRACTISING = (
    "Øving",
    "Jeg vet hva jeg skal øve på.",
    "Jeg får hjelp når jeg øver.",
    "-Jeg glemmer å øve.",
)
