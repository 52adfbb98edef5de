"""Addresses of the public pages. They are permanent: nothing here may ever move."""

from django.urls import include, path, register_converter
from django.urls.converters import IntConverter, StringConverter

from missions.reports.web import views
from missions.reports.wording import OTHERS


class NumberConverter(IntConverter):
    """The number of a report as it is written: no leading zero, so that each page has one address."""

    regex = "[1-9][0-9]{0,8}"


class LanguageConverter(StringConverter):
    """The language of a file: two small letters and nothing else."""

    regex = "[a-z]{2}"


register_converter(NumberConverter, "report_number")
register_converter(LanguageConverter, "report_language")

app_name = "public"

_PAGES = [
    path("", views.index, name="index"),
    path("<slug:election>/", views.election, name="election"),
    path("<slug:election>/recommendations/", views.recommendations, name="recommendations"),
    path("<slug:election>/<report_number:number>/", views.report, name="report"),
]

urlpatterns = [
    path("reports/feed.atom", views.feed, name="feed"),
    path("reports/<slug:election>/<report_number:number>/<report_language:file_language>.pdf", views.file, name="file"),
    path("reports/", include(_PAGES)),
    *(path(f"{code}/reports/", include((_PAGES, f"public-{code}")), {"language": code}) for code in OTHERS),
]
