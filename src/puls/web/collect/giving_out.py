"""Pages that give codes out: slips to print, e-mail to parents, reminders, taking codes back."""

import re
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST

from puls.content.definitions import Pack
from puls.documents.slips import Slips, pdf
from puls.errors import PulsError
from puls.web.answering import page
from puls.web.collect import asking, codes, given_codes, jobs, mailing, refusals, views
from puls.web.collect.folders import folders
from puls.web.collect.forms import AddressesForm, SlipsForm
from puls.web.collect.models import Group, Plan
from puls.web.packs import language_of, pack
from puls.web.tenants.access import ReachRequest, reach_required


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def give_out(request: ReachRequest, key: UUID, group: UUID) -> HttpResponseBase:
    """The codes of one group."""
    seen, content = views.mine(request, key), pack()
    plan = seen.plan
    who = views.group_or_404(plan, str(group))
    made, _used = given_codes.counts(plan).get(who.pk, (0, 0)) if plan.round_id else (0, 0)
    slips, since = SlipsForm(initial={"count": max(1, min(500, who.people - made))}), 0
    mail = AddressesForm()
    if request.method == "POST":
        try:
            if "slips" in request.POST:
                slips = SlipsForm(request.POST)
                since = _made_since(request, made)
                if since > 0:
                    slips = SlipsForm(initial={"count": max(1, min(500, who.people - made))})
                elif slips.is_valid():
                    count = slips.cleaned_data["count"]
                    given = given_codes.codes_make(request.reach, plan, who, count, folders())
                    return _file(_slips(plan, who, given, content))
            elif "forget" in request.POST:
                given_codes.codes_forget(request.reach, plan, who)
                messages.success(request, _("Codes that nobody has used no longer work."))
                return redirect("collect:give_out", key, group)
            else:
                mail = AddressesForm(request.POST)
                if mail.is_valid():
                    to, again = _asked(mail)
                    mailing.send_codes(request.reach, plan, who, to, content, folders(), again)
                    return redirect("collect:round", key)
        except PulsError as reason:
            (slips if "slips" in request.POST else mail).add_error(None, refusals.sentence(reason))
    told = views.told(seen, content, language_of(content))
    context: dict[str, Any] = {
        **told,
        "trail": views.trail(told["name"], key, who.name),
        "plan": plan,
        "group": who,
        "codes": made,
        "since": since,
        "slips": slips,
        "mail": mail,
        "no_mail": mailing.why_not(plan),
        "by_mail": asking.audience(content, plan.survey) != "student",
    }
    response = page(request, "collect/give_out.html", context)
    response.status_code = 409 if since > 0 else 200
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def remind(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """A reminder to everybody whose address is given again."""
    seen, content = views.mine(request, key), pack()
    form = AddressesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            to, again = _asked(form)
            mailing.send_reminder(request.reach, seen.plan, to, content, folders(), again)
            return redirect("collect:round", key)
        except PulsError as reason:
            form.add_error(None, refusals.sentence(reason))
    told = views.told(seen, content, language_of(content))
    context = {**told, "trail": views.trail(told["name"], key, _("Remind")), "form": form}
    context["no_mail"] = mailing.why_not(seen.plan)
    return page(request, "collect/remind.html", context)


@require_POST
@reach_required
def stop(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """Ask e-mails that are being sent to stop."""
    jobs.stop(views.mine(request, key).plan)
    return redirect("collect:round", key)


def _made_since(request: ReachRequest, made: int) -> int:
    """How many codes the group got since the page was shown: a file that is fetched leaves the
    page as it was, and whoever presses again shall know that there are codes already."""
    shown = request.POST.get("made", "")
    return made - int(shown) if re.fullmatch(r"[0-9]{1,6}", shown) else 0


def _asked(form: AddressesForm) -> tuple[list[str], bool]:
    given = form.cleaned_data
    return mailing.addresses(given["addresses"]), given["again"]


def _slips(plan: Plan, group: Group, given: list[str], content: Pack) -> bytes:
    language = plan.languages[0]
    place = settings.PULS_ADDRESS.partition("//")[2]
    with override(language):
        survey = content.text(language, f"survey.{plan.survey}.name")
        made_up = (_("made up"),) if plan.tenant.is_synthetic else ()
        return pdf(
            Slips(
                language=language,
                title=f"{survey}: {group.name}",
                heading=survey,
                who=" · ".join((plan.unit.name, group.name, *made_up)),
                how=_("Scan the square with a phone, or go to the address and type the code."),
                promise=_("The code works once. Nobody can see what you answer."),
                place=f"{place}/svar",
                link=f"{settings.PULS_ADDRESS}/svar/{plan.address}",
                codes=[(code, codes.shown(code)) for code in given],
            )
        )


def _file(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    name = slugify(_("codes")) or "codes"
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    # Whoever comes to this device later shall not find codes in it.
    response["Cache-Control"] = "no-store"
    return response
