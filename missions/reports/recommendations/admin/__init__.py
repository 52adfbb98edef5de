"""The staff's pages of recommendations."""

from missions.reports.recommendations.admin import parts, register

__all__ = ["parts", "register"]
