"""The page where an administration sets its own target for an indicator."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from puls.content.definitions import Indicator, Pack
from puls.errors import NotNow
from puls.views import criteria, numbers
from puls.web.answering import page, year
from puls.web.assess import services
from puls.web.assess.lines import PastTarget, target_history
from puls.web.packs import language_of, pack
from puls.web.see import pages, queries
from puls.web.see.choices import ALL, Choice
from puls.web.see.indicator import indicator_or_404, sprite_of
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.permissions import check


class TargetForm(forms.Form):
    """A value in the size in which people read it, and why."""

    value = forms.DecimalField(
        label=gettext_lazy("Target"),
        max_digits=12,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    why = forms.CharField(
        label=gettext_lazy("Why this target"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Those who read it later will want to know."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, measured_in: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].help_text = measured_in


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def target(request: ReachRequest, key: str, period: str) -> HttpResponseBase:
    """Set a target, withdraw it, and see which there were."""
    content, language = pack(), language_of(pack())
    found = indicator_or_404(key, content)
    which = queries.period_or_404(year(period))
    check("target_set", request.reach)
    measured_in = content.text(language, f"unit.{found.unit}.name")
    form = TargetForm(measured_in, request.POST if _sets(request) else None)
    back = _cell_address(request.reach.unit, key, which, content)
    if request.method == "POST" and "withdraw" in request.POST:
        _withdraw(request, key)
        return redirect(back)
    if _sets(request) and form.is_valid():
        try:
            _set(request, found, form.cleaned_data, content)
        except NotNow as reason:
            form.add_error("value", str(reason))
        else:
            messages.success(request, _("The target is set."))
            return redirect(back)
    name = content.text(language, f"indicator.{key}.name")
    own = queries.unit_name(request.membership.unit, content, language)
    past = target_history(request.reach.tenant_key, key)
    context = {
        "name": name,
        "trail": [
            pages.Link(own, pages.unit_address(request.reach.unit, which)),
            pages.Link(name, pages.indicator_address(key, which)),
            pages.Link(_("Own target")),
        ],
        "form": form,
        "current": next((each for each in past if each.withdrawn_on is None), None),
        "history": [_told(each, found, content, language) for each in past],
        "versions": criteria.versions(found, content, language)[:1],
        "sprite": sprite_of(found),
        "back": back,
    }
    return page(request, "see/target.html", context)


def _sets(request: ReachRequest) -> bool:
    return request.method == "POST" and "withdraw" not in request.POST


def _withdraw(request: ReachRequest, key: str) -> None:
    try:
        services.target_withdraw(request.reach, key)
    except NotNow as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("The target is withdrawn."))


def _set(request: ReachRequest, found: Indicator, given: dict[str, Any], content: Pack) -> None:
    value: Decimal = given["value"] * numbers.reading_size(found, content)
    services.target_set(
        request.reach,
        found.key,
        float(value),
        why=given["why"],
        set_by=request.user.name or request.user.email,
    )


def _cell_address(unit: str, key: str, period: int, content: Pack) -> str:
    """Back to the cell that the target is about, on the reader's own page."""
    show = "" if key in content.default_columns else ALL
    query = Choice(show=show, cell=(unit, key)).query()
    return f"{pages.unit_address(unit, period)}{query}#forklaring"


def _told(past: PastTarget, found: Indicator, content: Pack, language: str) -> dict[str, str]:
    """One target of the history, in words."""
    value = past.value / numbers.reading_size(found, content)
    more = numbers.decimals_of(value, found.decimals)
    over = past.withdrawn_on
    return {
        "value": numbers.quantity(value, found, content, language, more),
        "set_by": past.set_by,
        "set_on": numbers.day(past.set_on, language),
        "until": numbers.day(over, language) if over else "",
        "why": past.why,
    }
