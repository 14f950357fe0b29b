from django.apps import AppConfig


class MineConfig(AppConfig):
    name = "puls.web.mine"
    label = "mine"
