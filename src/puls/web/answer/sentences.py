"""What is said to somebody who answers, by what became of what they sent."""

import json
from collections.abc import Mapping
from functools import cache

from django.utils import translation
from django.utils.translation import gettext_lazy as _

SENTENCES: Mapping[str, object] = {
    "recorded": _("Your answers are recorded. You can close this page."),
    "already": _(
        "Answers with this code are recorded already. They are counted once, and nothing more is "
        "needed."
    ),
    "unknown": _("There is no such code. Look at your slip once more."),
    "closed": _("This survey is closed and takes no more answers."),
    "typo": _("A code has ten letters and digits. Look at your slip once more."),
    "empty": _("You have not answered anything yet."),
    "wait": _("Too many wrong codes were tried from here. Wait some minutes and try again."),
    "away": _("The answers could not be stored just now. Nothing is lost: send them again."),
}
STATUS: Mapping[str, int] = {
    "recorded": 200,
    "already": 200,
    "unknown": 404,
    "closed": 410,
    "typo": 422,
    "empty": 422,
    "wait": 429,
    "away": 503,
}


@cache
def for_script(became: str, language: str) -> bytes:
    """What the form's script is told, as JSON. language: one of the pack's."""
    with translation.override(language):
        return json.dumps({"became": became, "sentence": str(SENTENCES[became])}).encode()
