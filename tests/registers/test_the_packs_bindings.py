"""Every table that the pack binds can be read, and feeds every indicator it promises to."""

from pathlib import Path

import pytest

from puls.content.bindings import RegisterBinding
from puls.content.countries import load_units
from puls.content.loading import load_pack
from puls.registers import gsi, ssb
from tests.registers.made import jsonstat, udir, written

PACK = load_pack("kulturskole")
TREE = load_units("norway")


def named(binding: RegisterBinding) -> str:
    return f"{binding.source} {binding.table or 'any'}"


@pytest.mark.parametrize(
    "binding", [each for each in PACK.bindings if each.reader == "ssb"], ids=named
)
def test_tables_of_ssb(tmp_path: Path, binding: RegisterBinding) -> None:
    regions = ["EAK", "EAKUO", "EKA46", "EKG12", "4601", "1201"]
    cells = len(regions) * len(binding.cells)
    content = jsonstat(
        {binding.region: regions, "ContentsCode": list(binding.cells), binding.time: ["2025"]},
        [float(n) for n in range(cells)],
        label=f"{binding.table or '99999'}: K. Kultur",
        extension={},
    )
    found = ssb.read(written(tmp_path, content), PACK.bindings, TREE)
    assert {figure.indicator for figure in found.figures} == set(binding.cells.values())
    assert {figure.unit for figure in found.figures} == {"no", "no-46", "no-4601", "no-1201"}
    assert {where.split()[0] for where, _ in found.refused} == {"EAKUO", "EKG12"}
    assert all(figure.provisional for figure in found.figures)
    assert all(figure.indicator in PACK.indicators for figure in found.figures)


@pytest.mark.parametrize(
    "binding", [each for each in PACK.bindings if each.reader == "gsi"], ids=named
)
def test_tables_of_gsi(tmp_path: Path, binding: RegisterBinding) -> None:
    values = [str(n) for n in range(len(binding.cells))]
    rows = [
        ("Nasjonalt", "I", "1", values),
        ("Vestland", "46", "1.5", values),
        ("Bergen", "4601", "1.5.1", values),
        ("Svalbard", "2100", "1.9.1", values),
    ]
    headings = [[("2025-26", len(values))], [(code, 1) for code in binding.cells]]
    found = gsi.read(written(tmp_path, udir(rows, *headings)), PACK.bindings, TREE)
    assert found.table == binding.table
    assert {(f.indicator, f.unit): f.value for f in found.figures} == {
        (indicator, unit): float(n)
        for n, indicator in enumerate(binding.cells.values())
        for unit in ("no", "no-46", "no-4601")
    }
    assert [where for where, _ in found.refused] == ["2100 Svalbard"]
