"""The routes of the two sites of pages, without the one of the framework's that would betray what exists."""

from collections.abc import Iterable

from django.contrib.admin import AdminSite
from django.urls import URLPattern, URLResolver

Route = URLPattern | URLResolver
#: Tells whether an object exists to whoever asks for its public page; none of ours has one.
_ORACLE = "view_on_site"


def without_oracle(routes: Iterable[Route]) -> list[Route]:
    """All of them but that one: its address is then as absent as any other."""
    return [route for route in routes if getattr(route, "name", None) != _ORACLE]


def routes_of(site: AdminSite) -> tuple[list[Route], str, str]:
    """What `path` takes for a site that is not one of our own making."""
    routes, app_name, namespace = site.urls
    return without_oracle(routes), app_name, namespace
