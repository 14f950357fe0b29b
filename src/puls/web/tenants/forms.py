"""What people fill in about access. Choices are only ever what the reader may choose."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import (
    password_validators_help_text_html as password_help,
)
from django.contrib.auth.password_validation import validate_password
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from puls.views.names import sort_key
from puls.web.accounts.models import User
from puls.web.packs import pack, words
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Role, Unit
from puls.web.tenants.permissions import MAY_GIVE, roles_at, tier_below
from puls.web.tenants.tree import partners_for

Names = Sequence[tuple[str, str]]


def unit_choices(units: Sequence[Unit]) -> Names:
    """Units from the top, each with what it lies in: "Dans (Karmøy kulturskole)"."""
    names = {unit.key: unit.name for unit in units}
    return [
        (u.key, f"{u.name} ({names[u.parent_id]})" if u.parent_id in names else u.name)
        for u in units
    ]


class PositionForm(forms.Form):
    """A role at a unit."""

    unit = forms.ChoiceField(label=_("Where"))
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, reach: Reach, units: Sequence[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.key: unit for unit in units}
        possible = {role for unit in units for role in roles_at(unit.tier, pack().country)}
        given = [role for role in Role if role in possible & MAY_GIVE[Role(reach.role)]]
        self.fields["unit"].choices = unit_choices(units)  # type: ignore[attr-defined]
        self.fields["role"].choices = [(r.value, r.label) for r in given]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        unit = self.units.get(cleaned.get("unit", ""))
        if unit and cleaned.get("role"):
            fitting = roles_at(unit.tier, pack().country)
            if cleaned["role"] not in fitting:
                words = ", ".join(str(role.label) for role in fitting)
                message = _("At %(unit)s these roles are possible: %(roles)s.")
                self.add_error("role", message % {"unit": unit, "roles": words})
        return cleaned

    @property
    def place(self) -> Unit:
        return self.units[self.cleaned_data["unit"]]


class InvitationForm(PositionForm):
    """Whom to invite, and to what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Language of the e-mail"), choices=settings.LANGUAGES)
    field_order = ("email", "name", "unit", "role", "language")

    def __init__(self, reach: Reach, units: Sequence[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(reach, units, *args, **kwargs)
        role = self.fields["role"]
        # Nobody gets more than was meant because a field was passed over.
        role.choices = [("", ""), *role.choices]  # type: ignore[attr-defined]
        if units and Role.TEACHER in roles_at(units[0].tier, pack().country):
            role.initial = Role.TEACHER


class TenantForm(forms.Form):
    """A new administration, and the first person who gets access."""

    unit = forms.ChoiceField(label=_("Municipality or county"))
    school = forms.CharField(
        label=_("Name of the school"),
        max_length=200,
        required=False,
        help_text=_("If you write one, the person becomes its leader, else the owner."),
    )
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Language of the e-mail"), choices=settings.LANGUAGES)

    def __init__(self, units: Sequence[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.key: unit for unit in units}
        self.fields["unit"].choices = [("", "")] + [  # type: ignore[attr-defined]
            (unit.key, unit.name) for unit in units
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        unit = self.units.get(cleaned.get("unit", ""))
        if unit and cleaned.get("school") and unit.tier != pack().country.tenant_tier:
            self.add_error("school", _("%(unit)s has no schools of its own.") % {"unit": unit})
        return cleaned


class UnitForm(forms.Form):
    """A new school or department below a unit."""

    name = forms.CharField(label=_("Name"), max_length=200)
    partners = forms.MultipleChoiceField(
        label=_("Run together with"),
        required=False,
        help_text=_(
            "Those you choose here can read what the school shows. Choose none, or several "
            "with Ctrl (on a Mac: Cmd)."
        ),
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )

    def __init__(self, parent: Unit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = pack().country
        if parent.tier == country.tenant_tier:
            others = [(unit.key, unit.name) for unit in partners_for(parent.key)]
            language = get_language() or settings.LANGUAGE_CODE
            others.sort(key=lambda other: sort_key(other[1], language))
            self.fields["partners"].choices = others  # type: ignore[attr-defined]
        else:
            del self.fields["partners"]
        self.proposed: list[str] = []
        if tier_below(parent.depth, country) == country.tiers[-1].key:
            self.proposed = [words(f"department.{kind}.name") for kind in pack().departments]
            self.fields["name"].widget.attrs["list"] = "proposed"


class JoinForm(forms.Form):
    """A new person's name and password."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=lazy(password_help, str)(),
    )

    def __init__(self, email: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password"):
            person = User(email=self.email, name=cleaned.get("name", ""))
            try:
                validate_password(cleaned["password"], person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned
