"""Addresses of style sheets and scripts: of what the set-up made out of a source, named by content.

`{% static 'css/meet.css' %}` names the source. What is served is that file with all that it
imports, made small (`launch/front_end.py`), so that a page asks for few files and a browser keeps
them for good. Where the set-up has made nothing, the sources are served as they are.
"""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage

FOLDER = "vendor"
MADE = re.compile(r"(?P<source>(?:css|js)/.+)-[A-Z0-9]{8}(?P<kind>\.css|\.js)")
"""As esbuild names a file: its source's name and a sum over the content."""


class Bundled(StaticFilesStorage):
    def url(self, name: str | None) -> str:
        return super().url(made().get(name or "", name))


@cache
def made() -> dict[str, str]:
    """Names of bundled files by the names of their sources, both beneath the static folder."""
    [static] = settings.STATICFILES_DIRS
    return sources(Path(static))


def sources(static: Path) -> dict[str, str]:
    """The same for any static folder: {"css/meet.css": "vendor/css/meet-3K5QX2AB.css"}."""
    found = {}
    for file in sorted((static / FOLDER).rglob("*")):
        name = MADE.fullmatch(file.relative_to(static / FOLDER).as_posix())
        if name:
            found[name["source"] + name["kind"]] = file.relative_to(static).as_posix()
    return found
