from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "puls.web.accounts"
    label = "accounts"
