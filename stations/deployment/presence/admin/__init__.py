"""The pages of presence: the day of a plan's teams (among the pages of plans), and roll calls."""

from stations.deployment.presence.admin import roll_calls

__all__ = ["roll_calls"]
