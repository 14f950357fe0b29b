"""Addresses of the whole site; each app keeps its own."""

from importlib.util import find_spec

from django.urls import include, path

urlpatterns = [
    path("konto/", include("puls.web.accounts.urls")),
    path("", include("puls.web.tenants.urls")),
    *(path("", include(found.name)) for found in [find_spec("puls.web.see.urls")] if found),
]
