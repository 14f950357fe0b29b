from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "puls.web.actions"
    label = "actions"
