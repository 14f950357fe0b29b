"""A school year about which everything is released."""

from tests.web.see.conftest import released

__all__ = ["released"]
