"""The words of PDF files and slides in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from puls.documents.chapters import Titles
from puls.documents.selection import Headings


def headings() -> Headings:
    """The words of a document itself."""
    return Headings(
        contents=pgettext("of a document", "Contents"),
        questions=_("Questions to talk about"),
        numbers=_("The numbers behind the charts"),
        sources=_("Sources and release"),
        # Filled in by the document, which alone knows how many pages it has.
        page=_("Page {page} of {pages}"),
        part=_("{name} ({part} of {parts})"),
        release=_("Release"),
        made_at=_("Released on"),
        smallest_group=_("Smallest group shown"),
        pack=_("Content"),
        address=_("Address"),
        synthetic=_("Real or synthetic"),
        source=_("Source"),
        source_table=_("Table"),
        updated=_("Updated"),
        licence=_("Licence"),
    )


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
