"""The words of PDF files and slides in the reader's language."""

from django.utils.translation import gettext as _

from puls.documents.chapters import Titles
from puls.web.document_words import headings

__all__ = ["headings", "titles"]


def titles() -> Titles:
    """The headings of the chapters about a unit."""
    return Titles(
        table=_("Colour table"),
        standouts=_("What stands out"),
        standouts_lead=_(
            "A place to begin a conversation, not a verdict. Each point has its reason, and "
            "nothing is ranked."
        ),
        weak=_("Clearly on the lowest level"),
        strong=_("Clearly on the highest level"),
        uncertain=_("Where the answers do not decide"),
        nothing=_("Nothing is clearly on the lowest or the highest level."),
        over_time=_("Over time"),
        over_time_lead=_(
            "Each chart shows one indicator over the years in which it was measured. What could "
            "reveal someone is left out, and the chart says so."
        ),
        talk=_("To talk about"),
    )
