from django.apps import AppConfig

from puls.web import packs


class OwnConfig(AppConfig):
    name = "puls.web.own"
    label = "own"

    def ready(self) -> None:
        from puls.web.own.beside import with_own_of

        packs.give_own(with_own_of)
