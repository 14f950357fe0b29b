from django.apps import AppConfig


class AssessConfig(AppConfig):
    name = "puls.web.assess"
    label = "assess"
