"""The addresses of actions and decisions."""

from django.urls import path

from puls.web.actions import decision_views, form_views, views

app_name = "actions"
urlpatterns = [
    path("tiltak/", views.own, name="own"),
    path("tiltak/<str:unit>/", views.actions, name="actions"),
    path("tiltak/<str:unit>/nytt/", form_views.new, name="new"),
    path("tiltak/<str:unit>/<uuid:key>/", views.action, name="action"),
    path("tiltak/<str:unit>/<uuid:key>/endre/", form_views.change, name="change"),
    path("tiltak/<str:unit>/<uuid:key>/flytt/", views.move, name="move"),
    path("tiltak/<str:unit>/<uuid:key>/framdrift/", views.progress, name="progress"),
    path("beslutninger/<str:unit>/ny/", decision_views.new, name="decision_new"),
    path("beslutninger/<str:unit>/<uuid:key>/", decision_views.decision, name="decision"),
]
