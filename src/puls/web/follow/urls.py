"""The addresses of the overview and of the thread."""

from django.urls import path

from puls.web.follow import views

app_name = "follow"
urlpatterns = [
    path("hva-gjor-vi/", views.own, name="doing"),
    path("hva-gjor-vi/<str:unit>/", views.doing, name="doing_at"),
    path("den-rode-traden/<str:kind>/<str:key>/", views.chain, name="chain"),
]
