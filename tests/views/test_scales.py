"""On which scale a survey indicator is answered: one answer for pages, charts and goals."""

from dataclasses import replace

from puls.views.scales import answer_scale
from tests.views.cast import COST, FEEDBACK, pack


def test_the_scale_holds_every_version_in_whatever_order() -> None:
    content = pack()
    (key, version), survey = next(
        item for item in content.surveys.items() if item[0][0] == "student"
    )
    wider = replace(survey, version=version + 1, scale=replace(survey.scale, high=7))
    narrower = replace(survey, version=version + 2, scale=replace(survey.scale, low=2))
    more = {(key, version + 1): wider, (key, version + 2): narrower}
    for surveys in ({**content.surveys, **more}, {**more, **content.surveys}):
        grown = replace(content, surveys=surveys)
        assert answer_scale(content.indicators[FEEDBACK], grown) == (1.0, 7.0)
    assert answer_scale(content.indicators[FEEDBACK], content) == (1.0, 5.0)
    assert answer_scale(content.indicators[COST], content) is None
