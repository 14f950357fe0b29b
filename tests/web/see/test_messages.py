"""A language is data: what a catalog lacks is listed here, sentence by sentence."""

import pytest
from django.conf import settings

from puls.web import messages

LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "en"]


def test_every_language_of_the_pack_but_english_has_a_catalog() -> None:
    assert set(LANGUAGES) <= set(messages.languages())


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_to_translate(language: str) -> None:
    missing = messages.missing(language)
    assert not missing, "run python -m puls.web.messages and translate:\n" + "\n".join(missing)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_translated_that_is_no_longer_said(language: str) -> None:
    said = {(m.context, m.id) for m in messages.found(language)}
    gone = [m.id for m in messages.read(language) if m.id and (m.context, m.id) not in said]
    assert not gone, f"run python -m puls.web.messages: {gone}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_their_placeholders(language: str) -> None:
    catalog = messages.read(language)
    for message in catalog:
        for check in message.check(catalog):
            raise AssertionError(f"{message.id}: {check}")
