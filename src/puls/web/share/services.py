"""All writing of shared practices, by those they come from and their administration.

by: the reach of who writes. NotAllowed for those who may not, NotNow with a sentence where it
cannot be done now. `Told` is what its writer tells; the rest follows from where it comes from.
"""

from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from puls.errors import NotNow
from puls.web.media import texts
from puls.web.media.queries import attachments_by_key, pictures_by_key
from puls.web.media.services import media_share
from puls.web.packs import pack
from puls.web.share import frozen
from puls.web.share.models import LONGEST_TITLE, TELLING, Kind, Practice
from puls.web.share.states import WAYS, Move, State
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Unit
from puls.web.tenants.names import unit_name
from puls.web.tenants.permissions import Place, can, check, place_of

LONGEST_SUMMARY = 300
EDITABLE = (State.DRAFT,)


@dataclass(frozen=True)
class Told:
    """What the writer tells of a practice. See `models.Practice`."""

    title: str
    summary: str = ""
    did: str = ""
    for_whom: str = ""
    took: str = ""
    saw: str = ""
    differently: str = ""
    area: str = ""
    rubric: str = ""
    rubric_level: int | None = None
    is_checked: bool = False


@transaction.atomic
def practice_begin(
    by: Reach, unit: Unit, kind: Kind, source: UUID, language: str, written_by: str
) -> Practice:
    """A draft about a process or an action of the unit, with what it says already filled in."""
    check("practice_write", by, place_of(unit))
    open_one = Practice.objects.filter(source=source, unit=unit).exclude(state=State.WITHDRAWN)
    if open_one.exists():
        raise NotNow(_("This is being shared already. You find it under “Yours”."))
    begun = frozen.begun(unit, kind, source)
    content, now = pack(), timezone.now()
    owner = Unit.objects.get(key=by.tenant_key)
    name = unit_name(unit, content, language)
    return Practice.objects.create(
        tenant_id=by.tenant_key,
        unit=unit,
        path=unit.path,
        depth=unit.depth,
        of_unit=name,
        of_owner="" if owner.key == unit.key else unit_name(owner, content, language),
        kind=kind,
        source=source,
        language=language,
        title=begun.title[:LONGEST_TITLE],
        did=begun.did[: texts.LONGEST],
        area=begun.area,
        rubric=begun.rubric,
        rubric_level=begun.rubric_level,
        written_by=written_by,
        written_at=now,
        changed_at=now,
    )


@transaction.atomic
def practice_write(by: Reach, key: UUID, told: Told) -> None:
    """Other words for a draft."""
    row = _held(by, key, "practice_write")
    if row.state not in EDITABLE:
        raise NotNow(_("Take it back before you change it."))
    _check(told)
    for name, value in asdict(told).items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    row.rubric_level = told.rubric_level if told.rubric else None
    row.changed_at = timezone.now()
    row.save(update_fields=[*asdict(told), "changed_at"])


@transaction.atomic
def practice_move(by: Reach, key: UUID, move: Move, note: str = "") -> State:
    """Make a move of the table; the state it leads to. note: to the writer, if it is sent back."""
    row = _held(by, key)
    way = WAYS.get((State(row.state), move))
    place = Place(row.tenant_id or "", row.path)
    if way is None:
        raise NotNow(_("Somebody else moved this on just now. Look at where it stands first."))
    if not (way.writer and can("practice_write", by, place)):
        check("practice_review" if way.reviewer else "practice_write", by, place)
    if way.to is not State.DRAFT:
        _check_whole(row)
    if move is Move.SEND_BACK and not note.strip():
        raise NotNow(_("Say in a few words what should be different."))
    row.state, row.note = way.to, note.strip()[:400]
    if way.to is State.PUBLISHED:
        # Now, and within the reach of who publishes it: what the administration may not see yet
        # is not told to others.
        frozen.freeze(row, by, pack())
        row.published_at = timezone.now()
    row.save(update_fields=["state", "note", "copy", "figures", "alike", "published_at"])
    _share_media(by, row, shared=way.to is State.PUBLISHED)
    return way.to


@transaction.atomic
def practice_delete(by: Reach, key: UUID) -> None:
    """A draft that nobody outside has seen goes for good."""
    row = _held(by, key, "practice_write")
    if row.state != State.DRAFT or row.published_at is not None:
        raise NotNow(_("Only a draft that was never published can be deleted."))
    row.delete()


def _held(by: Reach, key: UUID, rule: str = "") -> Practice:
    """A row of the own administration, held until the end. rule: who may; "" for either hand."""
    row = Practice.objects.filter(pk=key, tenant=by.tenant_key).first()
    if row is None:
        raise NotNow(_("There is no such practice here."))
    place = Place(row.tenant_id or "", row.path)
    if rule or not can("practice_review", by, place):
        check(rule or "practice_write", by, place)
    # Only then: the database gives rows to lock to those alone who may change them.
    return Practice.objects.select_for_update(of=("self",)).get(pk=key)


def _check(told: Told) -> None:
    """NotNow with what is wrong."""
    content = pack()
    if not told.title.strip():
        raise NotNow(_("It needs a title."))
    if len(told.title.strip()) > LONGEST_TITLE:
        raise NotNow(_("A title has at most %(most)s letters.") % {"most": LONGEST_TITLE})
    if len(told.summary.strip()) > LONGEST_SUMMARY:
        raise NotNow(_("The summary has at most %(most)s letters.") % {"most": LONGEST_SUMMARY})
    if told.rubric and told.rubric not in content.rubrics:
        raise NotNow(_("There is no rubric “%(key)s”.") % {"key": told.rubric})


def _check_whole(row: Practice) -> None:
    """NotNow where readers elsewhere would miss something, or nobody has checked the names."""
    if not (row.summary and row.did and row.saw and row.area):
        raise NotNow(
            _("Fill in the summary, what you did, what you saw and the quality area first.")
        )
    if not row.is_checked:
        raise NotNow(_("Check the names first, and tick that you have."))


def _share_media(by: Reach, row: Practice, *, shared: bool) -> None:
    """Its pictures and files are seen by its readers, and no longer than it is.

    Those of its own unit: whoever writes may name another's picture, and may not share it.
    """
    told = "\n\n".join(getattr(row, name) for name in TELLING)
    pictures = pictures_by_key(texts.pictures_in(told))
    files = attachments_by_key(texts.files_in(told))
    used = {key for key, each in pictures.items() if each.unit == row.unit_id}
    used |= {key for key, each in files.items() if each.unit == row.unit_id}
    if not shared:
        others = Practice.objects.filter(tenant=row.tenant_id, state=State.PUBLISHED)
        for other in others.exclude(pk=row.pk):
            words = "\n\n".join(getattr(other, name) for name in TELLING)
            used -= texts.pictures_in(words) | texts.files_in(words)
    media_share(by, used, shared=shared)
