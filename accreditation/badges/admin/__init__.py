"""The pages of badges: the desk, the batches, the checks at the doors, and what checkers trust."""

from accreditation.badges.admin import badges, batches, devices, scans, trust

__all__ = ["badges", "batches", "devices", "scans", "trust"]
