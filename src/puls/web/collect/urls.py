"""Addresses of the pages about rounds."""

from django.urls import path

from puls.web.collect import giving_out, views

app_name = "collect"
urlpatterns = [
    path("runder/", views.rounds, name="rounds"),
    path("runder/ny/", views.new, name="new"),
    path("runder/<uuid:key>/", views.round_page, name="round"),
    path("runder/<uuid:key>/endre/", views.change, name="change"),
    path("runder/<uuid:key>/grupper/", views.groups, name="groups"),
    path("runder/<uuid:key>/steg/", views.step, name="step"),
    path("runder/<uuid:key>/stopp/", giving_out.stop, name="stop"),
    path("runder/<uuid:key>/paaminn/", giving_out.remind, name="remind"),
    path("runder/<uuid:key>/<uuid:group>/", giving_out.give_out, name="give_out"),
]
