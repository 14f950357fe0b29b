from django.apps import AppConfig


class FollowConfig(AppConfig):
    name = "puls.web.follow"
    label = "follow"
