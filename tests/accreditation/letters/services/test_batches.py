"""The letters of a session: one order, one result per person, and no harm in doing it twice."""

import datetime as dt
from dataclasses import replace

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from accreditation.letters.errors import BatchInProgressError, LanguageNotOfferedError, LetterNotDueError
from accreditation.letters.models import Letter, LetterBatch
from accreditation.letters.selectors import BatchProgress, progress_of
from accreditation.letters.services import batches
from accreditation.letters.services.batches import issue_ordered_letters, order_session_letters
from accreditation.letters.services.issuing import issue_letter
from accreditation.letters.states import LetterKind
from accreditation.letters.tasks import work_off_letters
from accreditation.models import Accreditation, CommissionSession
from accreditation.services.accreditations import suspend_accreditation
from accreditation.services.decisions import accredit_application, refuse_application
from accreditation.states import ApplicationState
from missions.kernel.models import Event
from missions.models import User
from tests.accreditation.conftest import MakeApplication, draft_number

pytestmark = pytest.mark.django_db

RUNG: list[str] = []


@pytest.fixture(autouse=True)
def _bell(settings: Settings) -> None:
    settings.DOORBELL = f"{__name__}.note_bell"
    RUNG.clear()


def note_bell(bell: str) -> None:
    RUNG.append(bell)


@pytest.fixture
def decided(
    make_application: MakeApplication, session: CommissionSession, approver: User, at: dt.datetime
) -> CommissionSession:
    """A session that accredited two (one of them suspended since, one of a script without a font) and refused one."""
    people = [draft_number(1), draft_number(2), replace(draft_number(3), surname="ბერიძე"), draft_number(4)]
    rows = [make_application(ApplicationState.SCHEDULED, person=person) for person in people]
    for row in rows[:3]:
        accredit_application(application=row, by=approver, at=at)
    refuse_application(application=rows[3], ground="host_citizen", text="Two passports.", by=approver, at=at)
    suspended = Accreditation.objects.get(application=rows[1])
    suspend_accreditation(accreditation=suspended, reason="Papers.", by=approver, at=at)
    return session


def results(batch: LetterBatch) -> list[tuple[str, str]]:
    return [(str(item.letter or ""), item.code) for item in batch.items.all()]


EXPECTED = [("AL-0001/2024", ""), ("", "letter-not-due"), ("", "letter-not-printable"), ("RF-0001/2024", "")]


def test_everybody_decided_in_the_session_gets_a_letter_or_a_reason(
    decided: CommissionSession, issuer: User, at: dt.datetime
) -> None:
    later = at + dt.timedelta(minutes=1)
    batch = order_session_letters(session=decided, by=issuer, at=at)

    done = issue_ordered_letters(at=later)

    batch.refresh_from_db()
    assert (done, results(batch), batch.finished_at) == (4, EXPECTED, later)
    assert progress_of(batch) == BatchProgress(people=4, issued=2, refused=2)
    assert set(Letter.objects.values_list("issued_by", "issued_at")) == {(issuer.pk, later)}
    assert Event.objects.of(decided).filter(verb="letters_ordered").count() == 1


def test_a_person_whose_letter_breaks_keeps_nobody_else_back(
    decided: CommissionSession, issuer: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = order_session_letters(session=decided, by=issuer, at=at)

    def broken(**kwargs: object) -> Letter:
        if kwargs["kind"] == LetterKind.REFUSAL:
            return issue_letter(**kwargs)  # type: ignore[arg-type]  # passed on as they came
        raise RuntimeError("poison")

    monkeypatch.setattr(batches, "issue_letter", broken)
    issue_ordered_letters(at=at)

    assert results(batch) == [("", "letter-broken"), ("", "letter-broken"), ("", "letter-broken"), ("RF-0001/2024", "")]


def test_an_order_rings_and_a_turn_that_leaves_work_rings_again(
    decided: CommissionSession,
    issuer: User,
    at: dt.datetime,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        batch = order_session_letters(session=decided, by=issuer, at=at)
    assert RUNG == ["letters.work_off"]

    with django_capture_on_commit_callbacks(execute=True):
        turns = [issue_ordered_letters(at=at, limit=3), issue_ordered_letters(at=at, limit=3)]

    assert (turns, RUNG) == ([3, 1], ["letters.work_off"] * 2)
    assert results(batch) == EXPECTED
    assert issue_ordered_letters(at=at) == 0


def test_who_has_the_letter_keeps_it(decided: CommissionSession, issuer: User, at: dt.datetime) -> None:
    accreditation = Accreditation.objects.get(number=1)
    first = issue_letter(kind=LetterKind.ACCREDITATION, subject=accreditation, by=issuer, at=at)
    order_session_letters(session=decided, by=issuer, at=at)
    issue_ordered_letters(at=at)

    again = order_session_letters(session=decided, by=issuer, at=at)
    issue_ordered_letters(at=at)

    assert again.items.order_by("pk")[0].letter == first
    assert Letter.objects.count() == 2
    assert results(again) == EXPECTED


def test_a_session_has_one_open_order(decided: CommissionSession, issuer: User, at: dt.datetime) -> None:
    order_session_letters(session=decided, by=issuer, at=at)

    with pytest.raises(BatchInProgressError):
        order_session_letters(session=decided, by=issuer, at=at)

    assert LetterBatch.objects.count() == 1


def test_nothing_is_ordered_of_a_session_that_decided_nothing(
    session: CommissionSession, issuer: User, at: dt.datetime
) -> None:
    with pytest.raises(LetterNotDueError):
        order_session_letters(session=session, by=issuer, at=at)
    with pytest.raises(LanguageNotOfferedError):
        order_session_letters(session=session, foreign="xx", by=issuer, at=at)

    assert LetterBatch.objects.count() == 0


def test_the_task_works_off_what_is_ordered(decided: CommissionSession, issuer: User, at: dt.datetime) -> None:
    order_session_letters(session=decided, foreign="ru", by=issuer, at=at)

    assert work_off_letters() == 4
    assert set(Letter.objects.values_list("languages", flat=True)) == {"az,ru"}
