"""The staff's pages of timelines and of the election calendar."""

from missions.timeline.admin import milestones

__all__ = ["milestones"]
