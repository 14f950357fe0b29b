from django.apps import AppConfig


class CollectConfig(AppConfig):
    name = "puls.web.collect"
    label = "collect"
