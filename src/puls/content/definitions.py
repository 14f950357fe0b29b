"""What a pack defines, as frozen, checked objects. Built only by `puls.content.loading`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from puls.content.bindings import RegisterBinding, SchoolRegister
from puls.content.practices import Example
from puls.content.process_steps import Process

MOST_ITEMS = 6
"""Of a construct. Scores are kept in sixtieths: 60 divides by 1 to 6, so that sums are exact."""


class Role(StrEnum):
    """The second axis of every indicator."""

    PREREQUISITE = "prerequisite"
    PROCESS = "process"
    RESULT = "result"


@dataclass(frozen=True)
class Scale:
    """An answer scale: whole numbers from low to high, with a word each in the pack's text."""

    key: str
    low: int
    high: int


@dataclass(frozen=True)
class Item:
    """One question. `reversed` answers are mirrored on the scale before scoring.

    Its words stand under item.<survey>.<key>, without a version: new words get a new key.
    """

    key: str
    reversed: bool


@dataclass(frozen=True)
class Construct:
    key: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Background:
    """A question about the respondent, such as sex. Its options are numbered from 1 in a file."""

    key: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Survey:
    """A questionnaire in one version; never edited once fielded.

    background: questions about the respondent that a pack may break results down by.
    pairs: constructs whose scores are kept together in tallies, so that it can be said whether
        they go together among respondents; from the pack's associations.
    """

    key: str
    version: int
    audience: str
    scale: Scale
    constructs: tuple[Construct, ...]
    background: tuple[Background, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for construct in self.constructs for item in construct.items)


@dataclass(frozen=True)
class Framework:
    """A framework plan, valid for some years: versioned data."""

    key: str
    name: str
    valid_from: date
    valid_to: date | None
    areas: tuple[str, ...]


@dataclass(frozen=True)
class Criteria:
    """Cut points that turn a value into a level.

    cuts: the values at which a level ends and the next begins, rising along the unit, one fewer
    than there are levels. With `higher_is_better` a value at or above a cut is in the upper
    level; without, a value at or below a cut is in the better one.
    """

    key: str
    version: int
    levels: int
    cuts: tuple[float, ...]
    higher_is_better: bool
    set_by: Mapping[str, str]
    """Who set them, by language."""
    set_on: date
    why: Mapping[str, str]
    unit: str = ""
    """Key of the unit of measure that the cuts are in."""

    @property
    def id(self) -> str:
        """What a released cell remembers of the criteria that judged it."""
        return f"{self.key}.v{self.version}"


@dataclass(frozen=True)
class SurveySource:
    survey: str
    construct: str


@dataclass(frozen=True)
class RegisterSource:
    """Which cell of a register feeds an indicator: bound in `sources/<source>.yaml`."""

    source: str
    additive: bool
    """True when the figures of two units may be summed (counts); never for shares."""


@dataclass(frozen=True)
class Indicator:
    key: str
    version: int
    area: str
    role: Role
    source: SurveySource | RegisterSource
    unit: str
    """Key of the unit in the pack's text: mean_1_5, percent, nok, pupils ..."""
    decimals: int
    criteria: Criteria | None
    """Those in force; released cells remember theirs (`Pack.criteria`)."""
    prerequisites: tuple[str, ...] = ()
    """Indicators that a result is judged given; what is expected follows from them."""
    smallest: float = 0.2
    """The smallest relevant difference, in the indicator's unit: below it nothing is marked."""


@dataclass(frozen=True)
class Rubric:
    """Four described levels (texts in the pack's text), level 4 best."""

    key: str
    area: str
    number: str
    questions: int = 0
    """How many reflection questions its text has."""
    in_force: bool = True
    """False for an administration's own that it has replaced or no longer uses: it is read where
    somebody once placed themselves on it, and offered nowhere."""


@dataclass(frozen=True)
class Thresholds:
    """The smallest group whose answers may be seen: signed in, and on public pages."""

    signed_in: int
    public: int


@dataclass(frozen=True)
class Reach:
    """How far down a role sees: the lowest tier, by role key (national, county, owner ...)."""

    lowest_tier: Mapping[str, str]


@dataclass(frozen=True)
class Tier:
    key: str
    weight: int
    """How much a published cell of this tier counts when suppression must choose."""


@dataclass(frozen=True)
class Classification:
    """Where a country's mergers are told: the interface's address, and the numbers of the lists of
    its administrations and of the tier above ("" where there is none)."""

    address: str
    codes: str
    above: str = ""


@dataclass(frozen=True)
class Country:
    """A country as data: its tiers, its codes, its school year."""

    key: str
    tiers: tuple[Tier, ...]
    """From the country itself down to the leaf group."""
    tenant_tier: str
    """The tier whose administrations own schools (municipality)."""
    school_year_starts: tuple[int, int]
    """Month and day."""
    languages: tuple[str, ...]
    root: str = ""
    """Unit key of the country itself."""
    codes: Mapping[str, str] = field(default_factory=dict)
    """Regular expression of register codes, by the tiers that have codes."""
    classification: Classification | None = None
    """Where mergers, splits and names are told; None where nobody is asked."""

    @property
    def tier_keys(self) -> tuple[str, ...]:
        """Keys of the tiers, from the country down: the place of one is its depth in the tree."""
        return tuple(tier.key for tier in self.tiers)


@dataclass(frozen=True, slots=True)
class Similar:
    """Which administrations are compared with each other. by: the register indicator that they are
    alike in. groups: into how many all are cut by it."""

    by: str
    groups: int


@dataclass(frozen=True)
class Pack:
    key: str
    version: str
    country: Country
    languages: tuple[str, ...]
    thresholds: Thresholds
    reach: Reach
    frameworks: tuple[Framework, ...]
    surveys: Mapping[tuple[str, int], Survey]
    indicators: Mapping[str, Indicator]
    rubrics: Mapping[str, Rubric]
    bindings: tuple[RegisterBinding, ...]
    texts: Mapping[str, Mapping[str, str]]
    """Sentence by language and dotted key: texts["nb"]["indicator.wellbeing.name"]."""
    levels: int = 3
    """How many levels an indicator has, 1 being the weakest."""
    default_columns: tuple[str, ...] = ()
    """Indicators of the first colour table, in order."""
    units: tuple[str, ...] = ()
    """Units of measure that indicators may have."""
    shown_per: Mapping[str, int] = field(default_factory=dict)
    """Units of measure that people read in a larger size: how many of it make one."""
    criteria: Mapping[str, Criteria] = field(default_factory=dict)
    """All criteria in all versions, by `Criteria.id`: what old releases were judged by stays."""
    associations: tuple[tuple[str, str], ...] = ()
    """Pairs of indicators that the dialogue map asks about."""
    pair_questions: Mapping[str, int] = field(default_factory=dict)
    """How many reflection questions there are about two indicators: of two roles
    ("prerequisite_process", the earlier role first) or of a pair ("student_feedback.student_x")."""
    trend_questions: int = 0
    """How many reflection questions there are about an indicator over time."""
    admission: tuple[str, ...] = ("unit",)
    """Kinds of cells in the order in which the ledger admits them: of two that cannot both be
    released the first kind wins. "unit" first or not, "correction", "pooled" (years together) and
    the keys of `breakdowns`."""
    breakdowns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The tiers whose results are broken down, by key of a survey's background question."""
    processes: Mapping[str, Process] = field(default_factory=dict)
    """Worked examples of improvements, in their order."""
    similar: Similar | None = None
    """Which administrations are compared with each other; None where none are."""
    departments: tuple[str, ...] = ()
    """Kinds of units of the lowest tier, proposed where somebody adds one."""
    alike: tuple[str, ...] = ()
    """Register indicators by which schools find others with prerequisites like their own."""
    year_wheel: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Month and day of what comes each year for everybody, by key."""
    examples: Mapping[str, Example] = field(default_factory=dict)
    """Made-up examples of good practice, in the order of their keys."""
    page_words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By language, words of pages and e-mails and what stands in their place in this pack."""
    school_register: SchoolRegister | None = None
    """Which of a register's units are schools of this kind; None where it is not asked."""
    retired: frozenset[str] = frozenset()
    """Keys of surveys that are no longer offered; what they asked can still be read."""
    folder: Path = Path()

    def text(self, language: str, key: str) -> str:
        """The words for a key. Raises KeyError: a test keeps every language complete."""
        return self.texts[language][key]

    @property
    def rubrics_in_force(self) -> list[Rubric]:
        """Those that can be chosen now, in the order of their numbers."""
        known = (each for each in self.rubrics.values() if each.in_force)
        return sorted(known, key=lambda each: each.number)
