"""Logs without personal data: no addresses of pages, no values from the database."""

import logging
from types import TracebackType


class NoAddresses(logging.Filter):
    """A request is logged by its pattern: addresses hold unit names and invitation tokens."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None:
            match = getattr(request, "resolver_match", None)
            route = f"/{match.route}" if match else "an unknown address"
            status = getattr(record, "status_code", "")
            record.msg, record.args = "%s %s %s", (request.method, route, status)
        return True


class NoDetails(logging.Formatter):
    """Drops the lines in which PostgreSQL quotes the row that it refused."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatException(  # noqa: N802 - the name is logging's
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        lines = super().formatException(ei).splitlines()
        kept = [line for line in lines if not line.startswith(("DETAIL:", "CONTEXT:"))]
        return "\n".join(kept)
