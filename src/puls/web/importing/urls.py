"""Address of the page on which a round gets its answers from a file."""

from django.urls import path

from puls.web.importing import views

app_name = "importing"
urlpatterns = [path("runder/<uuid:key>/svarfil/", views.answers, name="answers")]
