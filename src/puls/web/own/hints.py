"""Advice on the statements of a survey, as those give it who make questionnaires. Only advice."""

import re

from django.utils.translation import gettext as _

from puls.web.own.surveys import ConstructSheet

LONG = 90
"""Letters of a statement that a ten-year-old still reads at one go."""
NEGATIONS = {
    "nb": {"ikke", "aldri", "ingen", "uten", "verken"},
    "nn": {"ikkje", "aldri", "ingen", "utan", "verken"},
    "en": {"not", "never", "no", "nobody", "without"},
}
JOINING = {"nb": {"og", "eller"}, "nn": {"og", "eller"}, "en": {"and", "or"}}


def of_item(text: str, language: str) -> list[str]:
    """What could be better in one statement."""
    words = set(re.findall(r"\w+", text.lower()))
    found = []
    if len(text) > LONG:
        found.append(_("Long: can it be said in fewer words?"))
    if words & NEGATIONS.get(language, set()):
        found.append(_("Negated: disagreeing with it is a double negation. Turn it around."))
    if words & JOINING.get(language, set()):
        found.append(_("Two thoughts? Somebody may agree with one of them only."))
    if text.rstrip().endswith("?"):
        found.append(_("A question: people are asked how far they agree with a statement."))
    return found


def of_construct(each: ConstructSheet) -> list[str]:
    """What could be better in a part as a whole."""
    asked = [item for item in each.items if item.words]
    if not asked:
        return []
    found = []
    if len(asked) < 3:
        found.append(_("With three to five statements the answer rests on more than one wording."))
    if len(asked) >= 3 and not any(item.reversed for item in asked):
        found.append(_("One statement turned around shows whether people read along."))
    return found
