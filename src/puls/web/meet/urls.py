"""Addresses of meetings."""

from django.urls import path

from puls.web.meet import entering, leading, parts, phones, views

app_name = "meet"
urlpatterns = [
    path("moter/", views.meetings, name="meetings"),
    path("moter/nytt/", views.new, name="new"),
    path("moter/<uuid:key>/", views.meeting, name="meeting"),
    path("moter/<uuid:key>/endre/", views.change, name="change"),
    path("moter/<uuid:key>/sak/ny/", parts.item_new, name="item_new"),
    path("moter/<uuid:key>/sak/bilde/", parts.picture_new, name="picture_new"),
    path("moter/<uuid:key>/sak/<uuid:item>/", parts.item, name="item"),
    path("moter/<uuid:key>/folk/", parts.invitees, name="invitees"),
    path("moter/<uuid:key>/svar/", parts.answers, name="answers"),
    path("moter/<uuid:key>/sakliste.pdf", parts.agenda_file, {"kind": "pdf"}, name="pdf"),
    path("moter/<uuid:key>/sakliste.pptx", parts.agenda_file, {"kind": "pptx"}, name="pptx"),
    path("moter/<uuid:key>/lede/", leading.lead, name="lead"),
    path("moter/<uuid:key>/skjerm/", leading.screen, name="screen"),
    path("moter/<uuid:key>/referat/", leading.minutes, name="minutes"),
    path("moter/<uuid:key>/referat.pdf", leading.minutes_file, name="minutes_pdf"),
    path("m/", entering.enter, name="enter"),
    path("m/<str:token>/", entering.join, name="join"),
    path("mote/<uuid:key>/", phones.phone, name="phone"),
    path("mote/<uuid:key>/lapp/<uuid:item>/", phones.note, name="note"),
    path("mote/<uuid:key>/bilde/<uuid:picture>", phones.picture, name="picture"),
    path("mote/<uuid:key>/stemme/<uuid:item>/", phones.vote, name="vote"),
]
