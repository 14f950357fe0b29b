"""However a file is damaged, it is read or refused in a sentence, never with a traceback."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puls.errors import ImportFileError
from puls.registers import answers, gsi, jsonstat, ssb
from tests.registers.made import LEAVES, SURVEY, TREE, UNHURRIED, binding, old_jsonstat, udir
from tests.registers.made import jsonstat as table

STATUS = {"0": ".", "3": "*"}
TABLE = table(
    {"Region": ["0103", "EAK"], "ContentsCode": ["A"], "Tid": ["2020", "2021"]},
    [None, 2, 3.5, -4],
    status=STATUS,
    note=["å"],
)
UDIR = udir(
    [("Nes", "0103", "1.1.1", ["1 000", "*"]), ("Øst", "01", "1.1", ["2", "3,5"])],
    [("2025-26", 2)],
    [("A", 1), ("B", 1)],
)
ANSWERS = (
    b"unit,wellbeing_1,wellbeing_2,feedback_1\n"
    b'sund.music,1,,5\nnes.music,,3,\n"sund.dance","2","2","2"\n'
)
JSONS = [
    json.dumps(each, ensure_ascii=escaped, indent=1).encode()
    for each in (TABLE, old_jsonstat(TABLE), UDIR)
    for escaped in (True, False)
]


def tried(folder: Path, content: bytes) -> int:
    """How many of the readers took it."""
    file = folder / "damaged"
    file.write_bytes(content)
    taken = 0
    for read in (
        lambda: jsonstat.read(file),
        lambda: ssb.read(file, [binding()], TREE),
        lambda: gsi.read_table(file),
        lambda: gsi.read(file, [binding(reader="gsi")], TREE),
        lambda: answers.read(file, SURVEY, LEAVES),
    ):
        try:
            read()
            taken += 1
        except ImportFileError as error:
            str(error).encode()  # every sentence can be printed
    return taken


def test_the_whole_files_are_taken(tmp_path: Path) -> None:
    assert [tried(tmp_path, content) for content in (*JSONS, ANSWERS)] == [2, 2, 2, 2, 2, 2, 1]


@UNHURRIED
@given(content=st.sampled_from([*JSONS, ANSWERS]), share=st.floats(0, 1))
def test_cut_off(tmp_path_factory: pytest.TempPathFactory, content: bytes, share: float) -> None:
    folder = tmp_path_factory.mktemp("cut")
    cut = content[: int(share * (len(content) - 1))]
    taken = tried(folder, cut)
    assert taken == 0 or content is ANSWERS


@UNHURRIED
@given(
    content=st.sampled_from([*JSONS, ANSWERS]),
    places=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3)), min_size=1, max_size=4),
)
def test_bytes_changed(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, places: list[tuple[float, bytes]]
) -> None:
    for share, change in places:
        at = int(share * len(content))
        content = content[:at] + change + content[at + 1 :]
    tried(tmp_path_factory.mktemp("changed"), content)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-9, 9) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)


@UNHURRIED
@given(data=st.data(), content=st.sampled_from([TABLE, old_jsonstat(TABLE), UDIR]))
def test_parts_exchanged(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, content: dict[str, object]
) -> None:
    """Right JSON of the wrong shape: one part, however deep, becomes anything at all."""
    made = json.loads(json.dumps(content))
    part = made
    while True:
        keys = list(part) if isinstance(part, dict) else list(range(len(part)))
        key = data.draw(st.sampled_from(keys))
        inner = part[key]
        if not (isinstance(inner, (dict, list)) and inner) or data.draw(st.booleans()):
            break
        part = inner
    if data.draw(st.booleans()):
        part[key] = data.draw(ANYTHING)
    else:
        del part[key]
    tried(tmp_path_factory.mktemp("parts"), json.dumps(made).encode())


@UNHURRIED
@given(st.binary(max_size=60))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    tried(tmp_path_factory.mktemp("any"), content)
