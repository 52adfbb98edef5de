"""Who is due a mail because of the desk, from when, and until when."""

import datetime as dt
from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries

from accreditation.reminder_sources import decisions_due, documents_missing
from accreditation.services.applications import (
    ask_for_documents,
    receive_document,
    submit_application,
    withdraw_application,
)
from accreditation.services.drafts import NominationDraft
from accreditation.states import ApplicationState, DocumentKind
from missions.models import Election, Mission, User
from missions.reminders.models import Message
from missions.reminders.sources import ReminderDraft
from tests.accreditation.conftest import MakeApplication, draft_number

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)
EIGHT = dt.datetime(2024, 1, 19, 4, tzinfo=dt.UTC)  # in the morning of the next day in Baku
MIDNIGHT = dt.datetime(2024, 1, 19, 20, tzinfo=dt.UTC)


def _message(draft: ReminderDraft) -> Message:
    return Message(
        to_address=draft.to_address,
        subject_type=draft.subject_type,
        subject_id=draft.subject_id,
        slot=draft.slot,
        not_after=draft.not_after,
    )


@pytest.fixture
def scant(draft: NominationDraft) -> NominationDraft:
    return replace(draft, documents=frozenset({DocumentKind.FORM}))


@pytest.mark.usefixtures("other_lead")
def test_leads_are_told_once_a_day_which_papers_are_missing(
    make_application: MakeApplication,
    mission: Mission,
    lead: User,
    reviewer: User,
    scant: NominationDraft,
    at: dt.datetime,
) -> None:
    submit_application(application=make_application(person=scant), by=lead, at=at)
    second = make_application(ApplicationState.UNDER_REVIEW, person=draft_number(2))
    ask_for_documents(application=second, kinds=[DocumentKind.PLEDGE], by=reviewer, at=at)
    make_application(ApplicationState.SUBMITTED, person=draft_number(3))

    (draft,) = documents_missing.due(at=EIGHT)

    assert draft == ReminderDraft(
        to_address="lead@odihr.example",
        subject_type="missions.mission",
        subject_id=mission.pk,
        slot=dt.date(2024, 1, 19),
        due_at=EIGHT,
        not_after=MIDNIGHT,
        mission_id=mission.pk,
        subject="2 applications wait for documents",
        body=(
            "ODIHR mission, Presidential election\n\n"
            "These applications are incomplete; the decision waits for their documents:\n\n"
            "R-1: photo, passport copy\n"
            "R-2: signed pledge\n"
        ),
    )
    assert list(documents_missing.due(at=MIDNIGHT - SECOND)) == [draft]
    assert list(documents_missing.due(at=EIGHT - SECOND)) == []
    assert [row.slot for row in documents_missing.due(at=EIGHT + DAY)] == [dt.date(2024, 1, 20)]


def test_nobody_is_told_of_papers_after_election_day(
    make_application: MakeApplication, election: Election, lead: User, scant: NominationDraft, at: dt.datetime
) -> None:
    submit_application(application=make_application(person=scant), by=lead, at=at)

    assert len(list(documents_missing.due(at=dt.datetime(2024, 2, 7, 12, tzinfo=dt.UTC)))) == 1
    assert list(documents_missing.due(at=dt.datetime(2024, 2, 8, 12, tzinfo=dt.UTC))) == []


def test_a_mail_about_papers_holds_while_its_reason_holds(
    make_application: MakeApplication, lead: User, scant: NominationDraft, at: dt.datetime
) -> None:
    application = submit_application(application=make_application(person=scant), by=lead, at=at)
    (draft,) = documents_missing.due(at=EIGHT)
    message = _message(draft)

    assert documents_missing.still_due(message, at=EIGHT)
    assert not documents_missing.still_due(message, at=EIGHT + DAY)
    lead.is_active = False
    lead.save()
    assert not documents_missing.still_due(message, at=EIGHT)
    lead.is_active = True
    lead.save()
    receive_document(application=application, kind=DocumentKind.PHOTO, by=lead, at=EIGHT)
    assert not documents_missing.still_due(message, at=EIGHT)


@pytest.mark.usefixtures("approver")
def test_staff_are_told_of_decisions_of_the_last_day_by_whose_turn_it_is(
    make_application: MakeApplication, election: Election, reviewer: User, lead: User, at: dt.datetime
) -> None:
    make_application(ApplicationState.SUBMITTED)
    make_application(ApplicationState.UNDER_REVIEW, person=draft_number(2))
    make_application(ApplicationState.SCHEDULED, person=draft_number(3))
    make_application(ApplicationState.DRAFT, person=draft_number(4))
    last_morning = dt.datetime(2024, 1, 21, 4, tzinfo=dt.UTC)  # all must be decided until midnight of the 21st

    drafts = list(decisions_due.due(at=last_morning))

    assert [(row.to_address, row.subject) for row in drafts] == [
        ("approver@ministry.example", "1 application must be decided within a day"),
        ("reviewer@ministry.example", "2 applications must be decided within a day"),
    ]
    assert drafts[1] == ReminderDraft(
        to_address="reviewer@ministry.example",
        subject_type="missions.election",
        subject_id=election.pk,
        slot=dt.date(2024, 1, 21),
        due_at=last_morning,
        not_after=dt.datetime(2024, 1, 21, 20, tzinfo=dt.UTC),
        mission_id=None,
        subject="2 applications must be decided within a day",
        body="Presidential election\n\nApplications that must be decided within a day, or are overdue: 2.\n",
    )
    assert list(decisions_due.due(at=last_morning - SECOND)) == []
    assert list(decisions_due.due(at=last_morning - DAY)) == []
    assert [row.slot for row in decisions_due.due(at=last_morning + DAY)] == [dt.date(2024, 1, 22)] * 2


def test_a_mail_about_decisions_holds_while_its_reason_holds(
    make_application: MakeApplication, reviewer: User, lead: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.SUBMITTED)
    morning = dt.datetime(2024, 1, 21, 4, tzinfo=dt.UTC)
    (draft,) = decisions_due.due(at=morning)
    message = _message(draft)

    assert decisions_due.still_due(message, at=morning)
    assert not decisions_due.still_due(message, at=morning + DAY)
    reviewer.user_permissions.clear()
    assert not decisions_due.still_due(message, at=morning)
    reviewer.is_staff = False
    reviewer.save()
    withdraw_application(application=application, by=lead, at=at)
    assert not decisions_due.still_due(message, at=morning)


@pytest.mark.parametrize("people", [1, 3])
def test_planning_asks_the_database_a_bounded_number_of_times(
    make_application: MakeApplication,
    lead: User,
    reviewer: User,
    at: dt.datetime,
    people: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(people):
        scant = draft_number(number, documents=frozenset())
        submit_application(application=make_application(person=scant), by=lead, at=at)
        make_application(ApplicationState.SUBMITTED, person=draft_number(number + 5))

    with django_assert_num_queries(4):
        assert len(list(documents_missing.due(at=EIGHT))) == 1
    with django_assert_num_queries(3):
        assert len(list(decisions_due.due(at=EIGHT + 3 * DAY))) == 1
