"""The programme on the staff's pages."""

from missions.timeline.programme.admin import bookings, programmes, requests, resources

__all__ = ["bookings", "programmes", "requests", "resources"]
