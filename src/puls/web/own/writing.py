"""Pages of those who write."""

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from puls.errors import NotNow
from puls.web.answering import Link, page
from puls.web.own import queries, rubrics, services, survey_writing
from puls.web.own.forms import RubricForm
from puls.web.own.models import Definition, Kind
from puls.web.own.states import State
from puls.web.packs import language_of, pack
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.permissions import Place, check, own_place


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def new_rubric(request: ReachRequest) -> HttpResponseBase:
    """A rubric from nothing."""
    check("own_write", request.reach, own_place(request.reach))
    content, language = pack(), language_of(pack())
    form = RubricForm(content, language, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.begin(request.reach, request.membership.unit, form.written())
        except NotNow as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("Saved. This is how staff will see it."))
            return redirect("own:definition", made.key)
    return _form_page(request, form, _("A new rubric"), reverse("own:own"))


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def write(request: ReachRequest, key: str) -> HttpResponseBase:
    """Write on a draft."""
    found = queries.definition_or_404(key)
    if found.tenant_id != request.reach.tenant_key:
        raise Http404
    check("own_write", request.reach, Place(found.tenant_id, found.path))
    if found.state != State.DRAFT:
        return redirect("own:definition", key)
    if found.kind == Kind.SURVEY:
        return survey_writing.page_of(request, found)
    content, language = pack(), language_of(pack())
    initial = {**rubrics.form_values(found.body, found.words), "revision": found.revision}
    form = RubricForm(content, language, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.write(request.reach, key, form.written(), form.cleaned_data["revision"] or 0)
        except NotNow as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("Saved. This is how staff will see it."))
            return redirect("own:definition", key)
    back = reverse("own:definition", args=[key])
    return _form_page(request, form, found.title or _("No title yet"), back, found)


def _form_page(
    request: ReachRequest,
    form: RubricForm,
    title: str,
    back: str,
    found: Definition | None = None,
) -> HttpResponseBase:
    context = {
        "title": title,
        "trail": [
            Link(_("Where do we want to go?"), reverse("see:whither")),
            Link(_("Rubrics and surveys of our own"), reverse("own:own")),
            *([Link(title, back), Link(_("Write"))] if found else [Link(title)]),
        ],
        "form": form,
        "found": found,
        "back": back,
    }
    return page(request, "own/write.html", context)
