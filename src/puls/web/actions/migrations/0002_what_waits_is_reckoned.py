"""When somebody was last reminded is no longer kept: what waits is reckoned each night."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("actions", "0001_initial")]

    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="action", name="action_reminded_only_when_asked"),
        migrations.RemoveField(model_name="action", name="reminded_on"),
    ]
