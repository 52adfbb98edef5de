"""A letter comes out again as it was issued, and who read it is on record."""

import datetime as dt
import hashlib

import pytest

from accreditation.letters.models import Letter
from accreditation.letters.services.issuing import issue_letter
from accreditation.letters.services.reading import read_letter, render_letter
from accreditation.letters.states import LetterKind
from accreditation.models import Accreditation, Observer
from missions.kernel.models import Event
from missions.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(accreditation: Accreditation, issuer: User, at: dt.datetime) -> Letter:
    issued = issue_letter(kind=LetterKind.ACCREDITATION, subject=accreditation, by=issuer, at=at)
    return Letter.objects.get(pk=issued.pk)  # as the database gives it back


def test_the_file_is_the_one_that_was_issued_whatever_changed_since(letter: Letter) -> None:
    Observer.objects.update(surname="Changed")

    pdf = render_letter(letter)

    assert hashlib.sha256(pdf).hexdigest() == letter.sha256
    assert pdf.startswith(b"%PDF-1.7")


def test_each_reading_is_on_record(letter: Letter, lead: User, at: dt.datetime) -> None:
    files = [read_letter(letter=letter, by=lead, at=at) for _ in range(2)]

    assert [(file.name, file.is_as_issued) for file in files] == [("AL-0001-2024.pdf", True)] * 2
    assert files[0].pdf == files[1].pdf
    read = Event.objects.of(letter).filter(verb="letter_read")
    assert [(event.actor, event.scope_id, event.reason) for event in read] == [(lead, letter.mission_id, "")] * 2


def test_a_file_that_newer_software_made_otherwise_says_so(letter: Letter, lead: User, at: dt.datetime) -> None:
    Letter.objects.filter(pk=letter.pk).update(sha256="0" * 64)
    letter.refresh_from_db()

    file = read_letter(letter=letter, by=lead, at=at)

    assert file.is_as_issued is False
    event = Event.objects.of(letter).get(verb="letter_read")
    assert event.reason == "The same words, in a file made by newer software."
