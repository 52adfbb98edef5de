"""Correcting accredited people in tests: look first, then make what was shown."""

import datetime as dt

from accreditation.models import Accreditation
from accreditation.services.corrections import (
    Correction,
    CorrectionPreview,
    correct_accreditation,
    preview_correction,
)
from missions.models import User

REASON = "Misread in the file"


def make(
    accreditation: Accreditation, correction: Correction, by: User, at: dt.datetime, reason: str = REASON
) -> Accreditation:
    """Preview, and then make what was previewed."""
    digest = preview(accreditation, correction, by, at).digest
    return correct_accreditation(
        accreditation=accreditation, correction=correction, digest=digest, reason=reason, by=by, at=at
    )


def preview(accreditation: Accreditation, correction: Correction, by: User, at: dt.datetime) -> CorrectionPreview:
    return preview_correction(accreditation=accreditation, correction=correction, by=by, at=at)
