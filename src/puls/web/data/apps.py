from django.apps import AppConfig


class DataConfig(AppConfig):
    name = "puls.web.data"
    label = "data"
