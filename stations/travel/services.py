"""Taking in files of travel times, the whole of one or nothing, and taking them out of use."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.kernel.spreadsheets.reader import read_table
from missions.kernel.spreadsheets.table import Severity
from missions.models import Constituency, Mission, User
from stations.models import PollingStation
from stations.travel.errors import MatrixOfPoolMissionError, MatrixRefusedError, MatrixRemovedError
from stations.travel.layout import leg_schema
from stations.travel.matrices import pack
from stations.travel.models import TravelMatrix
from stations.travel.rules import matrix_of


def store_matrix(
    *,
    data: bytes,
    file_name: str,
    encoding: str | None = None,
    constituency: Constituency,
    mission: Mission | None,
    by: User | None,
    at: datetime,
) -> TravelMatrix:
    """Take in the travel times of a constituency, for a self-directed mission or for the ministry (None).

    The file has a row for each way between the base and the stations in use, in each direction; it takes the place of
    the owner's file before it. Records "travel_measured". Raises SpreadsheetError for a file that cannot be read as a
    whole, MatrixRefusedError with the faults of its rows, MatrixOfPoolMissionError.
    """
    if mission is not None and not mission.is_self_directed:
        raise MatrixOfPoolMissionError
    table = read_table(data, file_name=file_name, schema=leg_schema(), encoding=encoding)
    _refuse(
        [
            Violation(f"{finding.row}:{finding.column}", finding.code, finding.message)
            for finding in table.findings
            if finding.severity is Severity.ERROR
        ],
        table.error_count,
    )
    with transaction.atomic():
        # Two files of one constituency at the same time: the second waits here, and takes the first one's place.
        Constituency.objects.select_for_update().get(pk=constituency.pk)
        codes = _codes_of(constituency)
        checked = matrix_of(table.rows, codes)
        _refuse(checked.faults, len(checked.faults))
        matrix = _replace_by(
            TravelMatrix(
                constituency=constituency,
                mission=mission,
                file_name=file_name[:200],
                sha256=table.sha256,
                codes=codes,
                cells=pack(checked.matrix),
                uploaded_at=at,
                uploaded_by=by,
            )
        )
        record_event("travel_measured", matrix, by=by, at=at, scope_id=matrix.mission_id, is_private=matrix.is_private)
    return matrix


def remove_matrix(*, matrix: TravelMatrix, reason: str = "", by: User | None, at: datetime) -> TravelMatrix:
    """Take a matrix out of use; the great circle, or the ministry's, counts again. Records "travel_removed".

    Raises MatrixRemovedError if it is out of use already.
    """
    with transaction.atomic():
        row = held_matrix(matrix)
        if row.removed_at is not None:
            raise MatrixRemovedError
        row.removed_at = at
        row.version += 1
        row.save(update_fields=["removed_at", "version"])
        record_event(
            "travel_removed",
            row,
            by=by,
            at=at,
            scope_id=row.mission_id,
            reason=reason.strip(),
            is_private=row.is_private,
        )
    return row


def held_matrix(matrix: TravelMatrix) -> TravelMatrix:
    """The matrix under its lock, without its cells."""
    rows = TravelMatrix.objects.select_for_update(of=("self",)).select_related("constituency__election", "mission")
    return rows.defer("cells").get(pk=matrix.pk)


def _codes_of(constituency: Constituency) -> list[str]:
    """The stations that a file has to name. Raises MatrixRefusedError if there are none."""
    stations = PollingStation.objects.filter(constituency=constituency).in_use()
    codes = list(stations.order_by("code").values_list("code", flat=True))
    if not codes:
        message = _("The constituency has no station in use.")
        raise MatrixRefusedError(message, violations=[Violation("constituency", "no-stations", message)])
    return codes


def _replace_by(matrix: TravelMatrix) -> TravelMatrix:
    former = TravelMatrix.objects.in_use().filter(constituency=matrix.constituency, mission=matrix.mission)
    former.update(removed_at=matrix.uploaded_at)
    matrix.save(force_insert=True)
    return matrix


def _refuse(faults: Sequence[Violation], count: int) -> None:
    if faults:
        message = ngettext(
            "%(count)d error was found; nothing was stored.", "%(count)d errors were found; nothing was stored.", count
        ) % {"count": count}
        raise MatrixRefusedError(message, violations=faults)
