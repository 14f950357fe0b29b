from django.apps import AppConfig


class ComposedConfig(AppConfig):
    name = "puls.web.composed"
    label = "composed"
