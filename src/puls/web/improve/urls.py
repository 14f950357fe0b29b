"""Addresses of improvements. Norwegian words in all languages: an address is a lasting name."""

from django.urls import path

from puls.web.improve import history, step_views, taking, views

app_name = "improve"
urlpatterns = [
    path("prosesser/", views.own, name="own"),
    path("prosesser/<str:unit>/", views.improvements, name="improvements"),
    path("prosesser/<str:unit>/ny/", views.new, name="new"),
    path("prosesser/<str:unit>/ta-med/", taking.take_in, name="take_in"),
    path("prosess/<uuid:key>/", views.improvement, name="improvement"),
    path("prosess/<uuid:key>/gjor/", views.act, name="act"),
    path("prosess/<uuid:key>/historikk/", history.history, name="history"),
    path("prosess/<uuid:key>/steg/<uuid:step>/", step_views.step, name="step"),
    path("prosess/<uuid:key>/steg/<uuid:step>/felt/", step_views.field, name="field"),
    path("prosess/<uuid:key>/steg/<uuid:step>/velg/", step_views.choose, name="choose"),
    path("prosess/<uuid:key>/steg/<uuid:step>/grunnlag/", step_views.tie, name="tie"),
]
