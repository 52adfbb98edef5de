"""The staff's pages on elections, missions and accounts."""

from missions.admin import accounts, elections, missions

__all__ = ["accounts", "elections", "missions"]
