"""The door of scans: what the probe finds is a refusal of the paper."""

from accreditation.papers.errors import PaperRefusedError
from accreditation.papers.pdf import ensure_harmless_pdf
from tests.corpus.files import papers as made


def _reason_against(data: bytes) -> str:
    """Why the file is refused, empty if it is taken."""
    try:
        ensure_harmless_pdf(data)
    except PaperRefusedError as error:
        return error.reason
    return ""


def test_a_scan_of_five_pages_passes_and_of_six_is_refused_by_what_the_probe_finds() -> None:
    assert (_reason_against(made.pdf(5)), _reason_against(made.pdf(6))) == ("", "pdf_too_many_pages")
