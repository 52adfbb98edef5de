"""The staff's pages on elections, missions and accounts."""

from missions.admin import accounts, elections, invitations, members, missions

__all__ = ["accounts", "elections", "invitations", "members", "missions"]
