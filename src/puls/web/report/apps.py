from django.apps import AppConfig


class ReportConfig(AppConfig):
    name = "puls.web.report"
    label = "report"
