"""Addresses of the pages about access and an administration's own units."""

from django.urls import path

from puls.web.tenants import unit_pages, views

urlpatterns = [
    path("tilgang/", views.people, name="access"),
    path("tilgang/<uuid:pk>/", views.member, name="member"),
    path("tilgang/invitasjon/<uuid:pk>/", views.invitation, name="invitation_change"),
    path("enheter/", unit_pages.units, name="units"),
    path("enheter/<str:key>/ny/", unit_pages.unit_new, name="unit_new"),
    path("administrasjon/ny/", views.tenant_new, name="tenant_new"),
    path("rolle/", views.switch, name="switch"),
    path("invitasjon/", views.join, name="join"),
    path("invitasjon/<str:token>/", views.invitation_link, name="invitation"),
]
