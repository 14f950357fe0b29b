"""Addresses of the pages about access."""

from django.urls import path

from puls.web.tenants import views

urlpatterns = [
    path("tilgang/", views.people, name="access"),
    path("tilgang/<uuid:pk>/", views.member, name="member"),
    path("tilgang/invitasjon/<uuid:pk>/", views.invitation, name="invitation_change"),
    path("administrasjon/ny/", views.tenant_new, name="tenant_new"),
    path("rolle/", views.switch, name="switch"),
    path("invitasjon/", views.join, name="join"),
    path("invitasjon/<str:token>/", views.invitation_link, name="invitation"),
]
