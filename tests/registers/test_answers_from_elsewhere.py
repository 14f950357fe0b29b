"""Answers of other programs: every kind of file becomes one table, and one map reads them all."""

import random
import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puls.content.loading import load_pack
from puls.registers import exported
from puls.registers.exported import Column, Table
from puls.registers.known import UNIT, alike, known
from puls.registers.mapping import LEAVE_OUT, ColumnMap, nearest, understand
from puls.registers.matching import How, propose
from puls.registers.refused import Refused, Why
from tests.registers.made import UNHURRIED
from tests.registers.spreadsheets import xlsx
from tests.shared_data import shared

PACK = load_pack("kulturskole")
SURVEY = PACK.surveys["student", 1]
ITEMS = [item.key for item in SURVEY.items]
LEAVES = {"sund.music": "Musikk", "sund.dance": "Dans"}
NB, EN = PACK.texts["nb"], PACK.texts["en"]
KNOWN = known(PACK, SURVEY, LEAVES, {"Fiolin, mandag": "sund.music"})
ONE_PLACE = known(PACK, SURVEY, {"sund": "Sund kulturskole"}, {})


def csv(rows: Sequence[Sequence[str]]) -> bytes:
    return "\n".join(";".join(f'"{cell}"' for cell in row) for row in rows).encode()


def text(item: str, language: str = "nb") -> str:
    return PACK.text(language, f"item.student.{item}")


def of(columns: Sequence[Column | str], *rows: Sequence[str]) -> Table:
    made = tuple(c if isinstance(c, Column) else Column(c) for c in columns)
    return Table("csv", made, tuple(map(tuple, rows)), tuple(range(2, 2 + len(rows))))


VV = (
    "id\tsubmitdate\tstartlanguage\t\"Trives du?\"\tEget\tFag\n"
    "id\tsubmitdate\tstartlanguage\twellbeing_1\tQ02_SQ001\tunit\n"
    "1\t2026-01-02 03:04:05\tnb\t4\t\"a{newline}{lbrace}b}{tab}\"\tsund.music\n"
    "2\t{question_not_shown}\tnb\t{question_not_shown}\t{quote}hei\tsund.dance\n"
    "3\t\tnb\t5\n"
)  # fmt: skip


class TestTables:
    def test_limesurvey_s_vv(self) -> None:
        found = exported.read("a.txt", VV.encode("utf-8-sig"))
        assert found.kind == "vv"
        assert [(c.name, c.label) for c in found.columns[3:]] == [
            ("wellbeing_1", "Trives du?"), ("Q02_SQ001", "Eget"), ("unit", "Fag"),
        ]  # fmt: skip
        assert [row[3:] for row in found.rows] == [
            ("4", "a {b}", "sund.music"), ("", '"hei', "sund.dance"), ("5", "", ""),
        ]  # fmt: skip
        assert found.numbers == (3, 4, 5)

    def test_a_brace_that_somebody_wrote_is_no_sign(self) -> None:
        """LimeSurvey takes the brace back last: "{lbrace}tab}" is what was "{tab}"."""
        row = "1\t2026\tnb\t4\t{lbrace}tab}\tsund.music\n"
        found = exported.read("a.txt", (VV.rsplit("1\t", 1)[0] + row).encode())
        assert found.rows[-1][4] == "{tab}"

    @pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c"])
    def test_a_sign_of_a_text_editor_within_a_cell_of_vv_ends_no_row(self, sign: str) -> None:
        row = f"1\t2026\tnb\t4\ta{sign}b\tsund.music\r\n"
        found = exported.read("a.txt", (VV.rsplit("1\t", 1)[0] + row).encode())
        assert [each[3:] for each in found.rows] == [("4", f"a{sign}b", "sund.music")]

    def test_headings_are_plain_and_each_once(self) -> None:
        data = csv([["a", "<b>Trives</b>  du?", "a", "", "a (2)"], ["1", "2", "3", "4", "5"]])
        names = [column.name for column in exported.read("a.csv", data).columns]
        assert names == ["a", "Trives du?", "a (2)", "(4)", "a (2) (2)"]

    def test_rows_keep_their_numbers(self) -> None:
        assert exported.read("a", xlsx((), ("a", "b"), ("1",), (), ("2", "3"))) == Table(
            "xlsx", (Column("a"), Column("b")), (("1", ""), ("2", "3")), (3, 5)
        )

    def test_nothing_below_the_headings(self) -> None:
        with pytest.raises(Refused) as caught:
            exported.read("a", b"a;b\n")
        assert caught.value.why is Why.NO_ROWS

    def test_spss_with_its_words_and_what_is_missing(self) -> None:
        data = (shared("survey") / "foreign_testdata.sav").read_bytes()
        found = exported.read("a.sav", data)
        by_name = {column.name: place for place, column in enumerate(found.columns)}
        coded = by_name["factor_n_coded_miss"]
        agree = {"1": "strongly disagree", "2": "disagree", "3": "neither agree nor disagree",
                 "4": "agree", "5": "strongly agree", "99": "no answer"}  # fmt: skip
        assert found.columns[coded].values == agree
        assert found.columns[coded].label == "numeric factor with coded missing values"
        cells = {row[coded] for row in found.rows}
        assert "99" not in cells, "what its users call missing is empty"
        assert "" in cells

    @pytest.mark.parametrize("change", [
        lambda data: data[:200], lambda data: data[:3000], lambda data: data[:-1],
        # How many numbers a row has, and how many rows there are: as many as can be said.
        lambda data: data[:68] + b"\xff\xff\xff\x7f" + data[72:],
        lambda data: data[:80] + b"\xff\xff\xff\x7f" + data[84:],
        lambda data: data[:68] + b"\xff\xff\xff\x7f" * 4 + data[84:],
        lambda data: data[:4] + b"\0" * 4000 + data[4004:],
        lambda data: data[:176] + b"\xff" * 600 + data[776:],
    ])  # fmt: skip
    def test_an_spss_file_that_lies_is_read_or_refused(self, change: object) -> None:
        data = (shared("survey") / "foreign_testdata.sav").read_bytes()
        assert callable(change)
        try:
            found = exported.read("a.sav", change(data))
        except Refused as slip:
            assert slip.why in (Why.BROKEN, Why.TOO_MUCH, Why.NO_ROWS)  # noqa: PT017
        else:
            assert len(found.rows) <= 5


HEADINGS = {
    "keys": lambda item: item,
    "keys in capitals": lambda item: item.upper(),
    "in bokmål": text,
    "in English": lambda item: text(item, "en"),
    "without the full stop": lambda item: text(item).rstrip("."),
    "numbered": lambda item: f"{ITEMS.index(item) + 1}. {text(item)}",
    "of an array": lambda item: f"Hvor enig er du? [{text(item)}]",
    "with a slip": lambda item: text(item).replace("e", "ee", 1),
    "by their order": lambda item: f"Q{ITEMS.index(item) + 1:02}",
}
HOW = {"keys": How.KEY, "keys in capitals": How.KEY, "with a slip": How.CLOSE,
       "by their order": How.ORDER}  # fmt: skip


@pytest.mark.parametrize("name", HEADINGS)
def test_columns_are_found_by(name: str) -> None:
    head = HEADINGS[name]
    shuffled = random.Random(1).sample(ITEMS, len(ITEMS))
    table = of(["Navn", "Lag", "Kjønn", *map(head, shuffled)],
               *[["Kari", "dans", "jente", *"3" * len(ITEMS)]] * 3)  # fmt: skip
    found = propose(table, KNOWN)
    expected = {item: head(item) for item in ITEMS} | {UNIT: "Lag", "sex": "Kjønn"}
    assert found.map.columns == expected
    assert {found.how[item] for item in ITEMS} == {HOW.get(name, How.TEXT)}
    assert found.how[UNIT] == How.VALUES


def test_where_there_is_one_unit_no_column_needs_to_say_it() -> None:
    found = propose(of(["wellbeing_1", "Fag"], ["3", "Fiolin"]), ONE_PLACE).map
    assert found.everybody == "sund"
    assert UNIT not in found.columns
    answers = understand(of(["wellbeing_1"], ["3"]), ONE_PLACE, found).answers
    assert answers is not None
    assert answers.frame["leaf"].to_list() == ["sund"]


def test_an_order_is_taken_only_where_there_are_as_many() -> None:
    short = of([f"Q{n}" for n in range(1, len(ITEMS))], ["3"] * (len(ITEMS) - 1))
    assert propose(short, KNOWN).map.columns == {}


# What stands in a cell, and what it means: a step of the scale, None, or that nobody knows.
STRANGE = object()
CELLS: dict[str, object] = {
    "1": 1, "5": 5, "4.0": 4, "4,0": 4, "04": 4, " 3 ": 3, "": None,
    "0": STRANGE, "6": STRANGE, "-1": STRANGE, "+1": STRANGE, "1.5": STRANGE, "1-2": STRANGE,
    "5+": STRANGE, "٤": STRANGE, "99": STRANGE, "1e0": STRANGE,
    "Helt enig": 5, "HELT  ENIG": 5, "helt enig.": 5, "Totally agree": STRANGE,
    "5 - Helt enig": 5, "5: helt enig": 5, "1 - Helt enig": STRANGE, "5 - noe annet": STRANGE,
    "Vet ikke": None, "vet ikke, eller gjelder ikke meg": None, "Don't know": None, "N/A": None,
    "-": None, ".": None, "Ubesvart": None, "😀": STRANGE, "A4": STRANGE, "<b>5</b>": STRANGE,
}  # fmt: skip


def meant(cells: Sequence[str], chosen: ColumnMap | None = None) -> list[object]:
    """What a column with these cells means, STRANGE where it is not understood."""
    chosen = chosen or ColumnMap({"wellbeing_1": "a"})
    table = of(["a"], *[[cell] for cell in cells])
    found = understand(table, KNOWN, chosen)
    strange = {value.shown for value in found.seen["wellbeing_1"].strange}
    numbers = found.frame["wellbeing_1"].to_list()
    return [STRANGE if c in strange else n for c, n in zip(cells, numbers, strict=True)]


@pytest.mark.parametrize("cell", CELLS)
def test_what_a_cell_means(cell: str) -> None:
    assert meant([cell]) == [CELLS[cell]]


def test_what_somebody_says_a_value_means_goes_before_all() -> None:
    chosen = ColumnMap({"wellbeing_1": "a"}, points={"a4": 4, "99": None, "5": 1})
    assert meant(["A4", "99", "5", "4"], chosen) == [4, None, 1, 4]


def test_the_words_of_a_code_say_what_it_means() -> None:
    """Code 1 is "Helt enig" here, and a word that nobody knows is only a guess by its code."""
    column = Column("a", "", {"1": "Helt enig", "2": "Tja", "9": "Vet ikke"})
    table = of([column, "u"], ["1", "Dans"], ["2", "Dans"], ["9", "Dans"], ["4", "Dans"])
    chosen = ColumnMap({"wellbeing_1": "a", UNIT: "u"})
    found = understand(table, KNOWN, chosen)
    assert found.frame["wellbeing_1"].to_list() == [5, None, None, 4]
    (strange,) = found.seen["wellbeing_1"].strange
    assert (strange.shown, strange.means.guess) == ("Tja (2)", 2)
    assert found.answers is None, "all or nothing"
    said = ColumnMap(chosen.columns, points={strange.said: 3})
    assert understand(table, KNOWN, said).answers is not None


def test_units_by_name_key_group_or_as_chosen_and_never_by_likeness() -> None:
    cells = ["Musikk", "DANS", "sund.dance", "fiolin mandag", "Musik", "", "Kor"]
    table = of(["u", "a"], *[[cell, "3"] for cell in cells])
    chosen = ColumnMap({UNIT: "u", "wellbeing_1": "a"})
    found = understand(table, KNOWN, chosen)
    leaves = ["sund.music", "sund.dance", "sund.dance", "sund.music", None, None, None]
    assert found.frame[UNIT].to_list() == leaves
    assert {each.shown for each in found.seen[UNIT].strange} == {"Musik", "", "Kor"}
    assert (nearest("musik", KNOWN), nearest("kor", KNOWN)) == ("sund.music", None)
    units = {"musik": "sund.music", "": LEAVE_OUT, "kor": LEAVE_OUT}
    answers = understand(table, KNOWN, ColumnMap(chosen.columns, units=units)).answers
    assert answers is not None
    assert answers.rows_in == 7
    assert answers.refused == (
        ("row 7", "of no unit that was asked"), ("row 8", "of no unit that was asked"),
    )  # fmt: skip


def test_a_name_that_two_units_have_says_nothing() -> None:
    twice = known(PACK, SURVEY, {"a.dans": "Dans", "b.dans": "Dans"}, {})
    table = of(["u", "a"], ["Dans", "3"])
    seen = understand(table, twice, ColumnMap({UNIT: "u", "wellbeing_1": "a"})).seen[UNIT]
    assert [value.shown for value in seen.strange] == ["Dans"]


def test_columns_that_are_not_named_leave_no_trace() -> None:
    table = of(["Navn", "E-post", "u", "a", "k"], ["Kari", "k@x.no", "Dans", "3", "Jente"])
    chosen = ColumnMap({UNIT: "u", "wellbeing_1": "a", "sex": "k"})
    found = understand(table, KNOWN, chosen)
    assert found.answers is not None
    assert found.answers.frame.columns == ["leaf", "sex", *ITEMS]
    assert found.answers.frame.row(0)[:2] == ("sund.dance", 1)
    assert "Kari" not in str(found)
    assert "k@x.no" not in str(found)


CELL = st.sampled_from([*(cell for cell in CELLS if cell == cell.strip())])


@UNHURRIED
@given(rows=st.lists(st.tuples(st.sampled_from(["Musikk", "dans", ""]), CELL, CELL), min_size=1))
def test_generated_tables_are_read_as_somebody_would_by_hand(
    rows: list[tuple[str, str, str]],
) -> None:
    """Row by row with a dictionary, beside ours, which goes column by column over what differs."""
    places = {"Musikk": "sund.music", "dans": "sund.dance"}
    chosen = ColumnMap({UNIT: "u", "wellbeing_1": "a", "feedback_1": "b"}, units={"": LEAVE_OUT})
    found = understand(of(["u", "a", "b"], *rows), KNOWN, chosen)
    strange = any(CELLS[cell] is STRANGE for row in rows for cell in row[1:])
    assert (found.answers is None) == strange
    if found.answers is not None:
        by_hand = [
            (places[u], CELLS[a], CELLS[b])
            for u, a, b in rows
            if u in places and (CELLS[a] is not None or CELLS[b] is not None)
        ]
        frame = found.answers.frame.select("leaf", "wellbeing_1", "feedback_1")
        assert frame.rows() == by_hand
        assert len(found.answers.refused) + len(by_hand) == len(rows) == found.answers.rows_in


def test_caught_a_reading_that_takes_a_guess_for_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant understands every value by the number in it."""
    from puls.registers import mapping

    def hasty(words: object, low: int, high: int) -> mapping.Meaning:
        def itself(says: str, cell: str) -> mapping.Meant:
            digits = [int(letter) for letter in cell if letter in "0123456789"]
            return mapping.Meant(digits[0] if digits and low <= digits[0] <= high else None)

        return itself

    monkeypatch.setattr(mapping, "_number", hasty)
    wrong = [cell for cell, expected in CELLS.items() if meant([cell]) != [expected]]
    assert {"-1", "1-2", "5 - noe annet", "A4"} <= set(wrong)


@pytest.mark.parametrize(("one", "other", "same"), [
    ("Jeg trives.", "jeg  TRIVES", True), ("Tilbake\u00admelding", "tilbakemelding", True),
    ("Don’t", "don't", True), ("Jeg trives", "Jeg trives ikke", False), ("å", "a", False),
])  # fmt: skip
def test_alike(one: str, other: str, same: bool) -> None:
    assert (alike(one) == alike(other)) is same


def test_a_wide_table_of_long_headings_is_matched_in_bounded_time() -> None:
    rng = random.Random(2)
    heads = ["".join(rng.choices("abcdefgh ", k=60)) + str(n) for n in range(2000)]
    began = time.monotonic()
    assert propose(of(heads, ["x"] * 2000), KNOWN).map.columns == {}
    assert time.monotonic() - began < 10
