"""The sentences of pages and e-mails, collected for translators. Run after changing any:

    python -m puls.web.messages

finds them in code and templates and brings every locale/<language>/LC_MESSAGES/django.po up to
date. English needs no file: the sentences in code and templates are English. A new language is a
new folder with an empty django.po; tests/web/see/test_messages.py lists what it still lacks.
"""

from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

HERE = Path(__file__).parent
LOCALE = HERE / "locale"
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
NOTE = "Translators:"
NOISE = tuple(
    f'"{name}'
    for name in (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Generated-By",
        "Report-Msgid-Bugs-To",
        "Last-Translator",
        "Language-Team",
    )
)


def files() -> Iterator[Path]:
    """Code and templates that may hold sentences, in a fixed order."""
    for pattern in ("*.py", "*.html", "*.txt"):
        yield from sorted(HERE.rglob(pattern))


def found(language: str) -> Catalog:
    """Every sentence of code and templates, as a catalog without translations."""
    catalog = Catalog(language, project="Puls", fuzzy=False)
    for file in files():
        text = file.read_text()
        if file.suffix != ".py":
            if "{%" not in text:
                continue
            # Django turns a template into lines that look like calls; Babel reads those.
            text = templatize(text, origin=str(file))
        place = str(file.relative_to(HERE))
        lines = BytesIO(text.encode())
        for line, message, comments, context in extract("python", lines, KEYWORDS, (NOTE,)):
            del line  # Places without line numbers: a moved line changes no catalog.
            catalog.add(message, locations=[(place, 0)], auto_comments=comments, context=context)
    return catalog


def catalog_file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """The language's catalog as it is."""
    with catalog_file(language).open("rb") as file:
        return read_po(file, locale=language)


def languages() -> list[str]:
    """The languages that have a catalog."""
    return sorted(file.parent.parent.name for file in LOCALE.glob("*/LC_MESSAGES/django.po"))


def missing(language: str) -> list[str]:
    """The sentences that have no translation in the language, in full or in one of its plurals."""
    known = read(language)
    lacking = []
    for message in found(language):
        if not message.id:
            continue
        there = known.get(message.id, message.context)
        if there is None or there.fuzzy or not _is_complete(there):
            lacking.append(message.id if isinstance(message.id, str) else message.id[0])
    return lacking


def _is_complete(message: Message) -> bool:
    given = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(given)


def update(language: str) -> None:
    """Bring a language's catalog up to date: new sentences empty, gone ones removed."""
    file = catalog_file(language)
    known = read(language)
    known.update(found(language), no_fuzzy_matching=True)
    known.obsolete.clear()
    out = BytesIO()
    write_po(out, known, width=100, sort_output=True, omit_header=False, include_lineno=False)
    # Lines that say nothing, or change with every run.
    kept = [line for line in StringIO(out.getvalue().decode()) if not line.startswith(NOISE)]
    file.write_text("".join(kept))


if __name__ == "__main__":
    for each in languages():
        update(each)
        lacking = missing(each)
        print(f"{each}: {len(lacking)} sentences to translate", *lacking, sep="\n  ")
