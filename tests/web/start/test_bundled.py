"""Pages link what the set-up made out of a source, under a name that a browser keeps for good."""

from pathlib import Path

import pytest
from django.templatetags.static import static
from django.test import Client

from puls.web.bundled import made, sources


def test_a_source_is_found_by_its_name(tmp_path: Path) -> None:
    for name in ("css/pages/table-3K5QX2AB.css", "js/puls-ABCDEFGH.js", "a.LICENSE", "js/x-old.js"):
        file = tmp_path / "vendor" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert sources(tmp_path) == {
        "css/pages/table.css": "vendor/css/pages/table-3K5QX2AB.css",
        "js/puls.js": "vendor/js/puls-ABCDEFGH.js",
    }


def test_without_a_set_up_there_are_the_sources(tmp_path: Path) -> None:
    assert sources(tmp_path) == {}
    assert static("img/puls.svg") == "/static/img/puls.svg"


def test_only_what_is_named_by_its_content_is_kept_for_good() -> None:
    if not made():
        pytest.skip("style sheets are bundled at set-up: ./puls test does it")

    def kept(address: str) -> str:
        return Client().head(address).headers["Cache-Control"]

    assert "immutable" in kept(static("css/pages/every.css"))
    assert "immutable" in kept(static("js/puls.js"))
    assert "immutable" not in kept("/static/css/puls.css")
    assert "immutable" not in kept("/static/img/puls.svg")
