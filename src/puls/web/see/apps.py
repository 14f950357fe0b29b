"""The app of the pages."""

from django.apps import AppConfig


class SeeConfig(AppConfig):
    name = "puls.web.see"
    label = "see"
