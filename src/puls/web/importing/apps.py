from django.apps import AppConfig


class ImportingConfig(AppConfig):
    name = "puls.web.importing"
    label = "importing"
