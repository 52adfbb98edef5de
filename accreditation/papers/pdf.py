"""Scans in PDF: at most five pages, nothing that acts, nothing inside. Kept as they came, since one may be signed."""

from typing import Final

from accreditation.papers.errors import PaperRefusedError
from missions.kernel.pdf import pdf_fault
from missions.kernel.pdf_probe import PdfLimits

LIMITS: Final = PdfLimits(pages=5, objects=20_000, seconds=8)


def ensure_harmless_pdf(data: bytes) -> None:
    """Raise PaperRefusedError, with one of the codes of `missions.kernel.pdf`, unless it is nothing but a few pages."""
    if fault := pdf_fault(data, LIMITS):
        raise PaperRefusedError(fault)
