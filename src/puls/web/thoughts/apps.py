from django.apps import AppConfig


class ThoughtsConfig(AppConfig):
    name = "puls.web.thoughts"
    label = "thoughts"
