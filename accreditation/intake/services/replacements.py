"""A replacement in one act: somebody hands the accreditation back, and the successor comes by the rules of a file."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accreditation.intake.errors import NominationFileRefusedError
from accreditation.intake.services.records import RecordResult, nominate_records
from accreditation.models import Accreditation
from accreditation.services.accreditations import replace_accreditation
from accreditation.states import Category
from missions.kernel.spreadsheets.values import CellValue
from missions.models import User


def replace_by_record(
    *,
    accreditation: Accreditation,
    record: Mapping[str, CellValue] | None,
    reason: str,
    by: User,
    at: datetime,
) -> RecordResult | None:
    """End the accreditation and nominate the successor in the same category and transaction; both or none.

    The record is read and checked as a row of a nomination file is. Without one the place is free for a later
    nomination. Raises NominationFileRefusedError with every finding, and as `replace_accreditation` does.
    """
    with transaction.atomic():
        ended = replace_accreditation(accreditation=accreditation, reason=reason, by=by, at=at)
        if record is None:
            return None
        mission = accreditation.application.nomination.mission
        [result] = nominate_records(mission=mission, category=Category(ended.category), records=[record], by=by, at=at)
        if result.outcome is None:
            raise NominationFileRefusedError(list(result.findings))
    return result
