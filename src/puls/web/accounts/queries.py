"""What is read about people who log in."""

from puls.web.accounts.models import User


def email_is_known(email: str) -> bool:
    """Whether somebody logs in with this address. Only ever told to who received mail at it."""
    return User.objects.filter(email=email.strip().lower()).exists()
