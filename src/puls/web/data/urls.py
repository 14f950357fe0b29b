"""Addresses of data for others. The read API's come from its table of endpoints."""

from django.urls import path

from puls.web.data import api, embed, views
from puls.web.data.endpoints import ENDPOINTS

app_name = "data"


def route(text: str) -> str:
    """An address of the table as Django writes it: "units/{unit}" -> "units/<str:unit>"."""
    return text.replace("{", "<str:").replace("}", ">")


urlpatterns = [
    path("konto/nokler/", views.keys, name="keys"),
    path("konto/nokler/<uuid:pk>/", views.key_revoke, name="key_revoke"),
    path("apne-data/", views.open_data, name="open"),
    path("apne-data/<str:period>/", views.open_year, name="year"),
    path("apne-data/<str:period>/<str:name>", views.file, name="file"),
    path("innebygd/<str:unit>/<str:period>/", embed.embed, name="embed"),
    path("api/v1/", views.about, name="about"),
    path("api/v1/openapi.json", api.document, name="openapi"),
    *(
        path(f"api/v1/{route(each.path)}", api.endpoint, {"name": each.name}, name=each.name)
        for each in ENDPOINTS
    ),
    path("api/<path:rest>", api.nothing_here, name="nothing_here"),
]
