"""What waits to be looked through, for the front page of whoever does that."""

from django.urls import reverse
from django.utils.translation import ngettext

from puls.web.answering import Link
from puls.web.share import queries
from puls.web.tenants.access import Reach
from puls.web.tenants.permissions import can, own_place


def to_look_through(by: Reach) -> Link | None:
    """Where to look through what the administration's units want to share; None for nothing."""
    if not can("practice_review", by, own_place(by)):
        return None
    found = queries.waiting(by)
    if not found:
        return None
    said = ngettext(
        "An example of good practice waits for you to look through it: %(title)s",
        "%(n)s examples of good practice wait for you to look through them.",
        len(found),
    ) % {"n": len(found), "title": found[0].title}
    if len(found) == 1:
        return Link(said, reverse("share:practice", args=[found[0].pk]))
    return Link(said, reverse("share:library"))
