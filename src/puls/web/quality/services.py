"""All writing of descriptions: by the people of the unit itself; finished by its leader."""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from puls.errors import NotNow
from puls.web.assess import queries as assess
from puls.web.media.texts import LONGEST
from puls.web.packs import pack
from puls.web.quality.counting import spread_add as spread_add
from puls.web.quality.models import Description, Kind
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Unit
from puls.web.tenants.permissions import check, place_of


def description_save(
    by: Reach,
    unit: Unit,
    period: int,
    kind: Kind,
    key: str,
    texts: tuple[str, str],
    based_on: int,
    written_by: str,
) -> Description:
    """A new version. texts: what is seen, and how it is judged, in Markdown.

    based_on: the number of the version that the writer had before them, 0 for none; NotNow where
    somebody has saved since. What is unchanged is not saved anew.
    """
    check("quality_write", by, place_of(unit))
    check_subject(kind, key)
    sees, judges = (text.strip() for text in texts)
    if max(len(sees), len(judges)) > LONGEST:
        raise NotNow(_("A text has at most %(most)s letters.") % {"most": LONGEST})
    newest = _versions(unit, period, kind, key).order_by("-number").first()
    number = newest.number if newest else 0
    if number != based_on:
        raise NotNow(
            _("Somebody has saved in the meantime. Copy what you wrote, open the text anew, and "
              "put it in there.")
        )  # fmt: skip
    if newest and (newest.sees, newest.judges) == (sees, judges):
        return newest
    if not newest and not sees and not judges:
        raise NotNow(_("Write what you see first."))
    try:
        with transaction.atomic():
            return Description.objects.create(
                tenant_id=by.tenant_key,
                unit=unit,
                path=unit.path,
                depth=unit.depth,
                period=period,
                kind=kind,
                key=key,
                number=number + 1,
                release=next((note.id for note in assess.releases(period)), None),
                sees=sees,
                judges=judges,
                written_by=written_by,
                written_at=timezone.now(),
            )
    except IntegrityError:
        raise NotNow(_("Somebody has saved just now. Open the text anew.")) from None


def description_finish(
    by: Reach, unit: Unit, period: int, kind: Kind, key: str, number: int, finished_by: str
) -> None:
    """The leader stands by this version: from now on those above read it, instead of another."""
    check("quality_finish", by, place_of(unit))
    every = _versions(unit, period, kind, key)
    found = every.filter(number=number).first()
    if found is None or (not found.sees and not found.judges):
        raise NotNow(_("There is no text to finish. Write what you see first."))
    if found.finished_at is not None:
        return
    with transaction.atomic():
        every.filter(finished_at__isnull=False).update(finished_by="", finished_at=None)
        every.filter(number=number).update(finished_by=finished_by, finished_at=timezone.now())


def description_take_back(by: Reach, unit: Unit, period: int, kind: Kind, key: str) -> None:
    """Those above no longer read it. What they have put into a report of theirs stays there."""
    check("quality_finish", by, place_of(unit))
    found = _versions(unit, period, kind, key).filter(finished_at__isnull=False)
    if not found.update(finished_by="", finished_at=None):
        raise NotNow(_("It has been taken back already."))


def check_subject(kind: Kind, key: str) -> None:
    """NotNow where the pack has no such area, indicator or rubric."""
    content = pack()
    known = {
        Kind.AREA: {area for plan in content.frameworks for area in plan.areas},
        Kind.INDICATOR: set(content.indicators),
        Kind.RUBRIC: set(content.rubrics),
    }
    if key not in known[kind]:
        raise NotNow(_("There is nothing called “%(key)s” to describe.") % {"key": key})


def _versions(unit: Unit, period: int, kind: Kind, key: str) -> QuerySet[Description]:
    return Description.objects.filter(unit=unit, period=period, kind=kind, key=key)
