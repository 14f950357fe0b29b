"""`puls import survey`: the structure of a LimeSurvey survey becomes files of a pack."""

from argparse import Namespace
from pathlib import Path

from puls.errors import PulsError


def carry(given: Namespace) -> None:
    """Files into a folder, or onto standard output; what cannot be carried over is told."""
    from puls.registers import lss, lss_pack

    carried = lss_pack.carry(lss.read(given.file), given.audience, given.key)
    if given.into is None:
        for path, text in carried.files.items():
            print(f"# {path}\n{text}")
    else:
        _write(given.into, carried.files)
    print(f"Survey {carried.key}: {carried.items} items, words in {', '.join(carried.languages)}.")
    for what, problem in carried.told:
        print(f"  {what}: {problem}")
    if given.into is None:
        print("Next: the same with --into and the folder of a pack.")
    else:
        print("Next: read the words through, add the pack's other languages, then ./puls test "
              "tests/content")  # fmt: skip


def _write(folder: Path, files: dict[str, str]) -> None:
    """All files or none: nothing that is there already is written over."""
    if not folder.is_dir():
        raise PulsError(f"There is no folder {folder}. Make it first, or name that of a pack.")
    different = [
        path
        for path, text in files.items()
        if (folder / path).exists() and (folder / path).read_text(encoding="utf-8") != text
    ]
    if different:
        raise PulsError(
            f"{folder / different[0]} is there already and says something else ({len(different)} "
            "such files). Nothing was written. Give the survey another name with --key, or take "
            "the files away."
        )
    for path, text in files.items():
        file = folder / path
        state = "is there already" if file.exists() else "written"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        print(f"{file}: {state}")
