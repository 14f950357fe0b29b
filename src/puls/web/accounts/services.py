"""What is written about people who log in."""

from allauth.account.models import EmailAddress
from django.db.models import F

from puls.web.accounts.models import User


def user_add(
    email: str, password: str, *, name: str = "", language: str = "nb", using: str = "default"
) -> User:
    """A new person whose address is known to be theirs (an invitation, the demo)."""
    user = User.objects.db_manager(using).create_user(email, password, name=name, language=language)
    EmailAddress.objects.using(using).create(
        user=user, email=user.email, verified=True, primary=True
    )
    return user


def user_language(user: User, language: str) -> None:
    User.objects.filter(pk=user.pk).update(language=language)


def sessions_end(user: User, using: str = "default") -> None:
    """Logs this person out everywhere, from the next request on."""
    User.objects.using(using).filter(pk=user.pk).update(
        session_generation=F("session_generation") + 1
    )
