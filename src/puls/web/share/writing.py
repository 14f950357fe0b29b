"""Pages of those who share: theirs, beginning one, and writing it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puls.errors import NotNow
from puls.web.answering import Link, page
from puls.web.packs import language_of, pack
from puls.web.share import queries, services
from puls.web.share.forms import PracticeForm
from puls.web.share.models import TELLING, Kind
from puls.web.share.states import State
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.permissions import Place, check

FIELDS = (
    "title", "summary", *TELLING, "area", "rubric", "rubric_level", "is_checked",
)  # fmt: skip


@require_safe
@reach_required
def own(request: ReachRequest) -> HttpResponseBase:
    """What the reader's own unit shares or writes on, and what it took up from others."""
    context = {
        "title": _("What we share"),
        "trail": [Link(_("Good practice"), reverse("share:library")), Link(_("What we share"))],
        "own": queries.own(request.reach),
        "adopted": queries.adopted(request.reach.unit),
    }
    return page(request, "share/own.html", context)


@require_POST
@reach_required
def begin(request: ReachRequest, kind: str, source: UUID) -> HttpResponseBase:
    """A draft about a process or an action."""
    if kind not in Kind.values:
        raise Http404
    try:
        made = services.practice_begin(
            request.reach,
            request.membership.unit,
            Kind(kind),
            source,
            language_of(pack()),
            str(request.user),
        )
    except NotNow as reason:
        messages.error(request, str(reason))
        return redirect("share:own")
    return redirect("share:write", made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def write(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """Write on a draft, or delete it."""
    found = queries.practice_or_404(key)
    check("practice_write", request.reach, Place(found.tenant_id or "", found.path))
    if found.state != State.DRAFT:
        return redirect("share:practice", key)
    if request.method == "POST" and "delete" in request.POST:
        return _delete(request, key)
    content, language = pack(), language_of(pack())
    initial = {name: getattr(found, name) for name in FIELDS}
    form = PracticeForm(content, language, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            told = services.Told(**{name: form.cleaned_data[name] for name in FIELDS})
            services.practice_write(request.reach, key, told)
        except NotNow as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("Saved. This is how others will read it."))
            return redirect("share:practice", key)
    context = {
        "title": _("Tell of it"),
        "trail": [
            Link(_("Good practice"), reverse("share:library")),
            Link(found.title, reverse("share:practice", args=[key])),
            Link(_("Tell of it")),
        ],
        "found": found,
        "form": form,
    }
    return page(request, "share/write.html", context)


def _delete(request: ReachRequest, key: UUID) -> HttpResponseBase:
    try:
        services.practice_delete(request.reach, key)
    except NotNow as reason:
        messages.error(request, str(reason))
        return redirect("share:practice", key)
    messages.success(request, _("The draft is deleted."))
    return redirect("share:own")
