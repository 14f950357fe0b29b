"""Log in, log out, passwords. allauth's pages for open sign-up and more addresses are left out."""

from allauth.account import views as allauth_views
from django.urls import path, re_path

from puls.web.accounts import views

urlpatterns = [
    path("logg-inn/", allauth_views.login, name="account_login"),
    path("logg-ut/", allauth_views.logout, name="account_logout"),
    path("stengt/", allauth_views.account_inactive, name="account_inactive"),
    path("registrering/", allauth_views.signup, name="account_signup"),
    path("passord/", allauth_views.password_change, name="account_change_password"),
    path("passord/glemt/", allauth_views.password_reset, name="account_reset_password"),
    path(
        "passord/glemt/sendt/",
        allauth_views.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^passord/glemt/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "passord/glemt/ferdig/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("sprak/", views.language, name="language"),
]
