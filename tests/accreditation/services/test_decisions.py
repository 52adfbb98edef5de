"""Decisions: numbers, two people, sessions, grounds, appeals, and the whole square of application states."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from accreditation import rules
from accreditation.errors import (
    AlreadyAccreditedError,
    BlockingFindingsError,
    ElectionWithoutProfileError,
    NotReviewedError,
    OwnRefusalError,
    ReasonMissingError,
    RefusalNotGroundedError,
    SamePersonDecidesError,
    SessionNumberTakenError,
    SessionRequiredError,
)
from accreditation.models import Accreditation, Application, CommissionSession, Decision, Document, Finding
from accreditation.services.agenda import return_to_review, schedule_application
from accreditation.services.appeals import appeal_refusal, reopen_after_appeal
from accreditation.services.applications import (
    ask_for_documents,
    grant_late_leave,
    open_review,
    receive_document,
    recommend_application,
    submit_application,
    withdraw_application,
)
from accreditation.services.decisions import accredit_application, refuse_application
from accreditation.services.sessions import call_session
from accreditation.states import (
    APPLICATION_TRANSITIONS,
    CLOSED_APPLICATION_STATES,
    ApplicationState,
    DocumentKind,
    Outcome,
    Severity,
)
from missions.kernel.errors import DomainError
from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Commission, Election, Mission, User
from tests.accreditation.conftest import MakeApplication, draft_number

pytestmark = pytest.mark.django_db

GROUND = "information_not_confirmed"
_S = ApplicationState


def _refuse(
    application: Application, by: User, at: dt.datetime, *, ground: str = GROUND, text: str = "Why"
) -> Decision:
    return refuse_application(application=application, ground=ground, text=text, by=by, at=at)


def test_accreditation_gives_the_next_number_and_records_everything(
    make_application: MakeApplication,
    session: CommissionSession,
    reviewer: User,
    approver: User,
    mission: Mission,
    at: dt.datetime,
) -> None:
    application = make_application(_S.SCHEDULED)

    accreditation = accredit_application(application=application, by=approver, at=at)

    assert (accreditation.number, accreditation.state, accreditation.valid_from) == (1, "active", at)
    assert (accreditation.observer, accreditation.category) == (application.observer, application.category)
    decision = Decision.objects.get()
    assert (decision.outcome, decision.session, decision.decided_at) == ("accredited", session, at)
    assert (decision.reviewed_by, decision.decided_by) == (reviewer, approver)
    application.refresh_from_db()
    assert application.state == "accredited"
    events = Event.objects.order_by("pk").values_list("verb", "object_type", "from_state", "to_state", "scope_id")
    assert list(events)[-2:] == [
        ("accredited", "accreditation.application", "scheduled", "accredited", mission.pk),
        ("accreditation_issued", "accreditation.accreditation", "", "active", mission.pk),
    ]


def test_numbers_are_consecutive_and_a_refused_attempt_uses_none(
    make_application: MakeApplication, reviewer: User, approver: User, at: dt.datetime
) -> None:
    applications = [make_application(_S.SCHEDULED, person=draft_number(number)) for number in range(3)]

    first = accredit_application(application=applications[0], by=approver, at=at)
    with pytest.raises(SamePersonDecidesError):
        accredit_application(application=applications[1], by=reviewer, at=at)
    _refuse(applications[1], approver, at)
    third = accredit_application(application=applications[2], by=approver, at=at)

    assert (first.number, third.number) == (1, 2)


def test_nobody_decides_what_they_reviewed(make_application: MakeApplication, reviewer: User, at: dt.datetime) -> None:
    application = make_application(_S.SCHEDULED)

    for decide in (
        lambda: accredit_application(application=application, by=reviewer, at=at),
        lambda: _refuse(application, reviewer, at),
    ):
        with pytest.raises(SamePersonDecidesError):
            decide()

    assert (Decision.objects.count(), Accreditation.objects.count()) == (0, 0)
    application.refresh_from_db()
    assert application.state == "scheduled"


def test_the_database_refuses_one_person_for_both(
    make_application: MakeApplication, approver: User, reviewer: User, at: dt.datetime
) -> None:
    application = make_application(_S.SCHEDULED)
    accredit_application(application=application, by=approver, at=at)

    with pytest.raises(IntegrityError, match="decision_by_two_people"), transaction.atomic():
        Decision.objects.create(
            application=application,
            outcome=Outcome.ACCREDITED,
            reviewed_by=approver,
            decided_by=approver,
            decided_at=at,
        )
    with (
        pytest.raises(IntegrityError, match="decision_by_two_people"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE accreditation_decision SET reviewed_by_id = decided_by_id")
    with pytest.raises(IntegrityError, match="application_recommended_has_reviewer"), transaction.atomic():
        Application.objects.update(reviewed_by=None)


def test_what_nobody_reviewed_is_not_decided(
    make_application: MakeApplication, approver: User, at: dt.datetime
) -> None:
    application = make_application(_S.SCHEDULED)
    Application.objects.update(state=_S.APPEALED, reviewed_by=None)

    with pytest.raises(NotReviewedError):
        accredit_application(application=application, by=approver, at=at)


def test_the_law_wants_a_session(make_application: MakeApplication, approver: User, at: dt.datetime) -> None:
    application = make_application(_S.RECOMMENDED)

    with pytest.raises(SessionRequiredError):
        accredit_application(application=application, by=approver, at=at)
    with pytest.raises(SessionRequiredError):
        _refuse(application, approver, at)


@pytest.mark.parametrize("code", ["ke-2022", ""])
def test_an_unknown_rule_about_sessions_does_not_allow_to_do_without(
    make_application: MakeApplication, approver: User, at: dt.datetime, code: str
) -> None:
    application = make_application(_S.RECOMMENDED)
    Election.objects.update(profile_code=code)

    with pytest.raises(SessionRequiredError):
        accredit_application(application=application, by=approver, at=at)


def test_where_the_law_decides_without_a_session_no_agenda_is_needed(
    make_application: MakeApplication, approver: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = rules.known_profile("az-2024")
    assert profile is not None
    categories = tuple(replace(category, by_session=False) for category in profile.categories)
    monkeypatch.setattr(rules, "known_profile", lambda code: None)
    monkeypatch.setattr(
        "accreditation.services.profiles.known_profile", lambda code: replace(profile, categories=categories)
    )
    accredited = make_application(_S.RECOMMENDED, person=draft_number(1))
    refused = make_application(_S.RECOMMENDED, person=draft_number(2))

    accreditation = accredit_application(application=accredited, by=approver, at=at)
    decision = _refuse(refused, approver, at)

    assert (accreditation.number, decision.session) == (1, None)


def test_a_blocking_finding_that_came_later_stops_the_accreditation(
    make_application: MakeApplication, approver: User, at: dt.datetime
) -> None:
    application = make_application(_S.SCHEDULED)
    Finding.objects.create(
        application=application, code="late_fact", severity=Severity.BLOCK, sentence="A fact.", found_at=at
    )

    with pytest.raises(BlockingFindingsError) as refused:
        accredit_application(application=application, by=approver, at=at)

    assert [(row.code, row.detail) for row in refused.value.violations] == [("late_fact", "A fact.")]


def test_a_second_live_accreditation_is_refused_by_the_database_and_named(
    make_application: MakeApplication, approver: User, at: dt.datetime
) -> None:
    application = make_application(_S.SCHEDULED)
    accredit_application(application=application, by=approver, at=at)
    other = make_application(_S.SCHEDULED, person=draft_number(2))
    Application.objects.filter(pk=application.pk).update(state=_S.WITHDRAWN, closed_at=at)
    Application.objects.filter(pk=other.pk).update(observer=application.observer)

    with pytest.raises(AlreadyAccreditedError):
        accredit_application(application=other, by=approver, at=at)

    assert Accreditation.objects.count() == 1


def test_a_refusal_has_a_ground_of_the_profile_and_reasons(
    make_application: MakeApplication, mission: Mission, approver: User, at: dt.datetime
) -> None:
    application = make_application(_S.SCHEDULED)

    decision = _refuse(application, approver, at, text=" Not confirmed by the sender. ")

    assert (decision.outcome, decision.ground, decision.text) == ("refused", GROUND, "Not confirmed by the sender.")
    application.refresh_from_db()
    assert application.state == "refused"
    event = Event.objects.of(application).last()
    assert event is not None
    assert (event.verb, event.reason) == ("refused", "Not confirmed by the sender.")
    mission.refresh_from_db()
    assert mission.places_taken == 1


@pytest.mark.parametrize(
    ("ground", "text", "codes"),
    [
        ("", "Why", ["unknown-ground"]),
        ("security", "Why", ["unknown-ground"]),
        ("received_late", "Why", ["unknown-ground"]),
        (GROUND, " ", ["text-missing"]),
        ("", "", ["unknown-ground", "text-missing"]),
    ],
)
def test_a_refusal_without_ground_or_reasons_is_refused(
    make_application: MakeApplication, approver: User, at: dt.datetime, ground: str, text: str, codes: list[str]
) -> None:
    application = make_application(_S.SCHEDULED)

    with pytest.raises(RefusalNotGroundedError) as refused:
        _refuse(application, approver, at, ground=ground, text=text)

    assert [row.code for row in refused.value.violations] == codes
    assert not Decision.objects.exists()


def test_without_a_profile_there_is_no_ground(
    make_application: MakeApplication, approver: User, at: dt.datetime
) -> None:
    application = make_application(_S.SCHEDULED)
    Election.objects.update(profile_code="")

    with pytest.raises(ElectionWithoutProfileError):
        _refuse(application, approver, at)


def test_an_appeal_is_upheld_by_somebody_who_neither_refused_nor_reviewed(
    make_application: MakeApplication, session: CommissionSession, lead: User, reviewer: User, approver: User
) -> None:
    at = session.held_at
    application = make_application(_S.SCHEDULED)
    _refuse(application, approver, at)
    with pytest.raises(ReasonMissingError):
        appeal_refusal(application=application, reason="", by=lead, at=at)

    appealed = appeal_refusal(application=application, reason="The data were confirmed.", by=lead, at=at)
    assert (appealed.session, appealed.agenda_item) == (None, None)
    for person, error in ((approver, OwnRefusalError), (reviewer, SamePersonDecidesError)):
        with pytest.raises(error):
            accredit_application(application=appealed, by=person, at=at)
    judge = User.objects.create_user("judge@ministry.example", is_staff=True)
    accreditation = accredit_application(application=appealed, by=judge, at=at)

    assert accreditation.number == 1
    decisions = Decision.objects.order_by("pk").values_list("outcome", "session", "decided_by")
    assert list(decisions) == [("refused", session.pk, approver.pk), ("accredited", None, judge.pk)]


def test_a_dismissed_appeal_is_final_and_frees_the_place(
    make_application: MakeApplication, mission: Mission, lead: User, approver: User, at: dt.datetime
) -> None:
    application = make_application(_S.SCHEDULED)
    _refuse(application, approver, at)
    appealed = appeal_refusal(application=application, reason="Wrong.", by=lead, at=at)

    _refuse(appealed, approver, at)

    application.refresh_from_db()
    mission.refresh_from_db()
    assert (application.state, mission.places_taken) == ("refused_final", 0)
    with pytest.raises(IllegalTransitionError):
        appeal_refusal(application=application, reason="Again.", by=lead, at=at)


def test_an_appeal_may_go_back_into_review(
    make_application: MakeApplication, reviewer: User, lead: User, approver: User, at: dt.datetime
) -> None:
    application = make_application(_S.SCHEDULED)
    _refuse(application, approver, at)
    appealed = appeal_refusal(application=application, reason="New papers.", by=lead, at=at)
    with pytest.raises(ReasonMissingError):
        reopen_after_appeal(application=appealed, reason=" ", by=reviewer, at=at)

    reopened = reopen_after_appeal(application=appealed, reason="New papers came.", by=reviewer, at=at)

    assert (reopened.state, reopened.session) == ("under_review", None)
    assert recommend_application(application=reopened, by=reviewer, at=at).state == "recommended"


def test_a_session_is_called_once_per_number(
    session: CommissionSession, central_commission: Commission, approver: User, at: dt.datetime
) -> None:
    assert (session.election, session.number) == (central_commission.election, "7/24")
    assert Event.objects.of(session).get().verb == "session_called"

    with pytest.raises(SessionNumberTakenError):
        call_session(commission=central_commission, number="7/24", held_at=at, by=approver, at=at)


Act = Callable[["Desk", Application], object]


class Desk:
    """Everything that the acts below need besides the application."""

    def __init__(self, session: CommissionSession, lead: User, reviewer: User, approver: User, at: dt.datetime) -> None:
        self.session, self.lead, self.reviewer, self.approver, self.at = session, lead, reviewer, approver, at


def _complete(desk: Desk, application: Application) -> object:
    Document.objects.filter(application=application, kind="photo").delete()
    return receive_document(application=application, kind=DocumentKind.PHOTO, by=desk.lead, at=desk.at)


def _submit_late(desk: Desk, application: Application) -> object:
    return submit_application(application=application, by=desk.lead, at=desk.at + dt.timedelta(days=60))


def _submit_scant(desk: Desk, application: Application) -> object:
    Document.objects.filter(application=application).delete()
    return submit_application(application=application, by=desk.lead, at=desk.at)


ACTS: dict[str, Act] = {
    "submit": lambda d, a: submit_application(application=a, by=d.lead, at=d.at),
    "submit_late": _submit_late,
    "submit_scant": _submit_scant,
    "complete": _complete,
    "ask": lambda d, a: ask_for_documents(application=a, kinds=[DocumentKind.PHOTO], by=d.reviewer, at=d.at),
    "review": lambda d, a: open_review(application=a, by=d.reviewer, at=d.at),
    "leave": lambda d, a: grant_late_leave(application=a, reason="Why", by=d.reviewer, at=d.at),
    "recommend": lambda d, a: recommend_application(application=a, by=d.reviewer, at=d.at),
    "schedule": lambda d, a: schedule_application(application=a, session=d.session, by=d.reviewer, at=d.at),
    "return": lambda d, a: return_to_review(application=a, reason="Why", by=d.reviewer, at=d.at),
    "accredit": lambda d, a: accredit_application(application=a, by=d.approver, at=d.at),
    "refuse": lambda d, a: _refuse(a, d.approver, d.at),
    "appeal": lambda d, a: appeal_refusal(application=a, reason="Why", by=d.lead, at=d.at),
    "reopen": lambda d, a: reopen_after_appeal(application=a, reason="Why", by=d.reviewer, at=d.at),
    "withdraw": lambda d, a: withdraw_application(application=a, by=d.lead, at=d.at),
}
#: What each act makes of an application in each state; where nothing stands it is refused or leaves the state alone.
WALKED: dict[tuple[ApplicationState, str], ApplicationState] = {
    (_S.DRAFT, "submit"): _S.SUBMITTED,
    (_S.DRAFT, "submit_late"): _S.INADMISSIBLE_LATE,
    (_S.DRAFT, "submit_scant"): _S.INCOMPLETE,
    (_S.SUBMITTED, "ask"): _S.INCOMPLETE,
    (_S.SUBMITTED, "review"): _S.UNDER_REVIEW,
    (_S.INCOMPLETE, "complete"): _S.SUBMITTED,
    (_S.INADMISSIBLE_LATE, "leave"): _S.UNDER_REVIEW,
    (_S.UNDER_REVIEW, "ask"): _S.INCOMPLETE,
    (_S.UNDER_REVIEW, "recommend"): _S.RECOMMENDED,
    (_S.RECOMMENDED, "schedule"): _S.SCHEDULED,
    (_S.RECOMMENDED, "return"): _S.UNDER_REVIEW,
    (_S.SCHEDULED, "return"): _S.UNDER_REVIEW,
    (_S.SCHEDULED, "accredit"): _S.ACCREDITED,
    (_S.SCHEDULED, "refuse"): _S.REFUSED,
    (_S.REFUSED, "appeal"): _S.APPEALED,
    (_S.APPEALED, "reopen"): _S.UNDER_REVIEW,
    (_S.APPEALED, "accredit"): _S.ACCREDITED,
    (_S.APPEALED, "refuse"): _S.REFUSED_FINAL,
    **{
        (state, "withdraw"): _S.WITHDRAWN
        for state in (_S.DRAFT, _S.SUBMITTED, _S.INCOMPLETE, _S.UNDER_REVIEW, _S.RECOMMENDED, _S.SCHEDULED)
    },
}


@pytest.mark.parametrize("source", list(_S))
def test_the_square_of_states_is_walked_by_services_exactly(
    make_application: MakeApplication,
    session: CommissionSession,
    lead: User,
    reviewer: User,
    approver: User,
    at: dt.datetime,
    source: ApplicationState,
) -> None:
    application = make_application(_S.SCHEDULED)
    Application.objects.update(state=source, closed_at=at if source in CLOSED_APPLICATION_STATES else None)
    desk = Desk(session, lead, reviewer, approver, at)

    for act in ACTS:
        start = transaction.savepoint()
        _assert_walked(desk, Application.objects.get(pk=application.pk), source, act)
        transaction.savepoint_rollback(start)


def _assert_walked(desk: Desk, application: Application, source: ApplicationState, act: str) -> None:
    known = set(Event.objects.values_list("pk", flat=True))
    target = WALKED.get((source, act))
    refusal: DomainError | None = None
    try:
        ACTS[act](desk, application)
    except DomainError as error:
        refusal = error

    application.refresh_from_db()
    new = Event.objects.of(application).exclude(pk__in=known).exclude(to_state="")
    edges = [(ApplicationState(row.from_state), ApplicationState(row.to_state)) for row in new]
    if target is None:
        # A paper is taken in some states without a move; every other act is refused.
        assert (act, application.state, edges) == (act, source, [])
        assert refusal is not None or (act == "complete" and source in rules.TAKES_PAPERS)
        return
    assert (act, application.state, refusal) == (act, target, None)
    assert [start for start, _end in edges] == [source, *(end for _start, end in edges[:-1])]
    assert edges[-1][1] == target
    assert all(end in APPLICATION_TRANSITIONS[start] for start, end in edges)


def test_every_edge_of_the_table_is_walked_by_some_act() -> None:
    walked = {(source, target) for (source, _act), target in WALKED.items()}
    through_submitted = {(_S.DRAFT, _S.INADMISSIBLE_LATE), (_S.DRAFT, _S.INCOMPLETE)}
    without_session = {(_S.RECOMMENDED, _S.ACCREDITED), (_S.RECOMMENDED, _S.REFUSED)}
    late = {(_S.SUBMITTED, _S.INADMISSIBLE_LATE)}

    table = {(source, target) for source, targets in APPLICATION_TRANSITIONS.items() for target in targets}

    assert (walked - through_submitted) | late | without_session == table


def test_each_edge_takes_few_queries(
    make_application: MakeApplication,
    session: CommissionSession,
    lead: User,
    reviewer: User,
    approver: User,
    at: dt.datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    """At most so many each, without the two of the savepoint of the test itself; to recommend is to vet again."""
    most = {"submit": 8, "review": 13, "recommend": 17, "schedule": 8, "accredit": 14}
    desk = Desk(session, lead, reviewer, approver, at)
    make_application(_S.SCHEDULED)
    application = make_application(person=draft_number(2))
    for act, queries in most.items():
        with django_assert_max_num_queries(queries + 2):
            ACTS[act](desk, application)
