from django.apps import AppConfig


class MeetConfig(AppConfig):
    name = "puls.web.meet"
    label = "meet"
