"""From submission to the agenda: happy paths, refusals, and exactly the events that belong to them."""

import datetime as dt
from dataclasses import replace

import pytest

from accreditation.errors import (
    ApplicationIncompleteError,
    BlockingFindingsError,
    FindingClosedError,
    NoDocumentNamedError,
    PapersNotTakenError,
    ReasonMissingError,
    SessionOfAnotherElectionError,
)
from accreditation.models import Application, CommissionSession, Document, Finding
from accreditation.services.agenda import return_to_review, schedule_application
from accreditation.services.applications import (
    ask_for_documents,
    close_finding,
    grant_late_leave,
    open_review,
    receive_document,
    recommend_application,
    submit_application,
    withdraw_application,
)
from accreditation.services.decisions import accredit_application
from accreditation.services.drafts import NominationDraft
from accreditation.services.nominations import nominate_observers
from accreditation.services.vetting import refresh_findings
from accreditation.states import ApplicationState, DocumentKind
from missions.kernel.errors import MissingError
from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Election, Mission, User
from tests.accreditation.conftest import MakeApplication

pytestmark = pytest.mark.django_db

CLOSES = dt.datetime(2024, 1, 28, 20, tzinfo=dt.UTC)  # the end of E-10 in Baku


def _history(application: Application) -> list[tuple[str, str, str, str]]:
    rows = Event.objects.of(application).values_list("verb", "from_state", "to_state", "reason")
    return [(verb, source, target, reason) for verb, source, target, reason in rows]


def _host_citizen(draft: NominationDraft) -> NominationDraft:
    return replace(draft, second_nationality="AZE")


def test_a_complete_submission_starts_both_clocks(
    make_application: MakeApplication, lead: User, at: dt.datetime
) -> None:
    application = submit_application(application=make_application(), by=lead, at=at)

    application.refresh_from_db()
    assert application.state == "submitted"
    assert (application.submitted_at, application.complete_since, application.deadline_at) == (at, at, CLOSES)
    assert application.decide_by == dt.datetime(2024, 1, 21, 20, tzinfo=dt.UTC)  # the end of the third day
    assert application.version == 2
    assert _history(application) == [
        ("application_drafted", "", "draft", ""),
        ("submitted", "draft", "submitted", ""),
    ]
    assert list(Finding.objects.all()) == []


@pytest.mark.parametrize(
    ("submitted_at", "state"),
    [
        (CLOSES - dt.timedelta(microseconds=1), "submitted"),
        (CLOSES, "inadmissible_late"),
        (CLOSES + dt.timedelta(days=3), "inadmissible_late"),
    ],
)
def test_the_deadline_is_kept_to_the_instant(
    make_application: MakeApplication, lead: User, submitted_at: dt.datetime, state: str
) -> None:
    application = submit_application(application=make_application(), by=lead, at=submitted_at)

    assert application.state == state
    assert (application.submitted_at, application.deadline_at) == (submitted_at, CLOSES)


def test_a_late_submission_passes_through_submitted_and_keeps_both_instants(
    make_application: MakeApplication, lead: User
) -> None:
    late = CLOSES + dt.timedelta(hours=1)

    application = submit_application(application=make_application(), by=lead, at=late)

    assert (application.complete_since, application.decide_by) == (None, None)
    assert _history(application)[1:] == [
        ("submitted", "draft", "submitted", ""),
        ("found_late", "submitted", "inadmissible_late", ""),
    ]


def test_a_submission_without_its_papers_is_incomplete_at_once(
    make_application: MakeApplication, lead: User, draft: NominationDraft, at: dt.datetime
) -> None:
    scant = replace(draft, documents=frozenset({DocumentKind.PASSPORT_COPY}))

    application = submit_application(application=make_application(person=scant), by=lead, at=at)

    assert (application.state, application.complete_since, application.decide_by) == ("incomplete", None, None)
    assert _history(application)[1:] == [
        ("submitted", "draft", "submitted", ""),
        ("found_incomplete", "submitted", "incomplete", "form, photo"),
    ]


def test_the_last_missing_paper_submits_again_and_starts_the_clock(
    make_application: MakeApplication, lead: User, draft: NominationDraft, at: dt.datetime
) -> None:
    scant = replace(draft, documents=frozenset())
    application = submit_application(application=make_application(person=scant), by=lead, at=at)
    later = at + dt.timedelta(days=2)

    first = receive_document(application=application, kind=DocumentKind.FORM, by=lead, at=later)
    last = receive_document(application=application, kind=DocumentKind.PHOTO, by=lead, at=later)

    assert (first.state, last.state, last.complete_since) == ("incomplete", "submitted", later)
    assert last.decide_by == dt.datetime(2024, 1, 23, 20, tzinfo=dt.UTC)
    assert list(Document.objects.values_list("kind", "received_on")) == [
        ("form", dt.date(2024, 1, 20)),
        ("photo", dt.date(2024, 1, 20)),
    ]
    assert [row[0] for row in _history(last)[-3:]] == ["document_received", "document_received", "completed"]


def test_a_paper_that_is_there_changes_nothing(make_application: MakeApplication, lead: User, at: dt.datetime) -> None:
    application = make_application(ApplicationState.SUBMITTED)
    before = _history(application)

    receive_document(application=application, kind=DocumentKind.FORM, by=lead, at=at)

    assert _history(application) == before


def test_an_incomplete_application_is_not_submitted_by_hand(
    make_application: MakeApplication, lead: User, draft: NominationDraft, at: dt.datetime
) -> None:
    scant = replace(draft, documents=frozenset())
    application = submit_application(application=make_application(person=scant), by=lead, at=at)

    with pytest.raises(ApplicationIncompleteError):
        submit_application(application=application, by=lead, at=at)


def test_papers_are_not_taken_after_the_recommendation(
    make_application: MakeApplication, lead: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.RECOMMENDED)

    with pytest.raises(PapersNotTakenError):
        receive_document(application=application, kind=DocumentKind.FORM, by=lead, at=at)


@pytest.mark.parametrize("code", ["", "xx-1999"])
def test_without_a_profile_nothing_is_late_or_missing_and_a_finding_says_so(
    make_application: MakeApplication,
    election: Election,
    lead: User,
    reviewer: User,
    draft: NominationDraft,
    code: str,
) -> None:
    application = make_application(person=replace(draft, documents=frozenset()))
    Election.objects.update(profile_code=code)
    late = CLOSES + dt.timedelta(days=1)

    application = submit_application(application=application, by=lead, at=late)

    assert (application.state, application.deadline_at, application.decide_by) == ("submitted", None, None)
    assert list(Finding.objects.values_list("code", "severity")) == [("election_without_profile", "warn")]
    open_review(application=application, by=reviewer, at=late)
    assert list(Finding.objects.values_list("code", flat=True)) == ["election_without_profile"]


def test_the_review_vets_and_stores_each_finding_once(
    make_application: MakeApplication, lead: User, reviewer: User, draft: NominationDraft, at: dt.datetime
) -> None:
    person = replace(_host_citizen(draft), passport_expires_on=dt.date(2024, 3, 1))
    application = submit_application(application=make_application(person=person), by=lead, at=at)

    application = open_review(application=application, by=reviewer, at=at)

    assert application.state == "under_review"
    assert list(Finding.objects.values_list("code", "severity")) == [
        ("host_citizenship", "block"),
        ("passport_expires_soon", "warn"),
    ]
    assert Finding.objects.get(code="host_citizenship").evidence == {"nationality": "AZE"}
    before = Event.objects.count()
    refresh_findings(application=application, by=reviewer, at=at)
    assert (Finding.objects.count(), Event.objects.count()) == (2, before)


def test_vetting_again_adds_removes_and_reopens_by_the_facts(
    make_application: MakeApplication, reviewer: User, lead: User, draft: NominationDraft, at: dt.datetime
) -> None:
    person = replace(_host_citizen(draft), passport_expires_on=dt.date(2024, 3, 1))
    application = make_application(ApplicationState.UNDER_REVIEW, person=person)
    for finding in Finding.objects.all():
        close_finding(finding=finding, note="Seen.", by=reviewer, at=at)
    observer = application.observer
    observer.second_nationality, observer.passport_expires_on = "", dt.date(2024, 4, 1)
    observer.birth_date = dt.date(2010, 1, 1)
    observer.save(update_fields=["second_nationality", "passport_expires_on", "birth_date"])

    findings = refresh_findings(application=application, by=reviewer, at=at)

    assert {row.code: row.closed_at is not None for row in findings} == {
        "host_citizenship": True,  # closed with a note: stays as history
        "passport_expires_soon": False,  # other facts than those that the note was about
        "too_young": False,
    }
    assert Finding.objects.get(code="passport_expires_soon").note == ""
    observer.passport_expires_on = dt.date(2030, 1, 1)
    observer.save(update_fields=["passport_expires_on"])
    refresh_findings(application=application, by=reviewer, at=at)
    assert set(Finding.objects.values_list("code", flat=True)) == {"host_citizenship", "too_young"}
    assert Event.objects.filter(verb="findings_refreshed").last() is not None
    assert Event.objects.filter(verb="findings_refreshed").order_by("pk").last().changed == ["passport_expires_soon"]  # type: ignore[union-attr]  # asserted above


def test_a_second_nomination_of_the_person_is_found_but_not_one_that_was_withdrawn(
    make_application: MakeApplication,
    other_mission: Mission,
    reviewer: User,
    lead: User,
    draft: NominationDraft,
    at: dt.datetime,
) -> None:
    application = make_application(ApplicationState.SUBMITTED)
    nominate_observers(mission=other_mission, drafts=[draft], by=lead, at=at)
    other = replace(draft, reference="R-2", passport_number="X1234567", surname="Meier")
    nominate_observers(mission=other_mission, drafts=[other], by=lead, at=at)

    open_review(application=application, by=reviewer, at=at)

    assert list(Finding.objects.values_list("code", "severity")) == [
        ("same_passport", "block"),
        ("similar_name", "warn"),
    ]
    assert "PABSEC" not in str(list(Finding.objects.values()))
    withdraw_application(application=Application.objects.get(nomination__reference="R-2"), by=lead, at=at)
    refresh_findings(application=application, by=reviewer, at=at)
    assert list(Finding.objects.values_list("code", flat=True)) == ["same_passport"]


def test_a_finding_is_closed_once_and_with_a_note(
    make_application: MakeApplication, reviewer: User, draft: NominationDraft, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.UNDER_REVIEW, person=_host_citizen(draft))
    finding = Finding.objects.get()
    with pytest.raises(ReasonMissingError):
        close_finding(finding=finding, note="  ", by=reviewer, at=at)

    close_finding(finding=finding, note=" Renounced. ", by=reviewer, at=at)

    finding.refresh_from_db()
    assert (finding.note, finding.closed_by, finding.closed_at) == ("Renounced.", reviewer, at)
    event = Event.objects.of(application).get(verb="finding_closed")
    assert (event.changed, event.reason) == (["host_citizenship"], "Renounced.")
    with pytest.raises(FindingClosedError):
        close_finding(finding=finding, note="Again.", by=reviewer, at=at)


def test_an_open_blocking_finding_stops_the_recommendation(
    make_application: MakeApplication, reviewer: User, draft: NominationDraft, at: dt.datetime
) -> None:
    person = replace(_host_citizen(draft), passport_expires_on=dt.date(2024, 3, 1))
    application = make_application(ApplicationState.UNDER_REVIEW, person=person)

    with pytest.raises(BlockingFindingsError) as refused:
        recommend_application(application=application, by=reviewer, at=at)

    assert [(row.field, row.code) for row in refused.value.violations] == [("findings", "host_citizenship")]
    close_finding(finding=Finding.objects.get(severity="block"), note="Confirmed.", by=reviewer, at=at)
    recommended = recommend_application(application=application, by=reviewer, at=at)
    assert (recommended.state, recommended.reviewed_by) == ("recommended", reviewer)
    assert _history(application)[-1] == ("recommended", "under_review", "recommended", "")


def test_asking_for_a_document_waits_for_a_new_one(
    make_application: MakeApplication, reviewer: User, lead: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.UNDER_REVIEW)

    asked = ask_for_documents(
        application=application, kinds=[DocumentKind.PLEDGE], reason="Not signed.", by=reviewer, at=at
    )

    assert (asked.state, asked.complete_since, asked.decide_by) == ("incomplete", None, None)
    assert _history(asked)[-1] == ("documents_asked", "under_review", "incomplete", "Not signed.")
    assert list(Finding.objects.values_list("code", "severity", "closed_at", "evidence")) == [
        ("asked_pledge", "block", None, {"document": "pledge", "reason": "Not signed."})
    ]
    assert not Document.objects.filter(kind="pledge").exists()
    later = at + dt.timedelta(days=1)
    again = receive_document(application=application, kind=DocumentKind.PLEDGE, by=lead, at=later)
    assert (again.state, again.complete_since) == ("submitted", later)
    assert Finding.objects.get().closed_by == lead
    open_review(application=again, by=reviewer, at=later)
    assert recommend_application(application=again, by=reviewer, at=later).state == "recommended"


def test_asking_for_nothing_is_refused(make_application: MakeApplication, reviewer: User, at: dt.datetime) -> None:
    application = make_application(ApplicationState.UNDER_REVIEW)

    with pytest.raises(NoDocumentNamedError):
        ask_for_documents(application=application, kinds=[], by=reviewer, at=at)


def test_a_paper_that_arrives_during_the_review_is_vetted(
    make_application: MakeApplication, reviewer: User, lead: User, draft: NominationDraft, at: dt.datetime
) -> None:
    scant = replace(draft, documents=frozenset(DocumentKind) - {DocumentKind.PASSPORT_COPY})
    application = make_application(ApplicationState.UNDER_REVIEW, person=scant)
    assert list(Finding.objects.values_list("code", flat=True)) == ["usual_documents_missing"]

    receive_document(application=application, kind=DocumentKind.PASSPORT_COPY, by=lead, at=at)

    assert list(Finding.objects.all()) == []


def test_late_leave_is_granted_with_a_reason_and_keeps_the_instants(
    make_application: MakeApplication, lead: User, reviewer: User
) -> None:
    late = CLOSES + dt.timedelta(hours=1)
    application = submit_application(application=make_application(), by=lead, at=late)
    with pytest.raises(ReasonMissingError):
        grant_late_leave(application=application, reason="", by=reviewer, at=late)

    admitted = grant_late_leave(application=application, reason="The post was late.", by=reviewer, at=late)

    assert (admitted.state, admitted.submitted_at, admitted.deadline_at) == ("under_review", late, CLOSES)
    assert admitted.complete_since == late
    assert _history(admitted)[-1] == (
        "late_leave_granted",
        "inadmissible_late",
        "under_review",
        "The post was late.",
    )


def test_scheduling_and_deferring(
    make_application: MakeApplication, session: CommissionSession, reviewer: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.RECOMMENDED)

    scheduled = schedule_application(application=application, session=session, by=reviewer, at=at)
    assert (scheduled.state, scheduled.session) == ("scheduled", session)
    with pytest.raises(ReasonMissingError):
        return_to_review(application=application, reason=" ", by=reviewer, at=at)
    deferred = return_to_review(application=application, reason="New facts.", by=reviewer, at=at)

    assert (deferred.state, deferred.session) == ("under_review", None)
    assert _history(application)[-2:] == [
        ("scheduled", "recommended", "scheduled", ""),
        ("returned_to_review", "scheduled", "under_review", "New facts."),
    ]


def test_a_session_of_another_election_is_refused(
    make_application: MakeApplication, session: CommissionSession, election: Election, reviewer: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.RECOMMENDED)
    election.pk, election.code = None, "other"
    election.save()
    session.election = election
    session.save()

    with pytest.raises(SessionOfAnotherElectionError):
        schedule_application(application=application, session=session, by=reviewer, at=at)


@pytest.mark.parametrize(
    "state",
    [
        ApplicationState.DRAFT,
        ApplicationState.SUBMITTED,
        ApplicationState.UNDER_REVIEW,
        ApplicationState.RECOMMENDED,
        ApplicationState.SCHEDULED,
    ],
)
def test_a_withdrawal_gives_the_place_back_once(
    make_application: MakeApplication, mission: Mission, lead: User, at: dt.datetime, state: ApplicationState
) -> None:
    application = make_application(state)

    withdraw_application(application=application, reason="Ill.", by=lead, at=at)

    mission.refresh_from_db()
    assert mission.places_taken == 0
    assert _history(application)[-1] == ("withdrawn", state, "withdrawn", "Ill.")
    with pytest.raises(IllegalTransitionError):
        withdraw_application(application=application, by=lead, at=at)
    mission.refresh_from_db()
    assert mission.places_taken == 0


def test_a_decided_application_is_not_withdrawn(
    make_application: MakeApplication, mission: Mission, lead: User, approver: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.SCHEDULED)
    accredit_application(application=application, by=approver, at=at)

    with pytest.raises(IllegalTransitionError):
        withdraw_application(application=application, by=lead, at=at)

    mission.refresh_from_db()
    assert mission.places_taken == 1


def test_each_way_into_review_has_its_own_door(
    make_application: MakeApplication, reviewer: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.RECOMMENDED)

    with pytest.raises(IllegalTransitionError):
        open_review(application=application, by=reviewer, at=at)
    with pytest.raises(IllegalTransitionError):
        grant_late_leave(application=application, reason="Any.", by=reviewer, at=at)


def test_an_absent_application_is_missing(make_application: MakeApplication, lead: User, at: dt.datetime) -> None:
    application = make_application()
    application.pk = 2**40

    with pytest.raises(MissingError):
        submit_application(application=application, by=lead, at=at)
