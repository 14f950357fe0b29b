"""E-mails as files, where nothing says where to send them: each opens in any mail program."""

from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django.utils.text import slugify

LONGEST_NAME = 60


class RoundMail(EmailMessage):
    """An e-mail about a round, kept apart from others so that sealing can delete it."""

    def __init__(self, round_key: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.round_key = round_key


def is_used() -> bool:
    """Whether e-mails become files here, as nothing says where to send them."""
    return str(settings.EMAIL_BACKEND) == f"{__name__}.{EmailBackend.__name__}"


class EmailBackend(BaseEmailBackend):
    """Writes each e-mail into a file of its own, named by when it was written and its subject."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(getattr(settings, "EMAIL_FILE_PATH", ""))
        for message in email_messages:
            within = folder / message.round_key if isinstance(message, RoundMail) else folder
            within.mkdir(parents=True, exist_ok=True)
            now = timezone.localtime().strftime("%Y-%m-%d-%H%M%S")
            about = slugify(message.subject)[:LONGEST_NAME]
            # Two of one second do not take each other's place.
            name = f"{now}-{about}-{token_hex(3)}.eml"
            whole = message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
            (within / name).write_bytes(whole)
        return len(email_messages)
