"""Pages of saved selections: the list, the lasting address of each, its name and its end."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from puls.errors import NotNow
from puls.web.answering import page, year
from puls.web.packs import language_of, pack
from puls.web.see import choices, pages, queries, services
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import ReachRequest, reach_required


class NameForm(forms.Form):
    """What a selection is called."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("Everybody in your administration who sees this unit sees it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def selections(request: ReachRequest) -> HttpResponseBase:
    """All that the administration keeps; a new one is sent here from a colour table."""
    if request.method == "POST":
        return _keep(request)
    content, language = pack(), language_of(pack())
    rows = [
        {
            "selection": each,
            "unit": queries.unit_name(each.unit, content, language),
            "may_change": services.may_change(request.reach, request.user, each),
        }
        for each in queries.all_selections()
    ]
    where = pages.Link(_("Colour table"), "/hvor-er-vi/")
    context = {"rows": rows, "trail": [where, pages.Link(_("Saved selections"))]}
    return page(request, "see/selections.html", context)


@require_safe
@reach_required
def selection(request: ReachRequest, number: int) -> HttpResponseBase:
    """The lasting address: on to the unit's table, of the newest school year or the one asked."""
    found = queries.selection_or_404(number)
    asked = request.GET.get("skolear", "")
    every = queries.periods(found.unit_id, pack())
    if asked:
        period = year(asked)
    elif every:
        period = every[0]
    else:
        return redirect("see:newest", found.unit_id)
    return redirect(f"{pages.unit_address(found.unit_id, period)}?{found.query}")


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def selection_change(request: ReachRequest, number: int) -> HttpResponseBase:
    """Another name, or the end of it."""
    content, language = pack(), language_of(pack())
    found = queries.selection_or_404(number)
    services.check_change(request.reach, request.user, found)
    if request.method == "POST" and "delete" in request.POST:
        services.selection_delete(request.reach, request.user, found)
        messages.success(request, _("“%(name)s” is deleted.") % {"name": found.name})
        return redirect("see:selections")
    before = found.name
    form = NameForm(request.POST or None, initial={"name": before})
    if request.method == "POST" and form.is_valid():
        try:
            services.selection_rename(request.reach, request.user, found, form.cleaned_data["name"])
        except NotNow as reason:
            form.add_error("name", str(reason))
        else:
            messages.success(request, _("The name is changed."))
            return redirect("see:selections")
    context: dict[str, Any] = {
        "name": before,
        "unit": queries.unit_name(found.unit, content, language),
        "form": form,
        "trail": [
            pages.Link(_("Saved selections"), "/utvalg/"),
            pages.Link(before),
        ],
    }
    return page(request, "see/selection_change.html", context)


def _keep(request: ReachRequest) -> HttpResponseBase:
    """Keep the view that was sent, and go back to it."""
    unit = tenants.unit_or_404(request.reach, request.POST.get("unit", ""))
    period = year(request.POST.get("skolear", ""))
    choice = choices.parse(QueryDict(request.POST.get("query", "").removeprefix("?")), pack())
    query = choice.query(cell=None, release=None, picking=False).removeprefix("?")
    back = f"{pages.unit_address(unit.key, period)}?{query}"
    form = NameForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A selection needs a name of at most 80 letters."))
        return redirect(back)
    try:
        services.selection_keep(request.reach, request.user, unit, form.cleaned_data["name"], query)
    except NotNow as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("The selection is kept under its name."))
    return redirect(back)
