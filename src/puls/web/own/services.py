"""All writing of own definitions.

by: the reach of who writes. NotAllowed for those who may not, NotNow with a sentence where it
cannot be done now.
"""

from contextlib import suppress
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from puls.content.definitions import Pack
from puls.content.own import OwnDefinition
from puls.errors import NotNow
from puls.web.own import keys, rubrics, survey_checks, surveys
from puls.web.own.beside import definition
from puls.web.own.lacking import Lack, Written
from puls.web.own.models import LONGEST_NOTE, Definition, Kind
from puls.web.own.states import IN_FORCE, WAYS, WRITTEN, Move, State
from puls.web.own.surveys import Sheet
from puls.web.packs import built_in, look_again
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Unit
from puls.web.tenants.names import unit_name
from puls.web.tenants.permissions import Place, can, check, place_of

MOST = 60
"""Own definitions of an administration, all versions of one counted once."""


def begin(by: Reach, unit: Unit, first: Written | Sheet) -> Definition:
    """A draft of something new: a rubric, or a survey."""
    check("own_write", by, place_of(unit))
    return _new(by, unit, first)


def next_version(by: Reach, unit: Unit, key: str) -> Definition:
    """A draft that begins with the words of a published version, and will replace it."""
    check("own_write", by, place_of(unit))
    row = _mine(by, key)
    newest = Definition.objects.filter(stem=row.stem).order_by("-version").first()
    if State(row.state) in WRITTEN or newest is None:
        raise NotNow(_("This is a draft: write on it."))
    if newest.published_at is None:
        raise NotNow(_("Somebody is writing the next version already. You find it in the list."))
    try:
        with transaction.atomic():
            return _add(
                by,
                unit,
                kind=row.kind,
                stem=row.stem,
                version=newest.version + 1,
                first=_as_typed(row),
                source=row.source,
                source_title=row.source_title,
                source_owner=row.source_owner,
            )
    except IntegrityError:
        raise NotNow(
            _("Somebody is writing the next version already. You find it in the list.")
        ) from None


@transaction.atomic
def write(by: Reach, key: str, wanted: Written | Sheet, revision: int) -> None:
    """Other words for a draft. revision: of the words that the writer had before them."""
    row = _held(by, key)
    check("own_write", by, _place(row))
    if row.state != State.DRAFT:
        raise NotNow(_("Only a draft can be changed. A published one gets a next version."))
    if row.revision != revision:
        raise NotNow(
            _(
                "Somebody has saved in the meantime. What you wrote stands below: open the page "
                "anew in another window, and put in there what is missing."
            )
        )
    _lay(row, wanted)
    row.revision += 1
    _describe(row)
    row.save(update_fields=["body", "words", "revision", "title", "plain", "area", "changed_at"])


@transaction.atomic
def move(by: Reach, key: str, way: Move, note: str = "", *, is_checked: bool = False) -> State:
    """Make a move of the table; the state it leads to.

    note: to the writer, if it is sent back. is_checked: nobody is named in what is shared.
    """
    row = _held(by, key)
    found = WAYS.get((State(row.state), way))
    if found is None:
        raise NotNow(_("Somebody else moved this on just now. Look at where it stands first."))
    if not (found.writer and can("own_write", by, _place(row))):
        check("own_decide" if found.decider else "own_write", by, _place(row))
    if found.to in (State.PROPOSED, *IN_FORCE):
        lacking = lacks(built_in(), definition(row))
        if lacking:
            raise NotNow(lacking[0].sentence)
    if way is Move.SEND_BACK and not note.strip():
        raise NotNow(_("Say in a few words what should be different."))
    if way is Move.SHARE and not is_checked:
        raise NotNow(_("Check the names first, and tick that you have."))
    if way is Move.RESUME and _others(row).filter(state__in=IN_FORCE).exists():
        raise NotNow(_("Another version of it is in use."))
    now = timezone.now()
    row.state, row.note = found.to, note.strip()[:LONGEST_NOTE]
    row.is_checked = row.is_checked or is_checked
    if found.to is State.SHARED:
        row.shared_at = now
    if way is Move.PUBLISH:
        row.published_at = now
        _others(row).exclude(published_at=None).update(state=State.REPLACED)
    row.save(update_fields=["state", "note", "is_checked", "published_at", "shared_at"])
    look_again()
    return found.to


@transaction.atomic
def delete(by: Reach, key: str) -> None:
    """A draft goes for good: nobody has used it."""
    row = _held(by, key)
    check("own_write", by, _place(row))
    if row.state != State.DRAFT:
        raise NotNow(_("Only a draft can be deleted."))
    row.delete()


def adopt(by: Reach, unit: Unit, key: str) -> Definition:
    """A draft of one's own with the words of what others share. It knows its source."""
    check("own_write", by, place_of(unit))
    row = Definition.objects.filter(key=key, state=State.SHARED).first()
    if row is None or row.tenant_id == by.tenant_key:
        raise NotNow(_("This is not shared with you any more."))
    return _new(
        by,
        unit,
        _as_typed(row),
        source=row.key,
        source_title=row.title,
        source_owner=row.of_owner,
    )


def lacks(pack: Pack, own: OwnDefinition) -> list[Lack]:
    """What keeps a definition from being used, in the order of its form."""
    return (survey_checks.lacks if own.is_survey else rubrics.lacks)(pack, own)


def _as_typed(row: Definition) -> Written | Sheet:
    """A definition as somebody would type it, without the keys that Puls gives."""
    if row.kind == Kind.SURVEY:
        return surveys.of_row(row.body, row.words)
    return Written({name: row.body[name] for name in ("area", "questions")}, row.words)


def _new(by: Reach, unit: Unit, first: Written | Sheet, **source: str) -> Definition:
    kind = Kind.SURVEY if isinstance(first, Sheet) else Kind.RUBRIC
    rows = Definition.objects.filter(tenant=by.tenant_key, kind=kind, version=1)
    numbers = [int(stem.rpartition("_")[2]) for stem in rows.values_list("stem", flat=True)]
    number = max(numbers, default=0) + 1
    if len(numbers) >= MOST:
        raise NotNow(_("You have %(most)s already. Delete drafts first.") % {"most": MOST})
    # Others' drafts cannot be seen from here, so a number may be taken all the same.
    for at in range(number, number + MOST):
        with suppress(IntegrityError), transaction.atomic():
            return _add(
                by,
                unit,
                kind=kind,
                stem=keys.stem(by.tenant_key, kind, at),
                version=1,
                first=first,
                **source,
            )
    raise NotNow(_("Somebody else began one at the same moment. Try again."))


def _add(by: Reach, unit: Unit, first: Written | Sheet, **fields: Any) -> Definition:
    owner = Unit.objects.get(key=by.tenant_key)
    row = Definition(
        tenant_id=by.tenant_key,
        unit=unit,
        path=unit.path,
        depth=unit.depth,
        of_owner=unit_name(owner, built_in(), built_in().languages[0]),
        **fields,
    )
    row.key = keys.of_version(row.stem, row.version)
    _lay(row, first)
    _describe(row)
    row.save(force_insert=True)
    return row


def _lay(row: Definition, wanted: Written | Sheet) -> None:
    """What was written, with the keys that Puls gives."""
    if isinstance(wanted, Sheet):
        published = _others(row).exclude(published_at=None).order_by("version")
        before = [definition(each) for each in published]
        wanted = surveys.written(wanted, row.stem, row.version, before, row.body)
        row.body = dict(wanted.body)
    else:
        number = row.stem.rpartition("_")[2]
        row.body = {**wanted.body, "key": row.key, "number": f"E{number}"}
    row.words = {language: dict(words) for language, words in wanted.words.items()}


def _describe(row: Definition) -> None:
    """What lists and searches show of it, from its words."""
    row.title = rubrics.title_of(built_in(), row.words)
    row.plain = rubrics.plain(row.words, built_in().languages[0])
    row.area = str(row.body.get("area", ""))
    row.changed_at = timezone.now()


def _others(row: Definition) -> QuerySet[Definition]:
    return Definition.objects.filter(tenant=row.tenant_id, stem=row.stem).exclude(pk=row.pk)


def _place(row: Definition) -> Place:
    return Place(row.tenant_id, row.path)


def _mine(by: Reach, key: str) -> Definition:
    row = Definition.objects.filter(key=key, tenant=by.tenant_key).first()
    if row is None:
        raise NotNow(_("There is nothing like this here."))
    return row


def _held(by: Reach, key: str) -> Definition:
    """A row of the own administration, held until the end."""
    row = _mine(by, key)
    if not can("own_decide", by, _place(row)):
        check("own_write", by, _place(row))
    # Only then: the database gives rows to lock to those alone who may change them.
    return Definition.objects.select_for_update(of=("self",)).get(pk=row.pk)
