"""The pages of the accreditation desk."""

from accreditation.admin import (
    accreditations,
    applications,
    decisions,
    exit_polls,
    listed,
    nominations,
    papers,
    people,
    quotas,
    reviews,
    revocations,
    sessions,
)

__all__ = [
    "accreditations",
    "applications",
    "decisions",
    "exit_polls",
    "listed",
    "nominations",
    "papers",
    "people",
    "quotas",
    "reviews",
    "revocations",
    "sessions",
]
