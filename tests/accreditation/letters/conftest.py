"""Who issues letters, and what a PDF says."""

import io
import re

import pytest
from pypdf import PdfReader

from accreditation.letters.models import Letter
from missions.models import User
from tests.conftest import staff


@pytest.fixture
def issuer() -> User:
    return staff("protocol@ministry.example", "letters.issue_letter", "letters.view_letter")


def text_of(pdf: bytes) -> str:
    """The words of a PDF, every run of spaces as one."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    text = "\n".join(page.extract_text() for page in pages)
    return re.sub(r"\s+", " ", re.sub("[\u200b\u2066-\u2069]", "", text))


def value_of(letter: Letter, label: str) -> list[str] | None:
    """The value of the fact whose English label it is."""
    facts = letter.content["facts"]
    return next((fact["value"] for fact in facts if fact["label"][-1] == label), None)
