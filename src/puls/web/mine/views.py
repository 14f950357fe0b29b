"""Pages of one's own: what one is told, what one has written, what another takes over."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from puls.errors import NotNow
from puls.web.actions import queries as actions
from puls.web.answering import Link, kept_private, page
from puls.web.mine import export, queries, services
from puls.web.mine.digest import KINDS
from puls.web.mine.models import Often
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.models import Membership


class WishForm(forms.Form):
    """How often, and of what."""

    often = forms.ChoiceField(
        label=gettext_lazy("E-mail with what waits"),
        choices=Often.choices,
        widget=forms.RadioSelect,
    )
    about = forms.MultipleChoiceField(
        label=gettext_lazy("About"),
        choices=list(KINDS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class HandOverForm(forms.Form):
    """Who takes over."""

    to = forms.ChoiceField(label=gettext_lazy("Who takes over"))

    def __init__(self, others: list[Membership], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = {str(each.pk): each for each in others}
        names = [(key, str(each.user)) for key, each in self.others.items()]
        self.fields["to"].choices = names  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def wishes(request: ReachRequest) -> HttpResponseBase:
    """What one wants to be told by e-mail."""
    kept = queries.wish(request.membership)
    initial = {
        "often": kept.often if kept else Often.NEVER,
        "about": kept.about if kept else list(KINDS),
    }
    form = WishForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        services.wish_keep(request.membership, Often(given["often"]), given["about"])
        messages.success(request, _("Kept. You can change it whenever you like."))
        return redirect("mine:wishes")
    context = {
        "title": _("What I am told by e-mail"),
        "trail": [Link(_("What I am told by e-mail"))],
        "form": form,
    }
    return page(request, "mine/wishes.html", context)


@require_safe
@reach_required
def written(request: ReachRequest) -> HttpResponseBase:
    """What can be taken along, and what another can take over."""
    context = {
        "title": _("What I have written"),
        "trail": [Link(_("What I have written"))],
        "actions": actions.actions_by(request.membership.pk),
        "form": HandOverForm(queries.colleagues(request.membership)),
    }
    return page(request, "mine/written.html", context)


@require_safe
@reach_required
def archive(request: ReachRequest) -> HttpResponseBase:
    """Everything that bears the reader's name here, as one file."""
    answer = HttpResponse(export.archive(request.user), content_type="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="puls-alt-jeg-har-skrevet.zip"'
    return kept_private(answer)


@require_http_methods(["POST"])
@reach_required
def hand_over(request: ReachRequest) -> HttpResponseBase:
    """Open actions become another's."""
    form = HandOverForm(queries.colleagues(request.membership), request.POST)
    if form.is_valid():
        to = form.others[form.cleaned_data["to"]]
        try:
            count = services.hand_over(request.reach, request.membership, to)
        except NotNow as reason:
            messages.error(request, str(reason))
        else:
            words = {"n": count, "who": str(to.user)}
            told = ngettext(
                "%(who)s has taken over %(n)s action.",
                "%(who)s has taken over %(n)s actions.",
                count,
            )
            messages.success(request, told % words)
    else:
        messages.error(request, _("Choose somebody else who works here."))
    return redirect("mine:written")
