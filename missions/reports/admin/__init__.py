"""The staff's pages of reports."""

from missions.reports.admin import reports

__all__ = ["reports"]
