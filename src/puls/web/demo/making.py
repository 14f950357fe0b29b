"""What a pack's demo makes up, read from its demo.yaml: places, truths, and a school's story."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from puls.analysis.synthetic import Planted
from puls.content.definitions import Pack
from puls.content.reading import Fields, load_yaml

FILE = "demo.yaml"
COUNTED = ("culture_school", "compulsory_school", "kindergarten")
"""Who is counted, and by which registers: see `quantities` and `register_files`."""

PARTS = ("process", "meeting", "own", "proposed", "owner_goal")
LISTS = ("decisions", "goals")
"""Of the story."""


@dataclass(frozen=True)
class Making:
    """A pack's demo.

    counted: one of COUNTED. school: the word behind a place's name, "kulturskole". home: key of the
        school whose leader and teacher can log in; neighbour: another municipality's.
    ages: the column of residents that its children are. joint: whether some neighbours run one
        together. groups: names of a school's groups by key, shares: of its children in each.
    asked: by survey, how many are asked for each child of a group. response: the share of answers.
    said: by background question, the shares of its options.
    usual: what all of the country's answers lie above what is drawn, by survey and construct, in
        standard deviations between respondents.
    planted: what is true of the home school, by survey.
    open: the survey of the round that is open. people: names by role; colleagues: of the
        school's other staff.
    story: process, meeting, own, decisions, proposed, goals and owner_goal, as they stand in the
        file; whoever plants one of them reads its own part.
    """

    counted: str
    school: str
    home: str
    neighbour: str
    ages: str
    joint: bool
    groups: Mapping[str, str]
    shares: Mapping[str, float]
    asked: Mapping[str, float]
    response: Mapping[str, float]
    said: Mapping[str, tuple[float, ...]]
    usual: Mapping[str, Mapping[str, float]]
    planted: Mapping[str, tuple[Planted, ...]]
    open: str
    people: Mapping[str, str]
    colleagues: tuple[str, ...]
    story: Mapping[str, Any]


def making(pack: Pack) -> Making:
    """The pack's demo. ContentError for slips, and when the pack has none."""
    name = f"{pack.key}/{FILE}"
    fields = Fields(load_yaml(pack.folder / FILE, name), name)
    surveys = sorted({key for key, _ in pack.surveys})
    home = fields.text("home")
    planted: dict[str, list[Planted]] = {}
    for row in fields.rows("planted"):
        shift = row.take("shift", (int, float), "a number")
        one = Planted(home, row.key("construct"), row.whole("since", 2000, 2100), float(shift))
        planted.setdefault(row.choice("survey", surveys), []).append(one)
        row.done()
    said = fields.fields("said") if fields.offers("said") else None
    made = Making(
        counted=fields.choice("counted", COUNTED),
        school=fields.text("school"),
        home=home,
        neighbour=fields.text("neighbour"),
        ages=fields.text("ages"),
        joint=fields.truth("joint", default=False),
        groups=fields.words("groups"),
        shares=_numbers(fields.fields("shares")),
        asked=_numbers(fields.fields("asked")),
        response=_numbers(fields.fields("response")),
        said={key: said.numbers(key) for key in said.names()} if said else {},
        usual=_usual(fields.fields("usual")) if fields.offers("usual") else {},
        planted={key: tuple(each) for key, each in planted.items()},
        open=fields.choice("open", surveys),
        colleagues=fields.texts("colleagues"),
        people=fields.every("people", ("leader", "teacher", "neighbour")),
        story={
            **{part: fields.take(part, dict, "keys and values") for part in PARTS},
            **{part: fields.take(part, list, "a list") for part in LISTS},
        },
    )
    fields.done()
    if made.groups.keys() != made.shares.keys():
        raise fields.wrong("shares", "names other groups", ", ".join(made.groups))
    return made


def _usual(fields: Fields) -> dict[str, dict[str, float]]:
    found = {}
    for survey in fields.names():
        lifts = fields.fields(survey)
        found[survey] = {
            each: float(lifts.take(each, (int, float), "a number")) for each in lifts.names()
        }
    return found


def _numbers(fields: Fields) -> dict[str, float]:
    return {name: fields.positive(name) for name in fields.names()}
