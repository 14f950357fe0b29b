"""Addresses of a school's own view of its quality."""

from django.urls import path

from puls.web.quality import placing_views, views

app_name = "quality"
urlpatterns = [
    path("kvalitet/", views.own, name="own"),
    path("kvalitet/<str:unit>/<str:period>/", views.overview, name="overview"),
    path("kvalitet/<str:unit>/<str:period>/plassering/", placing_views.placing, name="placing"),
    path(
        "kvalitet/<str:unit>/<str:period>/plassering/<str:rubric>/",
        placing_views.place,
        name="place",
    ),
    path("kvalitet/<str:unit>/<str:period>/<str:kind>/<str:key>/", views.subject, name="subject"),
    path("kvalitet/<str:unit>/<str:period>/<str:kind>/<str:key>/skriv/", views.write, name="write"),
]
