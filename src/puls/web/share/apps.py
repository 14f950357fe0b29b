from django.apps import AppConfig


class ShareConfig(AppConfig):
    name = "puls.web.share"
    label = "share"
