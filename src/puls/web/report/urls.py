"""Addresses of quality reports."""

from django.urls import path

from puls.web.report import views

app_name = "report"
urlpatterns = [
    path("kvalitetsmelding/", views.reports, name="reports"),
    path("kvalitetsmelding/<str:period>/", views.report, name="report"),
    path("kvalitetsmelding/<str:period>/utkast.pdf", views.draft_file, name="draft_file"),
    path("kvalitetsmelding/<str:period>/del/<str:key>/", views.part, name="part"),
    path("kvalitetsmelding/<str:period>/versjon/<int:number>/", views.version, name="version"),
    path("kvalitetsmelding/<str:period>/utgave/<int:edition>/", views.edition, name="edition"),
    path(
        "kvalitetsmelding/<str:period>/utgave/<int:edition>/kvalitetsmelding.pdf",
        views.edition_file,
        name="edition_file",
    ),
]
