"""The sentences of pages and e-mails in the words of a pack, as catalogs that Django reads first.

    python -m puls.web.saying

The set-up runs it after the catalogs of all languages are compiled. For every pack with a
pages.yaml it writes <pack>/locale/<language>/LC_MESSAGES/django.mo with the sentences that differ;
what a sentence of tomorrow says of schools is thereby said of kindergartens as well.
"""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from puls.content.definitions import Pack
from puls.content.loading import BUILT_IN, load_pack
from puls.content.paging import FILE, said
from puls.web import messages

SOURCE = "en"
"""The language of the sentences in code and templates, which have no catalog of their own."""


def file_of(pack: Pack, language: str) -> Path:
    return pack.folder / "locale" / language / "LC_MESSAGES" / "django.mo"


def packs() -> Iterator[Pack]:
    """Those that come with Puls and have words of their own for pages."""
    for file in sorted(BUILT_IN.glob(f"*/{FILE}")):
        yield load_pack(file.parent.name)


def catalog(pack: Pack, language: str) -> Catalog:
    """The sentences that the pack says differently."""
    words = pack.page_words[language]
    made = Catalog(language, fuzzy=False)
    known = messages.read(language if language != SOURCE else messages.languages()[0])
    for message in known:
        if not message.id:
            continue
        told = (message.id if language == SOURCE else message.string) or ""
        sentences = (told,) if isinstance(told, str) else tuple(told)
        new = tuple(said(sentence, words) for sentence in sentences)
        if new != sentences:
            is_one = isinstance(told, str)
            made.add(message.id, new[0] if is_one else new, context=message.context)
    return made


def write() -> None:
    for pack in packs():
        for language in pack.page_words:
            file = file_of(pack, language)
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("wb") as out:
                write_mo(out, catalog(pack, language))


if __name__ == "__main__":
    write()
