"""What an administration keeps of how it looks at its numbers. Never a number itself."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from puls.web.tenants.models import Tenant, Unit
from puls.web.tenants.scoping import TenantManager

LONGEST_QUERY = 6000


class Selection(models.Model):
    """A view of a colour table under a name, shared within an administration.

    unit: whose table it was made on; who does not see the unit does not see the selection.
    query: the choice as an address has it, without the first "?", a release or a school year:
        opened next year it shows next year's numbers.
    made_by: who may change it, beside those who manage people.
    """

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="selections")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_on = models.DateField()

    objects = TenantManager["Selection"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="selection_named_once", fields=["tenant", "unit", "name"]),
        ]

    def __str__(self) -> str:
        return self.name
