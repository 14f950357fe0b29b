from django.apps import AppConfig


class ReleasingConfig(AppConfig):
    name = "puls.web.releasing"
    label = "releasing"

    def ready(self) -> None:
        from puls.web.collect import running
        from puls.web.releasing.releases import release_round

        running.release_by(release_round)
