"""Who: people, their nominations and applications, and what was decided."""

from accreditation.models.applications import Application, Finding
from accreditation.models.decisions import Accreditation, Decision, Revocation
from accreditation.models.documents import Document, StoredFile
from accreditation.models.exit_polls import ExitPollResult
from accreditation.models.listed import ListedPerson
from accreditation.models.people import Nomination, Observer, full_name
from accreditation.models.quotas import CategoryQuota
from accreditation.models.reviews import BulkReview
from accreditation.models.sessions import AgendaItem, CommissionSession
from accreditation.models.stays import Stay

__all__ = [
    "Accreditation",
    "AgendaItem",
    "Application",
    "BulkReview",
    "CategoryQuota",
    "CommissionSession",
    "Decision",
    "Document",
    "ExitPollResult",
    "Finding",
    "ListedPerson",
    "Nomination",
    "Observer",
    "Revocation",
    "Stay",
    "StoredFile",
    "full_name",
]
