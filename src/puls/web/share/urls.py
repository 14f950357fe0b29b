"""Addresses of good practice."""

from django.urls import path

from puls.web.share import views, writing

app_name = "share"
urlpatterns = [
    path("god-praksis/", views.library, name="library"),
    path("god-praksis/vare/", writing.own, name="own"),
    path("god-praksis/del/<str:kind>/<uuid:source>/", writing.begin, name="begin"),
    path("god-praksis/<uuid:key>/", views.practice, name="practice"),
    path("god-praksis/<uuid:key>/skriv/", writing.write, name="write"),
]
