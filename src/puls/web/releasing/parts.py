"""The parts that a release is made of: cells of one survey, cells of registers."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from django.db import connections

from puls.analysis import history, release, scoring
from puls.analysis.estimates import Components
from puls.analysis.measured import measured
from puls.analysis.register_cells import register_cells
from puls.cells import ReleasedCell
from puls.content.definitions import Pack, RegisterSource, Survey
from puls.figures import Figure
from puls.units import UnitTree
from puls.web.assess import looking_back, queries
from puls.web.assess.models import Release
from puls.web.collect import counting
from puls.web.collect.folders import Folders
from puls.web.collect.models import ImportRecord, Round
from puls.web.collect.rounds import rounds, survey_of

ASSESS = "assess"


@dataclass(frozen=True)
class Part:
    """Cells with what they rest on.

    survey: key of the survey whose answers they are; "" where there are none.
    variances: by construct, the variance components behind the intervals of a survey.
    """

    from_answers: bool
    cells: Sequence[ReleasedCell] = ()
    sources: Sequence[Mapping[str, Any]] = ()
    is_synthetic: bool = False
    survey: str = ""
    variances: Mapping[str, Any] = field(default_factory=dict)


def part_of_answers(
    survey_key: str,
    period: int,
    root: str,
    pack: Pack,
    folders: Folders,
    tree: UnitTree,
    day: date,
    without: Collection[str] = (),
) -> Part:
    """The cells of a survey that were not released yet, of a unit and all below it.

    without: keys of rounds that came too late, also of those that were corrected since: the unit
        cells of a year never count them.
    """
    found = rounds(ASSESS, survey=survey_key, period=period, state=Round.State.SEALED)
    sealed = [each for each in found if each.key not in without]
    counted = [each for each in sealed if _meet(tree, each.unit_id, root)]
    if not counted:
        return Part(from_answers=True)
    sources = [round_as_source(each, folders) for each in counted]
    is_synthetic = any(each.is_synthetic for each in counted)
    if _released(root, period, counted, survey_key, pack, tree):
        return Part(True, sources=sources, is_synthetic=is_synthetic, survey=survey_key)
    survey = survey_of(pack, sealed[0])
    tallies = scoring.combine(counting.answers(each.key, survey, folders) for each in sealed)
    weights = {tier.key: tier.weight for tier in pack.country.tiers}
    before = looking_back.decided_before(measured(pack.indicators), period, ASSESS)
    variances = None if root == pack.country.root else _earlier(survey, weights)
    made = release.survey_cells(
        survey,
        period,
        tallies,
        tree,
        day,
        pack.indicators,
        pack.thresholds.signed_in,
        weights,
        fixed=before,
        root=root,
        variances=variances,
        public_k=pack.thresholds.public,
    )
    if variances is None:
        told = [*before, *made]
        variances = release.national_variances(
            survey, tallies, tree, day, weights, told, pack.indicators, period
        )
    # Where nobody was asked, nothing is released: a round may still come there.
    asked = {
        unit
        for unit in {cell.unit for cell in made}
        if any(_meet(tree, unit, each.unit_id) for each in counted)
    }
    return Part(
        from_answers=True,
        cells=[cell for cell in made if cell.unit in asked],
        sources=sources,
        is_synthetic=is_synthetic,
        survey=survey_key,
        variances={construct: asdict(each) for construct, each in variances.items()},
    )


def part_of_registers(period: int, pack: Pack, tree: UnitTree, day: date) -> Part:
    """The cells of register figures that are new, or other than they were released."""
    figures, fed_by = _figures(period)
    additive = {
        key: each.source.additive
        for key, each in pack.indicators.items()
        if isinstance(each.source, RegisterSource)
    }
    # A pack may have dropped an indicator whose figures were imported long ago.
    bound = [figure for figure in figures if figure.indicator in additive]
    # The country's own table of residents is on today's borders already.
    newest = {
        indicator
        for binding in pack.bindings
        if binding.reader == "population"
        for indicator in binding.cells.values()
    }
    carried = history.carry_figures(
        [figure for figure in bound if figure.indicator not in newest], tree, day, additive
    )
    carried += [
        figure for figure in bound if figure.indicator in newest and tree[figure.unit].valid_on(day)
    ]
    cells = register_cells(carried, pack.indicators, tree, day)
    cells += _of_single_schools(cells, pack, tree, day)
    before = {
        (cell.unit, cell.indicator): cell
        for cell in queries.released_before(period, from_answers=False, using=ASSESS)
    }
    new = [cell for cell in cells if before.get((cell.unit, cell.indicator)) != cell]
    used = {key for cell in new for key in fed_by[cell.indicator]}
    records = ImportRecord.objects.using(ASSESS).filter(pk__in=used).order_by("id")
    return Part(
        from_answers=False,
        cells=new,
        sources=[_record_as_source(each) for each in records],
        is_synthetic=any(each.is_synthetic for each in records),
    )


def _released(
    root: str, period: int, counted: Sequence[Round], survey: str, pack: Pack, tree: UnitTree
) -> bool:
    """True when all these rounds were released already, for the unit or for one above it.

    By releases that know what the survey's indicators are called now: those with a new name are
    released again under it.
    """
    before = Release.objects.using(ASSESS).filter(period=period, root_id__in=tree.lineage(root))
    now = {key: each for key, each in measured(pack.indicators).items() if each[0] == survey}
    known = [each for each in before if now.items() <= each.measured.items()]
    told = {source["table"] for each in known for source in each.sources}
    return all(each.key in told for each in counted)


def _earlier(survey: Survey, weights: Mapping[str, int]) -> Mapping[str, Components]:
    """The variances of the whole country as last released, where it is not all here.

    One school or municipality says too little about how schools differ, and too much about its
    own answers. Until a national release was made, the starting variances stand.
    """
    known = queries.national_variances(survey.key, ASSESS)
    if known.keys() >= {construct.key for construct in survey.constructs}:
        return {construct: Components.of_json(each) for construct, each in known.items()}
    return release.starting_variances(survey, weights)


def _figures(period: int) -> tuple[list[Figure], Mapping[str, set[int]]]:
    """The figures of a school year that count, and by indicator the records they came with.

    Of two imports the one whose source was changed later counts, else the later import.
    """
    with connections[ASSESS].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (f.indicator, f.unit_id)"
            " f.indicator, f.unit_id, f.period, f.value, f.note, f.provisional, f.record_id"
            " FROM collect_figure f JOIN collect_importrecord r ON r.id = f.record_id"
            " WHERE f.period = %s"
            " ORDER BY f.indicator, f.unit_id, r.updated DESC NULLS LAST, f.record_id DESC",
            [period],
        )
        rows = cursor.fetchall()
    fed_by: dict[str, set[int]] = defaultdict(set)
    for indicator, *_, record in rows:
        fed_by[indicator].add(record)
    return [Figure(*row[:6]) for row in rows], fed_by


def _of_single_schools(
    cells: Iterable[ReleasedCell], pack: Pack, tree: UnitTree, day: date
) -> list[ReleasedCell]:
    """A municipality's figures on its school, when it has one: said to be the municipality's."""
    only: dict[str, str] = {}
    for unit in tree.at(day):
        if unit.tier == pack.country.tenant_tier:
            schools = tree.children(unit.key, day)
            if len(schools) == 1:
                only[unit.key] = schools[0].key
    return [
        replace(cell, unit=only[cell.unit], of_unit=cell.unit)
        for cell in cells
        if cell.unit in only
    ]


def _meet(tree: UnitTree, one: str, other: str) -> bool:
    """True when one of the units is the other, or lies below it."""
    return one in tree.lineage(other) or other in tree.lineage(one)


def round_as_source(found: Round, folders: Folders, arrived: int = 0) -> dict[str, Any]:
    """A round as a release tells of it. arrived: the correction that counts it first (`late`)."""
    file = folders.sealed(found.key)
    return {
        "source": "answers",
        "table": found.key,
        "label": f"{found.survey} v{found.survey_version}",
        "synthetic": found.is_synthetic,
        "licence": "",
        "updated": found.sealed_at.isoformat() if found.sealed_at else None,
        "checksum": hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else "",
        **({"arrived": arrived} if arrived else {}),
    }


def _record_as_source(record: ImportRecord) -> dict[str, Any]:
    return {
        "source": record.source,
        "table": record.table,
        "label": record.label,
        "synthetic": record.is_synthetic,
        "licence": record.licence,
        "updated": record.updated.isoformat() if record.updated else None,
        "checksum": record.checksum,
    }
