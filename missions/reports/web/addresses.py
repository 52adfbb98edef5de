"""Where the public pages are. A report's address is permanent: it is printed, linked and kept."""

from django.conf import settings

from missions.reports.selectors import PublicReport
from missions.reports.wording import REFERENCE

_ROOT = "/reports/"
FEED_PATH = f"{_ROOT}feed.atom"


def index_path(language: str = REFERENCE) -> str:
    """All reports."""
    return _ROOT if language == REFERENCE else f"/{language}{_ROOT}"


def election_path(election_code: str, language: str = REFERENCE) -> str:
    """The reports of one election."""
    return f"{index_path(language)}{election_code}/"


def recommendations_path(election_code: str, language: str = REFERENCE) -> str:
    """The recommendations of one election."""
    return f"{election_path(election_code, language)}recommendations/"


def report_path(report: PublicReport, language: str = REFERENCE) -> str:
    """The page of one report."""
    return f"{election_path(report.election_code, language)}{report.number}/"


def file_path(report: PublicReport, file_language: str) -> str:
    """A file of it."""
    return f"{report_path(report)}{file_language}.pdf"


def whole(path: str) -> str:
    """The address with the host, as it goes into feeds and mails."""
    return f"{settings.PUBLIC_URL}{path}"
