"""Django, set up for the tests of the web, and the people and places that they are about."""

import pytest
from pytest_django.plugin import blocking_manager_key

from tests import database

database.configure()


def pytest_configure(config: pytest.Config) -> None:
    """Without the fixture `db` a query is refused, however pytest came to load this file."""
    blocker = config.stash[blocking_manager_key]
    if not blocker.is_active:
        blocker.block()
