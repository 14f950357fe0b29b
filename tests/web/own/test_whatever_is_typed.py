"""Whatever somebody types is refused at its field, kept as a draft, or loads beside the pack."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from puls.content.own import OwnDefinition, with_own
from puls.web.own import rubrics
from puls.web.own.forms import RubricForm
from puls.web.packs import built_in
from tests.web.own.typed import FIELDS

PACK = built_in()
NAMES = [f"{part}_{language}" for language in PACK.languages for part in rubrics.PARTS]
TEXTS = st.one_of(
    st.sampled_from(["", "  ", "{", "}}", "{title}", "%(n)s", "<b>x</b>", "'", "\0", "a\r\n b"]),
    st.text(max_size=40),
    st.just("lang " * 400),
)
CHANGES = st.dictionaries(st.sampled_from([*NAMES, "area", "revision"]), TEXTS, max_size=6)


@settings(max_examples=120, deadline=None)
@given(changes=CHANGES)
def test_it_is_refused_kept_or_loads(changes: dict[str, str]) -> None:
    form = RubricForm(PACK, "nb", {**FIELDS, **changes})
    if not form.is_valid():
        assert all(sentences for sentences in form.errors.values())
        return
    own = definition(form)
    lacking = rubrics.lacks(PACK, own)
    assert all(each.field in form.fields and each.sentence for each in lacking)
    if lacking:
        return
    rubric = with_own(PACK, [own]).rubrics[own.key]
    again = RubricForm(PACK, "nb", rubrics.form_values(own.body, own.words))
    assert again.is_valid()
    assert definition(again) == own, "opened and saved again it is another one"
    assert 1 <= rubric.questions <= rubrics.MOST_QUESTIONS


def definition(form: Any) -> OwnDefinition:
    written = form.written()
    body = {**written.body, "key": "own_x_rubric_1_v1", "number": "E1"}
    return OwnDefinition("own_x_rubric_1_v1", body, written.words)


def test_the_example_itself_loads() -> None:
    form = RubricForm(PACK, "nb", FIELDS)
    assert form.is_valid()
    assert rubrics.lacks(PACK, definition(form)) == []
