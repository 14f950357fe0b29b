"""Improvements: a problem, and the steps by which a team works on it."""

from django.apps import AppConfig


class ImproveConfig(AppConfig):
    name = "puls.web.improve"
    label = "improve"
