"""EMAIL_URL: where outgoing mail goes, in one line."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

from puls.web import environment

SCHEMES = {"smtp": (25, False, False), "smtp+tls": (587, True, False), "smtps": (465, False, True)}
"""Port, STARTTLS, TLS from the start."""


def settings(url: str, folder: Path) -> dict[str, Any]:
    """Django's e-mail settings. Without a URL mail is written to files in the folder."""
    if not url:
        return {
            "EMAIL_BACKEND": "puls.web.mail_files.EmailBackend",
            "EMAIL_FILE_PATH": folder,
        }
    example = "smtp+tls://user:password@mail.example.no:587"
    parts = environment.address("EMAIL_URL", url, example, tuple(SCHEMES))
    port, tls, ssl = SCHEMES[parts.scheme]
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": tls,
        "EMAIL_USE_SSL": ssl,
        "EMAIL_TIMEOUT": 20,
    }
