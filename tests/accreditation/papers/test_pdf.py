"""The door of scans: what the probe finds is a refusal of the paper."""

import pytest

from accreditation.papers.errors import PaperRefusedError
from accreditation.papers.pdf import ensure_harmless_pdf
from tests.corpus.files import papers as made


def test_a_sound_scan_passes() -> None:
    ensure_harmless_pdf(made.pdf(5))


def test_what_the_probe_finds_is_the_reason() -> None:
    with pytest.raises(PaperRefusedError) as caught:
        ensure_harmless_pdf(made.pdf(6))

    assert caught.value.reason == "pdf_too_many_pages"
