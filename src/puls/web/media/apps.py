from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "puls.web.media"
    label = "media"
