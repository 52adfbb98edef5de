"""Addresses below /account/."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from missions.accounts import calendars, mail_page, views
from missions.accounts.states import LinkPurpose

app_name = "account"

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("tokens/revoke/", views.RevokeToken.as_view(), name="revoke-token"),
    path("calendars/", calendars.Calendars.as_view(), name="calendars"),
    path("calendars/<int:pk>/revoke/", calendars.RevokeCalendar.as_view(), name="revoke-calendar"),
    path("mails/", mail_page.Mails.as_view(), name="mails"),
    path("mails/<int:pk>/digest/", mail_page.ChooseDigest.as_view(), name="digest"),
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(next_page="account:sign-in"), name="sign-out"),
    path("password/", views.ChoosePassword.as_view(), name="password"),
    path("password/change/", views.ChangePassword.as_view(), name="change-password"),
    path("reset/", views.AskForReset.as_view(), name="reset"),
    path("reset/asked/", views.ResetAsked.as_view(), name="reset-asked"),
    path(
        "invitation/<str:token>/",
        views.OpenLink.as_view(),
        {"purpose": LinkPurpose.INVITATION},
        name=f"{LinkPurpose.INVITATION}-link",
    ),
    path(
        "reset/<str:token>/", views.OpenLink.as_view(), {"purpose": LinkPurpose.RESET}, name=f"{LinkPurpose.RESET}-link"
    ),
]
