"""Files to import, and a country so small that one can count along."""

import json
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from puls.content.definitions import Pack, Survey
from puls.content.loading import BUILT_IN, load_pack
from puls.web.collect.sealed import columns

PACKS = Path(__file__).parents[1] / "packs"
MUSIC, DANCE = "karmoy-kulturskole.musikk", "karmoy-kulturskole.dans"
HAUGESUND, BERGEN = "haugesund-kulturskole.musikk", "bergen-kulturskole.musikk"
PERIOD = 2025


def kulturskole() -> Pack:
    return load_pack("kulturskole")


def foreign() -> Pack:
    """The pack of the made-up island state of Corail."""
    return load_pack("maison_musique", [PACKS, BUILT_IN])


def student(pack: Pack) -> Survey:
    return pack.surveys["student", 1]


def answers(survey: Survey, groups: Mapping[str, int]) -> pl.DataFrame:
    """So many respondents a group, no two alike for as long as that is possible.

    Every other one is the first option of a background question, every eleventh did not say.
    """
    steps = survey.scale.high - survey.scale.low + 1
    rows = []
    for number, leaf in enumerate(leaf for leaf, n in groups.items() for _ in range(n)):
        given = {
            item.key: survey.scale.low + (number // steps ** (place % 4) + place) % steps
            for place, item in enumerate(survey.items)
        }
        said = None if number % 11 == 10 else number % 2 + 1
        rows.append({"leaf": leaf, **{each.key: said for each in survey.background}, **given})
    return pl.DataFrame(rows, schema=dict.fromkeys(columns(survey), pl.Int8) | {"leaf": pl.String})


def answers_file(
    folder: Path, survey: Survey, groups: Mapping[str, int], name: str = "answers.csv"
) -> Path:
    """The same as a file to import."""
    file = folder / name
    answers(survey, groups).rename({"leaf": "unit"}).write_csv(file)
    return file


def kostra_file(
    folder: Path,
    shares: Mapping[str, float | None],
    updated: str = "2026-07-01T06:00:00Z",
    name: str = "kostra.json",
) -> Path:
    """Share of children in the culture school in 2025, by region code."""
    table = {
        "version": "2.0",
        "class": "dataset",
        "label": "13135: Kulturskole",
        "source": "Statistisk sentralbyrå",
        "updated": updated,
        "role": {"time": ["Tid"], "metric": ["ContentsCode"], "geo": ["KOKkommuneregion0000"]},
        "id": ["KOKkommuneregion0000", "ContentsCode", "Tid"],
        "size": [len(shares), 1, 1],
        "dimension": {
            "KOKkommuneregion0000": _dimension(*shares),
            "ContentsCode": _dimension("KOSmusikkandelba0000"),
            "Tid": _dimension(str(PERIOD)),
        },
        "extension": {"px": {"tableid": "13135"}},
        "value": list(shares.values()),
        "status": {str(at): ".." for at, share in enumerate(shares.values()) if share is None},
    }
    file = folder / name
    file.write_text(json.dumps(table), encoding="utf-8")
    return file


def _dimension(*codes: str) -> dict[str, object]:
    index = {code: at for at, code in enumerate(codes)}
    return {"label": "", "category": {"index": index, "label": {code: code for code in codes}}}
