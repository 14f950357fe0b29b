from django.apps import AppConfig


class AnswerConfig(AppConfig):
    name = "puls.web.answer"
    label = "answer"
