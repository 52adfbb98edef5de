"""All addresses of the product."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from config import problem_pages
from config.mission_site import mission_site
from config.site_routes import routes_of

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url="/admin/")),
    path("account/", include("missions.accounts.urls")),
    # One page to sign in and one for passwords: the admin's own know staff only, and write no history.
    path("admin/login/", RedirectView.as_view(pattern_name="account:sign-in", query_string=True)),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account:change-password")),
    path("admin/", routes_of(admin.site)),
    path("mission/", mission_site.urls),
    path("api/v1/", include("config.api")),
    path("problems/", problem_pages.index, name="problem-index"),
    path("problems/<slug:code>", problem_pages.page, name="problem"),
    path("", include("accreditation.badges.web.urls")),
    path("", include("missions.reports.web.urls")),
    path("", include("missions.timeline.feeds.urls")),
]

handler400 = "config.errors.bad_request"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"
