"""Who is responsible for an action of another unit says how far it has come, and nothing else."""

from typing import ClassVar

from django.db import migrations

from puls.web.tenants import rowlevel

ACTION, PROGRESS = "actions_action", "actions_progress"
WRITERS = ("puls_web", "puls_owner")
MINE = (
    "responsible_id IN (SELECT m.id FROM tenants_membership m"
    f" WHERE m.active AND {rowlevel.own_person('m.user_id')})"
)
OF_MINE = f"action_id IN (SELECT a.id FROM {ACTION} a WHERE a.{MINE})"
ELSEWHERE = f"NOT coalesce({rowlevel.own_unit('NEW.path')} OR {rowlevel.whole()}, false)"

# Rules of rows know no columns: what stands beside the progress is held here.
ONLY_PROGRESS = f"""
CREATE FUNCTION actions_only_progress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {ELSEWHERE} AND to_jsonb(NEW) - 'progress' IS DISTINCT FROM to_jsonb(OLD) - 'progress' THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'only the unit''s own people change the plan of an action';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER only_progress BEFORE UPDATE ON {ACTION}
    FOR EACH ROW EXECUTE FUNCTION actions_only_progress();
"""
NO_MORE = f"DROP TRIGGER only_progress ON {ACTION}; DROP FUNCTION actions_only_progress();"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("actions", "0002_what_waits_is_reckoned"),
        ("tenants", "0002_shared_schools"),
    ]

    operations: ClassVar = [
        rowlevel.policy(
            ACTION,
            "responsible_update",
            f"{rowlevel.own_tenant()} AND {MINE}",
            command="UPDATE",
            roles=WRITERS,
        ),
        rowlevel.policy(
            PROGRESS,
            "responsible_insert",
            f"{rowlevel.own_tenant()} AND {OF_MINE}",
            command="INSERT",
            roles=WRITERS,
        ),
        migrations.RunSQL(ONLY_PROGRESS, NO_MORE),
    ]
