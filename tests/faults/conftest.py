"""The fixtures of the desk and of badges, for faults that happen to them."""

from tests.accreditation.badges.conftest import badge_folders, issuer, make_accreditation, trust
from tests.accreditation.conftest import accreditation, make_application, session

__all__ = ["accreditation", "badge_folders", "issuer", "make_accreditation", "make_application", "session", "trust"]
