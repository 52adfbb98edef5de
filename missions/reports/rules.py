"""When an embargo may end, and what may be published as a file. Pure, but for the process that looks into a PDF."""

import io
import re
import zipfile
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import pycountry

from missions.kernel.pdf import is_pdf, pdf_fault
from missions.kernel.pdf_probe import PdfLimits
from missions.kernel.scanners import what_scanners_find
from missions.reports.errors import (
    EmbargoHourMissingError,
    ReportFileRefusedError,
    ReportFileTooLargeError,
    ReportFileTypeError,
)

MAX_BYTES: Final = 20 * 1024 * 1024
#: A final report has some hundred pages, and the tags that make it accessible are objects too.
LIMITS: Final = PdfLimits(pages=500, objects=600_000, seconds=20)
_LANGUAGE: Final = re.compile("[a-z]{2}")
_END_OF_PDF: Final = b"%%EOF"


def embargo_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which the clocks of the zone show this; the second time where they show it twice.

    The later reading, because nobody may read before the earlier one either. Raises EmbargoHourMissingError where
    they never show it.
    """
    instant = datetime.combine(day, at, tzinfo=zone).replace(fold=1).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != datetime.combine(day, at):
        raise EmbargoHourMissingError
    return instant


def is_known_language(code: str) -> bool:
    """Whether it is a code of ISO 639-1."""
    return bool(_LANGUAGE.fullmatch(code)) and pycountry.languages.get(alpha_2=code) is not None


def ensure_known_language(code: str) -> None:
    """Raise ReportFileRefusedError unless it is a code of ISO 639-1."""
    if not is_known_language(code):
        raise ReportFileRefusedError("language_unknown", field="language")


def ensure_publishable(data: bytes) -> None:
    """Raise ReportFileRefusedError or one of its kinds unless the file is a PDF and nothing but pages.

    Its name and its announced type are not asked. Metadata stay: the file may be signed.
    """
    if not data:
        raise ReportFileRefusedError("file_empty")
    if len(data) > MAX_BYTES:
        raise ReportFileTooLargeError("file_too_large")
    if what_scanners_find(data):
        raise ReportFileRefusedError("malware_found")
    if not is_pdf(data):
        raise ReportFileTypeError("media_type_not_allowed")
    if _is_two_files(data):
        raise ReportFileRefusedError("pdf_two_files")
    if fault := pdf_fault(data, LIMITS):
        raise ReportFileRefusedError(fault)


def _is_two_files(data: bytes) -> bool:
    """Whether something follows the end of the PDF, or an archive's directory hides near it."""
    _pages, end, rest = data.rpartition(_END_OF_PDF)
    return bool(end and rest.strip(b"\r\n\t \0")) or zipfile.is_zipfile(io.BytesIO(data))
