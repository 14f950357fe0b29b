"""What stands out in a row: sorted by how clearly it speaks, never by value."""

from puls.cells import Status
from puls.views.highlights import highlights
from tests.views.cast import COST, FEEDBACK, WAITING, shown, silent, table

RELATION, WELLBEING, CREATIVITY = (
    "student_teacher_relation",
    "student_wellbeing",
    "student_creativity",
)


def test_every_cell_is_in_exactly_one_place() -> None:
    cells = [
        shown(3.1, (1, 1), WAITING),
        shown(21000.0, None, COST),
        shown(4.6, (3, 3), RELATION, interval=(4.5, 4.7), n=9),
        shown(3.8, (2, 2), FEEDBACK, interval=(3.7, 3.9), n=9),
        shown(3.9, (1, 3), CREATIVITY, interval=(3.0, 4.5), n=9),
        silent(Status.LINKED, WELLBEING),
    ]
    drawn = table(cells, (WAITING, COST, RELATION, FEEDBACK, CREATIVITY, WELLBEING))
    found = highlights(drawn, drawn.rows[0])
    keys = {name: [p.column.key for p in getattr(found, name)] for name in found.__slots__}
    assert keys == {
        "weak": [WAITING],
        "plain": [COST],
        "strong": [RELATION],
        "between": [FEEDBACK],
        "uncertain": [CREATIVITY],
        "silent": [WELLBEING],
    }


def test_the_weakest_does_not_come_first() -> None:
    cells = [
        shown(3.5, (1, 1), FEEDBACK, interval=(3.4, 3.55), n=9),
        shown(2.0, (1, 1), CREATIVITY, interval=(1.9, 2.1), n=9),
    ]
    drawn = table(cells, (FEEDBACK, CREATIVITY))
    found = highlights(drawn, drawn.rows[0])
    assert [point.column.key for point in found.weak] == [FEEDBACK, CREATIVITY]
