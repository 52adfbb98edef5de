"""Who is told of missing papers and of decisions, from when, until when, and as long as it holds."""

import datetime as dt
from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries

from accreditation.services.applications import (
    ask_for_documents,
    receive_document,
    submit_application,
    withdraw_application,
)
from accreditation.services.drafts import NominationDraft
from accreditation.states import ApplicationState, DocumentKind
from missions.models import Election, Mission, User
from missions.reminders.sources import ReminderDraft
from tests.accreditation.conftest import MakeApplication, draft_number
from tests.reminder_rules import message_of, rule_source
from tests.staff import in_role

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)
EIGHT = dt.datetime(2024, 1, 19, 4, tzinfo=dt.UTC)  # in the morning of the next day in Baku
MIDNIGHT = dt.datetime(2024, 1, 19, 20, tzinfo=dt.UTC)
#: All applications of these tests must be decided until midnight of the 21st.
LAST_MORNING = dt.datetime(2024, 1, 21, 4, tzinfo=dt.UTC)
documents_missing = rule_source("documents_missing")
decisions_due = rule_source("decisions_due")
decisions_overdue = rule_source("decisions_overdue")


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
            "R-2: signed pledge"
        ),
        reason="you lead the mission, and the rule “Documents are missing” of the ministry applies to it.",
        may_wait=True,
    )
    assert list(documents_missing.due(at=MIDNIGHT - SECOND)) == [draft]
    assert list(documents_missing.due(at=EIGHT - SECOND)) == []
    assert [row.slot for row in documents_missing.due(at=EIGHT + DAY)] == [dt.date(2024, 1, 20)]


@pytest.mark.usefixtures("lead")
def test_after_four_days_the_registrars_are_told_as_well(
    make_application: MakeApplication, lead: User, scant: NominationDraft, at: dt.datetime
) -> None:
    in_role("registrar")
    submit_application(application=make_application(person=scant), by=lead, at=at)
    nine = dt.datetime(2024, 1, 22, 5, tzinfo=dt.UTC)

    before, after = (list(documents_missing.due(at=instant)) for instant in (nine - SECOND, nine))

    assert [draft.to_address for draft in before] == [lead.email]
    assert [(draft.to_address, draft.subject) for draft in after] == [
        (lead.email, "1 application waits for documents"),
        ("registrar@desk.example", "ODIHR mission: 1 application has waited for documents for days"),
    ]


def test_nobody_is_told_of_papers_after_election_day(
    make_application: MakeApplication, lead: User, scant: NominationDraft, at: dt.datetime
) -> None:
    submit_application(application=make_application(person=scant), by=lead, at=at)

    assert len(list(documents_missing.due(at=dt.datetime(2024, 2, 7, 12, tzinfo=dt.UTC)))) == 1
    assert list(documents_missing.due(at=dt.datetime(2024, 2, 8, 12, tzinfo=dt.UTC))) == []


def test_a_mail_about_papers_holds_while_its_reason_holds(
    make_application: MakeApplication, lead: User, scant: NominationDraft, at: dt.datetime
) -> None:
    application = submit_application(application=make_application(person=scant), by=lead, at=at)
    (draft,) = documents_missing.due(at=EIGHT)
    message = message_of(draft)

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
    make_application: MakeApplication, election: Election
) -> None:
    make_application(ApplicationState.SUBMITTED)
    make_application(ApplicationState.UNDER_REVIEW, person=draft_number(2))
    make_application(ApplicationState.SCHEDULED, person=draft_number(3))
    make_application(ApplicationState.DRAFT, person=draft_number(4))

    drafts = sorted(decisions_due.due(at=LAST_MORNING), key=lambda draft: draft.to_address)

    assert [(row.to_address, row.subject) for row in drafts] == [
        ("approver@ministry.example", "1 application must be decided within a day"),
        ("reviewer@ministry.example", "2 applications must be decided within a day"),
    ]
    assert drafts[1] == ReminderDraft(
        to_address="reviewer@ministry.example",
        subject_type="missions.election",
        subject_id=election.pk,
        slot=dt.date(2024, 1, 21),
        due_at=LAST_MORNING,
        not_after=dt.datetime(2024, 1, 21, 20, tzinfo=dt.UTC),
        mission_id=None,
        subject="2 applications must be decided within a day",
        body="Presidential election\n\nApplications that must be decided within a day, or are overdue: 2.",
        reason="it is your turn to act, as the rule “Decisions are due” of the ministry wants it.",
    )
    assert list(decisions_due.due(at=LAST_MORNING - SECOND)) == []
    assert list(decisions_due.due(at=LAST_MORNING - DAY)) == []
    assert [row.slot for row in decisions_due.due(at=LAST_MORNING + DAY)] == [dt.date(2024, 1, 22)] * 2


def test_a_mail_about_decisions_holds_while_its_reason_holds(
    make_application: MakeApplication, reviewer: User, lead: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.SUBMITTED)
    (draft,) = decisions_due.due(at=LAST_MORNING)
    message = message_of(draft)

    assert decisions_due.still_due(message, at=LAST_MORNING)
    assert not decisions_due.still_due(message, at=LAST_MORNING + DAY)
    reviewer.user_permissions.clear()
    assert not decisions_due.still_due(message, at=LAST_MORNING)
    in_role("approver")
    withdraw_application(application=application, by=lead, at=at)
    assert list(decisions_due.due(at=LAST_MORNING)) == []


def test_the_registrars_are_told_when_the_time_of_the_law_is_over(make_application: MakeApplication) -> None:
    in_role("registrar")
    make_application(ApplicationState.SUBMITTED)
    nine = dt.datetime(2024, 1, 22, 5, tzinfo=dt.UTC)

    (draft,) = decisions_overdue.due(at=nine)

    assert (draft.to_address, draft.subject) == ("registrar@desk.example", "1 decision is overdue")
    assert list(decisions_overdue.due(at=LAST_MORNING)) == []
    assert list(decisions_overdue.due(at=dt.datetime(2024, 2, 8, 12, tzinfo=dt.UTC))) == []


@pytest.mark.parametrize("people", [1, 3])
def test_planning_asks_the_database_a_bounded_number_of_times(
    make_application: MakeApplication,
    lead: User,
    at: dt.datetime,
    people: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(people):
        scant = draft_number(number, documents=frozenset())
        submit_application(application=make_application(person=scant), by=lead, at=at)
        make_application(ApplicationState.SUBMITTED, person=draft_number(number + 5))

    with django_assert_num_queries(5):  # three for the papers, the leads, and what is known
        assert len(list(documents_missing.due(at=EIGHT))) == 1
    with django_assert_num_queries(4):  # two for the decisions, the reviewers, and what is known
        assert len(list(decisions_due.due(at=LAST_MORNING))) == 1
