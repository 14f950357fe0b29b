"""Rules for passwords in our words, where Django's own lack a language."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    def get_error_message(self) -> str:
        return _("The password is too short: use %(n)s characters or more.") % {
            "n": self.min_length
        }
