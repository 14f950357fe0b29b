"""The rubrics, and beside them what was answered in the same area; the sheet about a pair."""

from puls.content.definitions import SurveySource
from puls.web.assess.models import Release
from puls.web.packs import pack
from puls.web.see import conversation
from tests.web.cast import Cast, LogIn
from tests.web.see.test_pages import YEAR
from tests.web.see.world import FEEDBACK, SCHOOL, SHARE


def test_answers_stand_beside_the_rubrics_of_their_area(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.bob).get("/hvor-skal-vi/").text
    for group in conversation.rubrics_by_area(pack(), "nb", {}):
        section = page.split(f'id="omrade-{group.area}"')[1].split("</section>")[0]
        for key in pack().default_columns:
            indicator = pack().indicators[key]
            asked = isinstance(indicator.source, SurveySource)
            here = asked and indicator.area == group.area
            assert (f'href="/utvikling/{SCHOOL}/{key}/"' in section) is here, key
    assert "3,4" in page
    assert f"/utvikling/{SCHOOL}/{SHARE}/" not in page, "nobody answered that"


def test_before_anything_is_released_there_are_rubrics_alone(cast: Cast, log_in: LogIn) -> None:
    page = log_in(cast.bob).get("/hvor-skal-vi/").text
    assert "Vurdering for læring" in page
    assert "Det elever og foresatte svarte" not in page


def test_two_indicators_on_the_sheet_bring_the_questions_about_the_pair(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    sheet = f"/hva-gjor-vi/{SCHOOL}/{YEAR}/?valgt={SCHOOL}.{FEEDBACK}"
    bob = log_in(cast.bob)
    asked = "Hvilke råd bruker elevene faktisk når de øver hjemme?"
    assert asked in bob.get(f"{sheet},{SCHOOL}.student_mastery_expectation").text
    assert asked not in bob.get(sheet).text
