"""Addresses of meetings."""

from django.urls import path

from puls.web.meet import entering, parts, phones, views

app_name = "meet"
urlpatterns = [
    path("moter/", views.meetings, name="meetings"),
    path("moter/nytt/", views.new, name="new"),
    path("moter/<uuid:key>/", views.meeting, name="meeting"),
    path("moter/<uuid:key>/endre/", views.change, name="change"),
    path("moter/<uuid:key>/sak/ny/", parts.item_new, name="item_new"),
    path("moter/<uuid:key>/sak/<uuid:item>/", parts.item, name="item"),
    path("moter/<uuid:key>/folk/", parts.invitees, name="invitees"),
    path("moter/<uuid:key>/svar/", parts.answers, name="answers"),
    path("moter/<uuid:key>/sakliste.pdf", parts.agenda_file, {"kind": "pdf"}, name="pdf"),
    path("moter/<uuid:key>/sakliste.pptx", parts.agenda_file, {"kind": "pptx"}, name="pptx"),
    path("m/", entering.enter, name="enter"),
    path("m/<str:token>/", entering.join, name="join"),
    path("mote/<uuid:key>/", phones.phone, name="phone"),
]
