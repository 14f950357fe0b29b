from puls.web.tenants.models import Tenant


def test_start(db: None) -> None:
    assert Tenant.objects.count() == 0
