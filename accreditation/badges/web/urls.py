"""The page at /b, its worker, and what it trusts. The address stands in the code of every badge: it must not move."""

from django.urls import path

from accreditation.badges.web import views

app_name = "verify"

urlpatterns = [
    path("b", views.page, name="page"),
    path("b/sw.js", views.worker, name="worker"),
    path("b/trust.json", views.trust, name="trust"),
    path("b/<slug:election>/<str:name>", views.published_list, name="list"),
]
