"""What readers of a practice do: take it up, thank, ask; and those it comes from answer."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from puls.errors import NotNow
from puls.web.packs import language_of, pack
from puls.web.share import frozen
from puls.web.share.models import Adoption, Practice, Remark, Says
from puls.web.share.states import State
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Unit
from puls.web.tenants.names import unit_name
from puls.web.tenants.permissions import Place, check, place_of

LONGEST = 1000
"""Letters of a question or an answer."""
MOST_OPEN = 5
"""Questions of one unit to one practice that wait for an answer."""


@transaction.atomic
def adopt(by: Reach, unit: Unit, key: UUID, who: str) -> Adoption:
    """A copy of one's own, to change as one likes, that remembers where it is from."""
    row = _published(key)
    made = frozen.copied(by, unit, row, who)
    return Adoption.objects.create(
        practice=row,
        tenant_id=by.tenant_key,
        unit=unit,
        path=unit.path,
        depth=unit.depth,
        kind=row.kind,
        made=made,
        title=row.title,
        of_unit=row.of_unit,
        adopted_at=timezone.now(),
    )


def thank(by: Reach, unit: Unit, key: UUID) -> None:
    """Once a unit and practice; again it changes nothing."""
    row = _readable_elsewhere(by, unit, key)
    if not Remark.objects.filter(practice=row, unit=unit, says=Says.THANKS).exists():
        _say(by, unit, row, Says.THANKS, "")


def ask(by: Reach, unit: Unit, key: UUID, text: str) -> Remark:
    """A question that all who read the practice can read, with its answer."""
    row = _readable_elsewhere(by, unit, key)
    waiting = Remark.objects.filter(
        practice=row, unit=unit, says=Says.QUESTION, answers__isnull=True
    )
    if waiting.count() >= MOST_OPEN:
        raise NotNow(_("Your earlier questions wait for an answer. Let them be answered first."))
    return _say(by, unit, row, Says.QUESTION, _worded(text))


def answer(by: Reach, unit: Unit, question: UUID, text: str) -> Remark:
    """What those it comes from say to a question."""
    asked = Remark.objects.filter(pk=question, says=Says.QUESTION).first()
    if asked is None:
        raise NotNow(_("This question has been taken back in the meantime."))
    row = asked.practice
    check("practice_write", by, Place(row.tenant_id or "", row.path))
    return _say(by, unit, row, Says.ANSWER, _worded(text), asked)


def remark_take_back(by: Reach, key: UUID) -> None:
    """What one's own unit said; an answer to it goes along."""
    row = Remark.objects.filter(pk=key).first()
    if row is None:
        raise NotNow(_("This has been taken back already."))
    check("remark_write", by, Place(row.tenant_id, row.path))
    row.delete()


def _published(key: UUID) -> Practice:
    row = Practice.objects.filter(pk=key, state=State.PUBLISHED).first()
    if row is None:
        raise NotNow(_("This practice has been withdrawn in the meantime."))
    return row


def _readable_elsewhere(by: Reach, unit: Unit, key: UUID) -> Practice:
    row = _published(key)
    check("remark_write", by, place_of(unit))
    if row.unit_id is None:
        raise NotNow(_("This is an example that comes with Puls: nobody is there to answer."))
    if row.unit_id == unit.key:
        raise NotNow(_("This is your own."))
    return row


def _worded(text: str) -> str:
    text = text.strip()
    if not text:
        raise NotNow(_("Write something first."))
    if len(text) > LONGEST:
        raise NotNow(_("At most %(most)s letters, please.") % {"most": LONGEST})
    return text


def _say(
    by: Reach, unit: Unit, row: Practice, says: Says, text: str, to: Remark | None = None
) -> Remark:
    content = pack()
    return Remark.objects.create(
        practice=row,
        tenant_id=by.tenant_key,
        unit=unit,
        path=unit.path,
        depth=unit.depth,
        of_unit=unit_name(unit, content, language_of(content)),
        says=says,
        text=text,
        to=to,
        written_at=timezone.now(),
    )
