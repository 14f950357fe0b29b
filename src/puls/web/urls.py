"""Addresses of the whole site; each app keeps its own."""

from django.urls import include, path

urlpatterns = [
    path("konto/", include("puls.web.accounts.urls")),
    path("", include("puls.web.data.urls")),
    path("", include("puls.web.collect.urls")),
    path("", include("puls.web.importing.urls")),
    path("", include("puls.web.media.urls")),
    path("", include("puls.web.quality.urls")),
    path("", include("puls.web.tenants.urls")),
    path("", include("puls.web.own.urls")),
    path("", include("puls.web.meet.urls")),
    path("", include("puls.web.improve.urls")),
    path("", include("puls.web.report.urls")),
    path("", include("puls.web.actions.urls")),
    path("", include("puls.web.follow.urls")),
    path("", include("puls.web.share.urls")),
    path("", include("puls.web.mine.urls")),
    path("", include("puls.web.see.document_urls")),
    path("", include("puls.web.see.urls")),
]
