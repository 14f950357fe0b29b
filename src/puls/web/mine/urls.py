"""Addresses of what is one's own."""

from django.urls import path

from puls.web.mine import views, wheel_views

app_name = "mine"
urlpatterns = [
    path("arshjul/", wheel_views.wheel, name="wheel"),
    path("arshjul/abonnement/<str:secret>.ics", wheel_views.feed, name="feed"),
    path("mitt/varsler/", views.wishes, name="wishes"),
    path("mitt/alt-jeg-har-skrevet/", views.written, name="written"),
    path("mitt/alt-jeg-har-skrevet.zip", views.archive, name="archive"),
    path("mitt/overlat/", views.hand_over, name="hand_over"),
]
