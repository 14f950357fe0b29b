"""The words of a document itself, whatever it is about, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

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
