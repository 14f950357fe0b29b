"""Pictures and files over HTTP: handed out after the check of reach, added and removed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puls.errors import NotNow
from puls.web.media import queries, services
from puls.web.media.forms import AttachmentForm, PictureForm, TellForm
from puls.web.media.models import Kind
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.permissions import can, check, place_of

KEPT_SECONDS = 30 * 24 * 3600
ALONE = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""A file opened on its own runs nothing and asks for nothing."""


@require_safe
@reach_required
def picture(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """A picture as wide as a page."""
    return handed_out(queries.content_or_404(key, Kind.PICTURE))


@require_safe
@reach_required
def picture_small(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """The same, as wide as a card."""
    return handed_out(queries.content_or_404(key, Kind.PICTURE, small=True))


@require_safe
@reach_required
def file(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """An attachment to save: never shown by the browser itself."""
    return handed_out(queries.content_or_404(key, Kind.ATTACHMENT))


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def pictures(request: ReachRequest) -> HttpResponseBase:
    """The pictures and files of one's own unit: add, take into a text, remove."""
    form, added = _picture_form(request)
    if added:
        messages.success(request, _("The picture is added."))
        return redirect("media:pictures")
    context = _about(request) | {
        "form": form,
        "attachment_form": AttachmentForm(),
        "attachments": queries.attachments(request.reach.unit),
    }
    return render(request, "media/pictures.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def choose(request: ReachRequest) -> HttpResponseBase:
    """The same as part of a page, for the editor's button: a picture that was added comes first."""
    form, added = _picture_form(request)
    form = PictureForm(auto_id="picture_%s") if added else form
    return render(request, "media/choose.html", _about(request) | {"form": form, "added": added})


@require_POST
@reach_required
def attach(request: ReachRequest) -> HttpResponseBase:
    """Add a file to hand out."""
    form = AttachmentForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            unit = request.membership.unit
            services.attachment_add(
                request.reach, unit, form.cleaned_data["file"], str(request.user)
            )
        except NotNow as reason:
            messages.error(request, str(reason))
        else:
            messages.success(request, _("The file is added."))
    else:
        messages.error(request, _("Choose a file first."))
    return redirect("media:pictures")


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def tell(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """Other words for what a picture shows, wherever it stands."""
    found = queries.pictures_by_key([key]).get(key)
    if found is None or found.unit != request.reach.unit:
        raise Http404
    check("media_write", request.reach, place_of(request.membership.unit))
    now = {"alt": found.alt, "is_decorative": not found.alt}
    form = TellForm(request.POST or None, initial=now, auto_id="picture_%s")
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.picture_tell(
                request.reach, key, given["alt"], is_decorative=given["is_decorative"]
            )
        except NotNow as reason:
            form.add_error("alt", str(reason))
        else:
            messages.success(request, _("It is told in your words now."))
            return redirect("media:pictures")
    return render(request, "media/tell.html", {"picture": found, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def remove(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """Ask once, then remove a picture or file for good."""
    shown = queries.pictures_by_key([key]).get(key)
    handed = queries.attachments_by_key([key]).get(key)
    found = shown or handed
    if found is None or found.unit != request.reach.unit:
        raise Http404
    check("media_write", request.reach, place_of(request.membership.unit))
    if request.method == "POST":
        services.media_remove(request.reach, key)
        messages.success(request, _("It is removed."))
        return redirect("media:pictures")
    return render(request, "media/remove.html", {"picture": shown, "file": handed})


def _picture_form(request: ReachRequest) -> tuple[PictureForm, bool]:
    """The form, and whether what it brought is kept."""
    check("media_write", request.reach, place_of(request.membership.unit))
    if request.method != "POST":
        return PictureForm(auto_id="picture_%s"), False
    form = PictureForm(request.POST, request.FILES, auto_id="picture_%s")
    if not form.is_valid():
        return form, False
    given = form.cleaned_data
    try:
        services.picture_add(
            request.reach,
            request.membership.unit,
            given["picture"],
            given["alt"],
            str(request.user),
            is_decorative=given["is_decorative"],
        )
    except NotNow as reason:
        about_alt = not given["alt"].strip() and not given["is_decorative"]
        form.add_error("alt" if about_alt else "picture", str(reason))
        return form, False
    return form, True


def _about(request: ReachRequest) -> dict[str, Any]:
    return {
        "unit": request.membership.unit,
        "pictures": queries.pictures(request.reach.unit),
        "may_write": can("media_write", request.reach, place_of(request.membership.unit)),
    }


def handed_out(found: queries.Content) -> HttpResponse:
    """Bytes under a name, as what they are and nothing else. They never change under a key."""
    kind = "image/jpeg" if found.is_picture else "application/octet-stream"
    answer = HttpResponse(found.data, content_type=kind)
    name = found.name
    if found.is_picture:
        name = f"{name.rpartition('.')[0] or name}.jpg"
    place = content_disposition_header(not found.is_picture, name)
    answer.headers["Content-Disposition"] = place or "attachment"
    answer.headers["Content-Security-Policy"] = ALONE
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}, immutable"
    answer.headers["Vary"] = "Cookie"
    return answer
