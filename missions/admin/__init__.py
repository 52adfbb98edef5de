"""The staff's pages on elections, missions and accounts."""

from missions.admin import accounts, elections, invitations, missions

__all__ = ["accounts", "elections", "invitations", "missions"]
