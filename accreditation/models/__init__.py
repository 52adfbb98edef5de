"""Who: people, their nominations and applications, and what was decided."""

from accreditation.models.applications import (
    Accreditation,
    Application,
    CommissionSession,
    Decision,
    Document,
    Finding,
)
from accreditation.models.people import Nomination, Observer

__all__ = [
    "Accreditation",
    "Application",
    "CommissionSession",
    "Decision",
    "Document",
    "Finding",
    "Nomination",
    "Observer",
]
