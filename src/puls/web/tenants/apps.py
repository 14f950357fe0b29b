from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "puls.web.tenants"
    label = "tenants"
