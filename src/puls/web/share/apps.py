from django.apps import AppConfig


class ShareConfig(AppConfig):
    name = "puls.web.share"
    label = "share"

    def ready(self) -> None:
        """The front page tells whom something waits for."""
        from puls.web.see.waiting import ROOMS
        from puls.web.share.looking import to_look_through

        ROOMS.append(to_look_through)
