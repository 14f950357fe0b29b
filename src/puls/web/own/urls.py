"""Addresses of own definitions."""

from django.urls import path

from puls.web.own import survey_writing, views, writing

app_name = "own"
urlpatterns = [
    path("egne/", views.own, name="own"),
    path("egne/delte/", views.shared, name="shared"),
    path("egne/nytt-kjennetegn/", writing.new_rubric, name="new_rubric"),
    path("egne/ny-undersokelse/", survey_writing.new, name="new_survey"),
    path("egne/<slug:key>/", views.definition, name="definition"),
    path("egne/<slug:key>/skriv/", writing.write, name="write"),
]
