"""The staff's pages of figures."""

from missions.reports.figures.admin import claims, frozen

__all__ = ["claims", "frozen"]
