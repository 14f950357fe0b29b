"""The addresses of the pages. Norwegian words in all languages: an address is a lasting name."""

from django.urls import path

from puls.web.see import (
    dialogue,
    front,
    goal,
    indicator,
    meeting,
    release_gate,
    saved,
    table,
    thinking,
    trend,
    views,
    years,
)

app_name = "see"
urlpatterns = [
    path("", front.front, name="front"),
    path("hvor-er-vi/", views.where_own, name="where"),
    path("hvor-er-vi/<str:unit>/", views.newest, name="newest"),
    path("hvor-er-vi/<str:unit>/<str:period>/", table.unit, name="unit"),
    path(
        "hvor-er-vi/<str:unit>/<str:period>/fargetabell.xlsx",
        table.sheet,
        {"kind": "xlsx"},
        name="xlsx",
    ),
    path(
        "hvor-er-vi/<str:unit>/<str:period>/fargetabell.csv",
        table.sheet,
        {"kind": "csv"},
        name="csv",
    ),
    path("hvor-er-vi/<str:unit>/<str:period>/utskrift/", table.printed, name="printed"),
    path("hvor-er-vi/<str:unit>/<str:period>/ar-for-ar/", years.years, name="years"),
    path("utvalg/", saved.selections, name="selections"),
    path("utvalg/<int:number>/", saved.selection, name="selection"),
    path("utvalg/<int:number>/endre/", saved.selection_change, name="selection_change"),
    path("indikator/<str:key>/<str:period>/", indicator.indicator, name="indicator"),
    path("utvikling/<str:unit>/<str:key>/", trend.trend, name="trend"),
    path("hvordan-henger-det-sammen/<str:unit>/<str:period>/", dialogue.dialogue, name="dialogue"),
    path(
        "hvordan-henger-det-sammen/<str:unit>/<str:period>/vi-tror/<uuid:key>/",
        thinking.thought,
        name="thought",
    ),
    path("hvor-skal-vi/", views.whither, name="whither"),
    path("hvor-skal-vi/mal/<str:key>/<str:period>/", goal.goal, name="goal"),
    path("hvor-skal-vi/kjennetegn/<str:key>/", goal.rubric_goal, name="rubric_goal"),
    path("vis-for-eier/", release_gate.overview, name="gates"),
    path("vis-for-eier/<int:gate>/", release_gate.move, name="gate"),
    path("hva-gjor-vi/<str:unit>/<str:period>/", meeting.what, name="what"),
]
