"""The addresses of the pages. Norwegian words in all languages: an address is a lasting name."""

from django.urls import path

from puls.web.see import views

app_name = "see"
urlpatterns = [
    path("", views.front, name="front"),
    path("hvor-er-vi/", views.where_own, name="where"),
    path("hvor-er-vi/<str:unit>/", views.newest, name="newest"),
    path("hvor-er-vi/<str:unit>/<str:period>/", views.unit, name="unit"),
    path(
        "hvor-er-vi/<str:unit>/<str:period>/fargetabell.xlsx",
        views.sheet,
        {"kind": "xlsx"},
        name="xlsx",
    ),
    path(
        "hvor-er-vi/<str:unit>/<str:period>/fargetabell.csv",
        views.sheet,
        {"kind": "csv"},
        name="csv",
    ),
    path("hvor-skal-vi/", views.whither, name="whither"),
    path("hva-gjor-vi/", views.what_own, name="what_own"),
    path("hva-gjor-vi/<str:unit>/<str:period>/", views.what, name="what"),
]
