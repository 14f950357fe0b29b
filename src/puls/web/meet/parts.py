"""Pages for parts of a meeting: an item of the agenda, people, answers, files to take along."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from puls.errors import ImportFileError, NotNow
from puls.web.answering import Link, kept_private, page
from puls.web.media import queries as media
from puls.web.media.services import picture_add
from puls.web.meet import papers, people, queries, replies, services
from puls.web.meet.forms import (
    AnswersForm,
    ItemChangeForm,
    ItemForm,
    PeopleForm,
    PictureItemForm,
)
from puls.web.meet.models import Meeting
from puls.web.meet.views import author, home, meeting_link, meetings_link
from puls.web.packs import language_of, pack
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.permissions import Place, can, check

TYPES = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def item_new(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """Something more on the agenda."""
    found = queries.meeting_or_404(key)
    check("meeting_plan", request.reach, Place(found.tenant_id, found.path))
    form = ItemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.item_add(request.reach, key, form.thing())
        except NotNow as reason:
            form.add_error(None, str(reason))
        else:
            return redirect(reverse("meet:meeting", args=[key]) + f"#sak-{made.pk}")
    return page(request, "meet/form.html", _about(found, form, _("New item")))


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def picture_new(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """A picture of the unit on the agenda, one that is there or a new one."""
    found = queries.meeting_or_404(key)
    check("meeting_plan", request.reach, Place(found.tenant_id, found.path))
    form = PictureItemForm(
        media.pictures(found.unit_id), request.POST or None, request.FILES or None
    )
    if request.method == "POST" and form.is_valid():
        file, alt = form.cleaned_data["file"], form.cleaned_data["alt"]
        try:
            added = (
                picture_add(request.reach, found.unit, file, alt, author(request).name)
                if file
                else None
            )
            made = services.item_add(request.reach, key, form.thing(added))
        except NotNow as reason:
            form.add_error("file" if file else None, str(reason))
        else:
            return redirect(reverse("meet:meeting", args=[key]) + f"#sak-{made.pk}")
    return page(request, "meet/form.html", _about(found, form, _("Picture on the agenda")))


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def item(request: ReachRequest, key: UUID, item: UUID) -> HttpResponseBase:
    """Other words for an item, or another time."""
    found = queries.meeting_or_404(key)
    check("meeting_plan", request.reach, Place(found.tenant_id, found.path))
    row = found.items.filter(pk=item).first()
    if row is None:
        raise Http404
    now = {"heading": row.heading, "text": row.text, "minutes": row.minutes}
    form = ItemChangeForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.item_change(
                request.reach, key, item, given["heading"], given["text"], given["minutes"]
            )
        except NotNow as reason:
            form.add_error(None, str(reason))
        else:
            return redirect(reverse("meet:meeting", args=[key]) + f"#sak-{item}")
    return page(request, "meet/form.html", _about(found, form, row.heading))


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def invitees(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """More people to invite."""
    found = queries.meeting_or_404(key)
    check("meeting_plan", request.reach, Place(found.tenant_id, found.path))
    known = _colleagues(request, found)
    asked = known if "alle" in request.GET else []
    proposed = {"people": "\n".join(asked), "language": found.language}
    form = PeopleForm(request.POST or None, initial=proposed)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            new = list(people.wanted(given["people"]))
            count = people.invitees_add(request.reach, key, new, given["language"])
        except NotNow as reason:
            form.add_error("people", str(reason))
        else:
            said = ngettext("%(n)s is new on the list.", "%(n)s are new on the list.", count)
            messages.success(request, said % {"n": count})
            return redirect(reverse("meet:meeting", args=[key]) + "#folk")
    about = _about(found, form, _("Who comes"))
    note = _(
        "Names and addresses are kept for this meeting alone, and deleted %(days)s days after it."
    ) % {"days": services.FORGET_AFTER.days}
    return page(request, "meet/form.html", {**about, "note": note, "known": len(known)})


def _colleagues(request: ReachRequest, found: Meeting) -> list[str]:
    """Who has access at the meeting's unit or below and is not invited yet, as one writes them."""
    if not can("people_see", request.reach):
        return []
    taken = {each.email for each in found.invitees.all()} | {request.user.email}
    return [
        people.written(str(each.user), each.user.email)
        for each in tenants.members()
        if f"{each.path}/".startswith(f"{found.path}/") and each.user.email not in taken
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def answers(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """Answers that calendars sent by e-mail, read in."""
    found = queries.meeting_or_404(key)
    check("meeting_plan", request.reach, Place(found.tenant_id, found.path))
    form = AnswersForm(request.POST or None, request.FILES or None)
    outcomes: list[replies.Outcome] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        upload = given["file"]
        try:
            if upload and upload.size > replies.MOST_BYTES:
                raise NotNow(_("The file is too large to be an answer."))
            data = upload.read() if upload else given["pasted"].encode()
            name = upload.name if upload else _("what you pasted")
            outcomes = replies.take(replies.answers_in(data, name))
        except ImportFileError:
            form.add_error(
                None,
                _("No answer can be read in this. Save the calendar file of the e-mail (.ics)."),
            )
        except NotNow as reason:
            form.add_error(None, str(reason))
    about = _about(found, form, _("Read answers in"))
    return page(request, "meet/answers.html", {**about, "outcomes": outcomes})


@require_safe
@reach_required
def agenda_file(request: ReachRequest, key: UUID, kind: str) -> HttpResponseBase:
    """The agenda as a PDF file or slides."""
    found = queries.meeting_or_404(key)
    made = papers.agenda(found, queries.agenda(found), pack(), language_of(pack()))
    # Setting type and drawing slides take longer to import than most pages need.
    if kind == "pdf":
        from puls.documents.pdf import pdf

        data = pdf(made)
    else:
        from puls.documents.slides import pptx

        data = pptx(made)
    return download(data, TYPES[kind], f"sakliste.{kind}")


def download(data: bytes, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return kept_private(answer)


def _about(found: Meeting, form: object, heading: str) -> dict[str, object]:
    return {
        "form": form,
        "meeting": found,
        "heading": heading,
        "back": reverse("meet:meeting", args=[found.pk]),
        "trail": [home(), meetings_link(), meeting_link(found), Link(heading)],
    }
