"""People who log in: an e-mail address, a name, a language. What they may see is a membership."""

import uuid
from collections.abc import Iterator
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac


class UserManager(BaseUserManager["User"]):
    """Addresses are kept in lower case: nobody has two accounts by two spellings."""

    def create_user(self, email: str, password: str | None = None, **fields: str) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """One person. The key is random, so that it tells neither order nor number of people."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=8, default="nb")
    is_active = models.BooleanField(default=True)
    session_generation = models.PositiveIntegerField(default=0)
    """Counted up to end all sessions of this person at once."""
    created = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="user_email_lower_case", condition=models.Q(email=Lower("email"))
            ),
        ]

    def __str__(self) -> str:
        """Who it was, for others to read."""
        return self.name or self.email

    def get_session_auth_hash(self) -> str:
        """What a session must carry to stay valid: changes with password and generation."""
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret: str | bytes | None) -> str:
        value = f"{self.session_generation}:{self.password}"
        salt = "puls.accounts.session"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()
