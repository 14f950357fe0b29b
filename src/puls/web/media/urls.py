"""Addresses of pictures and files. `texts` knows those of a picture and of a file by heart."""

from django.urls import path

from puls.web.media import views

app_name = "media"
urlpatterns = [
    path("bilde/<uuid:key>", views.picture, name="picture"),
    path("bilde/<uuid:key>/liten", views.picture_small, name="picture_small"),
    path("fil/<uuid:key>", views.file, name="file"),
    path("bilder/", views.pictures, name="pictures"),
    path("bilder/velg/", views.choose, name="choose"),
    path("bilder/fil/", views.attach, name="attach"),
    path("bilder/<uuid:key>/fortell/", views.tell, name="tell"),
    path("bilder/<uuid:key>/fjern/", views.remove, name="remove"),
]
