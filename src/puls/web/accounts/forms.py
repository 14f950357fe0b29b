"""allauth's forms in our words."""

from typing import Any

from allauth.account import forms
from django.contrib.auth.password_validation import (
    password_validators_help_text_html as password_help,
)
from django.utils.translation import gettext_lazy as _


class LoginForm(forms.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["login"], _("E-mail address"))
        _word(self.fields["password"], _("Password"))
        self.fields["password"].help_text = ""


class ResetPasswordForm(forms.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["email"], _("E-mail address"))


class ResetPasswordKeyForm(forms.ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["password1"], _("New password"))
        _word(self.fields["password2"], _("New password again"))
        self.fields["password1"].help_text = password_help()


class ChangePasswordForm(forms.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["oldpassword"], _("Password now"))
        _word(self.fields["password1"], _("New password"))
        _word(self.fields["password2"], _("New password again"))
        self.fields["password1"].help_text = password_help()


def _word(field: Any, label: object) -> None:
    """A label instead of a placeholder, which vanishes when one begins to write."""
    field.label = label
    field.widget.attrs.pop("placeholder", None)
