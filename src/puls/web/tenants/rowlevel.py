"""Row-level security for migrations: a table is closed first, then opened by a named rule.

Rules read what the current transaction says about its reader (`access.as_reach`):

    puls.tenant   key of the reader's tenant
    puls.reach    paths the reader sees below, each ending in "/", joined with ",";
                  "*" for the back office (`whole`)
    puls.depth    how deep below
    puls.user     id of the person, before a tenant is known
    puls.invitation   hash of the token somebody brought
    puls.token    hash of the key to the read API that a program brought
    puls.entrance hash of the token that leads into one meeting
    puls.public   "yes" for pages and files for everybody, which tell nothing else

Nothing set means no rows. `nullif` is needed because a setting that was once set locally is an
empty string, not NULL, for the rest of the connection's life.

FORCE binds the owner too, so even puls_owner has to say for whom it works.
"""

from collections.abc import Sequence

from django.db.migrations import RunSQL

EVERY_ROLE = ("puls_owner", "puls_web", "puls_intake", "puls_assess")
BACK_OFFICE = ("puls_owner", "puls_intake", "puls_assess")
"""The roles that may work on the whole tree, when they say so. Never the web."""
SETTINGS = ("tenant", "reach", "depth", "user", "invitation", "token", "entrance", "public")
"""Names of all that a transaction may say of its reader."""


def setting(name: str) -> str:
    """SQL for what the transaction says, evaluated once per query rather than once per row."""
    return f"(SELECT nullif(current_setting('puls.{name}', true), ''))"


def own_tenant(column: str = "tenant_id") -> str:
    """SQL condition: the row is the current tenant's."""
    return f"{column} = {setting('tenant')}"


def own_person(column: str = "user_id") -> str:
    """SQL condition: the row is the current person's."""
    return f"{column} = {setting('user')}::uuid"


def below(path: str = "path", depth: str = "depth") -> str:
    """SQL condition: at or below one of the reach's paths, and not too deep."""
    # The cast makes the subquery one array, split once per query, instead of a set of rows.
    paths = f"(SELECT string_to_array({setting('reach')}, ','))::text[]"
    return f"(({path} || '/') ^@ ANY ({paths}) AND {depth} <= {setting('depth')}::int)"


def above(path: str = "path") -> str:
    """SQL condition: one of the reach's paths, or above it."""
    return f"strpos(',' || {setting('reach')}, ',' || {path} || '/') > 0"


def own_unit(path: str = "path") -> str:
    """SQL condition: it is the reader's own unit, the first of the reach's paths."""
    return f"split_part({setting('reach')}, ',', 1) = {path} || '/'"


def own_or_above(path: str) -> str:
    """SQL condition: the reader's own unit, or one above it; never a partner's school."""
    return f"(split_part({setting('reach')}, ',', 1) ^@ ({path} || '/'))"


def everybody() -> str:
    """SQL condition: the transaction reads for everybody, and for nobody in particular.

    True or false, never null: after a null the rest of a rule is worked out too, row by row.
    """
    return f"coalesce({setting('public')} = 'yes', false)"


def whole() -> str:
    """SQL condition: the transaction said that it works on the whole tree."""
    return f"{setting('reach')} = '*'"


def close(table: str) -> RunSQL:
    """No rows for anybody, the owner included, until a policy says otherwise."""
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY",
    )


def policy(
    table: str,
    name: str,
    using: str,
    *,
    command: str = "ALL",
    roles: Sequence[str] = EVERY_ROLE,
) -> RunSQL:
    """One rule: `using` decides which rows are seen and changed, and which may be written."""
    condition = {
        "SELECT": f"USING ({using})",
        "DELETE": f"USING ({using})",
        "INSERT": f"WITH CHECK ({using})",
    }.get(command, f"USING ({using}) WITH CHECK ({using})")
    return RunSQL(
        f"CREATE POLICY {name} ON {table} FOR {command} TO {', '.join(roles)} {condition}",
        f"DROP POLICY {name} ON {table}",
    )


def by_path(table: str, path: str = "path", depth: str = "depth") -> list[RunSQL]:
    """Rows lie in the unit tree: read from within the reach, written only by the back office."""
    return [
        close(table),
        policy(table, "reach", f"{below(path, depth)} OR {above(path)}", command="SELECT"),
        policy(table, "whole_tree", whole(), roles=BACK_OFFICE),
    ]


def by_own_unit(table: str, commands: Sequence[str] = ("INSERT", "UPDATE")) -> list[RunSQL]:
    """A unit's own rows, of one administration: written by the unit's people, read by those of the
    administration whose reach covers the unit. Nobody outside the administration reads them."""
    mine = f"{own_tenant()} AND {own_unit()}"
    seen = f"{own_tenant()} AND ({below()} OR {above()})"
    writers = ("puls_web", "puls_owner")
    return [
        close(table),
        policy(table, "reach", seen, command="SELECT", roles=writers),
        *(
            policy(table, f"own_unit_{command.lower()}", mine, command=command, roles=writers)
            for command in commands
        ),
        policy(table, "whole_tree", whole(), roles=("puls_owner",)),
    ]


def by_whole_tree(table: str, roles: Sequence[str] = BACK_OFFICE) -> list[RunSQL]:
    """Rows cross tenants (a national register): only for work that says it is on the whole tree."""
    return [close(table), policy(table, "whole_tree", whole(), roles=roles)]


def grant(table: str, role: str, privileges: str) -> RunSQL:
    """What a role may do with a table at all; which rows, the policies say."""
    return RunSQL(
        f"GRANT {privileges} ON {table} TO {role}", f"REVOKE {privileges} ON {table} FROM {role}"
    )


def keep_path(table: str, name: str) -> RunSQL:
    """The table's (unit_id, path) is a unit's own: a copied path can never be another one."""
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (unit_id, path)"
        " REFERENCES tenants_unit (key, path)",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )
