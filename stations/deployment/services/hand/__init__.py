"""Changing drafts by hand: one door for all acts, and the way back."""

from stations.deployment.services.hand import areas, people, places, routes  # each registers its acts
from stations.deployment.services.hand.changing import HandWork, change_by_hand, undo_change

__all__ = ["HandWork", "areas", "change_by_hand", "people", "places", "routes", "undo_change"]
