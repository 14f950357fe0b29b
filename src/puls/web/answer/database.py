"""Connections of the answering path: the role that takes in, without Django in between."""

from typing import Any

import psycopg

SECONDS_TO_CONNECT = 5
OPTIONS = " ".join(
    (
        # All this connection does is for the whole tree, as `access.as_whole_tree` says it.
        "-c puls.reach=*",
        # Whatever the server's default: what is acknowledged is on the disk.
        "-c synchronous_commit=on",
        "-c statement_timeout=8000",
        "-c lock_timeout=4000",
        "-c idle_in_transaction_session_timeout=15000",
    )
)


async def connect() -> psycopg.AsyncConnection[Any]:
    """A new connection as puls_intake. psycopg.OperationalError when the database is away."""
    from django.db import connections

    given = connections["intake"].settings_dict
    options = {key: value for key, value in given["OPTIONS"].items() if key.startswith("ssl")}
    return await psycopg.AsyncConnection.connect(
        host=given["HOST"],
        port=given["PORT"] or None,
        dbname=given["NAME"],
        user=given["USER"],
        password=given["PASSWORD"] or None,
        connect_timeout=SECONDS_TO_CONNECT,
        options=OPTIONS,
        **options,
    )
