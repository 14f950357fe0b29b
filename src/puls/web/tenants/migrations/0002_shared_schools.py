"""Who owns a school may share it with partners; which country's units have been loaded."""

from typing import ClassVar

from django.db import migrations, models

from puls.web.tenants import rowlevel

OWN_UNIT = (
    "EXISTS (SELECT 1 FROM tenants_unit u WHERE u.key = unit_id"
    f" AND {rowlevel.own_tenant('u.tenant_id')} AND {rowlevel.below('u.path', 'u.depth')})"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tenants", "0001_initial")]

    operations: ClassVar = [
        rowlevel.policy(
            "tenants_partnership",
            "own_school",
            OWN_UNIT,
            command="INSERT",
            roles=("puls_web", "puls_owner"),
        ),
        rowlevel.grant("tenants_partnership", "puls_web", "INSERT"),
        migrations.CreateModel(
            name="CountryLoad",
            fields=[
                ("country", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("checksum", models.CharField(max_length=64)),
            ],
        ),
        *rowlevel.by_whole_tree("tenants_countryload", roles=("puls_owner",)),
    ]
