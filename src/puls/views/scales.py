"""On which scale a survey indicator is answered."""

from puls.content.definitions import Indicator, Pack, SurveySource


def answer_scale(indicator: Indicator, pack: Pack) -> tuple[float, float] | None:
    """The ends of the scale, over all versions of the survey; None for a register figure."""
    source = indicator.source
    if not isinstance(source, SurveySource):
        return None
    scales = [survey.scale for (key, _), survey in pack.surveys.items() if key == source.survey]
    return (
        float(min(scale.low for scale in scales)),
        float(max(scale.high for scale in scales)),
    )
