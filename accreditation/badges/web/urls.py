"""Addresses below /b, which stands in every code: the page, its worker, and what it trusts."""

from django.urls import path

from accreditation.badges.web import views

app_name = "verify"

urlpatterns = [
    path("", views.page, name="page"),
    path("/sw.js", views.worker, name="worker"),
    path("/trust.json", views.trust, name="trust"),
    path("/<slug:election>/<str:name>", views.published_list, name="list"),
]
