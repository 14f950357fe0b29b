"""Surveys too, and the cells of their indicators: for the own administration, for nobody else."""

from typing import ClassVar

from django.db import migrations, models
from django.db.migrations import RunSQL

from puls.web.tenants import rowlevel

# Whose an indicator is, the path of a cell does not tell: a county is above its municipalities.
OWN_CELL = (
    "left(indicator, 4) <> 'own_' OR EXISTS (SELECT FROM own_definition d"
    f" WHERE d.tenant_id = {rowlevel.setting('tenant')} AND starts_with(indicator, d.stem || '_'))"
)


def of_the_own_administration(table: str) -> RunSQL:
    """Beside the rules that there are: whoever sees a unit from above sees no own cells of it."""
    return RunSQL(
        f"CREATE POLICY own_indicators ON {table} AS RESTRICTIVE FOR SELECT TO puls_web"
        f" USING ({OWN_CELL})",
        f"DROP POLICY own_indicators ON {table}",
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("own", "0001_initial"),
        ("assess", "0008_goals"),
    ]

    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="definition", name="own_kind_known"),
        migrations.AddConstraint(
            model_name="definition",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["rubric", "survey"])), name="own_kind_known"
            ),
        ),
        of_the_own_administration("assess_cell"),
        of_the_own_administration("assess_mark"),
    ]
