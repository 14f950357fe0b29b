"""What is in the project's history works anywhere: no registry addresses, no machine's paths."""

import json
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from launch.steps import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))

# The brackets keep this very file from being found.
REGISTRIES = ("pypi[.]org", "python[h]osted", "npm[j]s[.]", "npm[m]irror", "deb[.]debian[.]org")
MACHINES = ("/root[/]", "/work[/]", "/opt[/](?:pypi|wheels)", "/home[/]\\w", "/Users[/]")
TOLD = re.compile("|".join(REGISTRIES + MACHINES))


@cache
def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_no_tracked_file_names_a_registry_or_a_machines_folder() -> None:
    found = []
    for file in tracked():
        if file.is_file():
            text = file.read_bytes().decode(errors="replace")
            found += [f"{file.relative_to(ROOT)}: {told[0]}" for told in TOLD.finditer(text)]
    assert found == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_requirements_are_pinned_by_hashes_and_name_no_place(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert not re.search(r"^\s*(#|-i|--index|--extra|--find)", text, re.MULTILINE)
    packages = re.findall(r"^[\w.-]+(?:\[[\w,]+\])?==\S+", text, re.MULTILINE)
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert len(packages) == len(blocks)
    assert all("--hash=sha256:" in block for block in blocks)


def test_the_same_versions_are_tested_that_are_used() -> None:
    def pins(name: str) -> set[str]:
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        return set(re.findall(r"^[\w.-]+==\S+", text, re.MULTILINE))

    assert pins("base") <= pins("test")


def test_the_front_end_lock_names_versions_and_hashes_only() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert len(packages) > 4
    for name, package in packages.items():
        assert "resolved" not in package
        assert name == "" or package["integrity"].startswith("sha512-")
