"""Adding many rows at once."""

from collections.abc import Iterable, Sequence

from django.db import connections


def add_rows(
    using: str, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Insert rows by COPY, inside the current transaction.

    PostgreSQL does not COPY into a table with row-level security, so the rows go through a
    temporary one; the policies then see them as they see any insert.
    """
    names = ", ".join(columns)
    with connections[using].cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS"
            f" SELECT {names} FROM {table} WITH NO DATA"
        )
        with cursor.copy(f"COPY incoming ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming")
        cursor.execute("DROP TABLE incoming")
