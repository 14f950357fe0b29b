from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "puls.web.quality"
    label = "quality"
