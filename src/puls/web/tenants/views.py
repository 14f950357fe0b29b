"""Pages about access: who has it, giving and ending it, switching between one's own roles."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puls.errors import NotNow
from puls.web.accounts.models import User
from puls.web.accounts.queries import email_is_known
from puls.web.answering import Link
from puls.web.tenants import queries, services
from puls.web.tenants.access import SESSION_KEY, ReachRequest, reach_required
from puls.web.tenants.forms import InvitationForm, JoinForm, PositionForm, TenantForm
from puls.web.tenants.models import Invitation, Membership
from puls.web.tenants.permissions import can, check


@require_http_methods(["GET", "POST"])
@reach_required
def people(request: ReachRequest) -> HttpResponse:
    """Everybody with access to the tenant, and the form that invites."""
    check("people_see", request.reach)
    units = queries.own_units(request.reach, timezone.localdate())
    form = InvitationForm(
        request.reach,
        units,
        request.POST or None,
        initial={"language": request.user.language},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.membership_invite(
                request.reach,
                form.place,
                given["role"],
                given["email"],
                name=given["name"],
                language=given["language"],
                invited_by=request.user,
            )
        except NotNow as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("%(email)s has been invited.") % given)
            return redirect("access")
    shown = {
        "form": form,
        "members": [
            (member, can("position_end", request.reach, services.position_of(member)))
            for member in queries.members()
        ],
        "invitations": queries.invitations(),
        "may_add_tenants": can("tenant_add", request.reach),
    }
    return TemplateResponse(request, "tenants/people.html", shown)


@require_http_methods(["GET", "POST"])
@reach_required
def member(request: ReachRequest, pk: UUID) -> HttpResponse:
    """Another role or place for one person, a link for a new password, or the end of the access."""
    check("people_see", request.reach)
    person = Membership.objects.filter(pk=pk, active=True).select_related("user", "unit").first()
    if person is None:
        raise Http404
    check("position_end", request.reach, services.position_of(person))
    units = queries.own_units(request.reach, timezone.localdate())
    now = {"unit": person.unit_id, "role": person.role}
    other = not request.POST.keys().isdisjoint({"end", "password"})
    form = PositionForm(request.reach, units, None if other else request.POST or None, initial=now)
    try:
        if "password" in request.POST:
            services.password_send(request.reach, person, request)
            words = {"email": person.user.email}
            messages.success(request, _("%(email)s gets a link to choose a new password.") % words)
            return redirect("access")
        if "end" in request.POST:
            services.membership_deactivate(request.reach, person)
            messages.success(request, _("%(name)s no longer has access.") % {"name": person.user})
            return redirect("access")
        if request.method == "POST" and form.is_valid():
            services.membership_assign(request.reach, person, form.place, form.cleaned_data["role"])
            messages.success(request, _("The role has been changed."))
            return redirect("access")
    except NotNow as reason:
        messages.error(request, str(reason))
    shown = {"form": form, "person": person, "trail": _trail(str(person.user))}
    return TemplateResponse(request, "tenants/member.html", shown)


@require_POST
@reach_required
def invitation(request: ReachRequest, pk: UUID) -> HttpResponse:
    """Takes an invitation back, or sends it again with a new link."""
    check("people_see", request.reach)
    found = Invitation.objects.filter(pk=pk).select_related("unit").first()
    if found is None:
        raise Http404
    if "again" in request.POST:
        try:
            services.membership_invite(
                request.reach,
                found.unit,
                found.role,
                found.email,
                name=found.name,
                language=found.language,
                invited_by=request.user,
            )
            messages.success(request, _("%(email)s has been invited.") % {"email": found.email})
        except NotNow as reason:
            messages.error(request, str(reason))
    else:
        services.invitation_withdraw(request.reach, found)
        messages.success(request, _("The invitation has been withdrawn."))
    return redirect("access")


@require_http_methods(["GET", "POST"])
@reach_required
def tenant_new(request: ReachRequest) -> HttpResponse:
    """A new administration with its first person, for the national body."""
    check("tenant_add", request.reach)
    places = queries.places(timezone.localdate())
    form = TenantForm(places, request.POST or None, initial={"language": request.user.language})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.tenant_begin(
                request.reach,
                given["unit"],
                school=given["school"],
                email=given["email"],
                name=given["name"],
                language=given["language"],
                invited_by=request.user,
            )
        except NotNow as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("%(email)s has been invited.") % given)
            return redirect("tenant_new")
    shown = {"form": form, "trail": _trail(_("Add an administration"))}
    return TemplateResponse(request, "tenants/tenant_new.html", shown)


@require_http_methods(["GET", "POST"])
@reach_required
def switch(request: ReachRequest) -> HttpResponse:
    """Which of one's own roles the pages are for."""
    mine = queries.own_memberships(request.user)
    if request.method == "POST":
        if request.POST.get("membership") not in {str(own.pk) for own, _unit in mine}:
            raise Http404
        request.session[SESSION_KEY] = request.POST["membership"]
        return redirect("/")
    shown = {"mine": mine, "now": request.membership.pk}
    return TemplateResponse(request, "tenants/switch.html", shown)


@require_GET
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the e-mail: keeps the token in the session, so that no later address has it."""
    request.session["invitation"] = queries.hash_of(token)
    return redirect("join")


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Accepting an invitation: with a new account, or with the one the person has."""
    token_hash = request.session.get("invitation", "")
    found = queries.invitation_shown(token_hash)
    if found is None:
        return TemplateResponse(request, "tenants/invitation_over.html", status=410)
    person = request.user if isinstance(request.user, User) else None
    email = found.invitation.email
    known = person is not None or email_is_known(email)
    form = JoinForm(email, request.POST or None, initial={"name": found.invitation.name})
    if request.method == "POST" and (person or (not known and form.is_valid())):
        given = {} if person else form.cleaned_data
        language = get_language() or found.invitation.language
        try:
            begun = services.invitation_accept(token_hash, person, language=language, **given)
        except NotNow as reason:
            messages.error(request, str(reason))
        else:
            if person is None:
                login(request, begun.user, backend=settings.AUTHENTICATION_BACKENDS[-1])
            request.session.pop("invitation", None)
            request.session[SESSION_KEY] = str(begun.pk)
            return redirect(settings.LOGIN_REDIRECT_URL)
    shown = {
        "found": found,
        "form": form,
        "log_in_first": known and person is None,
        "is_other": person is not None and person.email != email,
    }
    return TemplateResponse(request, "tenants/join.html", shown)


def _trail(here: str) -> list[Link]:
    """The way to a page behind the list of people."""
    return [Link(_("Access"), reverse("access")), Link(here)]
